"""Whether a maintenance window of the host leaves time for something, and when the next one will."""

from datetime import datetime, timedelta

from core.engine.errand import Errand
from core.model.step import RebootStep
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
    """For the restart and whatever the plan has after it. Cautious where there is a history."""
    rest = [one for one in errand.planned.steps if one.order >= step.order]
    seconds = sum(one.expectation.p90_seconds or one.expected_seconds for one in rest)
    return timedelta(seconds=seconds + step.notice_seconds)


def _openings(errand: Errand, time: datetime) -> tuple[Opening, ...]:
    return tuple(next_opening(one, time) for one in errand.windows)
