"""A Windows host as a state machine without input and output, put together from its parts."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.practice.host import engines, services, windows
from core.practice.host.agenda import BEFORE_ALL, Agenda
from core.practice.host.event_log import EventLog, LoggedEvent
from core.practice.host.faults import Faults
from core.practice.host.groups import Group, Part
from core.practice.host.jobs import Claim, File, Job, Search
from core.practice.host.services import Services, WindowsService
from core.practice.host.setup_log import SetupLog
from core.practice.host.sql_server import SqlServer, sql_server
from core.practice.host.updates import Updates
from core.practice.host.windows import OS_VERSIONS
from core.practice.ledger import Kind, Note
from core.practice.shares import ReadShare, no_shares
from core.practice.spec.fault import FaultSpec
from core.practice.spec.server import ServerSpec

_GIB = 1024**3
NETWORK_DOWN_SECONDS = 120
# However fast a host lives: a cut that falls between two questions of a client would else not be felt by anybody.
_SHORTEST_CUT = timedelta(seconds=1)
_UTC_OFFSET = timedelta(hours=1)
_HOUR = 3600.0


class Machine:
    """One imaginary host."""

    def __init__(self, spec: ServerSpec, seed: int, time_scale: int, root: Ed25519PublicKey, note: Note) -> None:
        self.spec = spec
        self.name = spec.name
        self.root = root
        self.random = Random(f"{seed}/{spec.name}")
        self.machine_id = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        self.agenda = Agenda(time_scale)
        clustered = spec.group is not None and spec.group.kind == "fci"
        active = not clustered or (spec.group is not None and spec.group.role == "primary")
        self.instances = [sql_server(one, clustered, active) for one in spec.instances]
        self.services = Services(_services(spec, self.instances))
        self.events = EventLog()
        self.free = {drive: gigabytes * _GIB for drive, gigabytes in spec.disk_free_gb.items()}
        self.pending_reboot = list(spec.pending_reboot)
        self.updates = Updates(spec.os_updates, OS_VERSIONS[spec.os][2])
        self.searches: dict[str, Search] = {}
        self.files: dict[tuple[str, str], File] = {}
        self.jobs: dict[str, Job] = {}
        self.other_installer: str | None = None
        # Applications whose process is gone while their service says that it runs.
        self.dead: set[str] = set()
        self.claim: Claim | None = None
        self.epochs: dict[str, int] = {}
        self.setup_logs: list[SetupLog] = []
        self.up = True
        self.restarting = False
        self.restarts_asked = 0
        self.patched = False
        self.connected = True
        self.drift = timedelta(seconds=spec.clock_drift_seconds)
        self.boot_count = self.random.randint(3, 90)
        self.booted_at = BEFORE_ALL
        self.faults = Faults(spec.faults, self._note_fault)
        self.group: Group | None = None
        self.read_share: ReadShare = no_shares
        self.on_cut: Callable[[], None] = lambda: None
        self.on_winrm_restart: Callable[[], None] = lambda: None
        self.on_change: Callable[[], None] = lambda: None
        self.hold_at: Kind | None = None
        self._note = note

    def start(self, now: datetime) -> None:
        """Places the host in time; it has been up for a while."""
        self.agenda.advance(now)
        self.booted_at = now - timedelta(days=self.random.randint(2, 60), seconds=self.random.randint(0, 86_400))
        for instance in self.instances:
            if instance.running:
                engines.write_start(self, instance)
        self.suffers("dns")  # nobody will ever come who could feel it
        if self.spec.disk_fills_gb_per_hour:
            self.after(_HOUR, self._fill_disks)

    # Time

    @property
    def now(self) -> datetime:
        return self.agenda.now

    @property
    def host_time(self) -> datetime:
        """What the host's own clock shows."""
        return self.now + self.drift

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

    def install_something(self, name: str, seconds: float) -> None:
        """Somebody else does, for so long."""
        self.other_installer = name
        self.after(seconds, self._end_of_other_installer)

    def _end_of_other_installer(self) -> None:
        self.other_installer = None

    # What is written down

    def note(self, kind: Kind, **detail: Any) -> None:
        self._note(self.now, self.name, kind, detail)
        if kind == self.hold_at:
            self.hold()

    def log(self, *events: windows.Event) -> None:
        """Into the Windows event log."""
        for log, source, number, level, message in events:
            self.events.write(LoggedEvent(self.host_time, log, source, number, level, message))

    @property
    def summary(self) -> str:
        """Setup's newest Summary.txt."""
        return self.setup_logs[-1].summary if self.setup_logs else ""

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

    def _fill_disks(self) -> None:
        """Something on the host writes and writes."""
        for drive, gigabytes in self.spec.disk_fills_gb_per_hour.items():
            self.free[drive] = max(0, self.free[drive] - gigabytes * _GIB)
        self.after(_HOUR, self._fill_disks)

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
        self.agenda.after(seconds, self._mend_network, _SHORTEST_CUT)

    def restart_winrm(self) -> None:
        """All shells are gone with what ran in them; tasks, and SQL Server's connections, go on."""
        self.on_winrm_restart()

    def _mend_network(self) -> None:
        self.connected = True
        self.on_change()

    # Boots

    @property
    def boot_id(self) -> str:
        return f"boot:{self.boot_count}"

    def kill(self, job: Job) -> None:
        """The job ends without a verdict."""
        if job.running:
            job.running = False
            self.note("installer_end", job=job.id, exit_code=None)

    # Services

    def start_services(self) -> None:
        """Those whose dependencies run begin to start; each that has started lets others begin."""
        for service in self.services.startable():
            self.start_service(service)

    def start_service(self, service: WindowsService) -> None:
        service.starting = True
        delay = services.DELAY_SECONDS if service.start_mode == "Delayed" else 0.0
        seconds = delay + self.random.uniform(*service.seconds)
        self.after(seconds, partial(self._has_started, service, self.boot_count))

    def _has_started(self, service: WindowsService, boot: int) -> None:
        if not service.starting or boot != self.boot_count:
            return
        service.starting, service.running = False, True
        self.log(windows.service_state(service.title, "running"))
        instance = next((one for one in self.instances if one.engine is service), None)
        if instance is not None:
            engines.begin(self, instance)
        self.start_services()
        self.on_change()

    def end_service(self, service: WindowsService, *why: windows.Event) -> None:
        """It ends, and with it whatever depends on it."""
        for one in self.services.stop(service):
            self.log(windows.service_state(one.title, "stopped"))
        self.log(*why)
        self.on_change()

    # Instances and groups

    def instance(self, name: str) -> SqlServer | None:
        return next((one for one in self.instances if one.name.casefold() == name.casefold()), None)

    def take_part(self, group: Group, before: Part, after: Part) -> None:
        """A replica of an availability group turns over; a cluster's node takes the engines, or gives them away."""
        self.note("role", group=group.name, part=after)
        engines.take_part(self, group, before, after)
        self.on_change()


def _services(spec: ServerSpec, instances: list[SqlServer]) -> list[WindowsService]:
    found = services.system_services()
    if spec.group is not None:
        found.append(services.cluster_service())
    found += [services.WindowsService(name, name) for name in spec.applications]
    for instance in instances:
        found += [instance.engine, instance.agent]
    if instances:
        found.append(services.writer_service())
    if any(not one.is_default for one in instances):
        found.append(services.browser_service())
    return found
