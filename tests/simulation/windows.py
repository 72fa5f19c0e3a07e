"""What must hold of windows, of what is called off, and of services that are stopped."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from core.model.events import RebootRecalled, UndoBegun, Warned
from core.model.state import TargetState
from core.planning.windows import next_opening
from tests.simulation.evidence import Evidence
from tests.simulation.world import window_of

# Nobody knows what goes on there, and that is said.
_UNCLEAR = frozenset({TargetState.UNKNOWN, TargetState.BLOCKED})
# A removal is expected to take as long as the installation.
_SHORTEST_WAY_BACK = timedelta(minutes=10)


def restarts_in_windows(evidence: Evidence) -> Iterator[str]:
    """Where policy says so, and whatever came in between."""
    window = window_of(evidence.story.schedule)
    if not evidence.story.schedule.in_window or window is None:
        return
    for one in evidence.story.world.ledger:
        if one.kind != "reboot" or one.host in evidence.story.world.by_hand:
            continue
        opening = next_opening(window, one.at)
        if one.at < opening.opens_at:
            yield f"{one.host}: restarted at {one.at}, and its window opens at {opening.opens_at}"
    for target in evidence.record.targets:
        if target.put_off is not None:
            yield f"{target.host}: the run has ended, and its restart still waits for a window"


def recalled(evidence: Evidence) -> Iterator[str]:
    """Nobody restarts what is not to be restarted, unless it is said that it was too late."""
    recalled: dict[str | None, datetime] = {}
    too_late: set[str | None] = set()
    for entry in evidence.entries:
        match entry.event.body:
            case RebootRecalled():
                recalled.setdefault(entry.event.target, entry.at)
            case Warned(code="too_late"):
                too_late.add(entry.event.target)
            case _:
                pass
    for one in evidence.story.world.ledger:
        if one.kind != "boot" or one.host in too_late or one.host in evidence.story.world.by_hand:
            continue
        if one.host in recalled and recalled[one.host] < one.at:
            yield f"{one.host}: restarted after its restart had been called off"


def ways_back_in_windows(evidence: Evidence) -> Iterator[str]:
    """One that is begun is gone to its end, so that it is begun only where a window is open and leaves some time."""
    window = window_of(evidence.story.schedule)
    if window is None:
        return
    for entry in evidence.entries:
        if not isinstance(entry.event.body, UndoBegun) or not entry.event.body.steps:
            continue
        opening = next_opening(window, entry.at)
        left = opening.closes_at - entry.at
        if entry.at < opening.opens_at or left < _SHORTEST_WAY_BACK:
            yield f"{entry.event.target}: a way back was begun {left} before its window closes"


def services(evidence: Evidence) -> Iterator[str]:
    """Nothing is installed before what the plan stops was stopped, and nothing stays stopped without a word."""
    for target in evidence.story.plan.targets:
        machine, record = evidence.machine(target.host), evidence.record.target(target.host)
        if not target.services:
            continue
        told = evidence.noted(target.host, "services", "installer_start")
        if told and told[0].kind == "installer_start":
            yield f"{target.host}: installed before {target.services} was stopped"
        stopped = [one for one in target.services if (found := machine.services.find(one)) and not found.running]
        said = any("not started again" in one for one in record.warnings) or record.state in _UNCLEAR
        if machine.up and told and stopped and not said and not any(one.starting for one in machine.services):
            yield f"{target.host}: {stopped} stays stopped, and nobody says so"
