"""The trend over runs: patch state by month, time to patch by severity, failure causes, restarts."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Month:
    """What became of the hosts of the month's runs. A host of two runs counts twice."""

    month: str
    runs: int
    hosts: int
    patched: int
    failed: int
    blocked: int
    deferred: int
    unknown: int
    other: int
    restarts_proven: int
    restart_seconds: int | None


@dataclass(frozen=True, slots=True)
class TimeToPatch:
    """Days from the release of an update to its proven installation."""

    severity: str
    installed: int
    median_days: float
    longest_days: int


@dataclass(frozen=True, slots=True)
class CauseCount:
    month: str
    cause: str
    number: int


@dataclass(frozen=True, slots=True)
class Trend:
    tenant: str | None
    zone: str | None
    months: tuple[Month, ...]
    time_to_patch: tuple[TimeToPatch, ...]
    causes: tuple[CauseCount, ...]
    made_at: datetime
    schema_version: int = 1
