"""The list of runs: read again only as far as it has changed, however many there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event

from core.app import composition, runs
from core.app.requests import unblock
from core.app.runs import list_runs, watching_runs
from core.app.workspace import Workspace
from core.model.events import Event, RunEnded, RunResumed
from core.model.outcome import Outcome
from core.runfolder.folder import RunFolder
from core.runfolder.locks import RunLock
from core.store.database import Database
from core.store.recorder import RunRecorder
from tests.app.test_report import workspace as workspace  # noqa: PLC0414 - a fixture
from tests.conftest import HandClock
from tests.reports.stories import mixed_plan
from tests.samples import AT, RUN


def _tell(database: Database, *events: Event, epoch: int = 2) -> None:
    clock = HandClock()
    clock.at = AT
    RunRecorder(database, RUN, epoch, clock, lambda _: None).record(events)


def test_a_run_names_its_hosts_and_the_updates_of_its_plan(workspace: Workspace) -> None:
    (line,) = list_runs(workspace)
    assert line.names == {one.host for one in mixed_plan().targets}
    assert line.kbs == {one.kb for one in mixed_plan().packages}


def test_where_nothing_was_written_the_database_is_not_read(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watching_runs(workspace) as seen:
        first = seen.look()

        def read(_: Database) -> None:
            raise AssertionError("the database was read")

        monkeypatch.setattr(Database, "read", read)
        assert seen.look() is first


def test_what_another_process_has_written_is_seen(workspace: Workspace) -> None:
    with watching_runs(workspace) as seen, composition.open_database(workspace) as other:
        (ended,) = seen.look()
        assert ended.outcome is not None
        _tell(other, Event(RunResumed("olga", "PC", 2)))
        (going,) = seen.look()
        assert (going.outcome, going.driven) == (None, False)
        lock = RunLock(RunFolder(workspace.run_folder(RUN)).state)
        assert lock.take()
        assert [one.driven for one in seen.look()] == [True], "who drives it is no matter of the database"
        lock.release()
        assert [one.driven for one in seen.look()] == [False]
        _tell(other, Event(RunEnded(Outcome.PARTIAL)))
        assert [one.outcome for one in seen.look()] == [Outcome.PARTIAL]


def test_a_run_that_has_not_changed_is_not_read_anew(workspace: Workspace) -> None:
    """Whatever else is written: here somebody unblocks a host."""
    with watching_runs(workspace) as seen:
        first = seen.look()
        unblock(workspace, "GLOBEX01", "looked at it")
        asked: list[str] = []
        database = seen._watch._database
        event.listen(database._engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
        assert seen.look() is first
        assert any("FROM hotfix_runs" in one for one in asked)
        assert not any("hotfix_targets" in one for one in asked)


def test_a_run_that_ends_while_it_is_looked_at_never_seems_broken_off(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process writes the end and is gone: both may come between two questions."""
    with watching_runs(workspace) as seen, composition.open_database(workspace) as other:
        _tell(other, Event(RunResumed("olga", "PC", 2)))
        RunFolder(workspace.run_folder(RUN)).state.mkdir(parents=True)
        left = [(RunEnded(Outcome.PARTIAL), 2)]

        def end_it(_: Path) -> bool:
            while left:
                end, epoch = left.pop()
                _tell(other, Event(end), epoch=epoch)
            return False

        monkeypatch.setattr(runs, "is_driven", lambda _: True)
        assert [one.driven for one in seen.look()] == [True]
        monkeypatch.setattr(runs, "is_driven", end_it)
        assert [one.outcome for one in seen.look()] == [Outcome.PARTIAL], "found by a glance"
        _tell(other, Event(RunResumed("olga", "PC", 3)), epoch=3)
        left.append((RunEnded(Outcome.SUCCEEDED), 3))
        assert [one.outcome for one in seen.look()] == [Outcome.SUCCEEDED], "found by reading"
