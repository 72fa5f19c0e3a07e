"""Where a host went otherwise than planned."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from core.model.check import CheckResult, in_words
from core.model.count import counted
from core.model.plan import PlannedTarget
from core.model.record import StepRecord, TargetRecord
from core.model.run_report import InstanceReport, UpdateReport
from core.model.state import StepState, TargetState
from core.reports.words import in_minutes, seconds_between, times

# Twice what was expected, and a minute more: less is not worth a line.
_SLOW_FACTOR, _SLOW_SECONDS = 2, 60


def deviations_of(
    planned: PlannedTarget,
    target: TargetRecord,
    instances: Iterable[InstanceReport],
    updates: Iterable[UpdateReport],
) -> Iterator[str]:
    done = {one.order: one for one in target.steps}
    ended = target.ended_at is not None
    for one in instances:
        if one.after is not None and one.after != one.planned:
            yield f"{one.name} is on {one.after}, planned was {one.planned}"
    for update in updates:
        if update.tone != "good" and ended and target.state is not TargetState.CANCELLED:
            yield f"{update.kb or update.title}: {update.state}"
    for step in planned.steps:
        took = seconds_between(*_times(done.get(step.order)))
        if took is not None and took > _SLOW_FACTOR * step.expected_seconds + _SLOW_SECONDS:
            yield f"step {step.order} took {in_minutes(took)}, expected were {in_minutes(step.expected_seconds)}"
    if target.connection_losses:
        yield f"the line was lost {times(target.connection_losses)}"
    left = [one for one in planned.steps if done.get(one.order, StepRecord(one.order)).state is StepState.PENDING]
    if left and ended and target.state is not TargetState.SUCCESS:
        yield f"{len(left)} of {counted(len(planned.steps), 'planned step')} not begun"
    for check in target.checks_after:
        if check.result in (CheckResult.FAILED, CheckResult.UNKNOWN):
            yield in_words(check)


def _times(done: StepRecord | None) -> tuple[datetime | None, datetime | None]:
    return (None, None) if done is None else (done.started_at, done.ended_at)
