"""Events: how loud each is told."""

import pytest

from core.model.events import Event, Level, RequestTaken, TargetMoved, Warned
from core.model.state import TargetState
from tests.samples import BODIES, LOST

_LOUD = {
    Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.FAILED, LOST)): Level.ERROR,
    Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.SUCCESS)): Level.INFO,
    Event(Warned("late", "it is late")): Level.WARNING,
    Event(RequestTaken(1, "withdraw", "pit", "why", False, "begun already")): Level.WARNING,
    Event(RequestTaken(1, "withdraw", "pit", "why", True, "taken out")): Level.INFO,
}


@pytest.mark.parametrize(("event", "level"), _LOUD.items(), ids=lambda one: str(getattr(one, "body", one))[:40])
def test_failures_are_errors_and_doubts_are_warnings(event: Event, level: Level) -> None:
    assert event.level is level


def test_kinds_are_unique() -> None:
    classes = {type(body) for body in BODIES}
    assert len({body.kind for body in BODIES}) == len(classes)
