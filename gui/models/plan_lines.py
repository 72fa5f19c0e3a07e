"""A plan as rows: a host a row, an update a row, a host that is not patched a row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from core.app.review import GroupOutage, Reviewed, group_outages, host_outage
from core.model.facts import RebootNeed
from core.model.plan import Plan, PlannedTarget
from core.model.size import size_in_words
from core.model.step import OsUpdateStep, PatchStep, RebootStep, Step
from gui.builds import change_in_words
from gui.language import counted, in_sentences, tr
from gui.models.table import Column
from gui.theme import Tone
from gui.times import about, duration
from gui.words import in_words

LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class HostLine:
    """A host of the plan; without a target it was left out during the review."""

    host: str
    wave: str
    change: str = ""
    outage_seconds: int = 0
    groups: tuple[GroupOutage, ...] = ()
    seconds: int = 0
    role: str = ""
    undo: str = ""
    held: str = ""
    target: PlannedTarget | None = None


@dataclass(frozen=True, slots=True)
class UpdateLine:
    """An update, however many hosts get it. By its key it can be left out: its KB, else its id or its file's name."""

    key: str
    kb: str
    title: str
    kind: str
    hosts: int
    size_bytes: int
    restart: str


@dataclass(frozen=True, slots=True)
class LeftLine:
    """A host, an instance or an update that is left alone."""

    host: str
    what: str
    code: str
    reason: str


def host_lines(reviewed: Reviewed) -> tuple[HostLine, ...]:
    plan = reviewed.plan
    waves = {host: tr("Wave {n}", n=wave.among(len(plan.waves))) for wave in plan.waves for host in wave.hosts}
    held = _held(plan)
    lines = [_host_line(one, waves.get(one.host, ""), held[one.host], reviewed) for one in plan.targets]
    left = [HostLine(one.host, tr("Left out here")) for one in plan.skipped if one.code == LEFT_OUT]
    return (*lines, *left)


def _host_line(target: PlannedTarget, wave: str, held: dict[str, None], reviewed: Reviewed) -> HostLine:
    undoable = [step.undo.possible for step in target.steps if not isinstance(step, RebootStep)]
    undo = tr("yes") if all(undoable) else tr("partly") if any(undoable) else tr("no")
    return HostLine(
        host=target.host,
        wave=wave,
        change=target_change(target, reviewed.titles),
        outage_seconds=host_outage(target),
        groups=tuple(group_outages(reviewed.plan, target)),
        seconds=target.expected_seconds,
        role=reviewed.roles.get(target.host) or ", ".join(target.groups) or tr("alone"),
        undo=undo,
        held=", ".join(held),
        target=target,
    )


def _held(plan: Plan) -> dict[str, dict[str, None]]:
    """What somebody has to do before a host's turn: else the run leaves it as it is."""
    found = defaultdict[str, dict[str, None]](dict)
    for warning in plan.warnings:
        act = _before_its_turn(warning.code)
        for host in warning.concerned if act else ():
            found[host][act] = None
    return found


def _before_its_turn(code: str) -> str:
    return {
        "patch_blocked": tr("unblock first"),
        "held_for_failover": tr("fail over first"),
        "no_backup_evidence": tr("back up first"),
        "old_backup": tr("back up first"),
        "not_enough_space": tr("make room first"),
        "roles_unknown": tr("see to its roles"),
        "quorum_edge": tr("mend its cluster"),
    }.get(code, "")


def target_change(target: PlannedTarget, titles: dict[str, str]) -> str:
    """2019 CU30 → CU32, 3 system updates: the numbers stand in the host's own steps."""
    changes = (change_in_words(one.before, one.after, titles, numbered=False) for one in target.instances)
    instances = list(dict.fromkeys(changes))
    updates = sum(len(step.updates) for step in target.steps if isinstance(step, OsUpdateStep))
    if updates:
        instances.append(counted(updates, "1 system update", "{n} system updates"))
    return ", ".join(instances)


def outage_in_words(seconds: int) -> str:
    return about(seconds) if seconds >= 60 else duration(seconds)


def outage_in_short(line: HostLine) -> str:
    """The host's, and beside it the worst of its groups': not known, the seconds of a failover, or none."""
    if line.target is None:
        return "–"
    kinds = defaultdict[str, set[bool | None]](set)
    for one in line.groups:
        kinds[one.kind.upper()].add(one.fails_over)
    told = (
        tr("{kind} ?", kind=kind) if None in away else tr("{kind} secs", kind=kind) if True in away
        else tr("{kind} none", kind=kind)
        for kind, away in kinds.items()
    )  # fmt: skip
    return ", ".join((outage_in_words(line.outage_seconds), *told))


def outage_in_full(line: HostLine) -> str:
    if not line.groups:
        return outage_in_short(line)
    host = tr("The host is down for about {time}", time=outage_in_words(line.outage_seconds))
    return in_sentences((host, *(tr("Meanwhile {group}", group=one) for one in line.groups)))


def role_in_short(line: HostLine) -> str:
    """Without the names of its groups, which the hint tells, nor the cluster below them: nobody asks for it."""
    short = line.role
    groups = () if line.target is None else line.target.groups
    # The name of one may be the beginning of another's.
    for group in sorted(groups, key=len, reverse=True):
        short = short.replace(f" of {group}", "").replace(f" in {group}", "")
    return short.removesuffix(", node") or "–"


