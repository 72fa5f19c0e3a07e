"""Waves against the windows of their hosts: when each begins and ends, and how many hosts at a time would fit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.model.plan import PlannedTarget, PlannedWindow, Wave
from core.model.policy import MaintenanceWindow, Pace
from core.model.step import RebootStep
from core.planning.durations import finishes
from core.planning.windows import Opening, next_opening

_MOST_WORKERS = 200

Members = Sequence[Sequence[PlannedTarget]]
Seconds = Callable[[PlannedTarget], int]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Late are waves, by their number, and the opening that closes before their hosts are done."""

    waves: tuple[Wave, ...]
    windows: tuple[PlannedWindow, ...] = ()
    late: tuple[tuple[int, Opening], ...] = ()
    workers_that_fit: int | None = None

    @property
    def expected_seconds(self) -> int:
        return sum(one.expected_seconds + one.soak_seconds for one in self.waves)

    @property
    def p90_seconds(self) -> int | None:
        known = [one.p90_seconds + one.soak_seconds for one in self.waves if one.p90_seconds is not None]
        return sum(known) if known and len(known) == len(self.waves) else None


@dataclass(frozen=True, slots=True)
class _Span:
    begins_at: datetime
    ends_at: datetime
    in_windows: bool
    late: tuple[Opening, ...]


def schedule(
    members: Members,
    names: Sequence[str],
    has_canaries: bool,
    pace: Pace,
    windows: Mapping[str, MaintenanceWindow],
    as_of: datetime,
) -> Schedule:
    has_history = all(one.p90_seconds is not None for some in members for one in some)
    slow: Seconds = _p90 if has_history else _median
    waves = _waves(members, names, has_canaries, pace, slow if has_history else None)
    used = dict.fromkeys(name for some in members for one in some for name in one.windows)
    if not used:
        return Schedule(waves)
    walk = _Walk(members, tuple(one.soak_seconds for one in waves), pace, windows, as_of)
    openings: dict[str, Opening] = {}
    slow_spans = walk.spans(slow, openings)
    spans = walk.spans(_median, dict(openings)) if has_history else slow_spans
    timed = tuple(
        replace(
            wave,
            begins_at=span.begins_at,
            ends_at=span.ends_at,
            p90_ends_at=slow_span.ends_at if has_history else None,
            fits=not slow_span.late if slow_span.in_windows else None,
        )
        for wave, span, slow_span in zip(waves, spans, slow_spans, strict=True)
    )
    late = tuple((index, one) for index, span in enumerate(slow_spans, 1) for one in span.late)
    planned = tuple(
        _window(openings.get(name) or next_opening(windows[name], as_of), waves, members, late, as_of) for name in used
    )
    return Schedule(timed, planned, late, walk.workers_that_fit(slow))


def _waves(
    members: Members, names: Sequence[str], has_canaries: bool, pace: Pace, slow: Seconds | None
) -> tuple[Wave, ...]:
    last = len(members)
    waves = []
    for order, (name, some) in enumerate(zip(names, members, strict=True), 1):
        canary = has_canaries and order == 1
        soak = pace.soak_after_canaries_seconds if canary else pace.soak_seconds
        waves.append(
            Wave(
                order=order,
                name=name,
                hosts=tuple(one.host for one in some),
                expected_seconds=_seconds(some, pace, _median),
                p90_seconds=None if slow is None else _seconds(some, pace, slow),
                canary=canary,
                soak_seconds=0 if order == last else soak,
            )
        )
    return tuple(waves)


def _window(
    opening: Opening, waves: Sequence[Wave], members: Members, late: Iterable[tuple[int, Opening]], as_of: datetime
) -> PlannedWindow:
    """The last safe start leaves time for all waves from the first to the last with hosts of this window."""
    name = opening.window.name
    own = [index for index, some in enumerate(members) if any(name in one.windows for one in some)]
    between = waves[own[0] : own[-1] + 1]
    needed = sum((one.p90_seconds or one.expected_seconds) + one.soak_seconds for one in between)
    latest = opening.closes_at - timedelta(seconds=needed - between[-1].soak_seconds)
    is_late = any(one.window.name == name for _, one in late)
    in_time = not is_late and latest >= max(as_of, opening.opens_at)
    return PlannedWindow(opening.window, opening.opens_at, opening.closes_at, latest if in_time else None)


