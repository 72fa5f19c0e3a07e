"""The Excel report of a run."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.model.plan import Plan
from core.model.record import RunRecord
from core.model.step import PatchStep
from core.reports.words import STEP_WORDS, TARGET_WORDS, outcome_words, reason, tone, what_of

Cell = str | int | datetime | None

_HEAD = PatternFill("solid", fgColor="1F3A5F")
_TONES = {
    "good": PatternFill("solid", fgColor="DDF2E3"),
    "bad": PatternFill("solid", fgColor="FBE0DE"),
    "open": PatternFill("solid", fgColor="FFF1CC"),
}
_WIDEST = 36
_UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_POINTS = 15.5
_FONT = "Calibri"


def write_workbook(record: RunRecord, plan: Plan, path: Path) -> None:
    """Replaces the file only when it is whole."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    _summary(_sheet(book, "Summary"), record, plan)
    _targets(_sheet(book, "Targets"), record, plan)
    _steps(_sheet(book, "Steps"), record, plan)
    _left_out(_sheet(book, "Skipped and deferred"), record, plan)
    book.properties.title = f"Hotfix deployment {record.run_id}"
    book.properties.creator = "Drydock"
    new = path.with_name(path.name + ".new")
    book.save(new)
    new.replace(path)


def _summary(sheet: Worksheet, record: RunRecord, plan: Plan) -> None:
    counted: dict[str, int] = {}
    for target in record.targets:
        words = TARGET_WORDS[target.state]
        counted[words] = counted.get(words, 0) + 1
    rows: list[Sequence[Cell]] = [
        ("Outcome", outcome_words(record.outcome)),
        ("Run", record.run_id),
        ("Plan", plan.id),
        ("Plan digest", plan.digest),
        ("Operator", record.operator),
        ("Audit PC", record.console),
        ("Reason", record.reason),
        ("Change", record.change),
        ("Started (UTC)", _naive(record.started_at)),
        ("Ended (UTC)", _naive(record.ended_at)),
        ("Hosts in the plan", len(record.targets)),
        *((words, number) for words, number in counted.items()),
        ("Hosts and instances left out", len(plan.skipped)),
    ]
    _fill(sheet, ("What", "Value"), rows)


def _targets(sheet: Worksheet, record: RunRecord, plan: Plan) -> None:
    head = (
        "Host",
        "Instance",
        "State",
        "Build before",
        "Build planned",
        "Build after",
        "Restart proven",
        "Started (UTC)",
        "Ended (UTC)",
        "Lines lost",
        "Reason",
    )
    rows: list[Sequence[Cell]] = []
    tones: list[str] = []
    for target in record.targets:
        after = {} if target.after is None else {one.instance: one.build for one in target.after.builds}
        for instance in plan.target(target.host).instances:
            proven = "yes" if target.reboots else "no"
            times = (_naive(target.started_at), _naive(target.ended_at))
            builds = (instance.before, instance.after, after.get(instance.name))
            words = TARGET_WORDS[target.state]
            rows.append(
                (target.host, instance.name, words, *builds, proven, *times, target.connection_losses, reason(target))
            )
            tones.append(tone(target.state))
    _fill(sheet, head, rows, tones, toned=3)


def _steps(sheet: Worksheet, record: RunRecord, plan: Plan) -> None:
    head = (
        "Host",
        "Step",
        "What",
        "Arguments",
        "State",
        "Exit code",
        "Meaning",
        "Setup's summary",
        "Started (UTC)",
        "Ended (UTC)",
        "Undo",
        "Reason",
    )
    rows: list[Sequence[Cell]] = []
    for target in record.targets:
        for step in plan.target(target.host).steps:
            done = target.step(step.order)
            what = what_of(step, plan)
            job = done.job
            rows.append(
                (
                    target.host,
                    step.order,
                    what,
                    " ".join(step.arguments) if isinstance(step, PatchStep) else None,
                    STEP_WORDS[done.state],
                    None if job is None else job.exit_code,
                    None if job is None else job.meaning,
                    None if job is None else job.summary,
                    _naive(done.started_at),
                    _naive(done.ended_at),
                    f"{'possible' if step.undo.possible else 'impossible'}: {step.undo.how}",
                    None if done.failure is None else str(done.failure),
                )
            )
    _fill(sheet, head, rows)


def _left_out(sheet: Worksheet, record: RunRecord, plan: Plan) -> None:
    rows: list[Sequence[Cell]] = [(one.host, one.instance, "left out of the plan", one.reason) for one in plan.skipped]
    rows += [
        (target.host, None, TARGET_WORDS[target.state], reason(target))
        for target in record.targets
        if tone(target.state) == "open"
    ]
    _fill(sheet, ("Host", "Instance", "State", "Reason"), rows)


def _sheet(book: Workbook, title: str) -> Worksheet:
    sheet: Worksheet = book.create_sheet(title)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.print_title_rows = "1:1"
    return sheet


def _fill(
    sheet: Worksheet, head: Sequence[str], rows: Iterable[Sequence[Cell]], tones: Sequence[str] = (), toned: int = 0
) -> None:
    widths = [len(name) for name in head]
    for column, name in enumerate(head, start=1):
        cell = sheet.cell(1, column, name)
        cell.font, cell.fill = Font(name=_FONT, bold=True, color="FFFFFF"), _HEAD
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    last = 1
    for last, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            _put(sheet, last, column, value)
            shown = 19 if isinstance(value, datetime) else len(str(value or ""))
            widths[column - 1] = min(_WIDEST, max(widths[column - 1], shown))
        # Without a height of its own a wrapped row shows its first line alone.
        sheet.row_dimensions[last].height = _LINE_POINTS * max(
            ceil(len(str(value or "")) / _WIDEST) or 1 for value in row
        )
        if tones:
            sheet.cell(last, toned).fill = _TONES[tones[last - 2]]
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width + 3
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{last}"


def _put(sheet: Worksheet, row: int, column: int, value: Cell) -> None:
    """Text stays text: what comes from a server must never become a formula."""
    cell = sheet.cell(row, column)
    cell.font = Font(name=_FONT)
    if isinstance(value, str):
        cell.value = _printable(value)
        cell.data_type = "s"
        cell.alignment = Alignment(horizontal="left", wrap_text=len(value) > _WIDEST, vertical="top")
    else:
        cell.value = value
        cell.alignment = Alignment(horizontal="left", vertical="top")
        if isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd hh:mm:ss"


def _printable(text: str) -> str:
    """Without what the XML of a workbook cannot hold: control characters and halves of characters."""
    return _UNPRINTABLE.sub("", text)[:32_000]


def _naive(at: datetime | None) -> datetime | None:
    """Excel knows no zones; the column's head names UTC."""
    return None if at is None else at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
