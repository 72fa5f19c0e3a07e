"""The journal as a whole: are its chains unbroken and complete, and do the tables say what it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from core.app import composition
from core.app.workspace import Workspace
from core.runfolder.folder import RunFolder
from core.store.database import Database
from core.store.journal import broken_at, lines
from core.store.rebuilding import Difference, journalled_runs
from core.store.rebuilding import rebuild as rebuild_tables
from core.store.runs import begun_runs, ended_without_a_word

__all__ = ["Chain", "Difference", "rebuild", "verify"]


@dataclass(frozen=True, slots=True)
class Chain:
    """One run's chain, the place where it is broken, and what other witnesses tell of it that it lacks."""

    run_id: str
    broken_at: int | None
    missing: str | None

    @property
    def words(self) -> str:
        """What is wrong with it, if something is."""
        return f"broken at line {self.broken_at}" if self.broken_at is not None else self.missing or ""

    @property
    def whole(self) -> bool:
        return self.broken_at is None and self.missing is None


def verify(workspace: Workspace) -> tuple[Chain, ...]:
    """A chain that was cut at its end is whole in itself: the run's own copy and the tables may remember more."""
    with composition.open_database(workspace) as database:
        with database.read() as connection:
            runs = sorted({*journalled_runs(connection), *begun_runs(connection)})
        return tuple(_chain(workspace, database, run_id) for run_id in runs)


def rebuild(workspace: Workspace) -> tuple[Difference, ...]:
    with composition.open_database(workspace) as database:
        return rebuild_tables(database)


def _chain(workspace: Workspace, database: Database, run_id: str) -> Chain:
    # The copy is looked at first: of a run that goes on, the journal is never behind it.
    kept = RunFolder(workspace.run_folder(run_id)).journal_lines()
    with database.read() as connection:
        broken = broken_at(connection, run_id)
        missing = None if broken is not None else _missing(kept, lines(connection, run_id))
        if missing is None and ended_without_a_word(connection, run_id):
            missing = "the tables know of the run's end, and the journal does not: lines were cut off at its end"
        return Chain(run_id, broken, missing)


def _missing(kept: Iterator[str], journalled: Iterator[str]) -> str | None:
    """The copy may be behind, where a crash cut it short; it may not be ahead, nor say anything else."""
    for place, (copy, line) in enumerate(zip_longest(kept, journalled), start=1):
        if copy is None:
            return None
        if line is None:
            return f"Events.jsonl goes on behind line {place - 1}: lines were cut off at the journal's end"
        if copy != line:
            return f"Events.jsonl says something else in line {place}"
    return None
