"""The runs there were, and whether somebody drives those that have not ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.app import composition
from core.app.workspace import Workspace
from core.model.outcome import Outcome
from core.model.state import TargetState
from core.runfolder.folder import RunFolder
from core.runfolder.locks import is_driven
from core.store.runs import RunSummary, summaries


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

    def count(self, *states: TargetState) -> int:
        """How many hosts are in one of the states; without one, all."""
        return sum(count for state, count in self.hosts if not states or state in states)


def list_runs(workspace: Workspace) -> tuple[RunLine, ...]:
    """The newest first."""
    with composition.open_database(workspace) as database:
        found = summaries(database)
    return tuple(_line(workspace, one) for one in found)


def _line(workspace: Workspace, found: RunSummary) -> RunLine:
    outcome = Outcome(found.status) if found.status in set(Outcome) else None
    state = RunFolder(workspace.run_folder(found.run_id)).state
    return RunLine(
        run_id=found.run_id,
        plan_id=found.plan_id,
        plan_digest=found.plan_digest,
        operator=found.operator,
        change=found.change or "",
        started_at=found.started_at,
        ended_at=found.ended_at,
        outcome=outcome,
        driven=outcome is None and state.exists() and is_driven(state),
        hosts=tuple((TargetState(name), count) for name, count in found.hosts),
    )
