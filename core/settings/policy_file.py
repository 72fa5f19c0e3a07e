"""config/policies/default.json: what is allowed, when, how fast, and what must be right before and after."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from core.model.policy import RebootMode
from core.settings.application_checks import ApplicationCheck
from core.settings.maintenance_windows import MaintenanceWindow
from core.settings.phrases import UNIQUE, BuildText, Kb, Name
from core.settings.reading import Section
from core.settings.scope import ScopeSection

PendingReason = Literal[
    "servicing_reboot_pending",
    "servicing_reboot_in_progress",
    "servicing_packages_pending",
    "windows_update",
    "windows_update_reporting",
    "file_rename",
    "update_exe_volatile",
    "computer_rename",
    "domain_join",
    "windows_update_agent",
    "configuration_manager",
]
Classification = Literal["security", "critical", "update_rollup", "service_pack", "update", "driver"]
Severity = Literal["critical", "important", "moderate", "low", "unrated"]
RunningJob = Literal["backup", "restore", "checkdb", "agent_job"]
Diagnostic = Literal["setup_log", "errorlog", "event_log", "servicing_log", "cluster_log"]
Soak = Annotated[int, Field(ge=0, le=7 * 24 * 60)]
Days = Annotated[int, Field(ge=0, le=3650)]
Kbs = Annotated[tuple[Kb, ...], UNIQUE]


class KbLists(Section):
    include: Kbs = ()
    """Taken whatever classification, severity and age say."""
    exclude: Kbs = ()
    """Never installed."""

    def contradictions(self) -> Iterable[tuple[str, str]]:
        for kb in sorted(set(self.include) & set(self.exclude)):
            yield "exclude", f"KB {kb} is included and excluded; remove it from one of the lists"


class PinSection(Section):
    """Holds builds down, for a stated reason and until somebody looks at it again."""

    max_build: BuildText
    """The highest build that may be installed. It holds for its own version of SQL Server."""
    reason: Annotated[str, Field(min_length=1)]
    review_by: date
    """The pin goes on after this day, but every plan then says that it is due."""
    applies_to: ScopeSection = ScopeSection()


class MinimumAge(Section):
    """How many days an update must have been out before it is installed."""

    cu: Days = 30
    security: Days = 7


class SqlUpdates(Section):
    enabled: bool = True
    branch: Literal["stay", "gdr", "cu"] = "stay"
    """stay: every instance keeps its branch. cu: instances may leave the GDR branch, which cannot be undone."""
    target: Literal["newest", "previous"] = "newest"
    """newest: the newest mapped build that is old enough. previous: one cumulative update behind it."""
    minimum_age_days: MinimumAge = MinimumAge()
    kbs: KbLists = KbLists()
    pins: tuple[PinSection, ...] = ()


class OsUpdates(Section):
    """SQL Server products, feature upgrades and definition updates are never taken from here."""

    enabled: bool = True
    service: Literal["default", "managed", "windows_update", "microsoft_update"] = "default"
    """Who is asked: what the host is set to, its WSUS server, Windows Update, or Microsoft Update."""
    classifications: Annotated[tuple[Classification, ...], UNIQUE, Field(min_length=1)] = (
        "security",
        "critical",
        "update_rollup",
    )
    severities: Annotated[tuple[Severity, ...], UNIQUE, Field(min_length=1)] = (
        "critical",
        "important",
        "moderate",
        "low",
        "unrated",
    )
    minimum_age_days: Days = 7
    kbs: KbLists = KbLists()


class UpdatesSection(Section):
    sql: SqlUpdates = SqlUpdates()
    os: OsUpdates = OsUpdates()

    def contradictions(self) -> Iterable[tuple[str, str]]:
        if not self.sql.enabled and not self.os.enabled:
            yield "os", "neither SQL Server nor system updates are enabled, so nothing would ever be done; enable one"


class RebootSection(Section):
    mode: RebootMode = "immediate"
    """immediate: a host restarts when its updates need it. window: it does so only while one of its maintenance windows
    is open, and waits for the next one otherwise. leave: the operator restarts it."""
    notice_seconds: Annotated[int, Field(ge=0, le=600)] = 5
    """How long before the restart people who are signed in are told."""


class ConcurrencySection(Section):
    """How much may happen at once. The audit PC's own limits hold besides: the lower one counts."""

    max_hosts: Annotated[int, Field(ge=1, le=200)] | None = None
    max_reboots: Annotated[int, Field(ge=1, le=200)] = 1
    max_per_failure_domain: Annotated[int, Field(ge=1, le=200)] = 1
    """Hosts on one hypervisor, storage or whatever "failure_domain" of the targets names."""
    max_per_tenant: Annotated[int, Field(ge=1, le=200)] | None = None
    """How many hosts of one tenant are worked on at once."""
    stagger_seconds: Annotated[int, Field(ge=0, le=24 * 3600)] = 0
    """The least time between the starts of two hosts."""
    soak_minutes: Soak = 0
    """How long a wave that is done is watched before the next one begins."""

    def contradictions(self) -> Iterable[tuple[str, str]]:
        if self.max_hosts is None:
            return
        for key in ("max_reboots", "max_per_failure_domain", "max_per_tenant"):
            value = getattr(self, key)
            if value is not None and value > self.max_hosts:
                yield key, f"is {value}, but max_hosts lets only {self.max_hosts} work at once; lower this one"


