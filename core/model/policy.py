"""What is allowed, as frozen values."""

from dataclasses import dataclass, replace
from datetime import date, time
from typing import Generic, Literal, TypeVar

from core.model.application import ApplicationCheck
from core.model.build import Build
from core.model.facts import Severity
from core.model.selection import Selection

RebootMode = Literal["immediate", "window", "leave"]
Order = Literal["sql_first", "reboot_first", "os_first"]
SqlBranch = Literal["stay", "cu", "gdr"]
SqlTarget = Literal["newest", "previous"]
BackupEvidence = Literal["msdb", "external", "waived"]
Classification = Literal["security", "critical", "update_rollup", "service_pack", "update", "driver"]
UpdateService = Literal["default", "managed", "windows_update", "microsoft_update"]
JobKind = Literal["backup", "restore", "checkdb", "agent_job"]
OnRegression = Literal["report", "offer", "take_back"]
Collect = Literal["never", "on_failure", "always"]
Diagnostic = Literal["setup_log", "errorlog", "event_log", "servicing_log", "cluster_log"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

# As Python counts them.
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

EVERYWHERE = Selection()

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Scoped(Generic[Thing]):
    """Something that holds for a part of the hosts."""

    what: Thing
    applies_to: Selection = EVERYWHERE


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
    service: UpdateService = "default"
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


@dataclass(frozen=True, slots=True)
class DeskLimits:
    """What one audit PC does at once, whatever the policy allows."""

    max_hosts: int
    max_per_tenant: int | None = None
    stagger_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """How much may happen at once, and how long a wave is watched before the next one. The audit PC's own limits hold
    besides: the stricter one counts."""

    max_hosts: int | None = None
    max_reboots: int = 1
    max_per_failure_domain: int = 1
    stagger_seconds: int = 0
    max_per_tenant: int | None = None
    soak_seconds: int = 0
    soak_after_canaries_seconds: int = 0

    def within(self, desk: DeskLimits) -> "Pace":
        """Where both say something the stricter one counts."""
        tenant = [one for one in (self.max_per_tenant, desk.max_per_tenant) if one is not None]
        return replace(
            self,
            max_hosts=min(self.max_hosts or desk.max_hosts, desk.max_hosts),
            max_per_tenant=min(tenant, default=None),
            stagger_seconds=max(self.stagger_seconds, desk.stagger_seconds),
        )


@dataclass(frozen=True, slots=True)
class FailureBudget:
    """How many hosts of a plan may fail before no further one is begun. The first limit that is passed counts."""

    hosts: int | None = 2
    percent: int | None = None

    def allowed(self, planned: int) -> int | None:
        limits = [] if self.hosts is None else [self.hosts]
        limits += [] if self.percent is None else [planned * self.percent // 100]
        return min(limits, default=None)


@dataclass(frozen=True, slots=True)
class RetryRules:
    """An installer that found another installation in progress is started again: so often at most, each wait longer
    than the last. One that failed is never started again by itself; somebody may ask for it, in so many runs."""

    attempts: int = 5
    wait_seconds: int = 120
    factor: int = 2
    runs: int = 3

    def waits(self) -> tuple[int, ...]:
        """Before the second attempt, the third, and so on."""
        return tuple(self.wait_seconds * self.factor**attempt for attempt in range(self.attempts - 1))


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """What is stopped before the first step and started after the last one, beside what setup itself stops."""

    stop_agent: bool = False
    stop: tuple[Scoped[str], ...] = ()


@dataclass(frozen=True, slots=True)
class UndoRules:
    """What becomes of a host that is worse than before. Nothing is taken back unless the plan says so."""

    on_regression: OnRegression = "offer"


@dataclass(frozen=True, slots=True)
class DiagnosticsRules:
    """What is fetched from a host, how much of it, how long that may take, and how often it is worth while."""

    collect: Collect = "on_failure"
    include: tuple[Diagnostic, ...] = ("setup_log", "errorlog", "event_log", "servicing_log")
    max_bytes: int = 200 * 2**20
    max_seconds: int = 10 * 60
    rest_seconds: int = 12 * 3600
    required: bool = False


@dataclass(frozen=True, slots=True)
class RunRules:
    """What holds for the run as a whole: the policy's rules, and the audit PC's own limits where they are stricter."""

    pace: Pace = Pace()
    # When more hosts than this have failed, no further one is begun.
    failures_allowed: int | None = None
    jobs: JobRules = JobRules()
    retries: RetryRules = RetryRules()
    undo: UndoRules = UndoRules()
    diagnostics: DiagnosticsRules = DiagnosticsRules()

    @property
    def workers(self) -> int:
        return self.pace.max_hosts or 1


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
    windows: tuple[Scoped[MaintenanceWindow], ...] = ()
    reboot_notice_seconds: int = 5
    budget: FailureBudget = FailureBudget()
    retries: RetryRules = RetryRules()
    application_checks: tuple[Scoped[ApplicationCheck], ...] = ()
    undo: UndoRules = UndoRules()
    diagnostics: DiagnosticsRules = DiagnosticsRules()
    services: ServiceRules = ServiceRules()
