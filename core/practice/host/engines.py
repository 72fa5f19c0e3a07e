"""The life of an engine on a host: it starts, leads its databases on after an update, works, and ends."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from core.model.build import Build
from core.practice.host import error_log, windows

if TYPE_CHECKING:
    from core.practice.host.event_log import Level
    from core.practice.host.groups import Group, Part
    from core.practice.host.machine import Machine
    from core.practice.host.sql_server import SqlServer

# How long the upgrade scripts of an update commonly take.
_SHORTEST_UPGRADE, _LONGEST_UPGRADE = 5.0, 20.0
CANNOT_RECOVER = 3417
_PARTS = {"leading": "PRIMARY", "following": "SECONDARY", "resolving": "RESOLVING"}


def begin(machine: Machine, instance: SqlServer) -> None:
    """Its service has started. The first start after an update runs upgrade scripts, and refuses logins meanwhile."""
    write_start(machine, instance)
    if instance.clustered:
        machine.start_service(instance.agent)
    if instance.needs_upgrade is None and not instance.is_broken:
        return
    slow = machine.fault("verify", "upgrade_mode")
    if machine.fault("verify", "script_upgrade_failed") is not None:
        instance.is_broken = True
    instance.upgrading = True
    before, instance.needs_upgrade = instance.needs_upgrade or instance.build, None
    instance.error_log.write(machine.local_time, "spid9s", *error_log.upgrading(before, instance.build))
    seconds = machine.random.uniform(_SHORTEST_UPGRADE, _LONGEST_UPGRADE) if slow is None else slow.seconds
    machine.after(seconds, partial(_end_upgrade, machine, instance, machine.boot_count))


def _end_upgrade(machine: Machine, instance: SqlServer, boot: int) -> None:
    if boot != machine.boot_count or not instance.upgrading:
        return
    instance.upgrading = False
    if not instance.is_broken:
        instance.error_log.write(machine.local_time, "spid9s", *error_log.upgraded())
        return
    instance.error_log.write(machine.local_time, "spid9s", *error_log.upgrade_failed())
    machine.log(_said(instance, 912, "Error"), _said(instance, CANNOT_RECOVER, "Error"))
    machine.end_service(instance.engine, windows.service_ended(instance.engine.title, CANNOT_RECOVER))


def write_start(machine: Machine, instance: SqlServer) -> None:
    """What a start looks like in ERRORLOG."""
    caption, version, _ = windows.OS_VERSIONS[machine.spec.os]
    log, product = instance.error_log, f"Microsoft SQL Server {Build.parse(instance.build).family}"
    log.begin()
    log.write(
        machine.local_time,
        "Server",
        *error_log.heading(instance.build, product, instance.edition, f"{caption} {version}", instance.folder),
    )
    log.write(machine.local_time, "spid9s", *(error_log.database_started(name) for name in instance.databases))
    log.write(machine.local_time, "spid9s", *error_log.ready())
    machine.log(_said(instance, 17162, "Information"))


def go_down(machine: Machine, instance: SqlServer, *, orderly: bool) -> None:
    """With its host."""
    if orderly and instance.running:
        instance.error_log.write(machine.local_time, "Server", error_log.terminating())
    instance.busy_since = None
    instance.upgrading = False


def die(machine: Machine, instance: SqlServer) -> None:
    """It ends for no reason that anybody knows."""
    machine.end_service(instance.engine, windows.service_died(instance.engine.title))


def lose_database(machine: Machine, instance: SqlServer, name: str) -> None:
    instance.databases[name] = "SUSPECT"
    instance.error_log.write(machine.local_time, "spid21s", *error_log.suspect(name))


def keep_busy(machine: Machine, instance: SqlServer, seconds: float) -> None:
    """A job of its Agent saves a database for so long."""
    instance.busy_since = machine.local_time
    machine.after(seconds, partial(_end_work, instance))


def _end_work(instance: SqlServer) -> None:
    instance.busy_since = None


def take_part(machine: Machine, group: Group, before: Part, after: Part) -> None:
    for instance in machine.instances if group.kind == "fci" else machine.instances[:1]:
        match group.kind, after:
            case "fci", "leading":
                machine.start_service(instance.engine)
            case "fci", _:
                machine.end_service(instance.engine)
            case _:
                told = error_log.role_changed(group.name, _PARTS[before], _PARTS[after])
                instance.error_log.write(machine.local_time, "spid24s", told)


def _said(instance: SqlServer, number: int, level: Level) -> windows.Event:
    told = {
        912: "Script level upgrade for database 'master' failed.",
        CANNOT_RECOVER: "Cannot recover the master database. SQL Server is unable to run.",
        17162: "SQL Server is starting at normal priority base (=7).",
    }
    return "Application", instance.service, number, level, told[number]
