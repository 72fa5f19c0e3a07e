"""What the system views and tables of an imaginary instance hold, as tables of SQLite."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from core.practice.host.groups import Member
from core.practice.host.machine import Machine
from core.practice.host.sql_server import SqlServer

_STATES = {
    "ONLINE": 0,
    "RESTORING": 1,
    "RECOVERING": 2,
    "RECOVERY_PENDING": 3,
    "SUSPECT": 4,
    "EMERGENCY": 5,
    "OFFLINE": 6,
}
_COLUMNS = {
    "sys__databases": "database_id, name, state, state_desc, create_date, source_database_id, replica_id, is_published,"
    " is_merge_published",
    "sys__servers": "name, data_source, is_publisher, is_subscriber, is_distributor",
    "sys__database_mirroring": "database_id, mirroring_guid, mirroring_role_desc, mirroring_partner_instance",
    "msdb__dbo__log_shipping_primary_databases": "primary_id, primary_database",
    "msdb__dbo__log_shipping_primary_secondaries": "primary_id, secondary_server, secondary_database",
    "msdb__dbo__log_shipping_secondary": "secondary_id, primary_server, primary_database",
    "msdb__dbo__backupset": "server_name, database_name, type, backup_finish_date, is_copy_only, is_damaged",
    "msdb__dbo__syssessions": "session_id, agent_start_date",
    "msdb__dbo__sysjobs": "job_id, name, enabled",
    "msdb__dbo__sysjobactivity": "session_id, job_id, start_execution_date, stop_execution_date,"
    " next_scheduled_run_date",
    "sys__availability_groups": "group_id, name",
    "sys__availability_replicas": "replica_id, group_id, replica_server_name, availability_mode_desc",
    "sys__dm_hadr_availability_replica_states": "replica_id, group_id, role_desc, synchronization_health_desc,"
    " connected_state_desc, operational_state_desc",
    "sys__dm_hadr_availability_group_states": "group_id, primary_replica, synchronization_health_desc",
    "sys__dm_hadr_database_replica_states": "replica_id, group_id, database_id, database_name, is_local,"
    " synchronization_state_desc",
    "sys__dm_exec_requests": "session_id, command, database_id, start_time",
}
_CREATED = datetime(2003, 4, 8, 9, 13, 36)  # noqa: DTZ001 - SQL Server's datetime carries no zone
JOB = "Nightly backup"
_ROLES = {"leading": "PRIMARY", "following": "SECONDARY", "resolving": "RESOLVING"}
_COMMITS = {True: "SYNCHRONOUS_COMMIT", False: "ASYNCHRONOUS_COMMIT"}
_LOG_INTERVAL = timedelta(minutes=15)
_NEXT_BACKUP = timedelta(hours=12)

Record = tuple[Any, ...]


def fill(connection: sqlite3.Connection, server_name: str, machine: Machine, instance: SqlServer) -> None:
    """All tables, as they are now."""
    records = {
        "sys__databases": list(_databases(machine, instance)),
        "msdb__dbo__backupset": list(_backups(server_name, machine, instance)),
        "msdb__dbo__syssessions": [(1, written(_CREATED)), (2, written(machine.started))],
        "msdb__dbo__sysjobs": [("J1", JOB, 1), ("J2", "Reindexing", 1)],
        "msdb__dbo__sysjobactivity": list(_activity(machine, instance)),
        "sys__dm_exec_requests": list(_requests(instance)),
        "sys__servers": [(server_name, server_name, 0, 0, 0)],
        "sys__database_mirroring": [(number, None, None, None) for number in range(1, len(instance.databases) + 1)],
        "msdb__dbo__log_shipping_primary_databases": [],
        "msdb__dbo__log_shipping_primary_secondaries": [],
        "msdb__dbo__log_shipping_secondary": [],
        **_group(machine, instance),
    }
    for table, columns in _COLUMNS.items():
        connection.execute(f"CREATE TABLE {table} ({columns})")
        places = ", ".join("?" * (columns.count(",") + 1))
        connection.executemany(f"INSERT INTO {table} VALUES ({places})", records.get(table, []))  # noqa: S608 - our own names


def written(at: datetime) -> str:
    """A time as SQLite compares it."""
    return at.isoformat(" ", "seconds")


def _databases(machine: Machine, instance: SqlServer) -> Iterator[Record]:
    for number, (name, state) in enumerate(instance.databases.items(), start=1):
        created = machine.started if name == "tempdb" else _CREATED
        yield number, name, _STATES[state], state, written(created), None, None, 0, 0


def _activity(machine: Machine, instance: SqlServer) -> Iterator[Record]:
    """An earlier Agent died over one job; the present one ended another."""
    tonight = written(machine.local_time + _NEXT_BACKUP)
    yield 1, "J2", written(_CREATED), None, None
    yield 2, "J2", written(machine.started), written(machine.local_time), None
    if instance.busy_since is not None:
        yield 2, "J1", written(instance.busy_since), None, tonight
    else:
        yield 2, "J1", None, None, tonight


def _requests(instance: SqlServer) -> Iterator[Record]:
    """The engine's own work, the question itself, and what the Agent's job does."""
    numbers = {name: number for number, name in enumerate(instance.databases, start=1)}
    yield 9, "LOG WRITER", numbers["master"], written(_CREATED)
    yield 51, "SELECT", numbers["master"], written(_CREATED)
    if instance.busy_since is not None:
        yield 52, "BACKUP DATABASE", numbers["Sales"], written(instance.busy_since)


def _group(machine: Machine, instance: SqlServer) -> dict[str, list[Record]]:
    """The availability group of a host is its first instance's. A secondary sees its own state only."""
    group = machine.group
    if group is None or group.kind != "ag" or instance is not machine.instances[0]:
        return {}
    leader = "" if group.leader is None else _replica(group.leader, instance)
    everybody = list(group.members.values())
    seen = [one for one in everybody if (leader and group.leader == machine.name) or one.name == machine.name]
    return {
        "sys__availability_groups": [("G1", group.name)],
        "sys__availability_replicas": [
            (one.name, "G1", _replica(one.name, instance), _COMMITS[one.synchronous]) for one in everybody
        ],
        "sys__dm_hadr_availability_replica_states": [
            (one.name, "G1", _ROLES[group.part_of(one.name)], _health(one), *_connection(one)) for one in seen
        ],
        "sys__dm_hadr_availability_group_states": [("G1", leader, _health_of_all(everybody))],
        "sys__dm_hadr_database_replica_states": [
            (one.name, "G1", number, name, int(one.name == machine.name), _synchronisation(one))
            for one in seen
            for number, name in enumerate(instance.databases, start=1)
            if name in instance.user_databases
        ],
    }


