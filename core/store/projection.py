"""Moves the derived tables as the journal tells, by compare-and-set: a row that is not as told stops everything."""

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Case, Connection, Table, Update, case, func, insert, literal, select, update

from core.catalog.setup_codes import signed
from core.model.events import (
    Entry,
    FactsTaken,
    JobEnded,
    PatchUnblocked,
    PhaseEntered,
    ReverifyAsked,
    RunEnded,
    RunResumed,
    RunStarted,
    StepMoved,
    TargetMoved,
    UndoBegun,
)
from core.model.plan import Plan, PlannedTarget
from core.model.state import STEP_RESTS, TARGET_RESTS, StepState, TargetState, advance
from core.model.step import OsRemovalStep, PatchStep, RebootStep, RemovalStep, UndoStep
from core.store.stored import stored
from core.store.tables import (
    UtcTime,
    hotfix_runs,
    hotfix_steps,
    hotfix_target_instances,
    hotfix_targets,
    patch_blocks,
    plans,
    servers,
)


class ConflictError(Exception):
    """The tables are not in the state that the journal's event starts from: a bug, or somebody's hand."""


def project(connection: Connection, entry: Entry) -> None:
    """Carries one entry over into the tables."""
    match entry.event.body:
        case RunStarted() as body:
            _start(connection, entry, body)
        case RunResumed(epoch=epoch):
            _set(connection, _run(entry).values(epoch=epoch, status="running", ended_at=None))
        case RunEnded(outcome=outcome):
            until = func.coalesce(hotfix_runs.c.worked_until, _at(entry))
            _set(connection, _run(entry).values(status=outcome, ended_at=entry.at, worked_until=until))
        case TargetMoved() as body:
            _move_target(connection, entry, body)
        case PhaseEntered():
            target = _target_id(connection, entry)
            _set(connection, _by_id(hotfix_targets, target).values(phase=entry.event.phase))
        case FactsTaken(moment="after") as body:
            _set_builds(connection, entry, body)
        case ReverifyAsked(by=by):
            target = _target_id(connection, entry)
            _set(connection, _by_id(hotfix_targets, target).values(reverify_by=by))
        case PatchUnblocked() as body:
            _unblock(connection, entry, body)
        case UndoBegun(steps=steps):
            _add_undo_steps(connection, _target_id(connection, entry), steps)
        case StepMoved() as body:
            _move_step(connection, entry, body)
        case JobEnded() as body:
            step = _step(connection, entry, body.step)
            _set(connection, step.values(exit_code=signed(body.exit_code), output=body.output_sha256))
        case _:
            pass


def _start(connection: Connection, entry: Entry, body: RunStarted) -> None:
    document = connection.execute(select(plans.c.document).where(plans.c.id == body.plan_id)).scalar_one()
    plan = stored(Plan, document, "plan")
    run = connection.execute(
        insert(hotfix_runs).values(
            run_id=entry.run_id,
            plan_id=body.plan_id,
            authorisation_id=body.authorisation_id,
            operator=body.operator,
            status="running",
            epoch=1,
            started_at=entry.at,
        )
    ).inserted_primary_key
    for target in plan.targets:
        if target.host in body.targets:
            _add_target(connection, _key(run), target, plan)


def _add_target(connection: Connection, run: int, planned: PlannedTarget, plan: Plan) -> None:
    target = connection.execute(
        insert(hotfix_targets).values(
            hotfix_run_id=run,
            server_id=_server_id(connection, planned.host),
            host=planned.host,
            status=TargetState.PENDING,
            requires_restart=any(isinstance(step, RebootStep) for step in planned.steps),
        )
    ).inserted_primary_key
    for instance in planned.instances:
        connection.execute(
            insert(hotfix_target_instances).values(
                hotfix_target_id=_key(target),
                instance_name=instance.name,
                pre_build=instance.before,
                planned_build=instance.after,
            )
        )
    for step in planned.steps:
        file = plan.package(step.package).filename if isinstance(step, PatchStep) else None
        connection.execute(
            insert(hotfix_steps).values(
                hotfix_target_id=_key(target),
                step_order=step.order,
                kind=step.kind,
                installer_file=file,
                description=step.why,
                status=StepState.PENDING,
            )
        )


def _add_undo_steps(connection: Connection, target: int, steps: tuple[UndoStep, ...]) -> None:
    for step in steps:
        row = {"hotfix_target_id": target, "step_order": step.order, "kind": step.kind, "status": StepState.PENDING}
        connection.execute(insert(hotfix_steps).values(**row, description=f"undo: {_undone(step)}"))


def _undone(step: UndoStep) -> str:
    match step:
        case RemovalStep(instance=instance, former_build=build):
            return f"{instance} back to {build}"
        case OsRemovalStep(package=package, former_revision=revision):
            return f"the system's update {package} removed, back to revision {revision}"
        case RebootStep():
            return "restart"


