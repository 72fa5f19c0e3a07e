"""status, report."""

from __future__ import annotations

from pathlib import Path

import click

from core.app.report import report as write_report
from core.app.status import RunStatus
from core.app.status import status as status_of
from core.cli.answering import Answer, Options, command, writing
from core.cli.telling import in_words, standing_of
from core.model.document import to_document
from core.model.record import TargetRecord


@click.command()
@click.argument("run_id", metavar="[RUN]", default="last")
@command("status")
def status(options: Options, run_id: str) -> Answer:
    """Show where RUN stands, the last one without a name."""
    found = status_of(options.workspace, run_id)
    data = {"run_id": found.record.run_id, "status": found.words, "record": to_document(found.record)}
    return Answer(data, _in_words(found))


def _in_words(found: RunStatus) -> str:
    record = found.record
    lines = [f"run {record.run_id}: {in_words(found.words)}", *map(_standing, record.targets)]
    if found.driven and record.held:
        lines.append(f"no host is begun: {record.held}")
    if found.words == "interrupted":
        lines.append(f"next: drydock deploy --resume {record.run_id}")
    return "\n".join(lines)


def _standing(target: TargetRecord) -> str:
    """The phase matters only while a host is on its way."""
    if target.patch_blocked is not None:
        return f"{standing_of(target)} [patch-blocked]"
    if target.ended_at is not None or target.phase is None:
        return standing_of(target)
    return f"{standing_of(target)} ({in_words(target.phase.name.lower())})"


@click.command()
@click.argument("run_id", metavar="RUN")
@click.option("--excel", is_flag=True, help="An Excel workbook.")
@click.option("--html", is_flag=True, help="One HTML file.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Into this folder.")
@command("report")
def report(options: Options, run_id: str, excel: bool, html: bool, out: Path | None) -> Answer:
    """Write the reports of RUN anew; both without a choice."""
    both = not (excel or html)
    with writing(out or Path("Reports")):
        written = write_report(options.workspace, run_id, out, excel=excel or both, html=html or both)
    return Answer({"files": [str(path) for path in written]}, "\n".join(map(str, written)))
