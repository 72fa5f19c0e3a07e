"""Whether a maintenance window of the host leaves time for something, and when the next one will."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.engine.errand import Errand
from core.model.step import OsRemovalStep, RebootStep, RemovalStep, Step, UndoStep
from core.planning.windows import Opening, next_opening


def has_time(errand: Errand, needed: timedelta, time: datetime) -> bool:
    """Always where the host has no window."""
    return not errand.windows or any(
        one.opens_at <= time and time + needed <= one.closes_at for one in _openings(errand, time)
    )


def time_left(errand: Errand, time: datetime) -> timedelta:
    """Until the last window that is open now closes."""
    open_now = [one.closes_at - time for one in _openings(errand, time) if one.opens_at <= time]
    return max(open_now, default=timedelta())


def next_time(errand: Errand, needed: timedelta, time: datetime) -> Opening | None:
    """The first opening from now on that is long enough; nothing where the host has no such window."""
    soon = _openings(errand, time)
    later = [next_opening(one.window, one.closes_at) for one in soon]
    fitting = [one for one in (*soon, *later) if max(one.opens_at, time) + needed <= one.closes_at]
    return min(fitting, key=lambda one: one.opens_at, default=None)


def needed_from(errand: Errand, step: RebootStep) -> timedelta:
    """For the restart and whatever comes after it."""
    undoing = errand.standing.undo
    steps = errand.planned.steps if undoing is None else undoing.steps
    return needed_for(errand, tuple(one for one in steps if one.order >= step.order))


def needed_for(errand: Errand, steps: Iterable[Step | UndoStep]) -> timedelta:
    """Cautious where there is a history. To remove something takes as long as to install it did."""
    planned = {one.order: one for one in errand.planned.steps}
    seconds = 0
    for step in steps:
        known = planned[step.of] if isinstance(step, RemovalStep | OsRemovalStep) else step
        seconds += known.expectation.p90_seconds or known.expected_seconds
        seconds += step.notice_seconds if isinstance(step, RebootStep) else 0
    return timedelta(seconds=seconds)


def _openings(errand: Errand, time: datetime) -> tuple[Opening, ...]:
    return tuple(next_opening(one, time) for one in errand.windows)
