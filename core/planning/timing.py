"""Waves against the window: when each ends, whether it fits, and how many hosts at a time it would take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.model.plan import PlannedTarget, PlannedWindow, RebootStep, Wave
from core.model.policy import Pace
from core.planning.durations import with_pool
from core.planning.windows import Opening

_MOST_WORKERS = 200

Seconds = Callable[[PlannedTarget], int]


@dataclass(frozen=True, slots=True)
class Schedule:
    waves: tuple[Wave, ...]
    window: PlannedWindow | None
    workers_that_fit: int | None


def schedule(
    members: Sequence[Sequence[PlannedTarget]],
    names: Sequence[str],
    workers: int,
    pace: Pace,
    opening: Opening | None,
    as_of: datetime,
) -> Schedule:
    has_history = all(one.p90_seconds is not None for some in members for one in some)
    begins_at = None if opening is None else max(as_of, opening.opens_at)
    waves: list[Wave] = []
    expected = slow = 0
    for name, some in zip(names, members, strict=True):
        seconds = _seconds(some, workers, pace, _median)
        p90 = _seconds(some, workers, pace, _p90) if has_history else None
        expected, slow = expected + seconds, slow + (p90 or seconds)
        ends_at = None if begins_at is None else begins_at + timedelta(seconds=expected)
        p90_ends_at = None if begins_at is None or p90 is None else begins_at + timedelta(seconds=slow)
        fits = None if opening is None or ends_at is None else (p90_ends_at or ends_at) <= opening.closes_at
        hosts = tuple(one.host for one in some)
        waves.append(Wave(len(waves) + 1, name, hosts, seconds, p90, ends_at, p90_ends_at, fits))
    if opening is None or begins_at is None:
        return Schedule(tuple(waves), None, None)
    latest = opening.closes_at - timedelta(seconds=slow)
    window = PlannedWindow(
        opening.window.name,
        opening.window.zone,
        opening.opens_at,
        opening.closes_at,
        latest if latest >= begins_at else None,
    )
    room = int((opening.closes_at - begins_at).total_seconds())
    return Schedule(tuple(waves), window, _workers_that_fit(members, pace, room, _p90 if has_history else _median))


def _median(target: PlannedTarget) -> int:
    return target.expected_seconds


def _p90(target: PlannedTarget) -> int:
    return target.p90_seconds or target.expected_seconds


def _seconds(members: Sequence[PlannedTarget], workers: int, pace: Pace, of: Seconds) -> int:
    """Restarts that may not coincide set a floor that no pool can lower."""
    restarts = sum(one.expected_seconds for some in members for one in some.steps if isinstance(one, RebootStep))
    pool = with_pool((of(one) for one in members), workers, pace.stagger_seconds)
    return max(pool, restarts // pace.max_reboots)


def _workers_that_fit(members: Sequence[Sequence[PlannedTarget]], pace: Pace, room: int, of: Seconds) -> int | None:
    """The smallest that does; more workers never take longer."""

    def fits(workers: int) -> bool:
        return sum(_seconds(some, workers, pace, of) for some in members) <= room

    if not fits(_MOST_WORKERS):
        return None
    low, high = 1, _MOST_WORKERS
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle + 1, high)
    return low
