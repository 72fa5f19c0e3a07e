"""Dry run: every host is looked at as a run would look at it, and nothing is changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
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
from core.model.count import counted
from core.model.fault import RefusedError
from core.model.plan import Plan
from core.model.record import RunRecord
from core.ports import Clock
from core.runfolder.folder import RunFolder
from core.store.database import Database
from core.store.recorder import RunRecorder

__all__ = ["DryRun", "Rehearsed", "dry_run", "dry_run_until"]

Told = Callable[[Rehearsed], None]


def _tell_nobody(_one: Rehearsed) -> None:
    """For dry runs that are told when all is looked at."""


def dry_run_until(workspace: Workspace, reference: str, stopping: threading.Event, told: Told) -> DryRun:
    """Each host is told as it was looked at, and no further one is looked at once it is to stop."""
    stops = Stops()
    stops.start_nothing = stops.abandon = stopping
    return dry_run(workspace, reference, stops, told)


def dry_run(workspace: Workspace, reference: str, stops: Stops, told: Told = _tell_nobody) -> DryRun:
    """Nothing is sent, claimed or journalled, and nobody must allow it."""
    settings, clock = settings_of(workspace), composition.SystemClock()
    with composition.open_database(workspace) as database:
        plan = the_plan(database, reference)
        equipment = Equipment(workspace, settings, database, plan, clock)
        named = ((target.host, patch_blocked(database, target.host)) for target in plan.targets)
        blocked = {host: failure for host, failure in named if failure is not None}
        held, left_out = before_anybody_begins(plan, blocked, clock.now())
        remarks = (*_not_authorised(database, plan, clock), *held)
        looked_at = _rehearsed(workspace, database, plan, left_out, equipment, clock, stops, told)
        unseen_hosts = len(plan.targets) - len(looked_at)
        if unseen_hosts:
            remarks = (*remarks, f"it was stopped: {counted(unseen_hosts, 'host')} of the plan not looked at")
        return DryRun(plan.id, looked_at, remarks)


def _rehearsed(
    workspace: Workspace,
    database: Database,
    plan: Plan,
    left_out: Mapping[str, Rehearsed],
    equipment: Equipment,
    clock: Clock,
    stops: Stops,
    told: Told,
) -> tuple[Rehearsed, ...]:
    """The real errands and sessions, without a run."""
    who = composition.identity()
    nothing = RunRecord("", plan.id, plan.digest, "", who.operator, who.console, "", None, clock.now())
    recorder = RunRecorder(database, "", 0, clock, lambda _: None)
    folder = RunFolder(workspace.run_folder(plan.id))
    performer = equipment.performers(recorder, folder, "", Tokens(Purse({})), stops.abandon, unseen)

    def look(host: str) -> Rehearsed | None:
        if stops.start_nothing.is_set() or stops.abandon.is_set():
            return None
        found = left_out.get(host) or look_through(
            rehearse(equipment.errand("", 0, host, nothing)), Onlooker(performer(host)), host
        )
        # What a session that was broken off says is no finding about the host.
        if stops.abandon.is_set():
            return None
        told(found)
        return found

    with ThreadPoolExecutor(plan.rules.workers) as pool:
        looked_at = pool.map(look, [host for wave in plan.waves for host in wave.hosts])
        return tuple(one for one in looked_at if one is not None)


def _not_authorised(database: Database, plan: Plan, clock: Clock) -> tuple[str, ...]:
    try:
        valid_authorisation(database, plan, clock.now())
    except RefusedError as refused:
        return tuple(map(str, refused.faults))
    return ()
