"""Closes a run's folder: what the journal tells is written whole, whatever became of the files on the way."""

from __future__ import annotations

import logging

from core.app.following import write_telemetry
from core.app.report import write_reports
from core.app.workspace import Workspace
from core.model.outcome import Outcome, worst
from core.model.plan import Plan
from core.model.record import RunRecord
from core.runfolder.diagnostics import DiagnosticsHistory
from core.runfolder.folder import RunFolder
from core.store import facts as fact_store
from core.store.database import Database
from core.store.runs import journal_lines
from core.verification.comparing import compare

_LOG = logging.getLogger(__name__)


def with_evidence(
    workspace: Workspace,
    database: Database,
    folder: RunFolder,
    plan: Plan,
    record: RunRecord,
    outcome: Outcome,
    trouble: OSError | None,
) -> Outcome:
    """A run whose evidence could not be written has not ended well, whatever happened on the hosts."""
    try:
        _write_folder(workspace, database, folder, plan, record)
    except OSError as wrong:
        trouble = wrong
    if trouble is None:
        return outcome
    _LOG.error("evidence or report not written", extra={"run": record.run_id, "why": trouble.strerror})
    return worst(frozenset({outcome, Outcome.REPORTING_FAILED}))


def _write_folder(workspace: Workspace, database: Database, folder: RunFolder, plan: Plan, record: RunRecord) -> None:
    folder.write_journal(journal_lines(database, record.run_id))
    folder.write_state(record)
    write_telemetry(database, folder)
    differences = {}
    for target in record.targets:
        for taken in (target.before, target.after):
            if taken is not None and not folder.has_snapshot(taken.moment, target.host):
                folder.keep_snapshot(taken.moment, fact_store.load(database, taken.digest))
        if target.before is not None and target.after is not None:
            before, after = (fact_store.load(database, one.digest) for one in (target.before, target.after))
            differences[target.host] = compare(before, after)
        place = plan.target(target.host).place
        DiagnosticsHistory(workspace.locks, place, target.host).note(record.run_id, target)
    folder.write_differences(record, differences)
    if record.outcome is not None:
        folder.write_documents(record, plan)
        write_reports(workspace, database, record.run_id)
