"""How long each service was away, as far as the journal can tell."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from core.model.check import CheckName, CheckResult
from core.model.plan import Plan, PlannedTarget
from core.model.record import StepRecord, TargetRecord
from core.model.run_report import Outage
from core.model.state import TargetState
from core.model.step import OsRemovalStep, OsUpdateStep, PatchStep, RebootStep, RemovalStep, Step, UndoStep
from core.planning.outages import group_outages

_Span = tuple[datetime, datetime]


def outages_of(plan: Plan, target: TargetRecord) -> Iterator[Outage]:
    """Each instance is away while its own installer works, and with the whole host while that restarts."""
    planned = plan.target(target.host)
    for instance in planned.instances:
        own = [step for step in planned.steps if _touches(step, instance.name)]
        spans = _spans(own, target)
        undone = _spans(_way_back(target, instance.name), target)
        if spans and undone and _was_up(target, instance.name) is False:
            # It was down when it was looked at, and so until the way back was gone.
            spans[-1] = (spans[-1][0], undone[0][0])
        spans += undone
        back = _is_back(target, instance.name) if spans else None
        if back is False:
            spans[-1] = (spans[-1][0], max(spans[-1][1], _left_at(target, spans[-1][1])))
        yield Outage(
            host=planned.host,
            service=instance.name,
            planned_seconds=sum(step.expectation.outage_seconds for step in own),
            measured_seconds=_seconds(spans) if spans else None,
            began_at=min((start for start, _ in spans), default=None),
            ended_at=max((end for _, end in spans), default=None),
            back=back,
            carried=_carried(plan, planned, target) if spans else "",
        )


def _carried(plan: Plan, planned: PlannedTarget, target: TargetRecord) -> str:
    """What was seen at the host's turn, just before it was begun, and not what the plan hoped for."""
    groups = ", ".join(one.title for one in group_outages(plan, planned))
    seen = next((one.result for one in target.checks_before if one.name == CheckName.ROLES), CheckResult.UNKNOWN)
    if not groups:
        return ""
    if seen is CheckResult.PASSED:
        return f"not {groups}: another member led it, so that it was away at most for a failover before"
    return f"whether {groups} was led by another member is not known"


def _way_back(target: TargetRecord, instance: str) -> list[UndoStep]:
    return [] if target.undo is None else [step for step in target.undo.steps if _touches(step, instance)]


def _spans(steps: Sequence[Step | UndoStep], target: TargetRecord) -> list[_Span]:
    return [span for step in steps if (span := _span(step, target)) is not None]


def _touches(step: Step | UndoStep, instance: str) -> bool:
    match step:
        case PatchStep(instances=instances):
            return instance in instances
        case RemovalStep(instance=other):
            return instance == other
        case RebootStep():
            return True
        case OsUpdateStep() | OsRemovalStep():
            return False


def _span(step: Step | UndoStep, target: TargetRecord) -> _Span | None:
    done = target.step(step.order)
    if isinstance(step, RebootStep):
        return _restart(done, target)
    return _installer(done, target) if done.job is None else (done.job.started_at, done.job.ended_at)


def _installer(done: StepRecord, target: TargetRecord) -> _Span | None:
    """One whose end nobody saw counts until the run left the host: that it did nothing is not known."""
    if done.intent is None or done.started_at is None:
        return None
    return done.started_at, _left_at(target, done.started_at)


def _restart(done: StepRecord, target: TargetRecord) -> _Span | None:
    """One that was asked for and never proven counts until the run left the host."""
    if done.started_at is None or (done.reboot is None and done.reboot_intent is None):
        return None
    return done.started_at, done.ended_at or _left_at(target, done.started_at)


def _left_at(target: TargetRecord, otherwise: datetime) -> datetime:
    return target.ended_at or target.last_sign_at or otherwise


def _is_back(target: TargetRecord, instance: str) -> bool | None:
    if target.state is TargetState.SUCCESS:
        return True
    undone = target.undone
    if undone is not None and undone.checks:
        return all(one.result is CheckResult.PASSED for one in undone.checks if one.subject == instance)
    if any(step.reboot_intent is not None and step.reboot is None for step in target.steps):
        return False
    return _was_up(target, instance)


def _was_up(target: TargetRecord, instance: str) -> bool | None:
    """At the look after the last planned step. None: nobody looked, or it did not get so far."""
    service = "MSSQLSERVER" if instance.upper() == "MSSQLSERVER" else f"MSSQL${instance}"
    found = [
        one.result
        for one in target.checks_after
        if (one.name, one.subject) in (("service", service), ("databases", instance))
    ]
    if not found:
        return None
    return CheckResult.FAILED not in found and CheckResult.UNKNOWN not in found


def _seconds(spans: Iterable[_Span]) -> int:
    return round(sum((end - start).total_seconds() for start, end in spans))
