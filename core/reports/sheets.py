"""Sheets of a workbook: written row by row, safe to open, and the same bytes for the same content."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from shutil import copyfileobj
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.formatting.rule import Rule
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from core.model.run_report import Tone
from core.reports.aside import aside
from core.reports.cells import TOP_LEFT, TOP_RIGHT, Pens, Row, lines_of, numbers_of, widths_of
from core.reports.charts import Bars, chart_of

_FONT = "Calibri"
_HEAD_FONT = Font(name=_FONT, bold=True, color="FFFFFF")
_HEAD = PatternFill("solid", fgColor="1F3A5F")
# So many columns at the left say what a row is about.
_NAMED_BY = {"Run": 2, "Host": 1, "Month": 1}
# Colours of text and ground; each pair is readable (WCAG AA), which a test computes.
TONE_COLOURS: dict[Tone, tuple[str, str]] = {
    "good": ("17663A", "DDF2E3"),
    "bad": ("A1241B", "FBE0DE"),
    "open": ("7A5200", "FFF1CC"),
}
_WIDEST, _WIDEST_WRAPPED = 44, 64
# So much of a sheet is put on a page, which is small but readable on A4; further columns go on a page beside it.
_PAGE_CHARS = 240
# Widths are those of the first rows: looking at all would mean holding all.
_LOOKED_AT = 500
_LINE_POINTS = 15.5
_MARGINS = PageMargins(left=0.5, right=0.5, top=0.5, bottom=0.7, header=0.3, footer=0.35)
_MOST_ROWS = 1_048_575
# A summary of so many rows stays on one page.
_ONE_PAGE = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """Toned columns hold words of states, which get a colour beside."""

    title: str
    head: tuple[str, ...]
    rows: Iterable[Row]
    words: dict[str, Tone] = field(default_factory=dict)
    toned: tuple[int, ...] = ()
    wrapped: bool = False
    bars: tuple[Bars, ...] = ()


class Leaf:
    """A sheet of a book that is being written. The first rows are kept back: by them its columns are measured."""

    def __init__(self, made: Worksheet, book_title: str) -> None:
        self._made, self._book_title = made, book_title
        self._sheet = Sheet("", (), ())
        self._kept: list[Row] | None = []
        self._last = 1
        self._widths: list[int] = []
        self._pens: Pens | None = None

    def show(self, sheet: Sheet) -> None:
        """What the sheet is, and the rows that are known already."""
        self._sheet = sheet
        self.add(sheet.rows)

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if self._kept is None:
                self._write(row)
                continue
            self._kept.append(row)
            if len(self._kept) == _LOOKED_AT:
                self._begin()

    def end(self) -> None:
        if self._kept is not None:
            self._begin()
        made, sheet, last = self._made, self._sheet, min(self._last, _MOST_ROWS)
        if self._last > _MOST_ROWS:
            made.append(("and more: a sheet holds no further rows, the JSON report has them all",))
        made.auto_filter.ref = f"A1:{get_column_letter(len(sheet.head))}{last}"
        for column in sheet.toned:
            _tone(made, f"{get_column_letter(column)}2:{get_column_letter(column)}{max(last, 2)}", sheet.words)
        # Lines around the empty cells behind a chart would be drawn too.
        made.print_options.gridLines = not sheet.bars
        for bars in sheet.bars:
            made.add_chart(chart_of(made, bars), bars.at)

    def _begin(self) -> None:
        first, self._kept = self._kept or [], None
        # In a sheet of few rows every text is shown whole: that costs time in a long one alone.
        wrapped = self._sheet.wrapped or len(first) < _LOOKED_AT
        self._widths = widths_of(self._sheet.head, first, _WIDEST_WRAPPED if self._sheet.wrapped else _WIDEST)
        _set_up(self._made, self._sheet.head, self._widths, self._book_title)
        if self._sheet.head[0] == "What" and len(first) <= _ONE_PAGE:
            self._made.page_setup.fitToHeight = 1
        numbers = numbers_of(len(self._sheet.head), first)
        self._made.append(
            [_heading(self._made, name, number) for name, number in zip(self._sheet.head, numbers, strict=True)]
        )
        self._pens = Pens(self._made, numbers if wrapped else None)
        for row in first:
            self._write(row)

    def _write(self, row: Row) -> None:
        self._last += 1
        if self._last > _MOST_ROWS or self._pens is None:
            return
        if self._pens.wrapped:
            self._made.row_dimensions[self._last].height = _LINE_POINTS * lines_of(row, self._widths)
        cells: Any = self._pens.draw(row)
        self._made.append(cells)


class Book:
    """A workbook that is being written. Its sheets can be filled side by side, from rows that come but once."""

    def __init__(self, title: str) -> None:
        self.file = Workbook(write_only=True)
        self._title = title
        self._leaves: list[Leaf] = []

    def leaf(self, title: str) -> Leaf:
        leaf = Leaf(self.file.create_sheet(title), self._title)
        self._leaves.append(leaf)
        return leaf

    def end(self) -> None:
        for leaf in self._leaves:
            leaf.end()


@contextmanager
def writing(path: Path, title: str, subject: str, made_at: datetime) -> Iterator[Book]:
    """Replaces the file only when it is whole."""
    book = Book(title)
    yield book
    book.end()
    made = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.file.properties = DocumentProperties(
        creator="Drydock", lastModifiedBy="Drydock", title=title, subject=subject, created=made, modified=made
    )
    with aside(path) as new, _SteadyZip(new, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        ExcelWriter(book.file, archive).write_data()


def write_sheets(path: Path, sheets: Iterable[Sheet], title: str, subject: str, made_at: datetime) -> None:
    with writing(path, title, subject, made_at) as book:
        for sheet in sheets:
            book.leaf(sheet.title).show(sheet)


class _SteadyZip(ZipFile):
    """An archive whose entries bear no time, so that the same content gives the same bytes."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *rest: Any, **more: Any) -> None:
        super().writestr(_entry(str(zinfo_or_arcname)), data, *rest, **more)

    def write(self, filename: Any, arcname: Any = None, *_rest: Any, **_more: Any) -> None:
        with Path(filename).open("rb") as source, self.open(_entry(str(arcname)), "w", force_zip64=True) as target:
            copyfileobj(source, target, 1 << 20)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _set_up(sheet: Worksheet, head: Sequence[str], widths: Sequence[int], book_title: str) -> None:
    """On paper as on screen: heads and what a row is about stay, pages are numbered and follow each other row by row,
    nothing is cut off at the right or too small to read."""
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width + 3
    named_by = _NAMED_BY.get(head[0], 0)
    sheet.freeze_panes = f"{get_column_letter(named_by + 1)}2"
    sheet.print_title_rows = "1:1"
    pages_across = ceil(sum(width + 3 for width in widths) / _PAGE_CHARS)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = max(1, pages_across)
    if pages_across > 1:
        sheet.print_title_cols = f"A:{get_column_letter(max(named_by, 1))}"
        sheet.page_setup.pageOrder = "overThenDown"
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins = _MARGINS
    properties: Any = sheet.sheet_properties.pageSetUpPr
    properties.fitToPage = True
    footer: Any = sheet.oddFooter
    footer.left.text = "&A"
    footer.center.text = book_title.replace("&", "&&")
    footer.right.text = "Page &P of &N"


def _heading(sheet: Worksheet, name: str, number: bool) -> SheetCell:
    cell = WriteOnlyCell(sheet, name)
    cell.font, cell.fill = _HEAD_FONT, _HEAD
    cell.alignment = TOP_RIGHT if number else TOP_LEFT
    return cell


def _tone(sheet: Worksheet, cells: str, words: dict[str, Tone]) -> None:
    for word, kind in words.items():
        ink, ground = TONE_COLOURS[kind]
        look = DifferentialStyle(font=Font(color=ink, bold=True), fill=PatternFill(bgColor=ground))
        rule = Rule(type="cellIs", operator="equal", formula=[f'"{word}"'], dxf=look)
        sheet.conditional_formatting.add(cells, rule)
