"""Random runs of the engine in simulation: how many break an invariant, and how fast they go."""

import sys
import time
from collections.abc import Iterator

from bench.figure import Asking, Figure
from tests.simulation.invariants import violations
from tests.simulation.schedule import draw
from tests.simulation.scheduler import simulate
from tests.simulation.shrinking import told

_COUNT, _QUICK = 1000, 100


def measure(asking: Asking) -> Iterator[Figure]:
    """A schedule that fails is told on stderr in its smallest form."""
    count = asking.count or (_QUICK if asking.quick else _COUNT)
    began = time.perf_counter()
    effects, taken_up, failing = 0, 0, []
    for seed in range(asking.seed, asking.seed + count):
        schedule = draw(seed)
        story = simulate(schedule)
        effects += story.effects
        taken_up += story.epoch - 1
        if violations(story):
            failing.append(schedule)
    seconds = time.perf_counter() - began
    for schedule in failing[:3]:
        print(told(schedule), file=sys.stderr)
    yield Figure("schedules that break an invariant", len(failing), "schedules", limit=0)
    yield Figure("schedules", count, "schedules")
    yield Figure("effects performed", effects, "effects")
    yield Figure("runs taken up again", taken_up, "times")
    yield Figure("speed", count / seconds, "schedules/s")