class CanarySection(Section):
    """Hosts that go first. The others begin only when all of these have succeeded."""

    hosts: Annotated[int, Field(ge=0, le=100)] = 0
    """How many are chosen. With a tag, 0 means all that carry it."""
    tag: str | None = None
    soak_minutes: Soak = 0
    """How long the canaries are watched before the others begin."""


class FailureBudget(Section):
    """How many hosts of a plan may fail before no further one is begun. The first limit that is passed counts."""

    hosts: Annotated[int, Field(ge=0, le=10_000)] | None = 2
    percent: Annotated[int, Field(ge=0, le=100)] | None = None


class RetrySection(Section):
    """What is tried again, and how often at most. The first three keys are for an installer that could not even begin,
    because another installation is in progress (1618). An installation that failed is never repeated by itself."""

    attempts: Annotated[int, Field(ge=1, le=10)] = 5
    """How often it is started at most."""
    wait_minutes: Annotated[float, Field(gt=0, le=60)] = 2
    """Before the second time; before each further one the wait is multiplied by factor."""
    factor: Annotated[int, Field(ge=1, le=4)] = 2
    runs: Annotated[int, Field(ge=1, le=10)] = 3
    """In how many runs of one plan a host that fails is tried: the first, and each "deploy --retry-failed" after it."""


class BackupSection(Section):
    """The evidence that system and user databases can be restored."""

    backup_evidence: Literal["msdb", "external", "waived"] = "msdb"
    """msdb: read from the instances. external: another product answers for it, and the plan says so."""
    max_age_hours: Annotated[int, Field(ge=1, le=24 * 90)] = 26
    reason: str | None = None
    """Why there is no evidence in msdb: needed unless backup_evidence is msdb."""

    def contradictions(self) -> Iterable[tuple[str, str]]:
        if self.backup_evidence != "msdb" and not self.reason:
            message = (
                f'"{self.backup_evidence}" takes the word of somebody: write who or why, it is shown in every plan'
            )
            yield "reason", message
        if self.backup_evidence == "msdb" and self.reason:
            yield "reason", 'has no meaning while backup_evidence is "msdb"; remove it'


class RunningJobs(Section):
    """Work that is waited for, never killed."""

    kinds: Annotated[tuple[RunningJob, ...], UNIQUE] = ("backup", "restore", "checkdb", "agent_job")
    wait_minutes: Annotated[float, Field(ge=0, le=24 * 60)] = 60
    """After this the host is deferred."""
    ignored_jobs: Annotated[tuple[Name, ...], UNIQUE] = ()
    """Agent jobs that may be cut off, by name."""


