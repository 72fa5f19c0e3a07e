"""Watches a run: what its journal says new, each time one looks, and whether somebody drives it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.app import composition
from core.app.lookup import the_plan, the_run
from core.app.review import roles_of
from core.app.workspace import Workspace
from core.evidence.folding import Folding
from core.model.events import Entry
from core.model.plan import Plan
from core.model.transfer import Moment
from core.runfolder.folder import RunFolder
from core.runfolder.locks import is_driven
from core.runfolder.moments import MomentsSeen
from core.store.database import Database
from core.store.runs import journal_entries

__all__ = ["Folding", "Intended", "Watch", "intended", "plan_of", "watching"]


class Watch:
    """What one has seen of a run so far."""

    def __init__(self, database: Database, run_id: str, state: Path) -> None:
        self._database, self._run_id, self._state = database, run_id, state
        self._seen = 0
        self._moments = MomentsSeen(state)

    def fresh(self, most: int = 2000) -> tuple[Entry, ...]:
        """What was not seen yet, at most so much of it at once."""
        found = journal_entries(self._database, self._run_id, self._seen, most)
        if found:
            self._seen = found[-1].seq
        return found

    def moments(self) -> tuple[Moment, ...]:
        """How far transfers are, where that has changed."""
        return self._moments.fresh()

    @property
    def driven(self) -> bool:
        return self._state.exists() and is_driven(self._state)


@contextmanager
def watching(workspace: Workspace, reference: str) -> Iterator[Watch]:
    """The database stays open for as long as somebody watches."""
    with composition.open_database(workspace) as database:
        run = the_run(database, reference)
        yield Watch(database, run.run_id, RunFolder(workspace.run_folder(run.run_id)).state)


@dataclass(frozen=True, slots=True)
class Intended:
    """What a run was to do, and what each host of a group was when it was last looked at."""

    plan: Plan
    roles: dict[str, str]


def intended(workspace: Workspace, reference: str) -> Intended:
    with composition.open_database(workspace) as database:
        plan = the_plan(database, the_run(database, reference).plan_id)
        return Intended(plan, roles_of(database, plan))


def plan_of(workspace: Workspace, reference: str) -> Plan:
    """What the run was to do."""
    with composition.open_database(workspace) as database:
        return the_plan(database, the_run(database, reference).plan_id)
