"""Report: a run's record as Excel and HTML."""

from pathlib import Path

from core.app import composition
from core.app.lookup import the_plan, the_run
from core.app.workspace import Workspace
from core.model.plan import Plan
from core.model.record import RunRecord
from core.store.runs import load_record


def report(workspace: Workspace, reference: str, folder: Path | None, *, excel: bool, html: bool) -> tuple[Path, ...]:
    """Writes the reports anew, into the run's folder unless another is named."""
    with composition.open_database(workspace) as database:
        run = the_run(database, reference)
        record = load_record(database, run.run_id)
        plan = the_plan(database, run.plan_id)
    target = folder or workspace.run_folder(run.run_id) / "Reports"
    return write_reports(record, plan, target, excel=excel, html=html)


def write_reports(record: RunRecord, plan: Plan, folder: Path, *, excel: bool, html: bool) -> tuple[Path, ...]:
    from core.reports.page import write_page
    from core.reports.workbook import write_workbook

    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    if excel:
        written.append(folder / f"{record.started_at.year} Hotfix Deployment.xlsx")
        write_workbook(record, plan, written[-1])
    if html:
        written.append(folder / "final-report.html")
        write_page(record, plan, written[-1])
    return tuple(written)
