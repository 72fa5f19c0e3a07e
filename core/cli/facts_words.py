"""The facts of one host as somebody reads them: the machine, each instance with its witnesses, what stands out."""

from collections.abc import Iterator

from core.detection.builds import testimony
from core.detection.findings import findings_of
from core.model.count import counted
from core.model.facts import (
    Backup,
    Facts,
    Group,
    Link,
    OsUpdate,
    RegisteredInstance,
    SqlAnswer,
    UpdateAnswer,
    UpdateSilence,
)
from core.model.size import size_in_words

_GIB = 1024**3


def lines_of(facts: Facts) -> tuple[str, ...]:
    head = f"{facts.host} ({facts.computer_name}), as of {facts.collected_at:%Y-%m-%d %H:%M:%S} UTC"
    told = (*_machine(facts), *_sql(facts), *_updates(facts), *(("finding", str(one)) for one in findings_of(facts)))
    return (head, *(f"  {name:<11} {words}" for name, words in told))


def _machine(facts: Facts) -> Iterator[tuple[str, str]]:
    system = f"{facts.os.caption} {facts.os.version}.{facts.os.revision}; {facts.domain or 'no domain'}"
    yield "system", f"{system}; {facts.os.time_zone}"
    if facts.hardware is not None:
        machine = facts.hardware
        free, whole = machine.memory_free_bytes / _GIB, machine.memory_bytes / _GIB
        where = machine.hypervisor or f"{machine.manufacturer} {machine.model}"
        yield "machine", f"{where}, {machine.processors} processors, {free:.0f} of {whole:.0f} GB memory free"
    skew = f"clock {abs(facts.clock_skew_seconds):.0f} s {'ahead' if facts.clock_skew_seconds >= 0 else 'behind'}"
    yield "booted", f"{facts.boot.booted_at:%Y-%m-%d %H:%M:%S} UTC ({facts.boot.boot_id}); {skew}"
    for disk in facts.disks:
        yield "disk", f"{disk.drive} {disk.free_bytes / _GIB:.1f} of {disk.size_bytes / _GIB:.1f} GB free"


def _sql(facts: Facts) -> Iterator[tuple[str, str]]:
    for instance in facts.instances:
        yield "instance", _instance(instance)
        told = testimony(facts, instance)
        missing = "".join(f"; no {witness}: {why}" for witness, why in told.missing.items())
        yield "witnesses", f"{told}{missing}"
        witness = facts.witness(instance.name)
        if isinstance(witness, SqlAnswer):
            yield from _engine(witness)
    for part in facts.components:
        yield "component", f"{part.kind} {part.name}: {part.build or 'its build is not told'}"
    for group in facts.groups:
        yield "group", _group(group)
    for link in facts.links:
        yield "link", _link(link)
    for job in facts.jobs:
        yield "running", f"{job.kind} {job.name} on {job.instance}"
    for due in facts.due:
        yield "due", f"{due.name} on {due.instance} at {due.at:%Y-%m-%d %H:%M} UTC"


def _instance(one: RegisteredInstance) -> str:
    port = "" if one.tcp_port is None else f", port {one.tcp_port}"
    return f"{one.name}: {one.patch_level}, {one.edition}{port}{', clustered' if one.clustered else ''}"


def _engine(told: SqlAnswer) -> Iterator[tuple[str, str]]:
    update = " ".join(word for word in (told.level, told.update_level, told.update) if word)
    down = [f"{one.name} ({one.state})" for one in told.databases if one.state != "ONLINE"]
    state = f"not online: {', '.join(down)}" if down else "all online"
    yield "engine", f"{told.instance}: {update}; {counted(len(told.databases), 'database')}, {state}"
    yield from _backups(told.backups or ())
    for gap in told.gaps:
        yield "not told", f"{gap.about} of {told.instance}: {gap.failure}"


def _backups(backups: tuple[Backup, ...]) -> Iterator[tuple[str, str]]:
    """Nobody saves tempdb. Of a group another replica may have been saved: here stands what this host knows."""
    known = [one for one in backups if one.database != "tempdb"]
    dated = sorted((newest, one.database) for one in known if (newest := one.newest) is not None)
    never = [one.database for one in known if one.newest is None]
    words = [f"the oldest is that of {dated[0][1]}, {dated[0][0]:%Y-%m-%d %H:%M} UTC"] if dated else []
    words += [f"none here of {', '.join(never)}"] if never else []
    if words:
        yield "backups", "; ".join(words)


def _group(group: Group) -> str:
    members = (f"{one.host} {one.role}{'' if one.healthy else ' (not healthy)'}" for one in group.members)
    return f"{group.name} ({group.kind}): {', '.join(members)}"


def _link(link: Link) -> str:
    return f"{link.kind.replace('_', ' ')}: {link.role}, with {', '.join(link.partners) or 'nobody who is named'}"


def _updates(facts: Facts) -> Iterator[tuple[str, str]]:
    match facts.update_witness:
        case UpdateAnswer() as told:
            where = f" ({told.server})" if told.server else ""
            whole = "" if told.complete else ", with errors, so that some may be missing here"
            yield (
                "updates",
                f"{told.service}{where} offers {len(facts.updates)}, {len(told.installed)} are installed{whole}",
            )
        case UpdateSilence(failure=failure):
            yield "updates", f"not known: {failure}"
        case None:
            yield "updates", "nobody asked for them"
    for one in facts.updates:
        yield "offered", _offer(one)


def _offer(one: OsUpdate) -> str:
    kb = f"KB{one.kb} " if one.kb else ""
    out = f", out {one.released}" if one.released else ""
    return f"{kb}{one.title}: {one.severity}, {size_in_words(one.size_bytes)}, restart {one.requires_reboot}{out}"
