"""The one gate: which hosts may start now."""

from collections.abc import Mapping
from typing import NamedTuple

from core.model.plan import Plan
from core.model.state import TARGET_RESTS, TargetState


class Room(NamedTuple):
    """How many more may start, and whether any may at all."""

    free: int
    open: bool


# What a process that takes a run up walks again. In a run that goes on, none of these is ever idle.
RESUMABLE = frozenset({TargetState.PENDING, TargetState.IN_PROGRESS, TargetState.OVERDUE})


def admit(plan: Plan, states: Mapping[str, TargetState], running: frozenset[str], room: Room) -> tuple[str, ...]:
    """What was begun goes on, in whatever wave; then the next fresh hosts of the lowest wave that is not done."""
    begun = [host for wave in plan.waves for host in wave.hosts if _was_begun(states[host]) and host not in running]
    fresh = _fresh(plan, states, running) if room.open else []
    return tuple([*begun, *fresh][: max(0, room.free)])


def _was_begun(state: TargetState) -> bool:
    return state in RESUMABLE and state is not TargetState.PENDING


def _fresh(plan: Plan, states: Mapping[str, TargetState], running: frozenset[str]) -> list[str]:
    for wave in plan.waves:
        if not all(states[host] in TARGET_RESTS for host in wave.hosts):
            return [host for host in wave.hosts if states[host] is TargetState.PENDING and host not in running]
    return []
