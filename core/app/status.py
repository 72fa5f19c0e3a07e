"""Status: where a run stands, from its journal, and whether somebody drives it."""

from dataclasses import dataclass

from core.app import composition
from core.app.lookup import the_run
from core.app.workspace import Workspace
from core.model.fault import Fault, RefusedError
from core.model.record import RunRecord
from core.model.requests import Action, Request
from core.runfolder.folder import RunFolder
from core.runfolder.locks import is_driven
from core.store import requests as request_store
from core.store.runs import load_record


@dataclass(frozen=True, slots=True)
class RunStatus:
    """Driven: a process works on it now. A run without an end that nobody drives was broken off and can be resumed."""

    record: RunRecord
    driven: bool

    @property
    def words(self) -> str:
        if self.record.outcome is not None:
            return str(self.record.outcome)
        return "running" if self.driven else "interrupted"


def status(workspace: Workspace, reference: str) -> RunStatus:
    with composition.open_database(workspace) as database:
        run = the_run(database, reference)
        record = load_record(database, run.run_id)
    folder = RunFolder(workspace.run_folder(run.run_id))
    return RunStatus(record, record.outcome is None and folder.state.exists() and is_driven(folder.state))


def request(workspace: Workspace, reference: str, action: Action, host: str | None, reason: str) -> Request:
    """Asks a run for something. Its own process answers within a second, in the journal."""
    found = status(workspace, reference)
    run_id = found.record.run_id
    if found.record.outcome is not None:
        message = f"it has ended ({found.record.outcome}); nobody is there to be asked"
        raise RefusedError((Fault(f"run {run_id}", "ended", message),))
    if not reason.strip():
        raise RefusedError((Fault("--reason", "empty", "say why; the journal names it"),))
    if host is not None and host not in {target.host for target in found.record.targets}:
        raise RefusedError((Fault(f"run {run_id}: {host}", "unknown_host", "this host is not part of the run"),))
    now = composition.SystemClock().now()
    asked = Request(0, run_id, action, host, composition.identity().operator, reason.strip(), now)
    with composition.open_database(workspace) as database:
        number = request_store.ask(database, asked)
    return Request(number, run_id, action, host, asked.by, asked.reason, now)
