"""The table of legal moves: every arrow that is there, and that no other one is."""

from itertools import product

import pytest

from core.model.state import STEP_MOVES, TARGET_MOVES, TARGET_RESTS, IllegalMoveError, StepState, TargetState, advance

_TARGETS = tuple(product(TargetState, TargetState))
_STEPS = tuple(product(StepState, StepState))


def test_every_state_has_a_row() -> None:
    assert set(TARGET_MOVES) == set(TargetState)
    assert set(STEP_MOVES) == set(StepState)


@pytest.mark.parametrize(("before", "after"), _TARGETS, ids=str)
def test_a_target_moves_only_along_the_table(before: TargetState, after: TargetState) -> None:
    if after in TARGET_MOVES[before]:
        assert advance(before, after) is after
    else:
        with pytest.raises(IllegalMoveError, match=f"{before} -> {after}"):
            advance(before, after)


@pytest.mark.parametrize(("before", "after"), _STEPS, ids=str)
def test_a_step_moves_only_along_the_table(before: StepState, after: StepState) -> None:
    if after in STEP_MOVES[before]:
        assert advance(before, after) is after
    else:
        with pytest.raises(IllegalMoveError, match=f"{before} -> {after}"):
            advance(before, after)


def test_the_word_of_a_step_never_moves_a_target() -> None:
    with pytest.raises(IllegalMoveError):
        advance(TargetState.IN_PROGRESS, StepState.SUCCESS)  # type: ignore[type-var]
    with pytest.raises(IllegalMoveError):
        advance(StepState.RUNNING, TargetState.SUCCESS)  # type: ignore[type-var]


def test_a_host_that_was_touched_is_never_untouched_again() -> None:
    assert not any(TargetState.PENDING in after for after in TARGET_MOVES.values())
    assert not any(StepState.PENDING in after for after in STEP_MOVES.values())


def test_success_is_final() -> None:
    for state in (TargetState.SUCCESS, TargetState.SKIPPED, TargetState.DEFERRED, TargetState.CANCELLED):
        assert TARGET_MOVES[state] == frozenset()


def test_a_failure_can_only_be_looked_at_again() -> None:
    for state in (TargetState.FAILED, TargetState.PARTIAL, TargetState.BLOCKED):
        assert TARGET_MOVES[state] == {TargetState.IN_PROGRESS}


def test_an_installer_that_may_run_is_never_given_up() -> None:
    for state in (TargetState.OVERDUE, TargetState.UNKNOWN):
        assert TargetState.CANCELLED not in TARGET_MOVES[state]


def test_success_comes_only_from_work_in_progress() -> None:
    assert [before for before, after in TARGET_MOVES.items() if TargetState.SUCCESS in after] == [
        TargetState.IN_PROGRESS
    ]


def test_every_state_is_reached_from_the_beginning() -> None:
    seen, open_ends = {TargetState.PENDING}, [TargetState.PENDING]
    while open_ends:
        fresh = TARGET_MOVES[open_ends.pop()] - seen
        seen |= fresh
        open_ends += fresh
    assert seen == set(TargetState)


def test_a_target_rests_unless_it_waits_or_is_worked_on() -> None:
    assert set(TargetState) - {TargetState.PENDING, TargetState.IN_PROGRESS, TargetState.OVERDUE} == TARGET_RESTS
