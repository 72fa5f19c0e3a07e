"""A Windows host as a state machine without input and output, put together from its parts."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.practice.host.agenda import BEFORE_ALL, Agenda
from core.practice.host.faults import Faults
from core.practice.host.jobs import Claim, File, Job
from core.practice.host.sql_server import SqlServer, sql_server
from core.practice.host.updates import Updates
from core.practice.host.windows import OS_VERSIONS
from core.practice.ledger import Kind, Note
from core.practice.shares import ReadShare, no_shares
from core.practice.spec.fault import FaultSpec
from core.practice.spec.server import ServerSpec

_GIB = 1024**3
NETWORK_DOWN_SECONDS = 120
_UTC_OFFSET = timedelta(hours=1)
_SHORTEST_UPTIME = timedelta(minutes=2)


class Machine:
    """One imaginary host."""

    def __init__(self, spec: ServerSpec, seed: int, time_scale: int, root: Ed25519PublicKey, note: Note) -> None:
        self.spec = spec
        self.name = spec.name
        self.root = root
        self.random = Random(f"{seed}/{spec.name}")
        self.machine_id = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        self.agenda = Agenda(time_scale)
        self.instances = [sql_server(one) for one in spec.instances]
        self.free = {drive: gigabytes * _GIB for drive, gigabytes in spec.disk_free_gb.items()}
        self.pending_reboot = list(spec.pending_reboot)
        self.updates = Updates(spec.os_updates, OS_VERSIONS[spec.os][2])
        self.searches: dict[str, bool] = {}
        self.files: dict[tuple[str, str], File] = {}
        self.jobs: dict[str, Job] = {}
        self.claim: Claim | None = None
        self.summary = ""
        self.up = True
        self.restarting = False
        self.patched = False
        self.connected = True
        self.boot_count = self.random.randint(3, 90)
        self.booted_at = BEFORE_ALL
        self.faults = Faults(spec.faults, self._note_fault)
        self.partners: tuple[ServerSpec, ...] = ()
        self.read_share: ReadShare = no_shares
        self.on_cut: Callable[[], None] = lambda: None
        self.on_change: Callable[[], None] = lambda: None
        self.hold_at: Kind | None = None
        self._note = note

    def start(self, now: datetime) -> None:
        """Places the host in time; it has been up for a while."""
        self.agenda.advance(now)
        self.booted_at = now - timedelta(days=self.random.randint(2, 60), seconds=self.random.randint(0, 86_400))

    # Time

    @property
    def now(self) -> datetime:
        return self.agenda.now

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
        self.agenda.advance(now)

    def next_due(self) -> datetime | None:
        return self.agenda.next_due()

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Seconds of the host's own life."""
        self.agenda.after(seconds, action)

    def hold(self, at: Kind | None = None) -> None:
        """What goes on here stands still, at once or after the next event of a kind. Questions are still answered."""
        self.hold_at = at
        if at is None:
            self.agenda.hold()

    def go_on(self) -> None:
        self.hold_at = None
        self.agenda.go_on()

    def note(self, kind: Kind, **detail: Any) -> None:
        self._note(self.now, self.name, kind, detail)
        if kind == self.hold_at:
            self.hold()

    # Faults

    def fault(self, when: str, *kinds: str) -> FaultSpec | None:
        """Takes one occurrence of a fault whose moment has come."""
        return self.faults.take(when, *kinds)

    def suffers(self, kind: str) -> bool:
        return self.faults.lasts(kind)

    def _note_fault(self, one: FaultSpec) -> None:
        self.note("fault", when=one.when, fault=one.kind)

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
        self.searches.clear()
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
        self.updates.start()
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
