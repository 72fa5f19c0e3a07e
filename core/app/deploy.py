"""Deploy: an authorised plan is executed, or a run that was broken off is taken up again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.app import composition
from core.app.authorise import valid_authorisation
from core.app.driving import Audience, Driver, Finished, unseen
from core.app.following import Lines
from core.app.lookup import the_plan, the_run, the_run_to_resume
from core.app.plan import digest_of_policy
from core.app.retrying import retry_of
from core.app.workspace import Workspace, settings_of
from core.engine.runner import Stops
from core.model.authorisation import Authorisation
from core.model.fault import Fault, RefusedError
from core.model.outcome import Outcome
from core.model.plan import Plan
from core.model.record import RunRecord
from core.model.state import TargetState
from core.model.vocabulary import OUTCOME_WORDS
from core.planning.reviewing import outcome_before
from core.ports import Show
from core.settings.values import policy_of
from core.settings.workspace import POLICY, Settings
from core.store import plans as plan_store
from core.store.database import Database
from core.store.runs import RunRow, load_record, open_runs

Confirm = Callable[[Plan, Authorisation], bool]


def deploy(
    workspace: Workspace, reference: str, confirm: Confirm, told: Lines, stops: Stops, show: Show = unseen
) -> Finished | None:
    """None when the operator did not confirm."""
    with composition.open_database(workspace) as database:
        plan = the_plan(database, reference)
        _refuse_unheard(plan)
        return _begun(workspace, database, plan, None, confirm, Audience(told, stops, show))


def retry_failed(
    workspace: Workspace, reference: str, confirm: Confirm, told: Lines, stops: Stops, show: Show = unseen
) -> Finished | None:
    """A run of its own for the hosts that failed in another, by the same plan. Only as often as policy allows."""
    with composition.open_database(workspace) as database:
        run = the_run(database, reference)
        plan, failed = the_plan(database, run.plan_id), load_record(database, run.run_id)
        return _begun(workspace, database, plan, failed, confirm, Audience(told, stops, show))


def resume(workspace: Workspace, reference: str, told: Lines, stops: Stops, show: Show = unseen) -> Finished:
    """The same run goes on: what is done stays done, what was begun is found again on the hosts.

    A run that has ended is taken up for the hosts that it left unknown.
    """
    with composition.open_database(workspace) as database:
        run = the_run_to_resume(database, reference)
        record = load_record(database, run.run_id)
        if record.outcome is not None and not any(one.state is TargetState.UNKNOWN for one in record.targets):
            ended = OUTCOME_WORDS[record.outcome].text
            message = f"it has ended ({ended}) and left no host unknown; there is nothing to resume"
            raise RefusedError((Fault(f"run {run.run_id}", "ended", message),))
        return driver_of(workspace, database, run, Audience(told, stops, show)).take_up(run.run_id, takes_up=True)


def driver_of(workspace: Workspace, database: Database, run: RunRow, audience: Audience) -> Driver:
    """For a run that exists: by the plan and the authorisation that it began with."""
    plan = the_plan(database, run.plan_id)
    authorisation = plan_store.authorisation(database, load_record(database, run.run_id).authorisation_id)
    return Driver(workspace, settings_of(workspace), database, plan, authorisation, audience)


def _begun(
    workspace: Workspace,
    database: Database,
    plan: Plan,
    failed: RunRecord | None,
    confirm: Confirm,
    audience: Audience,
) -> Finished | None:
    """A new run of the plan: for all its hosts, or for those that failed in another."""
    settings = settings_of(workspace)
    _refuse_begun(database, plan)
    authorisation = valid_authorisation(database, plan, composition.SystemClock().now())
    _refuse_other_policy(plan, settings)
    _refuse_lost_packages(plan)
    driver = Driver(workspace, settings, database, plan, authorisation, audience)
    again = None if failed is None else retry_of(database, failed, plan)
    shown = plan if again is None else again.part_of(plan)
    return driver.begin(again) if confirm(shown, authorisation) else None


def _refuse_unheard(plan: Plan) -> None:
    """A run without a host would end well, and look as if all were."""
    if outcome_before(plan) is not Outcome.SUCCEEDED:
        message = "it names no host to patch, and hosts that could not be reached when it was made; plan again"
        raise RefusedError((Fault(f"plan {plan.id}", "nobody_to_patch", message),))


def _refuse_begun(database: Database, plan: Plan) -> None:
    """A second run of it would only meet the claims of the first."""
    begun = next((run for run in open_runs(database) if run.plan_id == plan.id), None)
    if begun is not None:
        message = (
            f"run {begun.run_id} has begun it and has not ended; look how it stands, and if it was broken off, take it "
            "up again"
        )
        raise RefusedError((Fault(f"plan {plan.id}", "begun", message, found=begun.run_id),))


def _refuse_other_policy(plan: Plan, settings: Settings) -> None:
    """Each host is checked by the policy before it is touched: a looser one would loosen what was authorised."""
    present = digest_of_policy(policy_of(settings.policy))
    if present != plan.inputs.policy:
        message = "it was changed since the plan was made and authorised; plan again, or put it back"
        raise RefusedError((Fault(POLICY, "other_policy", message, found=present, expected=plan.inputs.policy),))


def _refuse_lost_packages(plan: Plan) -> None:
    """Before a host is touched; each host checks the hash of what came to it all the same."""
    faults = []
    for package in plan.packages:
        size = _size_of(Path(package.source))
        if size != package.size_bytes:
            message = "the installer is not on this PC any more; copy it there again, or plan again"
            if size is not None:
                message = "the installer is another file than when the plan was made; copy the right one, or plan again"
            told = None if size is None else str(size)
            faults.append(Fault(package.source, "lost_package", message, found=told, expected=str(package.size_bytes)))
    if faults:
        raise RefusedError(tuple(faults))


def _size_of(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None
