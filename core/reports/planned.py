"""What a change board asks of a plan: go or no-go, when, what for how long, and what stays as it is."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from core.model.authorisation import Authorisation
from core.model.count import counted
from core.model.plan import Plan, PlannedTarget
from core.model.run_report import Tone
from core.model.step import OsUpdateStep, PatchStep, RebootStep, Step
from core.reports.words import told_of


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
    undo: str
    undo_tone: Tone
    warnings: tuple[str, ...]


def verdict(plan: Plan) -> tuple[str, Tone]:
    """Whether there is something to decide, and whether it can be decided without reading on."""
    if not plan.targets:
        return "Nothing to do", "open"
    held = sum(bool(one.held_for) for one in plan.targets)
    overrun = any(wave.fits is False for wave in plan.waves)
    if overrun:
        return "No-go as it stands: the plan does not fit into its window", "bad"
    if held or plan.warnings:
        told = [counted(len(plan.warnings), "warning")] if plan.warnings else []
        told += [f"{counted(held, 'host')} held for a failover"] if held else []
        return f"Go, once somebody has read {' and '.join(told)}", "open"
    return "Go: nothing speaks against it", "good"


def briefs(plan: Plan) -> Iterator[HostBrief]:
    """In the order of the waves."""
    targets = {one.host: one for one in plan.targets}
    warnings: dict[str, list[str]] = {}
    for one in plan.warnings:
        for host in one.hosts or ((one.host,) if one.host else ()):
            warnings.setdefault(host, []).append(one.message)
    for wave in plan.waves:
        for host in wave.hosts:
            target = targets[host]
            stuck = [step for step in target.steps if not step.undo.possible and not isinstance(step, RebootStep)]
            yield HostBrief(
                target=target,
                wave=f"{wave.order}, {wave.name}",
                changes=", ".join(_changes(target)),
                outage_seconds=sum(step.expectation.outage_seconds for step in target.steps),
                undo="every update can be taken back"
                if not stuck
                else f"{counted(len(stuck), 'step')} can't be undone",
                undo_tone="open" if stuck else "good",
                warnings=tuple(warnings.get(host, ())),
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
    """Host, instance, code and a sentence."""
    for one in plan.skipped:
        reason = told_of(one.reason, one.host)
        thing = one.host if one.instance is None else f"{one.host}\\{one.instance}"
        told = (
            f"{thing} needs nothing: {reason}"
            if one.code == "up_to_date"
            else f"{thing} is not patched because {reason}"
        )
        yield one.host, one.instance or "", one.code.replace("_", " "), told


def by_reason(plan: Plan) -> list[tuple[str, int]]:
    """The most frequent first."""
    return sorted(
        Counter(one.code.replace("_", " ") for one in plan.skipped).items(), key=lambda one: (-one[1], one[0])
    )
