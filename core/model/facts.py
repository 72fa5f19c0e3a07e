"""What a host said about itself at one moment, and what each witness of a build said."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from core.model.build import Build
from core.model.failure import Failure


@dataclass(frozen=True, slots=True)
class BootMarks:
    """Two marks of a start: a time, which drifts with clock changes, and an identity, which does not."""

    booted_at: datetime
    boot_id: str


@dataclass(frozen=True, slots=True)
class OsFacts:
    caption: str
    version: str
    revision: int
    time_zone: str


@dataclass(frozen=True, slots=True)
class Disk:
    """A drive, and whether BitLocker protects it."""

    drive: str
    free_bytes: int
    size_bytes: int
    protection: Literal["on", "off", "unknown"] = "off"


@dataclass(frozen=True, slots=True)
class Service:
    """Start modes as Windows has them; "Delayed" and "Trigger" are automatic ones that start later, or at times."""

    name: str
    state: str
    start_mode: str


@dataclass(frozen=True, slots=True)
class Hardware:
    """The machine below the system. Hypervisor is empty on bare metal."""

    manufacturer: str
    model: str
    hypervisor: str
    processors: int
    memory_bytes: int
    memory_free_bytes: int


@dataclass(frozen=True, slots=True)
class RunningInstaller:
    """Something else that is being installed at this moment."""

    name: str
    process_id: int | None = None
    since: datetime | None = None

    def __str__(self) -> str:
        return self.name if self.process_id is None else f"{self.name} (process {self.process_id})"


@dataclass(frozen=True, slots=True)
class ManagedUpdate:
    title: str
    kb: str
    deadline: datetime | None


@dataclass(frozen=True, slots=True)
class ManagementClient:
    """The client of another tool that updates this host at times of its own. Trouble says why it could not be asked."""

    version: str
    pending: tuple[ManagedUpdate, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class AutomaticUpdates:
    """What Windows does by itself. An empty server is Microsoft's own."""

    mode: str
    server: str = ""
    deadline_days: int | None = None
    grace_days: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What PowerShell and WinRM allow there. Policies are named as scope=policy; None is a limit that was not told."""

    powershell: str
    language_mode: str
    execution_policies: tuple[str, ...]
    script_control: Literal["none", "applocker", "wdac", "unknown"]
    shell_memory_mb: int | None = None
    shells_per_user: int | None = None
    processes_per_shell: int | None = None
    envelope_kb: int | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """By its key in the registry: two that share a name are two."""

    name: str
    version: str
    publisher: str
    key: str


@dataclass(frozen=True, slots=True)
class Driver:
    device: str
    device_id: str
    version: str
    provider: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """What is installed, as snapshots hold it."""

    updates: tuple[str, ...]
    applications: tuple[Application, ...]
    drivers: tuple[Driver, ...]


@dataclass(frozen=True, slots=True)
class PendingReboot:
    """One reason why Windows wants a restart, by the name of the test that found it."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredInstance:
    """An instance as registry and disk show it: enough to plan with."""

    name: str
    instance_id: str
    edition: str
    patch_level: Build
    binary: Build | None
    tcp_port: int | None
    service: str
    clustered: bool


@dataclass(frozen=True, slots=True)
class Database:
    name: str
    state: str
    in_group: bool = False


@dataclass(frozen=True, slots=True)
class Backup:
    """When one database was last saved, as its instance's msdb remembers it."""

    database: str
    full: datetime | None = None
    differential: datetime | None = None
    log: datetime | None = None

    @property
    def newest(self) -> datetime | None:
        """A log backup alone restores nothing, so it does not count."""
        return max((at for at in (self.full, self.differential) if at is not None), default=None)


Topic = Literal[
    "backups", "running_work", "agent_jobs", "replicas", "due_jobs", "replication", "log_shipping", "mirroring"
]


@dataclass(frozen=True, slots=True)
class Gap:
    """What an engine was asked and did not say, for want of a right most often: no evidence either way."""

    about: Topic
    failure: Failure


@dataclass(frozen=True, slots=True)
class SqlAnswer:
    """What the database engine itself said."""

    instance: str
    build: Build
    level: str
    update: str | None
    edition: str
    databases: tuple[Database, ...]
    # None: msdb was not asked, which is no evidence either way.
    backups: tuple[Backup, ...] | None = None
    # The update by its own name, as CU32; "update" is its KB article.
    update_level: str | None = None
    clustered: bool = False
    availability_groups: bool = False
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class SqlSilence:
    """Why the database engine is no witness this time."""

    instance: str
    failure: Failure


SqlWitness = SqlAnswer | SqlSilence

Severity = Literal["critical", "important", "moderate", "low", "unrated"]
RebootNeed = Literal["never", "always", "can"]


