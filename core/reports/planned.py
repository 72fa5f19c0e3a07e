"""What a change board asks of a plan: go or no-go, when, what for how long, and what stays as it is."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from core.model.authorisation import Authorisation
from core.model.count import counted
from core.model.plan import GroupRule, Plan, PlannedTarget
from core.model.review import Finding, Weight
from core.model.run_report import Tone
from core.model.step import OsUpdateStep, Package, PatchStep, RebootStep, Step
from core.planning.outages import GroupOutage, group_outages, host_outage
from core.planning.reviewing import HOLDING, review
from core.reports.left_out import skip_sentence
from core.reports.words import skip_words


@dataclass(frozen=True, slots=True)
class PlanBrief:
    """A plan, and who allowed it so far."""

    plan: Plan
    authorisation: Authorisation | None = None


@dataclass(frozen=True, slots=True)
class HostBrief:
    """One host of the plan in a line."""

    target: PlannedTarget
    wave: str
    changes: str
    outage_seconds: int
    groups: tuple[GroupOutage, ...]
    """What of it other members carry on with: away for less than the host."""
    undo: str
    undo_tone: Tone
    held_for: tuple[str, ...]
    """What will hold it at its turn unless somebody acts before."""
    warnings: tuple[str, ...]


def verdict(plan: Plan) -> tuple[str, Tone]:
    """Go or no-go, by the same review that the window shows."""
    if not plan.targets:
        return "Nothing to do", "open"
    found = review(plan)
    if not found.go:
        return f"No-go as it stands: {', '.join(one.title for one in found.of(Weight.STOPS))}", "bad"
    held = {host for one in found.of(Weight.HOLDS) for host in one.hosts}
    if held:
        return f"Go, but {counted(len(held), 'host')} will be held unless somebody acts before", "open"
    told = sum(1 for _ in findings(plan))
    return "Go: nothing forbids it" + (f", {counted(told, 'thing')} to know" if told else ""), "good"


_WEIGHTS: dict[Weight, tuple[str, Tone]] = {
    Weight.STOPS: ("stops the plan", "bad"),
    Weight.HOLDS: ("holds hosts", "open"),
    Weight.KNOW: ("to know", "good"),
}


Told = tuple[str, tuple[str, ...]]


def findings(plan: Plan) -> Iterator[tuple[str, Tone, Finding, tuple[Told, ...]]]:
    """The worst first, each with what it says of which hosts. What is not patched has a chapter of its own."""
    for one in review(plan).findings:
        messages = tuple((told.message, told.concerned) for told in plan.warnings if told.code == one.code)
        if messages:
            yield (*_WEIGHTS[one.weight], one, messages)


def packages(plan: Plan) -> Iterator[tuple[Package, int]]:
    """Each with how many hosts get it."""
    for one in plan.packages:
        yield one, sum(any(getattr(step, "package", None) == one.sha256 for step in t.steps) for t in plan.targets)


_GROUPS = {"ag": "Availability group", "fci": "Failover cluster instance", "cluster": "Cluster"}


def group_words(group: GroupRule) -> str:
    """What a group is, and who says so where the hosts do not."""
    return _GROUPS.get(group.kind, "Group of the targets' list")


def briefs(plan: Plan) -> Iterator[HostBrief]:
    """In the order of the waves."""
    targets = {one.host: one for one in plan.targets}
    held, warnings = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for one in plan.warnings:
        for host in one.concerned:
            (held if one.code in HOLDING else warnings)[host].append(one.message)
    for wave in plan.waves:
        for host in wave.hosts:
            target = targets[host]
            stuck = [step for step in target.steps if not step.undo.possible and not isinstance(step, RebootStep)]
            yield HostBrief(
                target=target,
                wave=wave.among(len(plan.waves)),
                changes=", ".join(_changes(target)),
                outage_seconds=host_outage(target),
                groups=tuple(group_outages(plan, target)),
                undo="every update can be taken back"
                if not stuck
                else f"{counted(len(stuck), 'step')} can't be undone",
                undo_tone="open" if stuck else "good",
                held_for=tuple(held[host]),
                warnings=tuple(warnings[host]),
            )


def _changes(target: PlannedTarget) -> Iterator[str]:
    for one in target.instances:
        yield f"{one.name} {one.before} → {one.after}"
    updates = sum(len(step.updates) for step in target.steps if isinstance(step, OsUpdateStep))
    if updates:
        yield counted(updates, "system update")
    restarts = sum(isinstance(step, RebootStep) for step in target.steps)
    if restarts:
        yield counted(restarts, "restart")


def step_words(plan: Plan, step: Step) -> str:
    match step:
        case PatchStep():
            return f"{plan.package(step.package).filename} for {', '.join(step.instances)}"
        case OsUpdateStep(updates=updates):
            titles = {one.id: f"KB{one.kb}" if one.kb else one.title for one in plan.updates}
            return f"system updates {', '.join(titles.get(one, one) for one in updates)}"
        case RebootStep():
            return "restart, the boot proven"


def not_patched(plan: Plan) -> Iterator[tuple[str, str, str, str]]:
    """Host, instance, reason in a few words, and a sentence."""
    for one in plan.left_alone:
        yield one.host, one.instance or "", skip_words(one), skip_sentence(one, "is", "needs")


def by_reason(plan: Plan) -> list[tuple[str, int]]:
    """The most frequent first."""
    return sorted(Counter(map(skip_words, plan.left_alone)).items(), key=lambda one: (-one[1], one[0]))
