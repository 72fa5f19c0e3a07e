"""From a schedule that fails to the smallest one that still does, and how to see it again."""

from collections.abc import Callable

from tests.simulation.invariants import violations
from tests.simulation.schedule import Schedule, draw, smaller
from tests.simulation.scheduler import simulate

Judge = Callable[[Schedule], tuple[str, ...]]


def judged(schedule: Schedule) -> tuple[str, ...]:
    return violations(simulate(schedule))


def shrink(schedule: Schedule, judge: Judge = judged) -> Schedule:
    """Takes away hosts, faults, kills and requests for as long as something is still wrong."""
    while True:
        less = next((one for one in smaller(schedule) if judge(one)), None)
        if less is None:
            return schedule
        schedule = less


def first_failure(seeds: range, judge: Judge = judged) -> str | None:
    """What to tell about the first seed that fails; nothing if all hold."""
    for seed in seeds:
        schedule = draw(seed)
        if judge(schedule):
            return told(schedule, judge)
    return None


def told(schedule: Schedule, judge: Judge = judged) -> str:
    smallest = shrink(schedule, judge)
    wrong = "\n  ".join(judge(smallest))
    return (
        f"seed {schedule.seed} breaks an invariant; the smallest schedule that does:\n  {smallest}\n"
        f"what is wrong with it:\n  {wrong}\n"
        f"replay: python3 run.py bench simulate --seed {schedule.seed} --count 1"
    )