@dataclass(frozen=True, slots=True)
class OsUpdate:
    """An update that the operating system offers, in the same words whatever the vendor."""

    patch_id: str
    title: str
    kb: str | None = None
    vendor: str = "Microsoft"
    severity: Severity = "unrated"
    classification: str = ""
    affected_component: str = ""
    requires_reboot: RebootNeed = "can"
    size_bytes: int = 0
    supersedes: tuple[str, ...] = ()
    # How many more there are, none of them offered: a cumulative update supersedes hundreds.
    supersedes_left_out: int = 0
    released: date | None = None
    cves: tuple[str, ...] = ()
    # A servicing stack: installed alone, before the others.
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class InstalledUpdate:
    patch_id: str
    title: str
    kb: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateAnswer:
    """What the update service said besides its offers: who it is, and what is installed."""

    service: str
    service_id: str
    server: str
    searched_at: datetime
    # False: the agent met errors, so that an update that is not named may be offered all the same.
    complete: bool
    installed: tuple[InstalledUpdate, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateSilence:
    """Why it is not known what the host misses."""

    failure: Failure


UpdateWitness = UpdateAnswer | UpdateSilence


GroupKind = Literal["ag", "fci", "cluster"]
MemberRole = Literal["primary", "secondary", "active", "passive", "node", "unknown"]


@dataclass(frozen=True, slots=True)
class Member:
    """One replica or node of a group, as this host sees it."""

    host: str
    role: MemberRole = "unknown"
    synchronous: bool = False
    healthy: bool = True
    votes: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """An availability group, a failover cluster instance or the cluster below them. This host is one of the members."""

    name: str
    kind: GroupKind
    members: tuple[Member, ...]
    instance: str | None = None
    witness_votes: int = 0


LinkKind = Literal["replication", "log_shipping", "mirroring"]
LinkRole = Literal["distributor", "publisher", "subscriber", "primary", "secondary", "principal", "mirror"]


@dataclass(frozen=True, slots=True)
class Link:
    """This host's part in replication, log shipping or mirroring, and who is at the other ends."""

    kind: LinkKind
    role: LinkRole
    partners: tuple[str, ...]
    instance: str | None = None


@dataclass(frozen=True, slots=True)
class RunningJob:
    """Work that a patch would cut off, as it runs at this moment."""

    kind: Literal["backup", "restore", "checkdb", "agent_job"]
    name: str
    instance: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueJob:
    """A job of an instance's Agent that begins soon, as its schedule says."""

    name: str
    instance: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Component:
    """Reporting, Analysis or Integration Services, or what all instances of a version share."""

    kind: Literal["SSRS", "SSAS", "SSIS", "shared"]
    name: str
    build: Build | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """One host at one moment. Everything later is judged from this alone."""

    schema_version: int
    host: str
    collected_at: datetime
    host_time: datetime
    machine_id: str
    computer_name: str
    os: OsFacts
    boot: BootMarks
    disks: tuple[Disk, ...]
    services: tuple[Service, ...]
    pending_reboot: tuple[PendingReboot, ...]
    instances: tuple[RegisteredInstance, ...]
    sql: tuple[SqlWitness, ...]
    updates: tuple[OsUpdate, ...] = ()
    # None: nobody asked for updates, which is no evidence that there are none.
    update_witness: UpdateWitness | None = None
    groups: tuple[Group, ...] = ()
    links: tuple[Link, ...] = ()
    jobs: tuple[RunningJob, ...] = ()
    components: tuple[Component, ...] = ()
    domain: str = ""
    hardware: Hardware | None = None
    sessions: tuple[str, ...] = ()
    installers: tuple[RunningInstaller, ...] = ()
    configuration_manager: ManagementClient | None = None
    automatic_updates: AutomaticUpdates | None = None
    limits: Limits | None = None
    # Why the host could not say who owns what in its cluster. Empty where it could, or there is none.
    cluster_trouble: str = ""
    due: tuple[DueJob, ...] = ()
    # Taken for snapshots only.
    inventory: Inventory | None = None

    @property
    def clock_skew_seconds(self) -> float:
        """How far the host's clock is ahead of ours."""
        return (self.host_time - self.collected_at).total_seconds()

    def registered(self, instance: str) -> RegisteredInstance | None:
        return next((one for one in self.instances if one.name.casefold() == instance.casefold()), None)

    def witness(self, instance: str) -> SqlWitness | None:
        return next((one for one in self.sql if one.instance.casefold() == instance.casefold()), None)

    def disk(self, drive: str) -> Disk | None:
        return next((one for one in self.disks if one.drive.casefold() == drive.casefold()), None)


FACTS_VERSION = 1
