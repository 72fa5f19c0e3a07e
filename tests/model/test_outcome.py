"""One outcome for all that happened, and what it is as an exit code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.outcome import EXIT_CODES, Outcome, exit_code, worst

# The public table: outcome, basic, rmm. Scripts of customers rely on it.
_PUBLIC = {
    Outcome.SUCCEEDED: (0, 0),
    Outcome.PARTIAL: (1, 100),
    Outcome.REBOOT_REQUIRED: (1, 150),
    Outcome.LOCKED: (1, 170),
    Outcome.INSTALL_FAILED: (1, 210),
    Outcome.VERIFICATION_FAILED: (1, 220),
    Outcome.DIAGNOSTICS_FAILED: (1, 230),
    Outcome.REPORTING_FAILED: (1, 240),
    Outcome.REFUSED: (2, 2),
    Outcome.NOT_REACHED: (3, 3),
    Outcome.CANCELLED: (130, 130),
}
_PRECEDENCE = [130, 2, 3, 240, 230, 220, 210, 170, 150, 100, 0]


@pytest.mark.parametrize("outcome", Outcome)
def test_both_tables_of_exit_codes_are_the_public_ones(outcome: Outcome) -> None:
    assert (exit_code(outcome, "basic"), exit_code(outcome, "rmm")) == _PUBLIC[outcome]
    assert EXIT_CODES[outcome][2]


@given(st.frozensets(st.sampled_from(Outcome)))
def test_cancelled_outweighs_refused_outweighs_unreached_outweighs_the_worst_code(happened: frozenset[Outcome]) -> None:
    codes = {exit_code(one, "rmm") for one in happened} | {0}
    assert exit_code(worst(happened), "rmm") == next(code for code in _PRECEDENCE if code in codes)


def test_nothing_to_do_is_success() -> None:
    assert worst(frozenset()) is Outcome.SUCCEEDED
