"""assess, facts."""

import click

from core.app.assess import Assessment, way_to
from core.app.assess import assess as assess_hosts
from core.app.facts import newest_facts
from core.app.workspace import days_of_logs
from core.cli.advancing import bar
from core.cli.answering import Answer, Options, command
from core.cli.interrupting import interruptible
from core.cli.logs import keep_log
from core.cli.selecting import selecting
from core.detection.findings import findings_of
from core.detection.updates import records
from core.model.check import Check, CheckResult
from core.model.count import counted
from core.model.document import to_document
from core.model.facts import Facts, OsUpdate, SqlAnswer, UpdateAnswer, UpdateSilence
from core.model.failure import NOT_REACHED, Cause, Failure
from core.model.outcome import Outcome
from core.model.selection import Selection
from core.model.size import size_in_words


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


def _updates(facts: Facts) -> list[str]:
    match facts.update_witness:
        case UpdateAnswer() as told:
            where = f" ({told.server})" if told.server else ""
            whole = "" if told.complete else ", with errors, so that some may be missing here"
            head = f"{told.service}{where} offers {len(facts.updates)}, {len(told.installed)} are installed{whole}"
        case UpdateSilence(failure=failure):
            head = f"not known: {failure}"
        case None:
            head = "nobody asked for them"
    return [f"  updates     {head}", *(f"  offered     {_offer(one)}" for one in facts.updates)]


def _offer(one: OsUpdate) -> str:
    kb = f"KB{one.kb} " if one.kb else ""
    out = f", out {one.released}" if one.released else ""
    return f"{kb}{one.title}: {one.severity}, {size_in_words(one.size_bytes)}, restart {one.requires_reboot}{out}"


def _hardware(found: Facts) -> list[str]:
    if found.hardware is None:
        return []
    machine = found.hardware
    free, whole = machine.memory_free_bytes / 1024**3, machine.memory_bytes / 1024**3
    where = machine.hypervisor or f"{machine.manufacturer} {machine.model}"
    return [f"  machine     {where}, {machine.processors} processors, {free:.0f} of {whole:.0f} GB memory free"]


@click.group()
def facts() -> None:
    """Look at what is known of a host."""


@facts.command()
@click.argument("host")
@command("facts show")
def show(options: Options, host: str) -> Answer:
    """Show the newest facts of HOST."""
    found = newest_facts(options.workspace, host)
    document = to_document(found) | {"patches": [to_document(one) for one in records(found)]}
    lines = [
        f"{found.host} ({found.computer_name}), as of {found.collected_at:%Y-%m-%d %H:%M:%S} UTC",
        f"  system      {found.os.caption} {found.os.version}.{found.os.revision}; {found.domain or 'no domain'}",
        *_hardware(found),
        f"  booted      {found.boot.booted_at:%Y-%m-%d %H:%M:%S} UTC ({found.boot.boot_id})",
        *(f"  instance    {one.name}: {one.patch_level}, {one.edition}" for one in found.instances),
        *(f"  disk        {one.drive} {one.free_bytes / 1024**3:.1f} GB free" for one in found.disks),
        *_updates(found),
        *(f"  finding     {one}" for one in findings_of(found)),
    ]
    return Answer(document, "\n".join(lines))
