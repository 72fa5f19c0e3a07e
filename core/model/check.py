"""Checks: what was looked at, what was expected, what was found."""

from dataclasses import dataclass
from enum import StrEnum


class CheckResult(StrEnum):
    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    UNKNOWN = "unknown"


class CheckName(StrEnum):
    """The checks of a host before and after, whose failures mean something of their own."""

    SAME_MACHINE = "same machine"
    FREE_SPACE = "free space"
    PENDING_RESTART = "pending restart"
    BACKUP = "backup"
    RUNNING_JOBS = "running jobs"
    OTHER_INSTALLERS = "other installers"
    JOBS_DUE = "jobs due"
    ROLES = "roles"
    AS_PLANNED = "build as planned"
    BUILD = "build"
    UPDATE = "system update"
    REVISION = "system revision"
    SERVICE = "service"
    DATABASES = "databases"
    APPLICATION = "application"


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
        case CheckName.SAME_MACHINE:
            return "another machine answers under its name"
        case CheckName.FREE_SPACE:
            return f"{subject} has only {found} free, and {expected} are needed"
        case CheckName.PENDING_RESTART:
            return f"Windows waits for a restart ({found.replace('_', ' ')})"
        case CheckName.BACKUP:
            return f"{found}; policy asks for {expected}"
        case CheckName.RUNNING_JOBS if check.result is CheckResult.FAILED:
            return f"work is going on there: {found}"
        case CheckName.RUNNING_JOBS:
            return f"nobody knows what work is going on there: {found}"
        case CheckName.OTHER_INSTALLERS:
            return f"another installation is going on there: {found}"
        case CheckName.ROLES if found.startswith("leads "):
            return f"it {found}"
        case CheckName.AS_PLANNED:
            return f"{subject} is no longer as planned: it was to go from {expected}, and now is {found}"
        case CheckName.BUILD:
            return f"{subject} should be on {expected}; found: {found}"
        case CheckName.UPDATE:
            return f"{subject}: {found}"
        case CheckName.SERVICE:
            return f"the service {subject} is {found.lower()}"
        case CheckName.DATABASES if check.result is CheckResult.FAILED:
            return f"not all databases of {subject} are online: {found}"
        case CheckName.DATABASES:
            return f"nobody knows whether the databases of {subject} are online: {found}"
        case CheckName.APPLICATION:
            return f'{subject}: expected "{expected}", found "{found}"'
        case _:
            return f"{check.name} of {subject}: expected {expected}, found {found}"