@dataclass(frozen=True, slots=True)
class _Walk:
    """Goes through the waves one after the other, each as soon as the one before it and its windows allow.

    A plan uses one opening of each window: a run does not go on a week later. Which one, the first wave decides that
    has hosts of the window.
    """

    members: Members
    soaks: Sequence[int]
    pace: Pace
    windows: Mapping[str, MaintenanceWindow]
    as_of: datetime

    def spans(self, of: Seconds, openings: dict[str, Opening], pace: Pace | None = None) -> list[_Span]:
        ready, spans = self.as_of, []
        for some, soak in zip(self.members, self.soaks, strict=True):
            span = self._span(some, ready, of, openings, pace or self.pace)
            spans.append(span)
            ready = span.ends_at + timedelta(seconds=soak)
        return spans

    def workers_that_fit(self, of: Seconds) -> int | None:
        """The smallest number that does; more never take longer."""

        def fits(workers: int) -> bool:
            return not any(one.late for one in self.spans(of, {}, replace(self.pace, max_hosts=workers)))

        if not fits(_MOST_WORKERS):
            return None
        low, high = 1, _MOST_WORKERS
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if fits(middle) else (middle + 1, high)
        return low

    def _span(
        self, some: Sequence[PlannedTarget], ready: datetime, of: Seconds, openings: dict[str, Opening], pace: Pace
    ) -> _Span:
        groups: dict[Opening | None, list[PlannedTarget]] = {}
        for names, hosts in _by_windows(some).items():
            groups.setdefault(self._opening(names, ready, openings), []).extend(hosts)
        begins = {one: ready if one is None else max(ready, one.opens_at) for one in groups}
        order = sorted(groups, key=lambda one: (begins[one], ready if one is None else one.closes_at))
        jobs = [(int((begins[one] - ready).total_seconds()), of(host)) for one in order for host in groups[one]]
        ends = iter(finishes(jobs, pace.max_hosts or 1, pace.stagger_seconds))
        ended: dict[Opening | None, datetime] = {}
        for one in order:
            last = ready + timedelta(seconds=max(next(ends) for _ in groups[one]))
            ended[one] = max(last, begins[one] + timedelta(seconds=_floor(groups[one], pace, of)))
        late = tuple(one for one in order if one is not None and ended[one] > one.closes_at)
        return _Span(min(begins.values()), max(ended.values()), any(order), late)

    def _opening(self, names: tuple[str, ...], ready: datetime, openings: dict[str, Opening]) -> Opening | None:
        """Of a host's several windows the one that opens first, if it is still to come."""
        found = [openings.get(name) or next_opening(self.windows[name], ready) for name in names]
        to_come = [one for one in found if one.closes_at > ready]
        chosen = min(to_come, key=_first, default=None) or max(found, key=_first, default=None)
        if chosen is not None:
            openings[chosen.window.name] = chosen
        return chosen


def _first(opening: Opening) -> tuple[datetime, datetime, str]:
    return (opening.opens_at, opening.closes_at, opening.window.name)


def _by_windows(some: Sequence[PlannedTarget]) -> dict[tuple[str, ...], list[PlannedTarget]]:
    groups: dict[tuple[str, ...], list[PlannedTarget]] = {}
    for one in some:
        groups.setdefault(one.windows, []).append(one)
    return groups


def _median(target: PlannedTarget) -> int:
    return target.expected_seconds


def _p90(target: PlannedTarget) -> int:
    return target.p90_seconds or target.expected_seconds


def _seconds(members: Sequence[PlannedTarget], pace: Pace, of: Seconds) -> int:
    ends = finishes([(0, of(one)) for one in members], pace.max_hosts or 1, pace.stagger_seconds)
    return max(*ends, _floor(members, pace, of))


def _floor(members: Sequence[PlannedTarget], pace: Pace, of: Seconds) -> int:
    """What no pool can lower: restarts that may not coincide, and hosts of one tenant that must wait for each other."""
    restarts = sum(step.expected_seconds for one in members for step in one.steps if isinstance(step, RebootStep))
    floor = restarts // pace.max_reboots
    if pace.max_per_tenant is None:
        return floor
    tenants: dict[str, list[tuple[int, int]]] = {}
    for one in members:
        tenants.setdefault(one.place.tenant, []).append((0, of(one)))
    return max(floor, *(max(finishes(jobs, pace.max_per_tenant)) for jobs in tenants.values()))
