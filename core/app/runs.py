"""The runs there were, and whether somebody drives those that have not ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from core.app import composition
from core.app.workspace import Workspace
from core.model.outcome import Outcome
from core.model.state import TargetState
from core.runfolder.folder import RunFolder
from core.runfolder.locks import is_driven
from core.store.database import Database
from core.store.runs import RunHead, RunSummary, run_heads, summaries


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in a line. Without an outcome it goes on if it is driven, and was broken off if not."""

    run_id: str
    plan_id: str
    plan_digest: str
    operator: str
    change: str
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None
    driven: bool
    hosts: tuple[tuple[TargetState, int], ...]
    names: frozenset[str] = frozenset()
    kbs: frozenset[str] = frozenset()
    # Without what somebody had verified later.
    worked_until: datetime | None = None

    @property
    def states(self) -> Mapping[TargetState, int]:
        return dict(self.hosts)

    def count(self, *states: TargetState) -> int:
        """How many hosts are in one of the states; without one, all."""
        return sum(count for state, count in self.hosts if not states or state in states)


class RunsWatch:
    """All runs, read again only as far as they have changed."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self._workspace, self._database = workspace, database
        self._heads: dict[int, RunHead] = {}
        self._lines: dict[int, RunLine] = {}
        self._told: tuple[RunLine, ...] = ()

    def look(self) -> tuple[RunLine, ...]:
        """The newest first. The same tuple again where nothing has changed."""
        heads = run_heads(self._database)
        stale = [one.id for one in heads if one.goes_on or self._heads.get(one.id) != one]
        fresh = self._read(stale)
        # A runner writes the end of its run and then lets go of it: what nobody drives may have ended meanwhile.
        fresh |= self._read([number for number, line in fresh.items() if line.outcome is None and not line.driven])
        self._heads = {one.id: one for one in heads}
        self._lines = {one.id: fresh.get(one.id) or self._lines[one.id] for one in heads}
        return self._tell()

    def glance(self) -> tuple[RunLine, ...]:
        """Nothing was committed since: but a process may have died, or taken a run up."""
        for number, line in self._lines.items():
            if line.outcome is None and self._is_driven(line.run_id) is not line.driven:
                if line.driven:
                    return self.look()
                self._lines[number] = replace(line, driven=True)
        return self._tell()

    def _read(self, numbers: list[int]) -> dict[int, RunLine]:
        return {number: self._line(one) for number, one in summaries(self._database, numbers).items()}

    def _tell(self) -> tuple[RunLine, ...]:
        lines = tuple(self._lines.values())
        if lines != self._told:
            self._told = lines
        return self._told

    def _line(self, found: RunSummary) -> RunLine:
        outcome = Outcome(found.status) if found.status in set(Outcome) else None
        return RunLine(
            run_id=found.run_id,
            plan_id=found.plan_id,
            plan_digest=found.plan_digest,
            operator=found.operator,
            change=found.change or "",
            started_at=found.started_at,
            ended_at=found.ended_at,
            outcome=outcome,
            driven=outcome is None and self._is_driven(found.run_id),
            hosts=tuple((TargetState(name), count) for name, count in found.hosts),
            names=found.names,
            kbs=found.kbs,
            worked_until=found.worked_until,
        )

    def _is_driven(self, run_id: str) -> bool:
        state = RunFolder(self._workspace.run_folder(run_id)).state
        return state.exists() and is_driven(state)


def list_runs(workspace: Workspace) -> tuple[RunLine, ...]:
    """The newest first."""
    with composition.open_database(workspace) as database:
        return RunsWatch(workspace, database).look()


class RunsSeen:
    """Looks again and again: at the database only when somebody has written into it."""

    def __init__(self, watch: RunsWatch, version: Callable[[], int]) -> None:
        self._watch, self._version = watch, version
        self._seen: int | None = None

    def look(self) -> tuple[RunLine, ...]:
        """The same tuple again where nothing has changed."""
        now = self._version()
        if now == self._seen:
            return self._watch.glance()
        # Asked before it is read: what is written meanwhile is read once more.
        self._seen = now
        return self._watch.look()


@contextmanager
def watching_runs(workspace: Workspace) -> Iterator[RunsSeen]:
    """The database stays open for as long as somebody watches."""
    with composition.open_database(workspace) as database, database.noticing() as version:
        yield RunsSeen(RunsWatch(workspace, database), version)
