"""Requests to a run: its own process answers within a second; what is only for the record needs no process."""

from dataclasses import replace
from difflib import get_close_matches

from core.app import composition
from core.app.lookup import the_run
from core.app.workspace import Workspace
from core.engine.desk import answer_for_the_record, taken
from core.model.events import Event
from core.model.fault import Fault, RefusedError
from core.model.ids import folded
from core.model.record import RunRecord, TargetRecord
from core.model.requests import FOR_THE_RECORD, Action, Request
from core.model.vocabulary import OUTCOME_WORDS
from core.runfolder.folder import RunFolder
from core.runfolder.locks import RunLock
from core.store import requests as request_store
from core.store.blocks import open_blocks
from core.store.database import Database
from core.store.recorder import RunRecorder
from core.store.runs import RunRow, journal_lines, load_record

# A process whose run has ended still writes its reports, and hears nothing any more.
_REPORTS_SECONDS = 60.0


def ask(workspace: Workspace, reference: str, action: Action, host: str | None, reason: str) -> Request:
    """Asks a run for something; the answer is in its journal."""
    if not reason.strip():
        raise RefusedError((Fault("reason", "empty", "say why; the journal names it"),))
    with composition.open_database(workspace) as database:
        run = the_run(database, reference)
        record = load_record(database, run.run_id)
        name = None if host is None else member(record, host).host
        if record.outcome is not None and action not in FOR_THE_RECORD:
            message = f"it has ended ({OUTCOME_WORDS[record.outcome].text}); nobody is there to be asked"
            raise RefusedError((Fault(f"run {run.run_id}", "ended", message),))
        asked = written(database, run, action, name, reason)
        if action in FOR_THE_RECORD:
            _answer_alone(workspace, database, run, asked)
        return asked


def unblock(workspace: Workspace, host: str, reason: str) -> tuple[Request, ...]:
    """Clears the host's patch-block: in the story of every run that blocked it."""
    with composition.open_database(workspace) as database:
        blocks = open_blocks(database, host)
    if not blocks:
        raise RefusedError((Fault(f"host {host}", "not_blocked", "it is not patch-blocked", found=host),))
    runs = dict.fromkeys(block.run_id for block in blocks)
    return tuple(ask(workspace, run_id, Action.UNBLOCK, host, reason) for run_id in runs)


def member(record: RunRecord, host: str) -> TargetRecord:
    """The host of the run, however its name was typed. Raises RefusedError for a stranger."""
    found = next((one for one in record.targets if folded(one.host) == folded(host)), None)
    if found is None:
        where, others = f"run {record.run_id}: {host}", {folded(one.host): one.host for one in record.targets}
        near = [others[one] for one in get_close_matches(folded(host), others, n=1)]
        message = "this host is not part of the run" + (f'; did you mean "{near[0]}"?' if near else "")
        raise RefusedError((Fault(where, "unknown_host", message, found=host),))
    return found


def written(database: Database, run: RunRow, action: Action, host: str | None, reason: str) -> Request:
    now = composition.SystemClock().now()
    by = composition.identity().operator
    asked = Request(0, run.run_id, action, host, by, reason.strip(), now)
    number = request_store.ask(database, asked)
    return replace(asked, id=number)


def _answer_alone(workspace: Workspace, database: Database, run: RunRow, request: Request) -> None:
    """Where no process drives the run, whoever asks writes the answer; else that process does."""
    folder = RunFolder(workspace.run_folder(run.run_id))
    lock = RunLock(folder.state)
    if not lock.take() and not (_has_ended(database, run) and lock.take(_REPORTS_SECONDS)):
        return
    try:
        record = load_record(database, run.run_id)
        if request.id in record.answered:
            return
        accepted, answer, events = answer_for_the_record(request, record)
        body = taken(request, accepted, answer)
        clock = composition.SystemClock()
        recorder = RunRecorder(database, run.run_id, record.epoch, clock, lambda entry: None)
        recorder.record((Event(body, None, None), *events))
        request_store.mark_taken(database, request)
        folder.write_journal(journal_lines(database, run.run_id))
    finally:
        lock.release()


def _has_ended(database: Database, run: RunRow) -> bool:
    return load_record(database, run.run_id).outcome is not None
