"""Who is tried again: whoever failed, unless another run has brought it to success since."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.app import composition, retrying
from core.app.lookup import the_plan
from core.app.requests import unblock
from core.app.retrying import retry_of, why_no_retry
from core.app.run_sheet import run_sheet_of
from core.app.status import status
from core.app.workspace import Workspace
from core.cli.telling import next_of
from core.model.events import Event, RunEnded, TargetMoved
from core.model.outcome import Outcome
from core.model.plan import Plan, PlannedTarget
from core.model.state import TargetState
from core.store.database import Database
from core.store.plans import keep_plan
from core.store.recorder import RunRecorder
from core.store.runs import load_record
from tests.app.test_report import workspace as workspace  # noqa: PLC0414 - a fixture
from tests.conftest import HandClock
from tests.reports.stories import mixed_plan
from tests.samples import AT, RUN, STARTED

_LATER = "019ca000-0000-7000-8000-0000000000ff"
_TWO_DAYS_ON = AT + timedelta(days=2)


def _patched_in_another_run(
    workspace: Workspace, host: str, at: datetime = _TWO_DAYS_ON, plan: Plan | None = None, run_id: str = _LATER
) -> None:
    clock = HandClock()
    clock.at = at
    plan = plan or mixed_plan()
    begun = replace(STARTED, plan_id=plan.id, plan_digest=plan.digest, targets=(host,))
    with composition.open_database(workspace) as database:
        RunRecorder(database, run_id, 1, clock, lambda _: None).record(
            (
                Event(begun),
                Event(TargetMoved(TargetState.PENDING, TargetState.IN_PROGRESS), host),
                Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.SUCCESS), host),
                Event(RunEnded(Outcome.SUCCEEDED)),
            )
        )


def test_what_a_later_run_has_patched_is_not_tried_again_and_the_reason_says_when(workspace: Workspace) -> None:
    unblock(workspace, "GLOBEX01", "disk replaced")
    assert run_sheet_of(workspace, RUN).no_retry is None
    _patched_in_another_run(workspace, "GLOBEX01")
    fault = run_sheet_of(workspace, RUN).no_retry
    assert fault is not None
    day = _TWO_DAYS_ON.astimezone()
    told = f"GLOBEX01 was patched by a later run of {day.day} {day:%B %Y}"
    assert (fault.code, fault.message) == ("patched_since", f"nothing is left to be tried again: {told}")
    found = status(workspace, RUN)
    assert why_no_retry(workspace, found.record, mixed_plan()) == fault
    ended = replace(found.record, targets=tuple(one for one in found.record.targets if one.host == "GLOBEX01"))
    assert any("--retry-failed" in line for line in next_of(ended))
    assert next_of(ended, frozenset(one.host for one in found.patched_since)) == []


def test_whoever_else_failed_is_still_tried_again_and_who_is_left_is_told(workspace: Workspace) -> None:
    unblock(workspace, "GLOBEX01", "disk replaced")
    _patched_in_another_run(workspace, "GLOBEX01")
    plan = mixed_plan()
    with composition.open_database(workspace) as database:
        record = load_record(database, RUN)
        failed = record.target("GLOBEX01")
        both = tuple(replace(failed, host=one.host) if one.host == "ACME01" else one for one in record.targets)
        again = retry_of(database, replace(record, targets=both), plan)
    assert again.hosts == {"ACME01"}
    shown = again.part_of(plan)
    assert [one.host for one in shown.targets] == ["ACME01"]
    assert [one.reason.partition(" by ")[0] for one in shown.skipped] == ["GLOBEX01 was patched"]


def test_a_success_from_before_the_failure_forgives_nothing(workspace: Workspace) -> None:
    unblock(workspace, "GLOBEX01", "disk replaced")
    _patched_in_another_run(workspace, "GLOBEX01", AT - timedelta(days=2))
    assert run_sheet_of(workspace, RUN).no_retry is None


def test_a_later_run_that_did_less_settles_nothing(workspace: Workspace) -> None:
    """It may have installed updates of the system alone, or an earlier build."""
    unblock(workspace, "GLOBEX01", "disk replaced")
    plan = mixed_plan()
    less = replace(plan, id="019ca000-0000-7000-8000-0000000000aa", targets=tuple(map(_without_sql, plan.targets)))
    with composition.open_database(workspace) as database:
        keep_plan(database, less)
    _patched_in_another_run(workspace, "GLOBEX01", plan=less)
    assert run_sheet_of(workspace, RUN).no_retry is None
    assert status(workspace, RUN).patched_since == ()


def test_the_newest_run_that_did_it_all_is_named_and_no_older_plan_is_read(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a run of last year there may be dozens."""
    plan = mixed_plan()
    older = replace(plan, id="019ca000-0000-7000-8000-0000000000aa")
    with composition.open_database(workspace) as database:
        keep_plan(database, older)
    _patched_in_another_run(workspace, "GLOBEX01", plan=older)
    newest = _LATER.replace("ff", "fe")
    _patched_in_another_run(workspace, "GLOBEX01", _TWO_DAYS_ON + timedelta(days=30), run_id=newest)
    read = list[str]()

    def reading(database: Database, key: str) -> Plan:
        read.append(key)
        return the_plan(database, key)

    monkeypatch.setattr(retrying, "the_plan", reading)
    assert [(one.host, one.run_id) for one in status(workspace, RUN).patched_since] == [("GLOBEX01", newest)]
    assert read == [plan.id]


def _without_sql(target: PlannedTarget) -> PlannedTarget:
    return replace(target, instances=())
