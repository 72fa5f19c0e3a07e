"""Sheets of a workbook: written row by row, safe to open, and the same bytes for the same content."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain, islice
from math import ceil
from pathlib import Path
from shutil import copyfileobj
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.marker import DataPoint
from openpyxl.formatting.rule import Rule
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from core.model.run_report import Tone
from core.reports.aside import aside
from core.reports.words import local

Cell = str | int | float | date | datetime | None
Row = Sequence[Cell]

_FONT = "Calibri"
_HEAD_FONT = Font(name=_FONT, bold=True, color="FFFFFF")
_HEAD = PatternFill("solid", fgColor="1F3A5F")
_TOP = Alignment(vertical="top", wrap_text=True)
# Colours of text and ground; each pair is readable (WCAG AA), which a test computes.
TONE_COLOURS: dict[Tone, tuple[str, str]] = {
    "good": ("17663A", "DDF2E3"),
    "bad": ("A1241B", "FBE0DE"),
    "open": ("7A5200", "FFF1CC"),
}
BAR_COLOURS: dict[Tone, str] = {"good": "2E7D57", "bad": "B93A30", "open": "C08A1E"}
_UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "#")
_LONGEST = 32_000
_WIDEST, _WIDEST_WRAPPED = 44, 64
# So much of a sheet is put on a page, which is small but readable on A4; further columns go on a page beside it.
_PAGE_CHARS = 240
# More letters fit into a column than digits, by which its width is measured.
_LETTERS = 1.12
# Widths are those of the first rows: looking at all would mean holding all.
_LOOKED_AT = 500
_LINE_POINTS = 15.5
_MOST_ROWS = 1_048_575


@dataclass(frozen=True, slots=True)
class Bars:
    """A native chart over columns of its sheet: the first column names the bars. A colour for each bar or stack."""

    title: str
    columns: tuple[int, int]
    rows: tuple[int, int]
    at: str
    stacked: bool = False
    colours: tuple[str, ...] = ()


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


def write_sheets(path: Path, sheets: Iterable[Sheet], title: str, subject: str, made_at: datetime) -> None:
    """Replaces the file only when it is whole."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book, sheet)
    made = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.properties = DocumentProperties(creator="Drydock", title=title, subject=subject, created=made, modified=made)
    with aside(path) as new, _SteadyZip(new, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        ExcelWriter(book, archive).write_data()


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


def _write(book: Workbook, sheet: Sheet) -> None:
    made: Worksheet = book.create_sheet(sheet.title)
    rows = iter(sheet.rows)
    first = list(islice(rows, _LOOKED_AT))
    widths = _widths(sheet, first)
    for column, width in enumerate(widths, start=1):
        made.column_dimensions[get_column_letter(column)].width = width + 3
    named_by = "A:B" if sheet.head[0] == "Run" else "A:A"
    _set_up(made, named_by, ceil(sum(width + 3 for width in widths) / _PAGE_CHARS))
    made.append([_heading(made, name) for name in sheet.head])
    pens = _Pens(made, wrapped=sheet.wrapped)
    last = 1
    for last, row in enumerate(chain(first, rows), start=2):
        if last > _MOST_ROWS:
            made.append(("and more: a sheet holds no further rows, the JSON report has them all",))
            break
        if sheet.wrapped:
            made.row_dimensions[last].height = _LINE_POINTS * _lines(row, widths)
        cells: Any = pens.draw(row)
        made.append(cells)
    made.auto_filter.ref = f"A1:{get_column_letter(len(sheet.head))}{last}"
    for column in sheet.toned:
        _tone(made, f"{get_column_letter(column)}2:{get_column_letter(column)}{max(last, 2)}", sheet.words)
    for bars in sheet.bars:
        made.add_chart(_chart(made, bars), bars.at)


def _set_up(sheet: Worksheet, named_by: str, pages_across: int) -> None:
    """On paper as on screen: heads stay, pages are numbered, nothing is cut off at the right or too small to read."""
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = max(1, pages_across)
    if pages_across > 1:
        sheet.print_title_cols = named_by
    sheet.page_setup.fitToHeight = 0
    properties: Any = sheet.sheet_properties.pageSetUpPr
    properties.fitToPage = True
    footer: Any = sheet.oddFooter
    footer.left.text = "&A"
    footer.right.text = "Page &P of &N"


def _heading(sheet: Worksheet, name: str) -> SheetCell:
    cell = WriteOnlyCell(sheet, name)
    cell.font, cell.fill, cell.alignment = _HEAD_FONT, _HEAD, _TOP
    return cell


class _Pens:
    """A styled cell for each kind of value, filled again and again: making one for each value costs more than writing.

    Text stays text: what comes from a server must never become a formula, nor after somebody edits the cell.
    """

    def __init__(self, sheet: Worksheet, *, wrapped: bool) -> None:
        self._wrapped = wrapped
        self._text, self._quoted, self._time, self._day = (WriteOnlyCell(sheet) for _ in range(4))
        self._quoted.quotePrefix = True
        self._time.number_format, self._day.number_format = "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd"
        # Beside text, a time at the right of its column would touch it.
        self._time.alignment = self._day.alignment = Alignment(horizontal="left")
        if wrapped:
            for cell in (self._text, self._quoted, self._time, self._day):
                cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)

    def draw(self, row: Row) -> Iterator[Any]:
        """Each is written before the next one is asked for."""
        for value in row:
            kind = type(value)
            if kind is str:
                text = _printable(str(value))
                yield self._quote(text) if text.startswith(_FORMULA) else self._plain(text)
            elif kind is datetime:
                yield _filled(self._time, value)
            elif kind is date:
                yield _filled(self._day, value)
            else:
                yield None if value is None else self._plain(value)

    def _plain(self, value: Cell) -> Any:
        return _filled(self._text, value) if self._wrapped else value

    def _quote(self, text: str) -> SheetCell:
        self._quoted.value = text
        self._quoted.data_type = "s"
        return self._quoted