def update_lines(plan: Plan) -> tuple[UpdateLine, ...]:
    return tuple(sorted(_update_lines(plan), key=lambda one: (-one.hosts, one.kb, one.title)))


def _update_lines(plan: Plan) -> Iterator[UpdateLine]:
    patches = [step for target in plan.targets for step in target.steps if isinstance(step, PatchStep)]
    hosts, restarted = _hosts(plan)
    for package in plan.packages:
        words = next((_named(step) for step in patches if step.package == package.sha256), "")
        count = hosts[package.sha256]
        yield UpdateLine(
            package.kb or package.filename, package.kb or "", words or package.filename, tr("SQL Server"),
            count, package.size_bytes, _restart(count, restarted[package.sha256], "can"),
        )  # fmt: skip
    for one in plan.updates:
        restart = _restart(hosts[one.id], restarted[one.id], one.requires_reboot)
        kb, kind = one.kb or "", one.classification
        yield UpdateLine(kb or one.id, kb, one.title, kind, hosts[one.id], one.size_bytes, restart)


def _named(step: PatchStep) -> str:
    """What the mapping calls it: which mapping that is says the host's step."""
    return step.why.removeprefix("mapping for ").partition(": ")[2] or step.why


def _hosts(plan: Plan) -> tuple[Counter[str], Counter[str]]:
    """How many hosts get each package and update, and how many of them restart behind it."""
    hosts, restarted = Counter[str](), Counter[str]()
    for target in plan.targets:
        last = max((step.order for step in target.steps if isinstance(step, RebootStep)), default=0)
        hosts.update({key for step in target.steps for key in _brought(step)})
        restarted.update({key for step in target.steps if step.order < last for key in _brought(step)})
    return hosts, restarted


def _brought(step: Step) -> tuple[str, ...]:
    match step:
        case PatchStep(package=package):
            return (package,)
        case OsUpdateStep(updates=updates):
            return updates
        case RebootStep():
            return ()


def _restart(hosts: int, restarted: int, need: RebootNeed) -> str:
    """What the steps say. Where none is planned, the run restarts nothing, whatever the installer asks for."""
    if restarted and restarted == hosts:
        return counted(hosts, "planned on 1 host", "planned on {n} hosts")
    if restarted:
        return tr("planned on {n} of {all} hosts", n=f"{restarted:,}", all=f"{hosts:,}")
    return {
        "never": tr("none needed"),
        "always": tr("needed, and left to you"),
        "can": tr("left to you, if it asks for one"),
    }[need]


def left_lines(plan: Plan) -> tuple[LeftLine, ...]:
    hosts = [LeftLine(one.host, one.instance or tr("the host"), one.code, one.reason) for one in plan.skipped]
    updates = [
        LeftLine(host, f"KB{one.kb}" if one.kb else one.title, one.code, one.reason)
        for one in plan.updates_left_out
        for host in one.hosts
    ]
    return (*hosts, *updates)


def host_columns() -> tuple[Column[HostLine], ...]:
    return (
        Column(tr("Host"), lambda line: line.host, width=128, least=112),
        Column(tr("Now → after"), lambda line: line.change or tr("left out here"), width=280, least=152),
        Column(tr("Held"), lambda line: line.held, tone=_held_tone, width=112, least=110),
        Column(
            tr("Outage"), outage_in_short, lambda line: line.outage_seconds, width=128, least=118,
            hint=tr("How long the host is down, and of a group's service how long that is away: it moves to another "
                    "member; ? where nobody knows who leads it"), whole=outage_in_full,
        ),
        Column(tr("Role"), role_in_short, width=110, least=90, whole=lambda line: line.role or "–"),
        Column(tr("Undo"), lambda line: line.undo or "–", tone=_undo_tone, width=64, least=52),
        Column(
            tr("Takes"), lambda line: about(line.seconds) if line.target else "–", lambda line: line.seconds,
            width=68, numeric=True,
        ),
        Column(tr("Wave"), lambda line: line.wave, width=140, hidden=True),
    )  # fmt: skip


def update_columns() -> tuple[Column[UpdateLine], ...]:
    return (
        Column(tr("KB"), lambda line: f"KB{line.kb}" if line.kb else "–", width=120),
        Column(tr("Update"), lambda line: line.title, width=420),
        Column(tr("Kind"), lambda line: line.kind, width=140, least=96),
        Column(tr("Hosts"), lambda line: f"{line.hosts:,}", lambda line: line.hosts, width=70, numeric=True),
        Column(
            tr("Size"), lambda line: size_in_words(line.size_bytes), lambda line: line.size_bytes,
            width=90, least=78, numeric=True,
        ),
        Column(
            tr("Restart"), lambda line: line.restart, width=210,
            hint=tr("How many hosts restart after it, as their steps say"),
        ),
    )  # fmt: skip


def left_columns() -> tuple[Column[LeftLine], ...]:
    return (
        Column(tr("Host"), lambda line: line.host, width=160),
        Column(tr("What"), lambda line: line.what, width=150),
        Column(tr("Why"), lambda line: line.reason, width=560),
        Column(tr("Kind"), lambda line: in_words(line.code), width=160),
    )


def _undo_tone(line: HostLine) -> Tone | None:
    if line.target is None:
        return None
    return Tone.QUIET if line.undo == tr("yes") else Tone.WARN


def _held_tone(line: HostLine) -> Tone | None:
    return Tone.WARN if line.held else None
