"""Checks: what was looked at, what was expected, what was found."""

from dataclasses import dataclass
from enum import StrEnum


class CheckResult(StrEnum):
    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One check. The subject is an instance, a service, a drive or the host itself."""

    name: str
    subject: str
    result: CheckResult
    expected: str
    found: str
    witnesses: tuple[str, ...] = ()


def worst(checks: tuple[Check, ...]) -> CheckResult:
    """A failure outweighs doubt, doubt outweighs a warning."""
    order = (CheckResult.FAILED, CheckResult.UNKNOWN, CheckResult.WARNED)
    found = {check.result for check in checks}
    return next((result for result in order if result in found), CheckResult.PASSED)
