"""Status: where a run stands, from its journal, and whether somebody drives it."""

from dataclasses import dataclass

from core.app import composition
from core.app.lookup import the_run
from core.app.retrying import failed_and_patched_since
from core.app.workspace import Workspace
from core.model.history import PatchedSince
from core.model.record import RunRecord
from core.runfolder.folder import RunFolder
from core.runfolder.locks import is_driven
from core.store.blocks import open_blocks
from core.store.runs import load_record


@dataclass(frozen=True, slots=True)
class RunStatus:
    """Driven: a process works on it now. A run without an end that nobody drives was broken off and can be resumed."""

    record: RunRecord
    driven: bool
    patched_since: tuple[PatchedSince, ...] = ()
    """Failed hosts that another run brought to success later."""

    patch_blocked: frozenset[str] = frozenset()
    """Hosts that somebody has to unblock now, whichever run patch-blocked them."""

    @property
    def words(self) -> str:
        if self.record.outcome is not None:
            return str(self.record.outcome)
        if not self.driven:
            return "interrupted"
        return "paused" if self.record.paused else "running"


def status(workspace: Workspace, reference: str) -> RunStatus:
    with composition.open_database(workspace) as database:
        run = the_run(database, reference)
        record = load_record(database, run.run_id)
        blocked = frozenset(one.host for one in open_blocks(database))
        since = failed_and_patched_since(database, record)
    folder = RunFolder(workspace.run_folder(run.run_id))
    driven = record.outcome is None and folder.state.exists() and is_driven(folder.state)
    return RunStatus(record, driven, since, blocked)
