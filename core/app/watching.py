"""Watches a run: what its journal says new, each time one looks, and whether somebody drives it."""

from __future__ import annotations

from types import TracebackType

from core.app import composition
from core.app.lookup import the_plan, the_run
from core.app.workspace import Workspace
from core.evidence.folding import Story
from core.model.events import Entry
from core.model.plan import Plan
from core.runfolder.folder import RunFolder
from core.runfolder.locks import is_driven
from core.store.runs import journal_entries

__all__ = ["Story", "Watch", "plan_of"]


class Watch:
    """Holds the database open for as long as somebody watches."""

    def __init__(self, workspace: Workspace, reference: str) -> None:
        self._database = composition.open_database(workspace)
        try:
            run = the_run(self._database, reference)
        except BaseException:
            self._database.close()
            raise
        self.run_id = run.run_id
        self.plan_id = run.plan_id
        self._state = RunFolder(workspace.run_folder(run.run_id)).state
        self._seen = 0

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def fresh(self, most: int = 2000) -> tuple[Entry, ...]:
        """What was not seen yet, at most so much of it at once."""
        found = journal_entries(self._database, self.run_id, self._seen, most)
        if found:
            self._seen = found[-1].seq
        return found

    @property
    def driven(self) -> bool:
        return self._state.exists() and is_driven(self._state)


def plan_of(workspace: Workspace, reference: str) -> Plan:
    """What the run was to do."""
    database = composition.open_database(workspace)
    try:
        return the_plan(database, the_run(database, reference).plan_id)
    finally:
        database.close()