def _replica(host: str, instance: SqlServer) -> str:
    """A replica is named as its instance is."""
    return host if instance.is_default else f"{host}\\{instance.name}"


def _health(one: Member) -> str:
    return "HEALTHY" if one.is_healthy else "PARTIALLY_HEALTHY" if one.available else "NOT_HEALTHY"


def _health_of_all(members: list[Member]) -> str:
    return "HEALTHY" if all(one.is_healthy for one in members) else "PARTIALLY_HEALTHY"


def _connection(one: Member) -> tuple[str, str]:
    return ("CONNECTED", "ONLINE") if one.available else ("DISCONNECTED", "OFFLINE")


def _synchronisation(one: Member) -> str:
    if not one.available:
        return "NOT SYNCHRONIZING"
    return "SYNCHRONIZED" if one.synchronous and one.synchronised else "SYNCHRONIZING"


def _backups(server_name: str, machine: Machine, instance: SqlServer) -> Iterator[Record]:
    """Each database was saved whole so many hours ago, however late it is; the log goes on being saved all the time."""
    hours = machine.spec.last_backup_hours
    if hours is None:
        return
    saved = machine.local_time - timedelta(hours=hours)
    for name in instance.databases:
        if name != "tempdb":
            yield server_name, name, "D", written(saved), 0, 0
    yield server_name, "Sales", "L", written(machine.local_time - _LOG_INTERVAL), 0, 0
