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


def in_words(check: Check) -> str:
    """What a check that did not pass found, as one would say it of its host."""
    subject, expected, found = check.subject, check.expected, check.found
    match check.name:
        case "same machine":
            return "another machine answers under its name"
        case "free space":
            return f"{subject} has only {found} free, and {expected} are needed"
        case "pending restart":
            return f"Windows waits for a restart ({found.replace('_', ' ')})"
        case "backup":
            return f"{found}; policy asks for {expected}"
        case "running jobs" if check.result is CheckResult.FAILED:
            return f"work is going on there: {found}"
        case "running jobs":
            return f"nobody knows what work is going on there: {found}"
        case "other installers":
            return f"another installation is going on there: {found}"
        case "roles" if found.startswith("leads "):
            return f"it {found}"
        case "build as planned":
            return f"{subject} is no longer as planned: it was to go from {expected}, and now is {found}"
        case "build":
            return f"{subject} should be on {expected}; found: {found}"
        case "system update":
            return f"{subject}: {found}"
        case "service":
            return f"the service {subject} is {found.lower()}"
        case "databases" if check.result is CheckResult.FAILED:
            return f"not all databases of {subject} are online: {found}"
        case "databases":
            return f"nobody knows whether the databases of {subject} are online: {found}"
        case "application":
            return f"{subject}: {found}, expected was {expected}"
        case _:
            return f"{check.name} of {subject}: expected {expected}, found {found}"
