"""What a database engine is asked, and how its rows are read."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Literal

from core.model.build import Build
from core.model.facts import (
    Backup,
    Database,
    DueJob,
    Gap,
    Group,
    Link,
    LinkKind,
    LinkRole,
    Member,
    MemberRole,
    RunningJob,
    SqlAnswer,
    SqlSilence,
    SqlWitness,
    Topic,
)
from core.model.failure import Cause, Failure
from core.ports import Answer, Row

# Cast, because drivers break on sql_variant.
VERSION = """
SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS build,
       CAST(SERVERPROPERTY('ProductLevel') AS nvarchar(128)) AS level,
       CAST(SERVERPROPERTY('ProductUpdateReference') AS nvarchar(128)) AS update_reference,
       CAST(SERVERPROPERTY('Edition') AS nvarchar(128)) AS edition,
       CAST(SERVERPROPERTY('ProductUpdateLevel') AS nvarchar(128)) AS update_level,
       CAST(SERVERPROPERTY('IsClustered') AS int) AS is_clustered,
       CAST(SERVERPROPERTY('IsHadrEnabled') AS int) AS is_hadr_enabled
"""

DATABASES = """
SELECT name, state_desc, CASE WHEN replica_id IS NULL THEN 0 ELSE 1 END AS in_group FROM sys.databases ORDER BY name
"""

# msdb also remembers backups that were restored here from elsewhere, and those of a database that is gone and
# whose name was given again. One that is copy-only restores like any other. A snapshot cannot be saved.
BACKUPS = """
SELECT d.name,
       CAST(MAX(CASE WHEN b.type = 'D' THEN b.backup_finish_date END) AS datetime) AS full_at,
       CAST(MAX(CASE WHEN b.type = 'I' THEN b.backup_finish_date END) AS datetime) AS differential_at,
       CAST(MAX(CASE WHEN b.type = 'L' THEN b.backup_finish_date END) AS datetime) AS log_at,
       CAST(DATEDIFF(minute, GETUTCDATE(), GETDATE()) AS int) AS utc_offset
FROM sys.databases AS d
LEFT JOIN msdb.dbo.backupset AS b
       ON b.database_name COLLATE DATABASE_DEFAULT = d.name COLLATE DATABASE_DEFAULT
      AND b.server_name COLLATE DATABASE_DEFAULT
          = CAST(SERVERPROPERTY('ServerName') AS nvarchar(128)) COLLATE DATABASE_DEFAULT
      AND b.backup_finish_date >= d.create_date
      AND b.is_damaged = 0
WHERE d.source_database_id IS NULL
GROUP BY d.name
ORDER BY d.name
"""

# Without the right the engine shows only the login's own work and says nothing of it, so that the right is asked for.
# A CHECKDB shows as the checks that it consists of.
RUNNING_WORK = """
SELECT rights.granted,
       r.command,
       DB_NAME(r.database_id) AS database_name,
       CAST(r.start_time AS datetime) AS start_time,
       CAST(DATEDIFF(minute, GETUTCDATE(), GETDATE()) AS int) AS utc_offset
