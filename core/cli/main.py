"""The drydock command: finds its subcommand, loading only that one."""

import importlib
import sys
import traceback
from difflib import get_close_matches
from itertools import pairwise

import click

from core.cli.answering import Answer, print_document
from core.cli.logs import keep_traceback
from core.model.fault import Fault
from core.model.outcome import ExitTable, Outcome, exit_code

# Where each command lives: module and the name in it.
_COMMANDS: dict[str, str] = {
    "init": "setup",
    "config": "setup",
    "version": "setup",
    "exit-codes": "setup",
    "targets": "targets",
    "builds": "builds",
    "mapping": "mapping",
    "assess": "assess",
    "facts": "assess",
    "plan": "plan",
    "authorise": "plan",
    "deploy": "deploy",
    "status": "runs",
    "pause": "requests",
    "resume": "requests",
    "stop": "requests",
    "withdraw": "requests",
    "note": "requests",
    "reverify": "requests",
    "diagnose": "requests",
    "unblock": "requests",
    "unlock": "requests",
    "report": "report",
    "history": "history",
    "compliance": "history",
    "journal": "journal",
    "secret": "secret",
    "doctor": "doctor",
    "practice": "practice",
    "demo": "practice",
    "gui": "gui",
}


class _Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        found = getattr(importlib.import_module(f"core.cli.commands.{module}"), cmd_name.replace("-", "_"))
        return found if isinstance(found, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        near = get_close_matches(args[0], _COMMANDS, n=1)
        if args[0] not in _COMMANDS and near:
            ctx.fail(f"No such command '{args[0]}'; did you mean '{near[0]}'?")
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="drydock", message="Drydock %(version)s")
def drydock() -> None:
    """Patches SQL Server on many servers from one PC, with proof of what happened.

    A first round: practice start, then assess, plan, authorise, deploy, report.
    """


def main() -> None:
    run(drydock, "drydock")


def run(face: click.Command, name: str) -> None:
    """Ends the process with the command's exit code, whatever happens on the way."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        _refuse_bytes(sys.argv[1:])
        code = face.main(prog_name=name, standalone_mode=False)
    except click.Abort:
        code = _told(Outcome.CANCELLED, "", Fault("command line", "cancelled", "cancelled by the operator"))
    except click.ClickException as wrong:
        code = _usage(wrong)
    except Exception as bug:
        fault = Fault("drydock", "internal", f"a bug in Drydock: {type(bug).__name__}; stderr tells where")
        code = _told(Outcome.INSTALL_FAILED, "", fault)
        keep_traceback(bug)
        # Not raised on: the interpreter would end with a code of its own, which no table has.
        traceback.print_exception(bug)
    sys.exit(code if isinstance(code, int) else 0)


def _refuse_bytes(arguments: list[str]) -> None:
    """Bytes that are no text in the terminal's encoding could be neither journalled nor printed."""
    for argument in arguments:
        if not argument.isascii() and argument.encode(errors="ignore").decode() != argument:
            raise click.UsageError(f"{argument!r} is not text: it was typed in another encoding than the terminal's")


def _usage(wrong: click.ClickException) -> int:
    """A command that cannot be understood is refused like any other bad input."""
    context = getattr(wrong, "ctx", None)
    name = context.command_path.partition(" ")[2] if context is not None else ""
    message = wrong.format_message() if not isinstance(wrong, click.exceptions.NoArgsIsHelpError) else "name a command"
    if not _wants_json():
        wrong.show()
    return _told(Outcome.REFUSED, name, Fault("command line", "usage", message))


def _told(outcome: Outcome, name: str, fault: Fault) -> int:
    """Also what ends outside of a command is one document, where one was asked for."""
    if _wants_json():
        print_document(name, Answer({}, outcome=outcome, faults=(fault,)))
    return exit_code(outcome, _table())


def _table() -> ExitTable:
    """Read where the command line itself may be what is wrong."""
    words = sys.argv[1:]
    asked = "--exit-codes=rmm" in words or ("--exit-codes", "rmm") in pairwise(words)
    return "rmm" if asked else "basic"


def _wants_json() -> bool:
    return "--json" in sys.argv[1:]
