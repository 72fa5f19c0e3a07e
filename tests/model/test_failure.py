"""Expected trouble, as reports count it."""

import pytest

from core.model.failure import BLOCKING_TYPES, NOT_REACHED, Cause, Failure


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_is_counted_under_one_type(cause: Cause) -> None:
    assert Failure(cause, "detail").kind is Failure(cause, "another").kind


def test_a_host_that_was_not_reached_is_never_patch_blocked() -> None:
    assert {Failure(cause, "").kind for cause in NOT_REACHED}.isdisjoint(BLOCKING_TYPES)
