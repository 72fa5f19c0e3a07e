"""What a row of a run tells of its engines' logs: whose line it is, and when it was written."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.evidence.folding import fold
from core.model.events import FactsTaken
from core.model.record import StepRecord, TargetRecord
from core.model.signs import LogLine, Signs
from core.model.state import StepState, TargetState
from core.model.step import PatchStep
from gui.models.run_lines import HostRow, error_log_in_words, ran_seconds, run_columns
from gui.times import clock_time, day_and_time
from tests.samples import AT, BOOT, PLAN, entries, left_unknown, verified_again

_WALL = datetime(2026, 7, 1, 23, 12, 40)  # noqa: DTZ001 - a clock on a wall
_DEFAULT = LogLine("MSSQLSERVER", _WALL, "Recovery is complete.")
_SALES = LogLine("SALES", _WALL - timedelta(minutes=1), "Starting up database 'crm'.")


def _row(*lines: LogLine, zone: str = "W. Europe Standard Time", at_work: str = "") -> HostRow:
    planned = PLAN.targets[0]
    step = next(one for one in planned.steps if isinstance(one, PatchStep))
    planned = replace(planned, steps=(replace(step, order=1, instances=(at_work,)),))
    running = (StepRecord(1, StepState.RUNNING),) if at_work else ()
    before = FactsTaken("before", "f" * 64, (), BOOT, zone) if zone else None
    record = TargetRecord(planned.host, TargetState.IN_PROGRESS, steps=running, before=before)
    return HostRow(record, planned, "", signs=Signs(error_logs=lines))


def test_a_line_stands_with_its_time_by_this_computers_clock() -> None:
    written = clock_time(datetime(2026, 7, 1, 21, 12, 40, tzinfo=UTC))
    assert error_log_in_words(_row(_DEFAULT)) == f"{written}  Recovery is complete."


@pytest.mark.parametrize("zone", ["", "A zone that nobody knows", "W. Europe Standard Time_dstoff"])
def test_where_the_hosts_zone_is_not_known_the_time_is_said_to_be_its_own(zone: str) -> None:
    assert error_log_in_words(_row(_DEFAULT, zone=zone)) == "23:12:40 (its clock)  Recovery is complete."


def test_of_several_instances_the_newest_line_is_told_and_whose_it_is() -> None:
    assert error_log_in_words(_row(_SALES, _DEFAULT)).startswith("MSSQLSERVER  ")


def test_the_instance_that_is_worked_on_comes_before_one_that_wrote_later() -> None:
    assert error_log_in_words(_row(_SALES, _DEFAULT, at_work="SALES")).startswith("SALES  ")
    assert error_log_in_words(_row(_DEFAULT, at_work="SALES")).endswith("Recovery is complete.")


@pytest.mark.parametrize("asked", [2, 3, 6])
def test_a_look_days_later_does_not_count_as_work(asked: int) -> None:
    """Neither before it begins, nor while it goes on, nor when it has ended."""
    target = fold(entries([*left_unknown(), *verified_again()[:asked]])).target("SQL01")
    worked = len(left_unknown()) - 1 - 2
    planned = PLAN.target("SQL01")
    row = HostRow(target, replace(planned, steps=(replace(planned.steps[0], expected_seconds=1),)), "")
    (time,) = (column for column in run_columns() if column.title == "Time")
    assert ran_seconds(target, AT + timedelta(days=2)) == worked
    assert (time.text(row), time.tone and time.tone(row)) == (f"{worked} s", None)


def test_a_host_whose_log_was_not_read_shows_none() -> None:
    assert error_log_in_words(_row()) == ""
    assert error_log_in_words(replace(_row(), signs=None)) == ""


def test_a_row_whose_host_is_done_tells_the_last_step_and_when_it_ended() -> None:
    columns = {one.title: one for one in run_columns()}
    planned = PLAN.target("SQL02")
    done = HostRow(fold(entries(left_unknown())).target("SQL02"), planned, "")
    assert columns["Does"].text(done) == "done: restart"
    ended = done.record.worked_until
    assert ended is not None
    day = ended.astimezone()
    assert columns["Last sign"].text(done) == f"on {day.day} {day:%b}"
    whole = columns["Last sign"].whole
    assert whole is not None
    assert whole(done) == f"ended {day_and_time(ended)}"
    today = replace(done, record=replace(done.record, worked_until=datetime.now(UTC)))
    assert re.fullmatch(r"at \d\d:\d\d", columns["Last sign"].text(today))
    failed = (StepRecord(1, StepState.FAILED), StepRecord(2))
    broken = replace(done, record=replace(done.record, state=TargetState.FAILED, steps=failed))
    assert columns["Does"].text(broken) == "failed: update of MSSQLSERVER"


def test_of_a_host_that_was_never_begun_nothing_is_told_as_done() -> None:
    columns = {one.title: one for one in run_columns()}
    left = HostRow(TargetRecord("SQL01", TargetState.DEFERRED, ended_at=AT), PLAN.target("SQL01"), "")
    assert [columns[title].text(left) for title in ("Does", "Last sign")] == ["", ""]
