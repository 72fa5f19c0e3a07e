"""A Windows host as a state machine without input and output: time is handed in, so that it can be real or virtual."""

import heapq
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.model.build import Build
from core.practice.ledger import Kind, Note
from core.practice.packages import Content
from core.practice.scenario import FaultSpec, InstanceSpec, ServerSpec
from core.practice.shares import ReadShare, no_shares

_GIB = 1024**3
NETWORK_DOWN_SECONDS = 120
_UTC_OFFSET = timedelta(hours=1)
_SHORTEST_UPTIME = timedelta(minutes=2)
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)

OS_VERSIONS: dict[str, tuple[str, str, int]] = {
    "windows-2016": ("Microsoft Windows Server 2016 Standard", "10.0.14393", 8066),
    "windows-2019": ("Microsoft Windows Server 2019 Standard", "10.0.17763", 7314),
    "windows-2022": ("Microsoft Windows Server 2022 Standard", "10.0.20348", 3692),
    "windows-2025": ("Microsoft Windows Server 2025 Standard", "10.0.26100", 4061),
}


@dataclass
class SqlServer:
    """One instance: what registry, file and engine say of it."""

    name: str
    build: str
    edition: str
    encryption: str = "login"
    rights: str = "sysadmin"
    running: bool = True
    needs_upgrade: bool = False
    upgrading: bool = False
    busy_since: datetime | None = None
    databases: dict[str, str] = field(
        default_factory=lambda: dict.fromkeys(("master", "model", "msdb", "Sales", "tempdb"), "ONLINE")
    )

    @property
    def service(self) -> str:
        return "MSSQLSERVER" if self.name.upper() == "MSSQLSERVER" else f"MSSQL${self.name}"

    @property
    def instance_id(self) -> str:
        return f"MSSQL{Build.parse(self.build).major}.{self.name}"


@dataclass
class File:
    """A package on the host's disk."""

    size: int
    sha256: str
    content: Content | None
    signed: bool


@dataclass
class Job:
    """A detached job, as its folder on the host shows it."""

    id: str
    sha256: str
    file_name: str
    arguments: tuple[str, ...]
    sequence: int = 0
    state: str = "registered"
    running: bool = True
    started_at: datetime | None = None
    ended_at: datetime | None = None
    exit_code: int | None = None
    message: str = ""
    output: str = ""


@dataclass
class Claim:
    console: str
    run_id: str
    epoch: int
    taken_at: datetime


