"""Second look: a host of a run is verified again after work by hand, or its logs are fetched."""

from __future__ import annotations

from core.app import composition
from core.app.deploy import driver_of
from core.app.driving import Audience, Finished, unseen
from core.app.following import Lines
from core.app.lookup import the_run
from core.app.requests import ask, member, written
from core.app.status import status
from core.app.workspace import Workspace
from core.engine.runner import Stops
from core.model.fault import Fault, RefusedError
from core.model.outcome import Outcome
from core.model.record import RunRecord, TargetRecord
from core.model.requests import Action, Request
from core.model.state import REVERIFIABLE
from core.model.vocabulary import TARGET_WORDS
from core.ports import Show

# A process whose run has ended still writes its reports: each wait for it takes as long as a look at its lock.
_WAITS_FOR_REPORTS = 20


def reverify(
    workspace: Workspace, reference: str, host: str, reason: str, told: Lines, stops: Stops, show: Show = unseen
) -> Finished | Request:
    """After work by hand: a fresh assessment decides. A run that goes on does it itself; one that has ended is taken
    up for this alone."""
    found = status(workspace, reference)
    if found.driven:
        return ask(workspace, found.record.run_id, Action.REVERIFY, host, reason)
    _refuse_broken_off(found.record)
    target = member(found.record, host)
    _refuse_unverifiable(found.record, target)
    return _taken_up_for(workspace, found.record, Action.REVERIFY, target.host, reason, Audience(told, stops, show))


def diagnose(
    workspace: Workspace, reference: str, host: str, reason: str, told: Lines, stops: Stops, show: Show = unseen
) -> Finished | Request:
    """Fetches the host's logs into the run's folder, however the host stands; otherwise as a verification."""
    found = status(workspace, reference)
    if found.driven:
        return ask(workspace, found.record.run_id, Action.DIAGNOSE, host, reason)
    _refuse_broken_off(found.record)
    target = member(found.record, host)
    return _taken_up_for(workspace, found.record, Action.DIAGNOSE, target.host, reason, Audience(told, stops, show))


def _taken_up_for(
    workspace: Workspace, record: RunRecord, action: Action, host: str, reason: str, audience: Audience
) -> Finished | Request:
    with composition.open_database(workspace) as database:
        run = the_run(database, record.run_id)
        driver = driver_of(workspace, database, run, audience)
        asked = written(database, run, action, host, reason)
        for _ in range(_WAITS_FOR_REPORTS):
            finished = driver.take_up(run.run_id, takes_up=False)
            if finished.outcome is not Outcome.LOCKED:
                return finished
            if finished.record.outcome is None:
                break
        # Somebody else drives the run by now, and hears of it.
        return asked


def _refuse_broken_off(record: RunRecord) -> None:
    if record.outcome is None:
        run_id = record.run_id
        message = "it was broken off; take it up again: that finds out first what became of its hosts"
        raise RefusedError((Fault(f"run {run_id}", "interrupted", message),))


def _refuse_unverifiable(record: RunRecord, target: TargetRecord) -> None:
    place = f"run {record.run_id}: {target.host}"
    if target.state not in REVERIFIABLE:
        raise RefusedError(
            (Fault(place, "not_open", f"there is nothing to verify again: {TARGET_WORDS[target.state].text}"),)
        )
    if target.before is None:
        message = "it was never assessed in this run, so that there is nothing to compare with; plan again"
        raise RefusedError((Fault(place, "never_assessed", message),))
