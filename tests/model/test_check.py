"""Checks, and which result weighs most."""

from itertools import permutations

import pytest

from core.model.check import Check, CheckResult, worst

_ORDER = [CheckResult.FAILED, CheckResult.UNKNOWN, CheckResult.WARNED, CheckResult.PASSED]


@pytest.mark.parametrize("results", list(permutations(CheckResult, 2)), ids="-".join)
def test_failure_outweighs_doubt_and_doubt_a_warning(results: tuple[CheckResult, CheckResult]) -> None:
    checks = tuple(Check("service", "SQLWriter", result, "Running", "?") for result in results)
    assert worst(checks) is min(results, key=_ORDER.index)


def test_no_checks_have_nothing_to_complain_about() -> None:
    assert worst(()) is CheckResult.PASSED
