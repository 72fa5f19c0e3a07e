"""journal verify: a chain is unbroken, and neither its copy nor the tables remember more than it tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.app.journal import Chain, verify
from core.app.workspace import Workspace, make_workspace
from core.runfolder.folder import RunFolder
from core.store import journal
from core.store.database import open_database
from tests.app.test_report import keep_the_run
from tests.samples import RUN


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With one journalled run that has ended, and the copy of its journal."""
    made = make_workspace(tmp_path / "w")
    database = open_database(made.database)
    keep_the_run(database)
    copy = RunFolder(made.run_folder(RUN))
    (copy.path / "Logs").mkdir(parents=True)
    with database.read() as connection:
        copy.write_journal(journal.lines(connection, RUN))
    database.close()
    return made


def _copy(workspace: Workspace) -> Path:
    return workspace.run_folder(RUN) / "Logs" / "Events.jsonl"


def _cut_journal(workspace: Workspace, behind: int) -> None:
    """As somebody could who may write into the database, and puts its guard back afterwards."""
    database = open_database(workspace.database)
    with database.write() as connection:
        guard = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name = 'journal_no_delete'"
        ).scalar_one()
        connection.exec_driver_sql("DROP TRIGGER journal_no_delete")
        connection.exec_driver_sql("DELETE FROM journal WHERE seq > ?", (behind,))
        connection.exec_driver_sql(guard)
    database.close()


def _missing(workspace: Workspace) -> str:
    (chain,) = verify(workspace)
    assert chain.broken_at is None
    assert not chain.whole
    return chain.missing or ""


def test_a_run_with_its_copy_is_whole(workspace: Workspace) -> None:
    assert verify(workspace) == (Chain(RUN, None, None),)


def test_a_copy_that_a_crash_cut_short_or_that_was_moved_away_takes_nothing_from_the_journal(
    workspace: Workspace,
) -> None:
    text = _copy(workspace).read_text(encoding="utf-8")
    _copy(workspace).write_text(text[: len(text) // 2], encoding="utf-8")
    assert verify(workspace) == (Chain(RUN, None, None),)
    _copy(workspace).unlink()
    assert verify(workspace) == (Chain(RUN, None, None),)


def test_lines_cut_off_at_the_end_are_remembered_by_the_copy(workspace: Workspace) -> None:
    _cut_journal(workspace, 7)
    assert "goes on behind line 7" in _missing(workspace)


@pytest.mark.parametrize("behind", [0, 7])
def test_without_a_copy_the_tables_remember_the_end(workspace: Workspace, behind: int) -> None:
    _copy(workspace).unlink()
    _cut_journal(workspace, behind)
    assert "cut off at its end" in _missing(workspace)


def test_a_copy_that_says_something_else_is_told(workspace: Workspace) -> None:
    lines = _copy(workspace).read_text(encoding="utf-8").splitlines()
    lines[3] = lines[3].replace('"level":"', '"level":"x')
    _copy(workspace).write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert _missing(workspace) == "Events.jsonl says something else in line 4"
