"""Where a host stands."""

import pytest

from core.engine.standing import Standing
from core.model.failure import Cause, Failure
from core.model.record import StepRecord, TargetRecord
from core.model.state import IllegalMoveError, StepState, TargetState

_FAILURE = Failure(Cause.INSTALLER, "it failed")


def _standing(state: TargetState = TargetState.IN_PROGRESS, *steps: StepRecord) -> Standing:
    return Standing(TargetRecord("SQL01", state, steps=steps))


def test_a_move_tells_where_from_where_to_and_why() -> None:
    moved = _standing().move(TargetState.FAILED, _FAILURE)
    assert (moved.before, moved.after, moved.failure) == (TargetState.IN_PROGRESS, TargetState.FAILED, _FAILURE)


def test_a_success_can_not_be_taken_back() -> None:
    standing = _standing(TargetState.SUCCESS)
    with pytest.raises(IllegalMoveError):
        standing.move(TargetState.IN_PROGRESS)
    assert standing.target is TargetState.SUCCESS


def test_a_step_without_a_story_is_pending() -> None:
    assert _standing().step(7) is StepState.PENDING


def test_a_step_that_began_has_touched_the_host_for_good() -> None:
    standing = _standing()
    standing.move_step(1, StepState.RUNNING)
    standing.move_step(1, StepState.FAILED, _FAILURE)
    assert (standing.touched, standing.succeeded_any) == (True, False)


def test_a_host_without_a_begun_step_is_untouched() -> None:
    assert not _standing(TargetState.IN_PROGRESS, StepRecord(1)).touched


def test_a_running_step_is_never_skipped() -> None:
    standing = _standing(TargetState.IN_PROGRESS, StepRecord(1, StepState.RUNNING))
    with pytest.raises(IllegalMoveError):
        standing.move_step(1, StepState.SKIPPED)
    assert standing.step(1) is StepState.RUNNING