FROM (SELECT CASE WHEN 1 IN (HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE'),
                             HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER PERFORMANCE STATE'))
                  THEN 1 ELSE 0 END AS granted) AS rights
LEFT JOIN sys.dm_exec_requests AS r
       ON r.command LIKE 'BACKUP %' OR r.command LIKE 'RESTORE %' OR r.command LIKE 'DBCC %CHECK%'
ORDER BY r.start_time
"""

# What an Agent that died left as running is older than the engine's start, which is when tempdb was made.
AGENT_JOBS = """
SELECT j.name,
       CAST(a.start_execution_date AS datetime) AS start_time,
       CAST(DATEDIFF(minute, GETUTCDATE(), GETDATE()) AS int) AS utc_offset
FROM msdb.dbo.sysjobactivity AS a
JOIN msdb.dbo.sysjobs AS j ON j.job_id = a.job_id
WHERE a.session_id = (SELECT MAX(s.session_id) FROM msdb.dbo.syssessions AS s)
  AND a.start_execution_date >= (SELECT d.create_date FROM sys.databases AS d WHERE d.name = 'tempdb')
  AND a.stop_execution_date IS NULL
ORDER BY j.name
"""

# A secondary knows only its own state, and who the primary is.
REPLICAS = """
SELECT g.name,
       r.replica_server_name,
       s.role_desc,
       p.primary_replica,
       r.availability_mode_desc,
       s.synchronization_health_desc
FROM sys.availability_groups AS g
JOIN sys.availability_replicas AS r ON r.group_id = g.group_id
LEFT JOIN sys.dm_hadr_availability_replica_states AS s ON s.replica_id = r.replica_id
LEFT JOIN sys.dm_hadr_availability_group_states AS p ON p.group_id = g.group_id
ORDER BY g.name, r.replica_server_name
"""

# A job that is due while its engine is patched is missed or cut off. Two days ahead: longer than any window.
DUE_JOBS = """
SELECT j.name,
       CAST(a.next_scheduled_run_date AS datetime) AS next_run,
       CAST(DATEDIFF(minute, GETUTCDATE(), GETDATE()) AS int) AS utc_offset
FROM msdb.dbo.sysjobactivity AS a
JOIN msdb.dbo.sysjobs AS j ON j.job_id = a.job_id
WHERE a.session_id = (SELECT MAX(s.session_id) FROM msdb.dbo.syssessions AS s)
  AND j.enabled = 1
  AND a.next_scheduled_run_date >= GETDATE()
  AND DATEDIFF(hour, GETDATE(), a.next_scheduled_run_date) < 48
ORDER BY a.next_scheduled_run_date, j.name
"""

# A distributor lists its publishers, a publisher its distributor and subscribers. A subscriber lists nobody here.
REPLICATION = """
SELECT CAST(s.is_publisher AS int) AS is_publisher,
       CAST(s.is_subscriber AS int) AS is_subscriber,
       CAST(s.is_distributor AS int) AS is_distributor,
       s.data_source,
       (SELECT COUNT(*) FROM sys.databases AS d WHERE d.is_published = 1 OR d.is_merge_published = 1) AS published
FROM sys.servers AS s
WHERE s.is_publisher = 1 OR s.is_subscriber = 1 OR s.is_distributor = 1
ORDER BY s.data_source
"""

LOG_SHIPPING = """
SELECT 'primary' AS role, s.secondary_server AS partner
FROM msdb.dbo.log_shipping_primary_databases AS p
LEFT JOIN msdb.dbo.log_shipping_primary_secondaries AS s ON s.primary_id = p.primary_id
UNION
SELECT 'secondary' AS role, c.primary_server AS partner
FROM msdb.dbo.log_shipping_secondary AS c
"""

MIRRORING = """
SELECT DISTINCT m.mirroring_role_desc, m.mirroring_partner_instance
FROM sys.database_mirroring AS m
WHERE m.mirroring_guid IS NOT NULL
"""

QUESTIONS = (
    VERSION,
    DATABASES,
    BACKUPS,
    RUNNING_WORK,
    AGENT_JOBS,
    REPLICAS,
    DUE_JOBS,
    REPLICATION,
    LOG_SHIPPING,
    MIRRORING,
)
# What the questions after the first two are about, in their order.
_TOPICS: tuple[Topic, ...] = (
    "backups",
    "running_work",
    "agent_jobs",
    "replicas",
    "due_jobs",
    "replication",
    "log_shipping",
    "mirroring",
)

_KINDS: dict[str, Literal["backup", "restore", "checkdb"]] = {
    "BACKUP": "backup",
    "RESTORE": "restore",
    "DBCC": "checkdb",
}
_SHIPPING: dict[str, LinkRole] = {"primary": "primary", "secondary": "secondary"}
_MIRRORS: dict[str, LinkRole] = {"PRINCIPAL": "principal", "MIRROR": "mirror"}
_ROLES: dict[str, MemberRole] = {"PRIMARY": "primary", "SECONDARY": "secondary"}
_OWN_WORK_ONLY = "the engine shows this login its own work only"


@dataclass(frozen=True, slots=True)
class EngineWords:
    """All that one engine said: about itself, and about what goes on in it."""

    witness: SqlWitness
    jobs: tuple[RunningJob, ...] = ()
    groups: tuple[Group, ...] = ()
    links: tuple[Link, ...] = ()
    due: tuple[DueJob, ...] = ()


def words_of(instance: str, answers: tuple[Answer, ...] | Failure) -> EngineWords:
    """The engine's words, or why it is no witness: one that does not name its build and databases is none.

    A wrong number of answers is a fault of whoever asked, never of the engine, and must not pass for its silence.
    """
    if isinstance(answers, Failure):
        return EngineWords(SqlSilence(instance, answers))
    if len(answers) != len(QUESTIONS):
        raise ValueError(f"{instance} was asked {len(QUESTIONS)} questions, and {len(answers)} answers came")
    version, databases, *others = answers
    if isinstance(version, Failure):
        return EngineWords(SqlSilence(instance, version))
    if isinstance(databases, Failure):
        return EngineWords(SqlSilence(instance, databases))
    try:
        return _told(_answer(instance, version, databases), *others)
    except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError) as wrong:
        failure = Failure(Cause.PROTOCOL, f"the engine's answer is not understood: {wrong}")
        return EngineWords(SqlSilence(instance, failure))


def _answer(instance: str, version: tuple[Row, ...], databases: tuple[Row, ...]) -> SqlAnswer:
    build, level, update, edition, update_level, clustered, availability_groups = version[0]
    return SqlAnswer(
        instance=instance,
        build=Build.parse(build),
        level=level,
        update=update,
        edition=edition,
        databases=tuple(Database(name, state, bool(in_group)) for name, state, in_group in databases),
        update_level=update_level,
        clustered=bool(clustered),
        availability_groups=bool(availability_groups),
    )


def _told(answer: SqlAnswer, *others: Answer) -> EngineWords:
    """What is refused leaves the rest."""
    said = dict(zip(_TOPICS, others, strict=True))
    said["running_work"] = _in_full(said["running_work"])
    backups = said["backups"]
    witness = replace(
        answer,
        backups=None if isinstance(backups, Failure) else tuple(_backup(*row) for row in backups),
        gaps=tuple(Gap(about, one) for about, one in said.items() if isinstance(one, Failure)),
    )
    name = answer.instance
    running = [_work(name, *row) for row in _rows(said["running_work"])]
    jobs = [RunningJob("agent_job", job, name, _utc(*since)) for job, *since in _rows(said["agent_jobs"])]
    links = (
        *_replication(name, _rows(said["replication"])),
        *_linked(name, "log_shipping", _SHIPPING, _rows(said["log_shipping"])),
        *_linked(name, "mirroring", _MIRRORS, _rows(said["mirroring"])),
    )
    due = tuple(DueJob(job, name, at) for job, *when in _rows(said["due_jobs"]) if (at := _utc(*when)) is not None)
    return EngineWords(witness, (*running, *jobs), _groups(name, _rows(said["replicas"])), links, due)


def _replication(instance: str, rows: tuple[Row, ...]) -> list[Link]:
    """An engine can be its own distributor, and then plays both parts."""
    publishers = tuple(source for publisher, _, _, source, _ in rows if publisher)
    subscribers = tuple(source for _, subscriber, _, source, _ in rows if subscriber)
    distributors = tuple(source for _, _, distributor, source, _ in rows if distributor)
    links = [Link("replication", "distributor", _hosts(publishers), instance)] if publishers else []
    if any(published for *_, published in rows):
        links.append(Link("replication", "publisher", _hosts((*distributors, *subscribers)), instance))
    return links


def _linked(instance: str, kind: LinkKind, roles: dict[str, LinkRole], rows: tuple[Row, ...]) -> list[Link]:
    """One link for each role, however many databases share it. A partner that is not told is left out."""
    return [
        Link(kind, part, _hosts(tuple(partner for role, partner in rows if role == word and partner)), instance)
        for word, part in roles.items()
        if any(role == word for role, _ in rows)
    ]


def _hosts(engines: tuple[str, ...]) -> tuple[str, ...]:
    """By the hosts' names: an instance comes behind a backslash, a port behind a comma."""
    return tuple(dict.fromkeys(one.removeprefix("tcp:").split("\\", 1)[0].split(",", 1)[0] for one in engines))


def _rows(answer: Answer) -> tuple[Row, ...]:
    return () if isinstance(answer, Failure) else answer


def _in_full(work: Answer) -> Answer:
    """Running work, unless the login sees only its own. One row at least says whether it does."""
    if isinstance(work, Failure):
        return work
    if work[0][0] != 1:
        return Failure(Cause.SQL_LOGIN, _OWN_WORK_ONLY, "grant the login VIEW SERVER STATE")
    return tuple(row[1:] for row in work if row[1] is not None)


def _work(instance: str, command: str, database: str | None, since: datetime, offset: int) -> RunningJob:
    return RunningJob(_KINDS[command.split(maxsplit=1)[0].upper()], database or command, instance, _utc(since, offset))


def _groups(instance: str, replicas: tuple[Row, ...]) -> tuple[Group, ...]:
    """Ordered by group, as they were asked for."""
    return tuple(
        Group(name, "ag", tuple(_member(*row[1:]) for row in rows), instance)
        for name, rows in groupby(replicas, lambda row: row[0])
    )


def _member(replica: str, role: str | None, primary: str | None, mode: str | None, health: str | None) -> Member:
    """A replica is named as its instance is: the host comes first."""
    return Member(
        host=replica.split("\\", 1)[0],
        role=_role(replica, role, primary),
        synchronous=mode == "SYNCHRONOUS_COMMIT",
        healthy=health in (None, "HEALTHY"),
    )


def _role(replica: str, role: str | None, primary: str | None) -> MemberRole:
    """Its own state, else by who leads; one that is just resolving its role has none."""
    if role is not None:
        return _ROLES.get(role, "unknown")
    if not primary:
        return "unknown"
    return "primary" if replica.casefold() == primary.casefold() else "secondary"


def _backup(
    database: str, full: datetime | None, differential: datetime | None, log: datetime | None, offset: int
) -> Backup:
    return Backup(database, _utc(full, offset), _utc(differential, offset), _utc(log, offset))


def _utc(local: datetime | None, offset: int) -> datetime | None:
    """An engine writes the host's own time without its zone; before the clocks last changed, it is an hour off."""
    return None if local is None else local.replace(tzinfo=UTC) - timedelta(minutes=offset)
