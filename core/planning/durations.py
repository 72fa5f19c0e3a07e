"""How long steps take, by history where there is one, and how long a wave takes with a pool."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# SQL Server updates commonly take 10 to 40 minutes, restarts a few, a monthly roll-up half an hour.
PATCH_SECONDS = 20 * 60
REBOOT_SECONDS = 5 * 60
OS_UPDATE_SECONDS = 30 * 60

# Fewer say nothing about a 90th percentile.
ENOUGH = 5

REBOOT = "reboot"
OS_UPDATE = "os_update"

# Seconds that were seen, by the package's file name, or by the kind of step.
History = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Estimate:
    median_seconds: int
    p90_seconds: int | None
    source: str


def estimate(history: History, key: str, usual_seconds: int) -> Estimate:
    seen = sorted(history.get(key, ()))
    if not seen:
        return Estimate(usual_seconds, None, "no history: the usual time")
    p90 = _at(seen, 90) if len(seen) >= ENOUGH else None
    return Estimate(max(1, _at(seen, 50)), p90, f"history: {len(seen)} earlier {'time' if len(seen) == 1 else 'times'}")


def finishes(jobs: Iterable[tuple[int, int]], workers: int, stagger_seconds: int = 0) -> list[int]:
    """When each job ends that is not begun before its time and takes so long, if each free worker takes the next in
    order and two never start together."""
    free = [0] * workers
    next_start = 0
    ends = []
    for earliest, duration in jobs:
        start = max(free[0], earliest, next_start)
        next_start = start + stagger_seconds
        ends.append(start + duration)
        heapq.heapreplace(free, start + duration)
    return ends


def _at(ordered: list[int], percent: int) -> int:
    """The smallest that covers so many of a hundred: nearest rank, so that no float enters a plan."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
