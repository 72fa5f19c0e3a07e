"""assess, facts."""

import click

from core.app.assess import Assessment, way_to
from core.app.assess import assess as assess_hosts
from core.app.facts import known_of
from core.app.workspace import days_of_logs
from core.cli.advancing import bar
from core.cli.answering import Answer, Options, command
from core.cli.facts_words import lines_of
from core.cli.interrupting import interruptible
from core.cli.logs import keep_log
from core.cli.selecting import selecting
from core.detection.findings import findings_of
from core.detection.updates import records
from core.model.check import Check, CheckResult
from core.model.count import counted
from core.model.document import to_document
from core.model.facts import Facts, SqlAnswer, UpdateAnswer, UpdateSilence
from core.model.failure import NOT_REACHED, Cause, Failure
from core.model.outcome import Outcome
from core.model.selection import Selection


@click.command()
@selecting
@click.option("--no-updates", is_flag=True, help="Do not ask for updates of the operating system, which takes minutes.")
@command("assess")
def assess(options: Options, selection: Selection, no_updates: bool) -> Answer:
    """Connect to the servers, collect facts and store them.

    With --verbose each step of the way to a server that fails, or was named, is told apart.
    """
    workspace = options.workspace
    keep_log(workspace.logs, days_of_logs(workspace))
    with interruptible() as stop, bar(options, "assessed") as shown:
        found = assess_hosts(
            workspace,
            selection,
            lambda one, advance: shown.advance(_line(one), advance.done, advance.of),
            stop,
            with_updates=not no_updates,
        )
        ways = {}
        if options.verbose:
            looked_at = [one.host for one in found if isinstance(one.result, Failure) or selection.servers]
            ways = {host.name: way_to(workspace, host, stop) for host in looked_at if not stop.is_set()}
    for steps in ways.values():
        options.say("\n".join(map(_step, steps)))
    text = _ending(found)
    if not options.progress:
        text = "\n".join([*map(_line, found), text])
    return Answer({"hosts": [_document(one, ways.get(one.host.name, ())) for one in found]}, text, _outcome(found))


def _outcome(found: tuple[Assessment, ...]) -> Outcome:
    causes = [one.result.cause for one in found if isinstance(one.result, Failure)]
    if Cause.CANCELLED in causes:
        return Outcome.CANCELLED
    if causes and len(causes) == len(found) and all(cause in NOT_REACHED for cause in causes):
        return Outcome.NOT_REACHED
    return Outcome.PARTIAL if causes else Outcome.SUCCEEDED


def _ending(found: tuple[Assessment, ...]) -> str:
    good = sum(isinstance(one.result, Facts) for one in found)
    return f"{good} of {counted(len(found), 'host')} assessed"


_MARKS = {
    CheckResult.PASSED: "ok",
    CheckResult.WARNED: "warning",
    CheckResult.FAILED: "FAILED",
    CheckResult.UNKNOWN: "?",
}


def _step(check: Check) -> str:
    return f"  {check.subject}  {check.name:<16} {_MARKS[check.result]:<7} {check.found}"


def _document(one: Assessment, steps: tuple[Check, ...]) -> dict[str, object]:
    way: dict[str, object] = {"steps": [to_document(step) for step in steps]} if steps else {}
    match one.result:
        case Facts() as facts:
            findings = [to_document(finding) for finding in findings_of(facts)]
            return {"host": one.host.name, "ok": True, "facts": to_document(facts), "findings": findings} | way
        case Failure() as failure:
            return {"host": one.host.name, "ok": False, "failure": to_document(failure)} | way


def _line(one: Assessment) -> str:
    match one.result:
        case Facts() as facts:
            builds = ", ".join(f"{each.name} {each.patch_level}{_engine(facts, each.name)}" for each in facts.instances)
            return f"{one.host.name}: {builds or 'no SQL Server'}; {facts.os.caption}{_missing(facts)}"
        case Failure() as failure:
            return f"{one.host.name}: {failure}"


def _engine(facts: Facts, instance: str) -> str:
    return "" if isinstance(facts.witness(instance), SqlAnswer) else " (engine not asked)"


def _missing(facts: Facts) -> str:
    match facts.update_witness:
        case UpdateAnswer():
            return f"; {counted(len(facts.updates), 'update')} offered"
        case UpdateSilence(failure=failure):
            return f"; its updates are not known: {failure}"
        case None:
            return ""


@click.group()
def facts() -> None:
    """Look at what is known of a host."""


@facts.command()
@click.argument("host")
@command("facts show")
def show(options: Options, host: str) -> Answer:
    """Show the newest facts of HOST."""
    known = known_of(options.workspace, host)
    found, silent = known.facts, known.unanswered
    document = to_document(found) | {"patches": [to_document(one) for one in records(found)]}
    if silent is None:
        return Answer(document, "\n".join(lines_of(found)))
    since = f"{silent.host} could not be assessed since then, at {silent.at:%Y-%m-%d %H:%M:%S} UTC: {silent.failure}"
    return Answer(document | {"unanswered": to_document(silent)}, "\n".join((since, *lines_of(found))))