class PreflightSection(Section):
    """Space is asked for as a multiple of the packages. Pending file renames are often noise, so they only warn."""

    space_factor: Annotated[int, Field(ge=1, le=20)] = 3
    minimum_free_gb: Annotated[int, Field(ge=0, le=1000)] = 5
    """On the system drive, whatever the packages need."""
    ignored_pending_reboots: Annotated[tuple[PendingReason, ...], UNIQUE] = ("file_rename",)
    backup: BackupSection = BackupSection()
    running_jobs: RunningJobs = RunningJobs()


class StoppedService(Section):
    name: Name
    """The short name, as sc.exe has it; an automatic service."""
    applies_to: ScopeSection = ScopeSection()


class ServicesSection(Section):
    """What is stopped before the first step of a host, with what depends on it, and started after the last one. Setup
    stops and starts engines by itself."""

    stop_agent: bool = False
    """SQL Server Agent of the instances that are patched, so that no job begins meanwhile."""
    stop: tuple[StoppedService, ...] = ()


class UndoSection(Section):
    on_regression: Literal["report", "offer", "take_back"] = "offer"
    """report: what is worse than before is only told. offer: the report says how it is taken back by hand. take_back:
    the run itself takes back what it brought where that is possible; the host has failed all the same."""


class DiagnosticsSection(Section):
    """What is fetched from a host when something went wrong."""

    collect: Literal["never", "on_failure", "always"] = "on_failure"
    include: Annotated[tuple[Diagnostic, ...], UNIQUE] = ("setup_log", "errorlog", "event_log", "servicing_log")
    max_megabytes: Annotated[int, Field(ge=1, le=10_000)] = 200
    max_minutes: Annotated[int, Field(ge=1, le=120)] = 10
    """What is not fetched by then is left, and the report says so."""
    rest_hours: Annotated[int, Field(ge=0, le=24 * 30)] = 12
    """A host whose diagnostics were fetched is left alone for so long."""
    required: bool = False
    """A run whose diagnostics could not be fetched ends with a failure."""

    def contradictions(self) -> Iterable[tuple[str, str]]:
        if self.collect == "never" and self.required:
            yield "required", 'diagnostics cannot be required while "collect" is "never"; change one of them'
        if self.collect != "never" and not self.include:
            yield "include", 'nothing is named to collect; name something, or write "collect": "never"'


def _named_once(things: tuple[MaintenanceWindow | ApplicationCheck, ...]) -> tuple[object, ...]:
    names = [one.name.casefold() for one in things]
    again = sorted({one.name for one in things if names.count(one.name.casefold()) > 1})
    if again:
        raise ValueError(f"holds {', '.join(again)} more than once; give each its own name")
    return things


class PolicyFile(Section):
    schema_version: Literal[1]
    name: Name = "default"
    description: str = ""
    updates: UpdatesSection = UpdatesSection()
    order: Literal["sql_first", "reboot_first", "os_first"] = "sql_first"
    """What is done first on a host. With SQL Server first one restart does for both; the others may take one more."""
    reboot: RebootSection = RebootSection()
    concurrency: ConcurrencySection = ConcurrencySection()
    canary: CanarySection = CanarySection()
    failure_budget: FailureBudget = FailureBudget()
    retries: RetrySection = RetrySection()
    preflight: PreflightSection = PreflightSection()
    maintenance_windows: Annotated[tuple[MaintenanceWindow, ...], AfterValidator(_named_once)] = ()
    """When hosts may be worked on. Without any, whenever a run is started."""
    application_checks: Annotated[tuple[ApplicationCheck, ...], AfterValidator(_named_once)] = ()
    services: ServicesSection = ServicesSection()
    undo: UndoSection = UndoSection()
    diagnostics: DiagnosticsSection = DiagnosticsSection()

    def contradictions(self) -> Iterable[tuple[str, str]]:
        if self.reboot.mode == "leave" and self.order == "reboot_first":
            message = (
                '"reboot_first" begins with a restart, but reboot.mode leaves restarts to the operator; change one'
            )
            yield "order", message
        if self.reboot.mode == "window" and not self.maintenance_windows:
            message = (
                'restarts wait for a maintenance window, and there is none; add one, or write another "mode" for reboot'
            )
            yield "maintenance_windows", message
