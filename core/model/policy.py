"""What is allowed, as frozen values."""

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from core.model.build import Build
from core.model.facts import Severity
from core.model.selection import Selection

RebootMode = Literal["immediate", "leave"]
Order = Literal["sql_first", "reboot_first", "os_first"]
SqlBranch = Literal["stay", "cu", "gdr"]
SqlTarget = Literal["newest", "previous"]
BackupEvidence = Literal["msdb", "external", "waived"]
Classification = Literal["security", "critical", "update_rollup", "service_pack", "update", "driver"]
JobKind = Literal["backup", "restore", "checkdb", "agent_job"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

# As Python counts them.
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

EVERYWHERE = Selection()


@dataclass(frozen=True, slots=True)
class KbLists:
    """Taken whatever class, severity and age say; and never taken."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pin:
    """A version is held back at a build, for a reason that somebody reviews."""

    max_build: Build
    reason: str
    review_by: date
    applies_to: Selection = EVERYWHERE


@dataclass(frozen=True, slots=True)
class SqlRules:
    """Which SQL Server updates are wanted: of which branch, how old at least, and up to which pinned build."""

    enabled: bool = True
    branch: SqlBranch = "stay"
    target: SqlTarget = "newest"
    min_age_cu_days: int = 30
    min_age_security_days: int = 7
    kbs: KbLists = KbLists()
    pins: tuple[Pin, ...] = ()


@dataclass(frozen=True, slots=True)
class OsRules:
    """Which updates of the operating system are wanted."""

    enabled: bool = True
    classifications: tuple[Classification, ...] = ("security", "critical", "update_rollup")
    severities: tuple[Severity, ...] = ("critical", "important", "moderate", "low", "unrated")
    min_age_days: int = 7
    kbs: KbLists = KbLists()


@dataclass(frozen=True, slots=True)
class BackupRules:
    """What counts as proof that the databases can be restored. Old backups block at the time, and warn in the plan."""

    evidence: BackupEvidence = "msdb"
    max_age_hours: int = 26
    reason: str = ""


@dataclass(frozen=True, slots=True)
class JobRules:
    """Work on a host that is waited for, never killed."""

    kinds: tuple[JobKind, ...] = ("backup", "restore", "checkdb", "agent_job")
    wait_seconds: int = 3600
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MaintenanceWindow:
    """When hosts may be worked on, by the clock of its zone. It may reach into the next day."""

    name: str
    zone: str
    weekdays: tuple[Weekday, ...]
    start: time
    minutes: int
    applies_to: Selection = EVERYWHERE


@dataclass(frozen=True, slots=True)
class Pace:
    """How much may happen at once. The audit PC's own limit holds besides: the lower one counts."""

    max_hosts: int | None = None
    max_reboots: int = 1
    max_per_failure_domain: int = 1
    stagger_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules that turn facts into verdicts and verdicts into a plan."""

    name: str
    reboot_mode: RebootMode
    space_factor: int
    ignored_pending_reboots: tuple[str, ...]
    canary_hosts: int
    canary_tag: str | None = None
    order: Order = "sql_first"
    sql: SqlRules = SqlRules()
    os: OsRules = OsRules()
    pace: Pace = Pace()
    minimum_free_bytes: int = 0
    backups: BackupRules = BackupRules()
    jobs: JobRules = JobRules()
    windows: tuple[MaintenanceWindow, ...] = ()
