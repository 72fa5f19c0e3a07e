"""What every command has in common: its options, its one JSON document, its exit code."""

from __future__ import annotations

import errno
import functools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from core.app.workspace import Workspace, find_workspace
from core.cli.logs import start_logging
from core.cli.saying import say, tell, was_cut
from core.cli.typed import as_typed, commands_for
from core.model.fault import Fault, RefusedError
from core.model.outcome import ExitTable, Outcome, exit_code, worst

# What a disk or a folder does not let one do. Whatever else the system complains of is a bug, and stays one.
_OF_THE_DISK = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EIO,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.EEXIST,
    }
)


@dataclass(frozen=True, slots=True)
class Options:
    """The options that every command takes."""

    named_workspace: Path | None
    json: bool
    log_level: str
    verbose: bool
    progress: bool
    exit_codes: ExitTable

    @property
    def workspace(self) -> Workspace:
        return find_workspace(self.named_workspace)

    def say(self, text: str) -> None:
        """Progress, for people: never on stdout."""
        if self.progress:
            tell(text)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say: as data, and in words. Flawed: it looked at something and found it wanting, exit 1."""

    data: dict[str, Any]
    text: str = ""
    outcome: Outcome = Outcome.SUCCEEDED
    faults: tuple[Fault, ...] = ()
    flawed: bool = False

    @property
    def is_good(self) -> bool:
        return self.outcome is Outcome.SUCCEEDED and not self.flawed


def command(name: str) -> Callable[[Callable[..., Answer]], Callable[..., int]]:
    """Gives a function the common options and turns its answer into output and exit code."""

    def decorate(function: Callable[..., Answer]) -> Callable[..., int]:
        @functools.wraps(function)
        def run(
            workspace: Path | None,
            as_json: bool,
            log_level: str,
            verbose: bool,
            no_progress: bool,
            exit_codes: ExitTable,
            **arguments: Any,
        ) -> int:
            options = Options(workspace, as_json, log_level, verbose, not no_progress, exit_codes)
            start_logging("DEBUG" if verbose and log_level == "WARNING" else log_level)
            return answered(name, options, lambda: function(options, **arguments))

        return _with_options(run)

    return decorate


def _with_options(run: Callable[..., int]) -> Callable[..., int]:
    levels = click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"], case_sensitive=False)
    for option in (
        click.option("--exit-codes", type=click.Choice(["basic", "rmm"]), default="basic", help="Table of exit codes."),
        click.option("--no-progress", is_flag=True, help="No progress on stderr."),
        click.option("--verbose", is_flag=True, help="Tell everything on stderr."),
        click.option("--log-level", type=levels, default="WARNING", help="What the log on stderr tells."),
        click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout, and nothing else."),
        click.option("--workspace", type=click.Path(path_type=Path, file_okay=False), help="The workspace's folder."),
    ):
        run = option(run)
    return run


def answered(name: str, options: Options, ask: Callable[[], Answer]) -> int:
    """Prints the answer, or what was refused, and returns the exit code."""
    try:
        answer = ask()
    except RefusedError as refused:
        answer = Answer({}, outcome=Outcome.REFUSED, faults=refused.faults)
    except OSError as trouble:
        if trouble.errno not in _OF_THE_DISK or trouble.filename is None:
            raise
        answer = Answer({}, outcome=Outcome.REFUSED, faults=(_not_writable(trouble),))
    if options.json:
        print_document(name, answer)
    else:
        told = [as_typed(fault) for fault in answer.faults]
        for line in (*told, *commands_for("\n".join((*told, answer.text)))):
            tell(line)
        if answer.text:
            say(answer.text)
    outcome = worst(frozenset({answer.outcome, Outcome.REPORTING_FAILED})) if was_cut() else answer.outcome
    return 1 if answer.flawed else exit_code(outcome, options.exit_codes)


def _not_writable(trouble: OSError) -> Fault:
    message = f"cannot be written: {trouble.strerror}; mend its rights, or make room"
    return Fault(str(trouble.filename), "not_writable", message)


def print_document(name: str, answer: Answer) -> None:
    """The one document of --json, in the form that every command shares."""
    faults = [asdict(fault) for fault in answer.faults]
    document = {"schema_version": 1, "command": name, "ok": answer.is_good, "data": answer.data, "faults": faults}
    say(json.dumps(document, ensure_ascii=False))


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Whoever names a place that cannot be written to is told so, like for any other bad input."""
    try:
        yield
    except OSError as trouble:
        message = f"cannot be written: {trouble.strerror}; name another place, or mend its rights"
        raise RefusedError((Fault(str(path), "not_writable", message),)) from None


@contextmanager
def promised(path: Path | None) -> Iterator[None]:
    """Whether the place can be written to shows before the work, and a work that fails leaves no empty file there."""
    if path is None:
        yield
        return
    was_there = path.exists()
    with writing(path), path.open("ab"):
        pass
    try:
        yield
    except BaseException:
        if not was_there:
            path.unlink(missing_ok=True)
        raise
