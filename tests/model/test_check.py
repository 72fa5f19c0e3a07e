"""Checks, and which result weighs most."""

from itertools import permutations

import pytest

from core.model.check import Check, CheckResult, in_words, worst

_ORDER = [CheckResult.FAILED, CheckResult.UNKNOWN, CheckResult.WARNED, CheckResult.PASSED]


@pytest.mark.parametrize("results", list(permutations(CheckResult, 2)), ids="-".join)
def test_failure_outweighs_doubt_and_doubt_a_warning(results: tuple[CheckResult, CheckResult]) -> None:
    checks = tuple(Check("service", "SQLWriter", result, "Running", "?") for result in results)
    assert worst(checks) is min(results, key=_ORDER.index)


def test_no_checks_have_nothing_to_complain_about() -> None:
    assert worst(()) is CheckResult.PASSED


@pytest.mark.parametrize(
    ("name", "subject", "expected", "found", "words"),
    [
        ("service", "SQLWriter", "Running", "Stopped", "the service SQLWriter is stopped"),
        ("roles", "SQL01", "leads no group", "leads AG1", "it leads AG1"),
        ("free space", "drive C", "at least 9 GB", "2 GB", "drive C has only 2 GB free, and at least 9 GB are needed"),
        ("pending restart", "SQL01", "none", "file_rename", "Windows waits for a restart (file rename)"),
        ("something new", "SQL01", "this", "that", "something new of SQL01: expected this, found that"),
    ],
)
def test_what_a_check_found_is_said_of_its_host(name: str, subject: str, expected: str, found: str, words: str) -> None:
    assert in_words(Check(name, subject, CheckResult.FAILED, expected, found)) == words


def test_what_is_not_known_is_not_said_to_be_wrong() -> None:
    check = Check("databases", "A", CheckResult.UNKNOWN, "5 online", "the engine did not say")
    assert in_words(check) == "nobody knows whether the databases of A are online: the engine did not say"