def _filled(cell: SheetCell, value: Any) -> SheetCell:
    cell.value = value
    return cell


def _printable(text: str) -> str:
    """Without what the XML of a workbook cannot hold: control characters and halves of characters."""
    if len(text) <= _LONGEST and text.isprintable():
        return text
    return _UNPRINTABLE.sub("", text)[:_LONGEST]


def _widths(sheet: Sheet, rows: Iterable[Row]) -> list[int]:
    widest = _WIDEST_WRAPPED if sheet.wrapped else _WIDEST
    widths = [min(widest, len(name)) for name in sheet.head]
    for row in rows:
        for column, value in enumerate(row):
            widths[column] = min(widest, max(widths[column], _shown(value)))
    return widths


def _shown(value: Cell) -> int:
    if isinstance(value, str):
        return max(map(len, value.splitlines()), default=0)
    return 19 if isinstance(value, datetime) else len(str(value or ""))


def _lines(row: Row, widths: Sequence[int]) -> int:
    return max((_lines_of(value, width) for value, width in zip(row, widths, strict=True)), default=1)


def _lines_of(value: Cell, width: int) -> int:
    if not isinstance(value, str):
        return 1
    return min(25, sum(ceil(len(line) / (max(width, 1) * _LETTERS)) or 1 for line in value.splitlines())) or 1


def _tone(sheet: Worksheet, cells: str, words: dict[str, Tone]) -> None:
    for word, kind in words.items():
        ink, ground = TONE_COLOURS[kind]
        look = DifferentialStyle(font=Font(color=ink, bold=True), fill=PatternFill(bgColor=ground))
        rule = Rule(type="cellIs", operator="equal", formula=[f'"{word}"'], dxf=look)
        sheet.conditional_formatting.add(cells, rule)


def _chart(sheet: Worksheet, bars: Bars) -> BarChart:
    chart = BarChart()
    chart.type = "col" if bars.stacked else "bar"
    chart.title = bars.title
    chart.style = 10
    if bars.stacked:
        chart.grouping, chart.overlap = "stacked", 100
    else:
        chart.legend = None
        chart.gapWidth = 60
    (first, last), (top, bottom) = bars.columns, bars.rows
    data_top = top - 1
    chart.add_data(Reference(sheet, first + 1, data_top, last, bottom), titles_from_data=True)
    chart.set_categories(Reference(sheet, first, top, first, bottom))
    for place, colour in enumerate(bars.colours):
        if bars.stacked:
            chart.series[place].graphicalProperties.solidFill = colour
        else:
            point = DataPoint(idx=place)
            point.graphicalProperties.solidFill = colour
            chart.series[0].dPt.append(point)
    chart.x_axis.delete = False
    chart.y_axis.delete = False
    chart.y_axis.numFmt = "0"
    chart.y_axis.majorGridlines = None
    chart.height, chart.width = 8, 17
    return chart


def naive(at: datetime | None, zone: str | None) -> datetime | None:
    """Excel knows no zones; the column's head names the one."""
    return None if at is None else _naive(at.replace(microsecond=0), zone)


@lru_cache(maxsize=4096)
def _naive(at: datetime, zone: str | None) -> datetime:
    return local(at, zone).replace(tzinfo=None)