class Machine:
    """One imaginary host."""

    def __init__(self, spec: ServerSpec, seed: int, time_scale: int, root: Ed25519PublicKey, note: Note) -> None:
        self.spec = spec
        self.name = spec.name
        self.root = root
        self.random = Random(f"{seed}/{spec.name}")
        self.machine_id = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        self.now = _BEFORE_ALL
        self.instances = [_sql_server(one) for one in spec.instances]
        self.free = {drive: gigabytes * _GIB for drive, gigabytes in spec.disk_free_gb.items()}
        self.pending_reboot = list(spec.pending_reboot)
        self.files: dict[tuple[str, str], File] = {}
        self.jobs: dict[str, Job] = {}
        self.claim: Claim | None = None
        self.summary = ""
        self.up = True
        self.restarting = False
        self.patched = False
        self.connected = True
        self.boot_count = self.random.randint(3, 90)
        self.booted_at = _BEFORE_ALL
        self.faults = list(spec.faults)
        self.partners: tuple[ServerSpec, ...] = ()
        self.read_share: ReadShare = no_shares
        self.on_cut: Callable[[], None] = lambda: None
        self.on_change: Callable[[], None] = lambda: None
        self.hold_at: Kind | None = None
        self._held_since: datetime | None = None
        self._note = note
        self._time_scale = time_scale
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def start(self, now: datetime) -> None:
        """Places the host in time; it has been up for a while."""
        self.now = now
        self.booted_at = now - timedelta(days=self.random.randint(2, 60), seconds=self.random.randint(0, 86_400))

    # Time

    @property
    def host_time(self) -> datetime:
        """What the host's own clock shows."""
        return self.now + timedelta(seconds=self.spec.clock_drift_seconds)

    @property
    def local_time(self) -> datetime:
        """As engines write it down: central Europe's in winter, all the year round, and no word of the zone."""
        return (self.host_time + _UTC_OFFSET).replace(tzinfo=None)

    @property
    def started(self) -> datetime:
        """The local time of its last start."""
        return self.local_time - (self.now - self.booted_at)

    def advance(self, now: datetime) -> None:
        """Lets everything happen that is due by then, in order."""
        while self._held_since is None and self._due and self._due[0][0] <= now:
            at, _, action = heapq.heappop(self._due)
            self.now = max(self.now, at)
            action()
        self.now = max(self.now, now)

    def next_due(self) -> datetime | None:
        return self._due[0][0] if self._due and self._held_since is None else None

    def hold(self, at: Kind | None = None) -> None:
        """What goes on here stands still, at once or after the next event of a kind. Questions are still answered."""
        self.hold_at = at
        if at is None and self._held_since is None:
            self._held_since = self.now

    def go_on(self) -> None:
        """As if no time had passed since it was held."""
        self.hold_at = None
        if self._held_since is not None:
            stood = self.now - self._held_since
            self._due = [(at + stood, order, action) for at, order, action in self._due]
            self._held_since = None

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Seconds of the host's own life: a fleet with a time scale lives faster."""
        at = self.now + timedelta(seconds=seconds / self._time_scale)
        heapq.heappush(self._due, (at, next(self._order), action))

    def note(self, kind: Kind, **detail: Any) -> None:
        self._note(self.now, self.name, kind, detail)
        if kind == self.hold_at:
            self.hold()

    # Faults

    def fault(self, when: str, *kinds: str) -> FaultSpec | None:
        """Takes one occurrence of a fault whose moment has come."""
        for index, one in enumerate(self.faults):
            if one.when == when and one.kind in kinds:
                left = one.times - 1
                self.faults[index : index + 1] = [one.model_copy(update={"times": left})] if left else []
                self.note("fault", when=when, fault=one.kind)
                return one
        return None

    def suffers(self, kind: str) -> bool:
        """Faults of the network last until they are taken away."""
        return any(one.kind == kind and one.when in ("connect", "always") for one in self.faults)

    def moment(self) -> str:
        """What a look at the host is for: once an installer has ended under this claim, to verify it."""
        return "verify" if self.patched else "assess"

    # Network

    @property
    def reachable(self) -> bool:
        return self.up and self.connected

    @property
    def listens(self) -> bool:
        """Whether the remoting service takes connections."""
        return self.reachable and not self.suffers("refuse")

    def cut_network(self, seconds: float) -> None:
        """All connections break, and nobody gets through for a while. What runs on the host goes on."""
        self.connected = False
        self.on_cut()
        self.after(seconds, self._mend_network)

    def _mend_network(self) -> None:
        self.connected = True
        self.on_change()

    # Boots

    @property
    def boot_id(self) -> str:
        return f"boot:{self.boot_count}"

    def restart(self, delay: float) -> None:
        self.note("reboot", boot_id=self.boot_id)
        self.restarting = True
        if self.fault("reboot", "drop_network") is not None:
            self.cut_network(NETWORK_DOWN_SECONDS)
        self.after(delay, self._go_down)

    def _go_down(self) -> None:
        self.up = False
        for job in self.jobs.values():
            self.kill(job)
        for instance in self.instances:
            instance.running = False
            instance.busy_since = None
        self.on_cut()
        if self.fault("reboot", "no_boot") is not None:
            return
        slow = self.fault("reboot", "slow_boot")
        self.after(self.random.uniform(60, 150) + (slow.seconds if slow is not None else 0), self._come_up)

    def kill(self, job: Job) -> None:
        """The job ends without a verdict."""
        if job.running:
            job.running = False
            self.note("installer_end", job=job.id, exit_code=None)

    def _come_up(self) -> None:
        self.up = True
        self.restarting = False
        self.boot_count += 1
        # A host that lives faster than the wall clock would else seem to start twice within a minute.
        self.booted_at = max(self.now, self.booted_at + _SHORTEST_UPTIME)
        self.pending_reboot.clear()
        self.note("boot", boot_id=self.boot_id)
        for instance in self.instances:
            self.after(self.random.uniform(5, 20), partial(self._start_service, instance))
        if self.fault("reboot", "double_reboot") is not None:
            self.restart(self.random.uniform(20, 60))
        self.on_change()

    def _start_service(self, instance: SqlServer) -> None:
        """The first start after an update runs upgrade scripts, and refuses logins meanwhile."""
        if not self.up:
            return
        instance.running = True
        if instance.needs_upgrade:
            slow = self.fault("verify", "upgrade_mode")
            instance.needs_upgrade, instance.upgrading = False, True
            seconds = self.random.uniform(5, 20) if slow is None else slow.seconds
            self.after(seconds, partial(self._end_upgrade, instance))
        self.on_change()

    def keep_busy(self, instance: SqlServer, seconds: float) -> None:
        """A job of its Agent saves a database for so long."""
        instance.busy_since = self.local_time
        self.after(seconds, partial(self._end_work, instance))

    def _end_work(self, instance: SqlServer) -> None:
        instance.busy_since = None

    def _end_upgrade(self, instance: SqlServer) -> None:
        instance.upgrading = False

    def instance(self, name: str) -> SqlServer | None:
        return next((one for one in self.instances if one.name.casefold() == name.casefold()), None)


def _sql_server(spec: InstanceSpec) -> SqlServer:
    return SqlServer(spec.name, spec.build, spec.edition, spec.encryption, spec.rights)
