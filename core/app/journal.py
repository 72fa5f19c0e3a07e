"""The journal as a whole: are its chains unbroken, and do the tables say what it says."""

from dataclasses import dataclass

from core.app import composition
from core.app.workspace import Workspace
from core.store.journal import broken_at
from core.store.rebuilding import Difference, journalled_runs
from core.store.rebuilding import rebuild as rebuild_tables


@dataclass(frozen=True, slots=True)
class Chain:
    """One run's chain, and the place where it is broken, if it is."""

    run_id: str
    broken_at: int | None


def verify(workspace: Workspace) -> tuple[Chain, ...]:
    with composition.open_database(workspace) as database, database.read() as connection:
        return tuple(Chain(run_id, broken_at(connection, run_id)) for run_id in journalled_runs(connection))


def rebuild(workspace: Workspace) -> tuple[Difference, ...]:
    with composition.open_database(workspace) as database:
        return rebuild_tables(database)