def _move_target(connection: Connection, entry: Entry, body: TargetMoved) -> None:
    target = _target_id(connection, entry)
    values: dict[str, Any] = {"status": advance(body.before, body.after)}
    values["error_message"] = None if body.failure is None else str(body.failure)
    values["ended_at"] = entry.at if body.after in TARGET_RESTS else None
    if body.after in TARGET_RESTS:
        values["worked_until"] = func.coalesce(hotfix_targets.c.worked_until, _at(entry))
    elif not _is_verified_again(connection, target):
        values["worked_until"] = None
        _set(connection, _run(entry).values(worked_until=None))
    values["reverify_by"] = None
    if body.before is TargetState.PENDING:
        values["started_at"] = entry.at
    row = _by_id(hotfix_targets, target).where(hotfix_targets.c.status == body.before)
    _set(connection, row.values(**values))
    if body.blocks_patching:
        _block(connection, entry, body)


def _is_verified_again(connection: Connection, target: int) -> bool:
    asked = select(hotfix_targets.c.reverify_by).where(hotfix_targets.c.id == target)
    return connection.execute(asked).scalar_one() is not None


def _block(connection: Connection, entry: Entry, body: TargetMoved) -> None:
    if body.failure is None:
        return
    row = {"run_id": entry.run_id, "host": entry.event.target, "blocked_at": entry.at}
    told = {"failure_type": body.failure.kind, "detail": body.failure.detail}
    connection.execute(insert(patch_blocks).values(**row, **told))


def _unblock(connection: Connection, entry: Entry, body: PatchUnblocked) -> None:
    """All that this run blocked the host for."""
    connection.execute(
        update(patch_blocks)
        .where(
            patch_blocks.c.run_id == entry.run_id,
            patch_blocks.c.host == entry.event.target,
            patch_blocks.c.unblocked_at.is_(None),
        )
        .values(unblocked_at=entry.at, unblocked_by=body.by, reason=body.reason)
    )


def _move_step(connection: Connection, entry: Entry, body: StepMoved) -> None:
    values: dict[str, Any] = {"status": advance(body.before, body.after)}
    if body.before is StepState.PENDING:
        values["started_at"] = entry.at
    if body.after in STEP_RESTS:
        values["completed_at"] = entry.at if body.before is StepState.PENDING else _unless_late(connection, entry)
    row = _step(connection, entry, body.step).where(hotfix_steps.c.status == body.before)
    _set(connection, row.values(**values))


def _unless_late(connection: Connection, entry: Entry) -> Case[datetime | None]:
    """What a look after the run's work finds over: since when is not known."""
    target = _target_id(connection, entry)
    worked = select(hotfix_targets.c.worked_until).where(hotfix_targets.c.id == target).scalar_subquery()
    return case((worked.is_(None), _at(entry)), else_=None)


def _set_builds(connection: Connection, entry: Entry, body: FactsTaken) -> None:
    """What was planned gets its build after."""
    target = _target_id(connection, entry)
    for seen in body.builds:
        connection.execute(
            update(hotfix_target_instances)
            .where(
                hotfix_target_instances.c.hotfix_target_id == target,
                hotfix_target_instances.c.instance_name == seen.instance,
            )
            .values(post_build=seen.build)
        )


def _server_id(connection: Connection, host: str) -> int:
    found = connection.execute(select(servers.c.id).where(servers.c.hostname == host)).scalar_one_or_none()
    if found is not None:
        return int(found)
    made = connection.execute(insert(servers).values(hostname=host, is_active=True)).inserted_primary_key
    return _key(made)


def _run(entry: Entry) -> Update:
    return update(hotfix_runs).where(hotfix_runs.c.run_id == entry.run_id)


def _target_id(connection: Connection, entry: Entry) -> int:
    asked = (
        select(hotfix_targets.c.id)
        .join(hotfix_runs)
        .where(hotfix_runs.c.run_id == entry.run_id, hotfix_targets.c.host == entry.event.target)
    )
    return int(connection.execute(asked).scalar_one())


def _step(connection: Connection, entry: Entry, order: int) -> Update:
    target = _target_id(connection, entry)
    return update(hotfix_steps).where(hotfix_steps.c.hotfix_target_id == target, hotfix_steps.c.step_order == order)


def _at(entry: Entry) -> BindParameter[datetime]:
    return literal(entry.at, UtcTime)


def _by_id(table: Table, key: int) -> Update:
    return update(table).where(table.c.id == key)


def _set(connection: Connection, statement: Update) -> None:
    changed = connection.execute(statement).rowcount
    if changed != 1:
        raise ConflictError(f"{changed} rows instead of one: {statement}")


def _key(inserted: Any) -> int:
    return int(inserted[0])
