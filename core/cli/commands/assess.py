"""assess, facts."""

import click

from core.app.assess import Assessment
from core.app.assess import assess as assess_hosts
from core.app.facts import newest_facts
from core.cli.answering import Answer, Options, command
from core.cli.selecting import selecting
from core.detection.findings import findings_of
from core.model.document import to_document
from core.model.facts import Facts, SqlAnswer
from core.model.failure import NOT_REACHED, Failure
from core.model.outcome import Outcome
from core.model.selection import Selection


@click.command()
@selecting
@command("assess")
def assess(options: Options, selection: Selection) -> Answer:
    """Connect to the servers, collect facts and store them."""
    found = assess_hosts(options.workspace, selection, lambda one: options.say(_line(one)))
    failed = [one for one in found if isinstance(one.result, Failure)]
    lost = [one for one in failed if isinstance(one.result, Failure) and one.result.cause in NOT_REACHED]
    outcome = Outcome.PARTIAL if failed else Outcome.SUCCEEDED
    if found and len(lost) == len(found):
        outcome = Outcome.NOT_REACHED
    text = f"{len(found) - len(failed)} of {len(found)} hosts assessed" if found else _NOBODY
    if not options.progress:
        text = "\n".join([*map(_line, found), text])
    return Answer({"hosts": [_document(one) for one in found]}, text, outcome)


_NOBODY = 'no target is enabled, so nobody was asked; "drydock targets import FILE" takes a list of servers in'


def _document(one: Assessment) -> dict[str, object]:
    match one.result:
        case Facts() as facts:
            findings = [to_document(finding) for finding in findings_of(facts)]
            return {"host": one.host.name, "ok": True, "facts": to_document(facts), "findings": findings}
        case Failure() as failure:
            return {"host": one.host.name, "ok": False, "failure": to_document(failure)}


def _line(one: Assessment) -> str:
    match one.result:
        case Facts() as facts:
            builds = ", ".join(f"{each.name} {each.patch_level}{_engine(facts, each.name)}" for each in facts.instances)
            return f"{one.host.name}: {builds or 'no SQL Server'}; {facts.os.caption}"
        case Failure() as failure:
            return f"{one.host.name}: {failure}"


def _engine(facts: Facts, instance: str) -> str:
    return "" if isinstance(facts.witness(instance), SqlAnswer) else " (engine not asked)"


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
    document = to_document(found)
    lines = [
        f"{found.host} ({found.computer_name}), as of {found.collected_at:%Y-%m-%d %H:%M:%S} UTC",
        f"  system      {found.os.caption} {found.os.version}.{found.os.revision}; {found.domain or 'no domain'}",
        *_hardware(found),
        f"  booted      {found.boot.booted_at:%Y-%m-%d %H:%M:%S} UTC ({found.boot.boot_id})",
        *(f"  instance    {one.name}: {one.patch_level}, {one.edition}" for one in found.instances),
        *(f"  disk        {one.drive} {one.free_bytes / 1024**3:.1f} GB free" for one in found.disks),
        *(f"  finding     {one}" for one in findings_of(found)),
    ]
    return Answer(document, "\n".join(lines))
