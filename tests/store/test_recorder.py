"""Recording: journal and tables together or not at all, by the one process that holds the run."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, NoResultFound

from core.model.events import (
    Entry,
    Event,
    FactsTaken,
    JobEnded,
    PhaseEntered,
    RunEnded,
    RunResumed,
    StepMoved,
    TargetMoved,
)
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.state import IllegalMoveError, StepState, TargetState
from core.store import journal
from core.store.database import Database
from core.store.projection import ConflictError
from core.store.recorder import FencedError, RunRecorder
from core.store.runs import find_runs, journal_lines, load_record
from tests.conftest import HandClock
from tests.samples import JOB, LOST, NEW, OLD, RUN, STARTED, begun, whole_run

_MOVED = Event(TargetMoved(TargetState.PENDING, TargetState.IN_PROGRESS), "SQL01")


class Recording:
    """A recorder and what it emitted."""

    def __init__(self, database: Database, clock: HandClock, epoch: int = 1) -> None:
        self.emitted: list[Entry] = []
        self.recorder = RunRecorder(database, RUN, epoch, clock, self.emitted.append)

    def record(self, *events: Event) -> tuple[Entry, ...]:
        return self.recorder.record(events)


@pytest.fixture
def recording(database: Database, clock: HandClock) -> Recording:
    return Recording(database, clock)


def _rows(database: Database, asked: str) -> list[tuple[Any, ...]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(asked)]


def _targets(database: Database) -> list[tuple[Any, ...]]:
    return _rows(database, "SELECT host, status FROM hotfix_targets ORDER BY host")


def test_the_start_lays_out_the_rows_of_the_plan(database: Database, recording: Recording) -> None:
    recording.record(Event(STARTED))
    assert _rows(database, "SELECT run_id, status, epoch, operator FROM hotfix_runs") == [(RUN, "running", 1, "olga")]
    assert _targets(database) == [("SQL01", "pending"), ("SQL02", "pending")]
    steps = "SELECT step_order, installer_file, status FROM hotfix_steps ORDER BY id LIMIT 2"
    assert _rows(database, steps) == [(1, "SQLServer2019-KB5054833-x64.exe", "pending"), (2, None, "pending")]
    builds = "SELECT pre_build, planned_build, post_build FROM hotfix_target_instances LIMIT 1"
    assert _rows(database, builds) == [(OLD, NEW, None)]


def test_the_tables_end_where_the_journal_ends(database: Database, recording: Recording) -> None:
    for event in whole_run():
        recording.record(event)
    assert _targets(database) == [("SQL01", "success"), ("SQL02", "success")]
    assert _rows(database, "SELECT DISTINCT status, exit_code FROM hotfix_steps ORDER BY exit_code") == [
        ("success", None),
        ("success", 3010),
    ]
    assert _rows(database, "SELECT DISTINCT post_build FROM hotfix_target_instances") == [(NEW,)]
    (run,) = find_runs(database, "last")
    assert run.status == "succeeded"
    assert {target.state for target in load_record(database, RUN).targets} == {TargetState.SUCCESS}


def test_an_exit_code_is_kept_as_setup_writes_it(database: Database, recording: Recording) -> None:
    recording.record(Event(STARTED), *begun("SQL01"), Event(replace(JOB, exit_code=0x84BE0BC2), "SQL01"))
    assert (-2067919934,) in _rows(database, "SELECT exit_code FROM hotfix_steps")


def test_what_was_recorded_is_emitted_in_order_and_after_the_commit(database: Database, clock: HandClock) -> None:
    seen: list[tuple[int, int]] = []

    def emit(entry: Entry) -> None:
        seen.append((entry.seq, len(journal_lines(database, RUN))))

    recorder = RunRecorder(database, RUN, 1, clock, emit)
    recorder.record((Event(STARTED), _MOVED, Event(PhaseEntered(), "SQL01", Phase.BASELINE)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_entries_carry_the_clock_and_follow_each_other(recording: Recording, clock: HandClock) -> None:
    (first,) = recording.record(Event(STARTED))
    clock.move(minutes=5)
    (second,) = recording.record(_MOVED)
    assert (second.at - first.at).total_seconds() == 300
    assert (first.seq, second.seq) == (1, 2)


_UNFIT: dict[str, tuple[Event, type[Exception]]] = {
    "another state": (
        Event(TargetMoved(TargetState.OVERDUE, TargetState.FAILED, LOST), "SQL01"),
        ConflictError,
    ),
    "no arrow": (Event(TargetMoved(TargetState.SUCCESS, TargetState.FAILED), "SQL01"), IllegalMoveError),
    "no host": (replace(_MOVED, target="SQL99"), NoResultFound),
    "no step": (Event(StepMoved(7, StepState.PENDING, StepState.RUNNING), "SQL01"), ConflictError),
    "no job's step": (Event(replace(JOB, step=7), "SQL01"), ConflictError),
    "begun twice": (Event(STARTED), IntegrityError),
}


@pytest.mark.parametrize(("unfit", "error"), _UNFIT.values(), ids=_UNFIT)
def test_an_event_that_does_not_fit_is_loud_and_leaves_nothing(
    database: Database, recording: Recording, unfit: Event, error: type[Exception]
) -> None:
    recording.record(Event(STARTED))
    lines, targets, emitted = journal_lines(database, RUN), _targets(database), len(recording.emitted)
    with pytest.raises(error):
        recording.record(_MOVED, unfit)
    assert journal_lines(database, RUN) == lines
    assert _targets(database) == targets
    assert len(recording.emitted) == emitted


def test_a_row_that_somebody_moved_by_hand_stops_the_run(database: Database, recording: Recording) -> None:
    recording.record(Event(STARTED))
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE hotfix_targets SET status = 'success'")
    with pytest.raises(ConflictError):
        recording.record(_MOVED)


def test_whoever_takes_a_run_up_fences_the_one_before(database: Database, clock: HandClock) -> None:
    first, second = Recording(database, clock), Recording(database, clock, epoch=2)
    first.record(Event(STARTED))
    second.record(Event(RunResumed("pit", "OTHER-PC", 2)))
    with pytest.raises(FencedError, match="epoch 2"):
        first.record(_MOVED)
    second.record(_MOVED)
    assert _rows(database, "SELECT epoch, status FROM hotfix_runs") == [(2, "running")]


def test_of_two_who_take_a_run_up_one_comes_too_late(database: Database, clock: HandClock) -> None:
    Recording(database, clock).record(Event(STARTED))
    Recording(database, clock, epoch=2).record(Event(RunResumed("pit", "A", 2)))
    with pytest.raises(FencedError):
        Recording(database, clock, epoch=2).record(Event(RunResumed("eve", "B", 2)))


def test_a_run_that_never_began_takes_no_events(recording: Recording, database: Database) -> None:
    with pytest.raises(NoResultFound):
        recording.record(_MOVED)
    assert journal_lines(database, RUN) == ()


def test_facts_after_tell_the_build_of_an_instance_and_facts_before_do_not(
    database: Database, recording: Recording
) -> None:
    story: Sequence[Event] = whole_run()
    asked = (
        "SELECT post_build FROM hotfix_target_instances AS i JOIN hotfix_targets AS t ON t.id = i.hotfix_target_id"
        " WHERE t.host = 'SQL01'"
    )
    for event in story:
        recording.record(event)
        if event.target == "SQL01" and isinstance(event.body, JobEnded):
            assert _rows(database, asked) == [(None,)]
        if event.target == "SQL01" and isinstance(event.body, FactsTaken) and event.body.moment == "after":
            assert _rows(database, asked) == [(NEW,)]
    assert isinstance(story[-1].body, RunEnded)
    assert story[-1].body.outcome is Outcome.SUCCEEDED


def test_a_journal_that_verifies_is_what_recording_leaves(database: Database, recording: Recording) -> None:
    for event in whole_run():
        recording.record(event)
    with database.read() as connection:
        assert journal.broken_at(connection, RUN) is None
