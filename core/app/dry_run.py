"""Dry run: every host is looked at as a run would look at it, and nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from core.app import composition
from core.app.authorise import valid_authorisation
from core.app.driving import patch_blocked, unseen
from core.app.equipping import Equipment
from core.app.lookup import the_plan
from core.app.workspace import Workspace, settings_of
from core.engine.rehearsal import DryRun, Onlooker, Rehearsed, before_anybody_begins, look_through, rehearse
from core.engine.runner import Stops
from core.engine.tokens import Purse, Tokens
from core.model.fault import RefusedError
from core.model.plan import Plan
from core.model.record import RunRecord
from core.ports import Clock
from core.runfolder.folder import RunFolder
from core.store.database import Database
from core.store.recorder import RunRecorder


def dry_run(workspace: Workspace, reference: str, stops: Stops) -> DryRun:
    """Nothing is sent, claimed or journalled, and nobody must allow it."""
    settings, clock = settings_of(workspace), composition.SystemClock()
    with composition.open_database(workspace) as database:
        plan = the_plan(database, reference)
        equipment = Equipment(workspace, settings, database, plan, clock)
        named = ((target.host, patch_blocked(database, target.host)) for target in plan.targets)
        blocked = {host: failure for host, failure in named if failure is not None}
        held, left_out = before_anybody_begins(plan, blocked, clock.now())
        remarks = (*_not_authorised(database, plan, clock), *held)
        return DryRun(plan.id, _rehearsed(workspace, database, plan, left_out, equipment, clock, stops), remarks)


def _rehearsed(
    workspace: Workspace,
    database: Database,
    plan: Plan,
    left_out: Mapping[str, Rehearsed],
    equipment: Equipment,
    clock: Clock,
    stops: Stops,
) -> tuple[Rehearsed, ...]:
    """The real errands and sessions, without a run."""
    who = composition.identity()
    nothing = RunRecord("", plan.id, plan.digest, "", who.operator, who.console, "", None, clock.now())
    recorder = RunRecorder(database, "", 0, clock, lambda _: None)
    folder = RunFolder(workspace.run_folder(plan.id))
    performer = equipment.performers(recorder, folder, "", Tokens(Purse({})), stops.abandon, unseen)

    def look(host: str) -> Rehearsed:
        if host in left_out:
            return left_out[host]
        return look_through(rehearse(equipment.errand("", 0, host, nothing)), Onlooker(performer(host)), host)

    with ThreadPoolExecutor(plan.rules.workers) as pool:
        return tuple(pool.map(look, [host for wave in plan.waves for host in wave.hosts]))


def _not_authorised(database: Database, plan: Plan, clock: Clock) -> tuple[str, ...]:
    try:
        valid_authorisation(database, plan, clock.now())
    except RefusedError as refused:
        return tuple(map(str, refused.faults))
    return ()
