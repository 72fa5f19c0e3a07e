"""Reads the past of assets out of the tables: a fixed number of indexed queries, however long the journal is."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from core.model.history import BuildChange, PastStep, PatchedSince, Visit
from core.model.ids import folded
from core.model.state import StepState, TargetState
from core.store.database import Database
from core.store.tables import hotfix_runs, hotfix_steps, hotfix_target_instances, hotfix_targets, servers


def latest_visits(database: Database) -> tuple[Visit, ...]:
    """Each asset's newest visit, by name."""
    newest = select(func.max(hotfix_targets.c.id)).group_by(hotfix_targets.c.server_id)
    with database.read() as connection:
        found = _visits(connection, hotfix_targets.c.id.in_(newest), with_steps=False)
    return tuple(sorted(found, key=lambda one: one.host.casefold()))


def visits_of(database: Database, host: str) -> tuple[Visit, ...]:
    """All that was done to one asset, the newest first."""
    server = select(servers.c.id).where(servers.c.hostname == host).scalar_subquery()
    with database.read() as connection:
        return _visits(connection, hotfix_targets.c.server_id == server, with_steps=True)


def known_name(database: Database, name: str) -> str | None:
    """The asset's name as the tables have it, however it was typed."""
    with database.read() as connection:
        names = connection.execute(select(servers.c.hostname)).scalars()
        return next((one for one in names if folded(one) == folded(name)), None)


def last_successes(database: Database) -> dict[str, datetime]:
    """When each asset was last patched with success."""
    asked = (
        select(hotfix_targets.c.host, func.max(hotfix_targets.c.ended_at).label("at"))
        .where(hotfix_targets.c.status == TargetState.SUCCESS)
        .group_by(hotfix_targets.c.host)
    )
    with database.read() as connection:
        return {row.host: row.at for row in connection.execute(asked)}


def patched_since(database: Database, run_id: str) -> tuple[PatchedSince, ...]:
    """Each time that another run brought a host of this one to success after it had left it, by whichever plan; the
    last one is the newest."""
    mine, theirs = hotfix_targets.alias("mine"), hotfix_targets.alias("theirs")
    left = func.coalesce(mine.c.worked_until, mine.c.ended_at)
    asked = (
        select(mine.c.host, hotfix_runs.c.run_id, hotfix_runs.c.plan_id, theirs.c.ended_at)
        .join(theirs, theirs.c.server_id == mine.c.server_id)
        .join(hotfix_runs, hotfix_runs.c.id == theirs.c.hotfix_run_id)
        .where(mine.c.hotfix_run_id == _run_named(run_id), theirs.c.hotfix_run_id != mine.c.hotfix_run_id)
        .where(theirs.c.status == TargetState.SUCCESS, theirs.c.ended_at > left)
        .order_by(mine.c.host, theirs.c.ended_at)
    )
    with database.read() as connection:
        return tuple(PatchedSince(*row) for row in connection.execute(asked))


def _run_named(run_id: str) -> Any:
    return select(hotfix_runs.c.id).where(hotfix_runs.c.run_id == run_id).scalar_subquery()


def _visits(connection: Connection, which: Any, *, with_steps: bool) -> tuple[Visit, ...]:
    builds = _builds(connection, which)
    steps = _steps(connection, which) if with_steps else {}
    return tuple(
        Visit(
            run_id=row.run_id,
            host=row.host,
            state=TargetState(row.status),
            error=row.error_message,
            operator=row.operator,
            run_started_at=row.run_started_at,
            started_at=row.started_at,
            ended_at=row.ended_at,
            worked_until=row.worked_until,
            builds=tuple(builds.get(row.id, ())),
            steps=tuple(steps.get(row.id, ())),
        )
        for row in connection.execute(_targets(which))
    )


def _targets(which: Any) -> Select[Any]:
    return (
        select(
            hotfix_targets.c.id,
            hotfix_targets.c.host,
            hotfix_targets.c.status,
            hotfix_targets.c.error_message,
            hotfix_targets.c.started_at,
            hotfix_targets.c.ended_at,
            hotfix_targets.c.worked_until,
            hotfix_runs.c.run_id,
            hotfix_runs.c.operator,
            hotfix_runs.c.started_at.label("run_started_at"),
        )
        .join(hotfix_runs, hotfix_runs.c.id == hotfix_targets.c.hotfix_run_id)
        .where(which)
        .order_by(hotfix_targets.c.id.desc())
    )


def _builds(connection: Connection, which: Any) -> dict[int, list[BuildChange]]:
    table = hotfix_target_instances
    asked = (
        select(
            table.c.hotfix_target_id,
            table.c.instance_name,
            table.c.pre_build,
            table.c.planned_build,
            table.c.post_build,
        )
        .join(hotfix_targets, hotfix_targets.c.id == table.c.hotfix_target_id)
        .where(which)
    )
    found: dict[int, list[BuildChange]] = defaultdict(list)
    for target, *change in connection.execute(asked):
        found[target].append(BuildChange(*change))
    return found


def _steps(connection: Connection, which: Any) -> dict[int, list[PastStep]]:
    table = hotfix_steps
    asked = (
        select(
            table.c.hotfix_target_id,
            table.c.step_order,
            table.c.installer_file,
            table.c.description,
            table.c.status,
            table.c.started_at,
            table.c.completed_at,
            table.c.exit_code,
        )
        .join(hotfix_targets, hotfix_targets.c.id == table.c.hotfix_target_id)
        .where(which)
        .order_by(table.c.step_order)
    )
    found: dict[int, list[PastStep]] = defaultdict(list)
    for target, order, installer, what, state, *rest in connection.execute(asked):
        found[target].append(PastStep(order, installer, what, StepState(state), *rest))
    return found
