"""Sample nouns. A test that needs another one replaces the field that it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.model.authorisation import Authorisation
from core.model.build import Build
from core.model.check import Check, CheckResult
from core.model.diagnostics import DiagnosticText
from core.model.events import (
    AdmissionFree,
    AdmissionHeld,
    Body,
    BuildSeen,
    Checked,
    ConnectionLost,
    DiagnosticsAsked,
    DiagnosticsTaken,
    Entry,
    Event,
    FactsTaken,
    JobEnded,
    JobIntended,
    Noted,
    PackageDelivered,
    PatchUnblocked,
    PhaseEntered,
    RebootIntended,
    RebootProven,
    RebootPutOff,
    RebootRecalled,
    RequestTaken,
    ReverifyAsked,
    RunEnded,
    RunResumed,
    RunStarted,
    ServiceMoved,
    ServicesIntended,
    ServicesMoved,
    StepMoved,
    TargetMoved,
    UndoBegun,
    UndoEnded,
    Unlocked,
    UpdateEnded,
    Warned,
)
from core.model.facts import (
    BootMarks,
    Database,
    Disk,
    Facts,
    OsFacts,
    PendingReboot,
    RegisteredInstance,
    Service,
    SqlAnswer,
)
from core.model.failure import Cause, Failure
from core.model.host import Place
from core.model.mapping import HotfixFile, Mapping
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.plan import Plan, PlanInputs, PlannedInstance, PlannedTarget, PlanWarning, Skipped, Wave
from core.model.policy import Policy
from core.model.state import StepState, TargetState
from core.model.step import Package, PatchStep, RebootStep, RemovalStep, Undo
from core.model.verdict import HostVerdict, LeftOut, Needs, UpToDate
from core.planning.planner import digest_of

AT = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
RUN = "019ca000-0000-7000-8000-000000000001"
OLD, NEW = "15.0.4385.2", "15.0.4430.1"
HASH = "ab" * 32

POLICY = Policy("default", "immediate", 3, ("file_rename",), 0)
BOOT = BootMarks(AT - timedelta(days=9), "boot:41")
BOOT_AFTER = BootMarks(AT + timedelta(minutes=30), "boot:42")


def facts(host: str = "SQL01", build: str = OLD, at: datetime = AT) -> Facts:
    """A healthy host with one instance, all witnesses agreeing."""
    named = Build.parse(build)
    return Facts(
        schema_version=1,
        host=host,
        collected_at=at,
        host_time=at,
        machine_id=f"machine-of-{host}",
        computer_name=host,
        os=OsFacts("Windows Server 2019", "10.0.17763", 5820, "UTC"),
        boot=BOOT,
        disks=(Disk("C:", 40 * 1024**3, 100 * 1024**3),),
        services=(Service("MSSQLSERVER", "Running", "Auto"), Service("SQLWriter", "Running", "Auto")),
        pending_reboot=(PendingReboot("file_rename", "C:\\Temp\\a.tmp"),),
        instances=(
            RegisteredInstance(
                "MSSQLSERVER", "MSSQL15.MSSQLSERVER", "Enterprise", named, named, 1433, "MSSQLSERVER", False
            ),
        ),
        sql=(
            SqlAnswer(
                "MSSQLSERVER",
                named,
                "RTM",
                "CU30",
                "Enterprise",
                (Database("master", "ONLINE"), Database("sales", "ONLINE")),
            ),
        ),
    )


def planned(host: str) -> PlannedTarget:
    """One package, one restart."""
    patch = PatchStep(
        order=1,
        package=HASH,
        arguments=("/quiet", "/Action=Patch", "/AllInstances"),
        instances=("MSSQLSERVER",),
        version_family="2019",
        target_build=NEW,
        required=True,
        timeout_seconds=1800,
        hard_limit_seconds=7200,
        expected_seconds=900,
        why="CU32 for SQL Server 2019",
        undo=Undo(True, "/Action=RemovePatch"),
    )
    restart = RebootStep(2, 1800, 300, "the package asks for it", Undo(False, "a restart cannot be taken back"))
    return PlannedTarget(
        host=host,
        machine_id=f"machine-of-{host}",
        place=Place(),
        instances=(PlannedInstance("MSSQLSERVER", OLD, NEW),),
        steps=(patch, restart),
        required_free_bytes=3 * 1024**3,
    )


def plan(*hosts: str) -> Plan:
    """A plan for these hosts, digested."""
    made = Plan(
        id="019ca000-0000-7000-8000-00000000000a",
        made_at=AT - timedelta(hours=2),
        digest="",
        as_of=AT - timedelta(hours=3),
        inputs=PlanInputs(HASH, HASH, HASH, HASH, HASH),
        packages=(Package(HASH, "SQLServer2019-KB5054833-x64.exe", "/depot/p.exe", 900_000_000, "5054833"),),
        waves=(Wave(1, "all", hosts, 1200),),
        targets=tuple(planned(host) for host in hosts),
        skipped=(Skipped("SQL09", "OLD", "up_to_date", "already on 15.0.4430.1"),),
        warnings=(PlanWarning("pending_reboot", "SQL01", "a restart is pending (file_rename); policy ignores it"),),
    )
    return replace(made, digest=digest_of(made))


PLAN = plan("SQL01", "SQL02")
AUTHORISATION = Authorisation(
    id="019ca000-0000-7000-8000-0000000000aa",
    plan_id=PLAN.id,
    plan_digest=PLAN.digest,
    granted_by="olga",
    granted_at=AT - timedelta(hours=1),
    reason="monthly patches",
    change="CHG-7",
    expires_at=AT + timedelta(days=1),
)
MAPPING = Mapping(
    version_family="2019",
    edition_filter=None,
    min_build=None,
    target_build=Build.parse(NEW),
    description="CU32",
    files=(HotfixFile("p.exe", "hotfixes\\2019", 1, True, ("/quiet",), "5054833", None, None, None),),
    requires_restart=True,
)
NEEDS = Needs("MSSQLSERVER", Build.parse(OLD), MAPPING, "mapping for 2019: CU32")
VERDICT = HostVerdict("SQL01", (NEEDS,))
VERDICTS = (
    NEEDS,
    UpToDate("MSSQLSERVER", Build.parse(NEW), Build.parse(NEW)),
    LeftOut(None, "no_instance", "no SQL Server instance was found on this host"),
)

STARTED = RunStarted(
    plan_id=PLAN.id,
    plan_digest=PLAN.digest,
    authorisation_id=AUTHORISATION.id,
    operator="olga",
    console="AUDIT-PC",
    reason="monthly patches",
    change="CHG-7",
    targets=("SQL01", "SQL02"),
)
LOST = Failure(Cause.NO_ANSWER, "no answer within 30 s", "the network, or the host itself")
JOB = JobEnded(
    step=1,
    job_id=f"{RUN}-1",
    exit_code=3010,
    meaning="succeeded, a restart is needed",
    needs_reboot=True,
    started_at=AT + timedelta(minutes=2),
    ended_at=AT + timedelta(minutes=20, milliseconds=250),
    summary="Final result: Passed",
    output_sha256=HASH,
)
SERVICE_DOWN = Check("service", "SQLWriter", CheckResult.FAILED, "Running", "Stopped")

BODIES: tuple[Body, ...] = (
    STARTED,
    RunResumed("olga", "AUDIT-PC", 2),
    RequestTaken(1, "stop", "pit", "the storage is slow", True, "nothing new is started"),
    RunEnded(Outcome.PARTIAL),
    UpdateEnded(
        1, "11111111-2222-3333-4444-555555555555", "5044281", "a cumulative update", "Security Updates", "installed"
    ),
    TargetMoved(TargetState.PENDING, TargetState.IN_PROGRESS),
    TargetMoved(TargetState.IN_PROGRESS, TargetState.FAILED, LOST),
    PhaseEntered(),
    FactsTaken("before", HASH, (BuildSeen("MSSQLSERVER", OLD, "Enterprise"),), BOOT),
    Checked("after", (SERVICE_DOWN, Check("build", "MSSQLSERVER", CheckResult.PASSED, NEW, NEW, ("registry",)))),
    PackageDelivered(1, HASH, 900_000_000, "CN=Microsoft Corporation", "winrm", False),
    StepMoved(1, StepState.PENDING, StepState.RUNNING),
    JobIntended(1, f"{RUN}-1", ("/quiet",)),
    ConnectionLost(LOST),
    JOB,
    RebootIntended(2, BOOT, AT),
    ServicesIntended(("SQLSERVERAGENT",)),
    ServicesMoved("stop", (ServiceMoved("SQLSERVERAGENT", "Running", "Stopped"),), True),
    RebootPutOff(2, BOOT, "night", AT),
    RebootRecalled("withdrawn by olga: the month's end"),
    RebootProven(2, BOOT, BOOT_AFTER),
    DiagnosticsTaken("partial", True, (DiagnosticText("errorlog", "ERRORLOG", HASH, 12, True, 1),), ("no room",)),
    UndoBegun(
        TargetState.FAILED,
        Failure(Cause.VERIFICATION, "the service stays down"),
        (
            RemovalStep(3, 1, HASH, ("/Action=RemovePatch",), "MSSQLSERVER", OLD, "2019", 600, 1800),
            RebootStep(4, 600, 300, "it is gone with a restart", Undo(False, "a restart")),
        ),
    ),
    UndoEnded(False, "setup ended with 1603", (SERVICE_DOWN,)),
    Warned("late", "grüße, 世界"),
    AdmissionHeld("window", "the window of SQL01 has not opened", AT),
    AdmissionFree(),
    Noted("olga", "the disk was changed"),
    ReverifyAsked("olga"),
    DiagnosticsAsked("olga"),
    PatchUnblocked("olga", "the disk was changed"),
    Unlocked("olga", "the console is gone"),
)


def begun(host: str) -> list[Event]:
    """A host up to its running installer."""
    return [
        Event(TargetMoved(TargetState.PENDING, TargetState.IN_PROGRESS), host, Phase.INITIALIZATION),
        Event(PhaseEntered(), host, Phase.BASELINE),
        Event(FactsTaken("before", HASH, (BuildSeen("MSSQLSERVER", OLD, "Enterprise"),), BOOT), host, Phase.BASELINE),
        Event(PackageDelivered(1, HASH, 900_000_000, "CN=M", "winrm", False), host, Phase.INSTALL),
        Event(StepMoved(1, StepState.PENDING, StepState.RUNNING), host, Phase.INSTALL),
        Event(JobIntended(1, f"{RUN}-1", ("/quiet",)), host, Phase.INSTALL),
    ]


def finished(host: str) -> list[Event]:
    """A host from its running installer to success."""
    return [
        Event(JOB, host, Phase.INSTALL),
        Event(StepMoved(1, StepState.RUNNING, StepState.SUCCESS), host, Phase.INSTALL),
        Event(StepMoved(2, StepState.PENDING, StepState.RUNNING), host, Phase.REBOOT),
        Event(RebootIntended(2, BOOT, AT), host, Phase.REBOOT),
        Event(RebootProven(2, BOOT, BOOT_AFTER), host, Phase.REBOOT),
        Event(StepMoved(2, StepState.RUNNING, StepState.SUCCESS), host, Phase.REBOOT),
        Event(
            FactsTaken("after", HASH, (BuildSeen("MSSQLSERVER", NEW, "Enterprise"),), BOOT_AFTER),
            host,
            Phase.POST_SNAPSHOT,
        ),
        Event(Checked("after", (Check("build", "MSSQLSERVER", CheckResult.PASSED, NEW, NEW),)), host),
        Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.SUCCESS), host, Phase.POST_VALIDATION),
    ]


def whole_run() -> list[Event]:
    """Both hosts of the plan, patched and verified, with one line lost on the way."""
    return [
        Event(STARTED, None, Phase.INITIALIZATION),
        *begun("SQL01"),
        Event(ConnectionLost(LOST), "SQL01", Phase.INSTALL),
        *begun("SQL02"),
        *finished("SQL01"),
        *finished("SQL02"),
        Event(RunEnded(Outcome.SUCCEEDED), None, Phase.REPORTING),
    ]


def left_unknown() -> list[Event]:
    """One host is patched, and nobody knows what became of the other's installer."""
    return [
        Event(STARTED, None, Phase.INITIALIZATION),
        *begun("SQL01"),
        *begun("SQL02"),
        *finished("SQL02"),
        Event(StepMoved(1, StepState.RUNNING, StepState.UNKNOWN, LOST), "SQL01", Phase.INSTALL),
        Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.UNKNOWN, LOST), "SQL01", Phase.INSTALL),
        Event(RunEnded(Outcome.INSTALL_FAILED), None, Phase.REPORTING),
    ]


def verified_again() -> list[Event]:
    """Somebody has the unknown host looked at once more, and all is there."""
    return [
        Event(RunResumed("olga", "AUDIT-PC", 2)),
        Event(ReverifyAsked("olga"), "SQL01", Phase.POST_VALIDATION),
        Event(TargetMoved(TargetState.UNKNOWN, TargetState.IN_PROGRESS), "SQL01", Phase.POST_VALIDATION),
        Event(StepMoved(1, StepState.UNKNOWN, StepState.SUCCESS), "SQL01", Phase.POST_VALIDATION),
        Event(StepMoved(2, StepState.PENDING, StepState.SKIPPED), "SQL01", Phase.POST_VALIDATION),
        Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.SUCCESS), "SQL01", Phase.POST_VALIDATION),
        Event(RunEnded(Outcome.SUCCEEDED), None, Phase.REPORTING),
    ]


def entries(events: list[Event]) -> list[Entry]:
    """The events as the journal would hold them, a second apart."""
    return [Entry(RUN, seq, AT + timedelta(seconds=seq), event) for seq, event in enumerate(events, start=1)]
