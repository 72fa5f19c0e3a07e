"""The life of an engine on a host: it starts, leads its databases on after an update, works, and ends."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from random import Random
from typing import Protocol

from core.model.build import Build
from core.practice.host import error_log, windows
from core.practice.host.event_log import Level
from core.practice.host.groups import Group, Part
from core.practice.host.services import WindowsService
from core.practice.host.sql_server import SqlServer
from core.practice.spec.fault import FaultSpec
from core.practice.spec.server import ServerSpec

# How long the upgrade scripts of an update commonly take.
_SHORTEST_UPGRADE, _LONGEST_UPGRADE = 5.0, 20.0
CANNOT_RECOVER = 3417
_PARTS = {"leading": "PRIMARY", "following": "SECONDARY", "resolving": "RESOLVING"}


class Home(Protocol):
    """What an engine needs of the host that it lives on."""

    @property
    def spec(self) -> ServerSpec: ...
    @property
    def random(self) -> Random: ...
    @property
    def boot_count(self) -> int: ...
    @property
    def instances(self) -> Sequence[SqlServer]: ...
    @property
    def local_time(self) -> datetime: ...
    def start_service(self, service: WindowsService) -> None: ...
    def end_service(self, service: WindowsService, *why: windows.Event) -> None: ...
    def fault(self, when: str, *kinds: str) -> FaultSpec | None: ...
    def log(self, *events: windows.Event) -> None: ...
    def after(self, seconds: float, action: Callable[[], None]) -> None: ...


def begin(host: Home, instance: SqlServer) -> None:
    """Its service has started. The first start after an update runs upgrade scripts, and refuses logins meanwhile."""
    write_start(host, instance)
    if instance.clustered:
        host.start_service(instance.agent)
    if instance.needs_upgrade is None and not instance.is_broken:
        return
    slow = host.fault("verify", "upgrade_mode")
    if host.fault("verify", "script_upgrade_failed") is not None:
        instance.is_broken = True
    instance.upgrading = True
    before, instance.needs_upgrade = instance.needs_upgrade or instance.build, None
    instance.error_log.write(host.local_time, "spid9s", *error_log.upgrading(before, instance.build))
    seconds = host.random.uniform(_SHORTEST_UPGRADE, _LONGEST_UPGRADE) if slow is None else slow.seconds
    host.after(seconds, partial(_end_upgrade, host, instance, host.boot_count))


def _end_upgrade(host: Home, instance: SqlServer, boot: int) -> None:
    if boot != host.boot_count or not instance.upgrading:
        return
    instance.upgrading = False
    if not instance.is_broken:
        instance.error_log.write(host.local_time, "spid9s", *error_log.upgraded())
        return
    instance.error_log.write(host.local_time, "spid9s", *error_log.upgrade_failed())
    host.log(_said(instance, 912, "Error"), _said(instance, CANNOT_RECOVER, "Error"))
    host.end_service(instance.engine, windows.service_ended(instance.engine.title, CANNOT_RECOVER))


def write_start(host: Home, instance: SqlServer) -> None:
    """What a start looks like in ERRORLOG."""
    caption, version, _ = windows.OS_VERSIONS[host.spec.os]
    log, product = instance.error_log, f"Microsoft SQL Server {Build.parse(instance.build).family}"
    log.begin()
    log.write(
        host.local_time,
        "Server",
        *error_log.heading(instance.build, product, instance.edition, f"{caption} {version}", instance.folder),
    )
    log.write(host.local_time, "spid9s", *(error_log.database_started(name) for name in instance.databases))
    log.write(host.local_time, "spid9s", *error_log.ready())
    host.log(_said(instance, 17162, "Information"))


def go_down(host: Home, instance: SqlServer, *, orderly: bool) -> None:
    """With its host."""
    if orderly and instance.running:
        instance.error_log.write(host.local_time, "Server", error_log.terminating())
    instance.busy_since = None
    instance.upgrading = False


def die(host: Home, instance: SqlServer) -> None:
    """It ends for no reason that anybody knows."""
    host.end_service(instance.engine, windows.service_died(instance.engine.title))


def lose_database(host: Home, instance: SqlServer, name: str) -> None:
    instance.databases[name] = "SUSPECT"
    instance.error_log.write(host.local_time, "spid21s", *error_log.suspect(name))


def keep_busy(host: Home, instance: SqlServer, seconds: float) -> None:
    """A job of its Agent saves a database for so long."""
    instance.busy_since = host.local_time
    host.after(seconds, partial(_end_work, instance))


def _end_work(instance: SqlServer) -> None:
    instance.busy_since = None


def take_part(host: Home, group: Group, before: Part, after: Part) -> None:
    for instance in host.instances if group.kind == "fci" else host.instances[:1]:
        match group.kind, after:
            case "fci", "leading":
                host.start_service(instance.engine)
            case "fci", _:
                host.end_service(instance.engine)
            case _:
                told = error_log.role_changed(group.name, _PARTS[before], _PARTS[after])
                instance.error_log.write(host.local_time, "spid24s", told)


def _said(instance: SqlServer, number: int, level: Level) -> windows.Event:
    told = {
        912: "Script level upgrade for database 'master' failed.",
        CANNOT_RECOVER: "Cannot recover the master database. SQL Server is unable to run.",
        17162: "SQL Server is starting at normal priority base (=7).",
    }
    return "Application", instance.service, number, level, told[number]
