"""The derived tables, made anew from the journal."""

from typing import Any

import pytest

from core.store.database import Database
from core.store.history import visits_of
from core.store.rebuilding import rebuild
from core.store.recorder import RunRecorder
from core.store.runs import load_record, run_heads, summaries
from tests.conftest import HandClock
from tests.samples import RUN, left_unknown, verified_again, whole_run


@pytest.fixture
def told(database: Database, clock: HandClock) -> Database:
    """A database in which a whole run was recorded."""
    recorder = RunRecorder(database, RUN, 1, clock, lambda _: None)
    for event in whole_run():
        recorder.record((event,))
    return database


def _change(database: Database, statement: str) -> None:
    with database.write() as connection:
        connection.exec_driver_sql(statement)


def _statuses(database: Database) -> list[tuple[Any, ...]]:
    with database.read() as connection:
        asked = "SELECT host, status FROM hotfix_targets ORDER BY host"
        return [tuple(row) for row in connection.exec_driver_sql(asked)]


def test_tables_that_nobody_touched_are_found_as_the_journal_tells(told: Database) -> None:
    assert rebuild(told) == ()
    assert _statuses(told) == [("SQL01", "success"), ("SQL02", "success")]


@pytest.mark.parametrize(
    ("statement", "table", "was"),
    [
        ("UPDATE hotfix_targets SET status = 'failed' WHERE host = 'SQL01'", "hotfix_targets", "status failed"),
        ("UPDATE hotfix_steps SET exit_code = 0 WHERE exit_code = 3010 AND id = 1", "hotfix_steps", "exit_code 0"),
        ("UPDATE hotfix_runs SET operator = 'nobody'", "hotfix_runs", "operator nobody"),
        (
            "UPDATE hotfix_target_instances SET post_build = '1.0.0' WHERE id = 1",
            "hotfix_target_instances",
            "post_build",
        ),
    ],
)
def test_a_row_that_somebody_changed_is_named_and_mended(told: Database, statement: str, table: str, was: str) -> None:
    _change(told, statement)
    (difference,) = rebuild(told)
    assert difference.table == table
    assert was in str(difference.was)
    assert rebuild(told) == ()


@pytest.mark.parametrize("told_of_it", range(1, len(verified_again()) + 1))
def test_a_run_that_is_taken_up_to_verify_a_host_is_found_as_the_journal_tells(
    database: Database, clock: HandClock, told_of_it: int
) -> None:
    """Wherever it stands by then; and the fold tells the same."""
    for epoch, events in ((1, left_unknown()), (2, verified_again()[:told_of_it])):
        for event in events:
            clock.move(minutes=7)
            RunRecorder(database, RUN, epoch, clock, lambda _: None).record((event,))
    assert rebuild(database) == ()
    run, record = load_record(database, RUN), visits_of(database, "SQL01")[0]
    (summary,) = summaries(database, [one.id for one in run_heads(database)]).values()
    assert summary.worked_until == run.worked_until
    assert record.worked_until == run.target("SQL01").worked_until
    assert [one.ended_at for one in record.steps] == [
        run.target("SQL01").step(one.order).ended_at for one in record.steps
    ]


def test_a_row_that_somebody_removed_comes_back(told: Database) -> None:
    _change(told, "DELETE FROM hotfix_steps WHERE id = 1")
    (difference,) = rebuild(told)
    assert (difference.table, difference.was) == ("hotfix_steps", None)
    assert rebuild(told) == ()


def test_a_row_that_no_journal_tells_of_goes(told: Database) -> None:
    _change(
        told,
        "INSERT INTO hotfix_steps (hotfix_target_id, step_order, kind, description, status)"
        " VALUES (1, 99, 'patch', 'x', 'success')",
    )
    (difference,) = rebuild(told)
    assert difference.told is None
    assert rebuild(told) == ()
