"""The trend over runs: patch state by month, time to patch by severity, failure causes, restarts."""

from dataclasses import dataclass
from datetime import date, datetime

from core.model.state import TargetState


@dataclass(frozen=True, slots=True)
class Installed:
    """So many updates proven to be installed on a day: a build of SQL Server, or updates of the system of a severity,
    of which the release is known."""

    on: date
    number: int
    build: str | None = None
    severity: str = ""
    released: date | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What one run adds to the trend. It is kept, so that years of runs need not be told again for the next one:
    whoever changes how it is made raises the version."""

    run_id: str
    started_at: datetime
    hosts: tuple[tuple[TargetState, int], ...]
    restarts_proven: int
    restarts_seconds: tuple[int, ...]
    installed: tuple[Installed, ...]
    causes: tuple[tuple[str, int], ...]
    # Those of its sites.
    zones: tuple[str, ...] = ()


TALLY_VERSION = 3


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
