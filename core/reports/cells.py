"""Cells of a workbook: how each kind of value is drawn, and how much room it takes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any

from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from core.reports.words import local

Cell = str | int | float | date | datetime | timedelta | None
Row = Sequence[Cell]

TOP_LEFT = Alignment("left", "top", wrap_text=True)
# So far from the right that a number does not touch the text beside it.
TOP_RIGHT = Alignment("right", "top", wrap_text=True, indent=1)
_UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "#")
_LONGEST = 32_000
# More letters fit into a column than digits, by which its width is measured.
_LETTERS = 1.12


class Pens:
    """A styled cell for each kind of value, filled again and again: making one for each value costs more than writing.

    Text stays text: what comes from a server must never become a formula, nor after somebody edits the cell.
    """

    def __init__(self, sheet: Worksheet, numbers: Sequence[bool] | None) -> None:
        """Which columns hold numbers, where the texts of the sheet are wrapped; none where they are not."""
        self.wrapped = numbers is not None
        self._numbers = numbers or ()
        self._text, self._quoted, self._time, self._day, self._span, self._number, self._long = (
            WriteOnlyCell(sheet) for _ in range(7)
        )
        self._quoted.quotePrefix = True
        self._time.number_format, self._day.number_format = "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd"
        self._span.number_format = self._long.number_format = "[h]:mm:ss"
        # Beside text, a time at the right of its column would touch it.
        self._time.alignment = self._day.alignment = Alignment(horizontal="left")
        if self.wrapped:
            for cell in (self._text, self._quoted, self._time, self._day, self._long):
                cell.alignment = TOP_LEFT
            self._number.alignment = self._span.alignment = TOP_RIGHT

    def draw(self, row: Row) -> Iterator[Any]:
        """Each is written before the next one is asked for."""
        for column, value in enumerate(row):
            kind = type(value)
            if kind is str:
                text = _printable(str(value))
                yield self._quote(text) if text.startswith(_FORMULA) else self._plain(text)
            elif kind is datetime:
                yield _filled(self._time, value)
            elif kind is date:
                yield _filled(self._day, value)
            elif kind is timedelta:
                yield _filled(self._span if not self.wrapped or self._numbers[column] else self._long, value)
            elif value is None:
                yield None
            else:
                yield _filled(self._number, value) if self.wrapped and self._numbers[column] else self._plain(value)

    def _plain(self, value: Cell) -> Any:
        return _filled(self._text, value) if self.wrapped else value

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


def widths_of(head: Sequence[str], rows: Iterable[Row], widest: int) -> list[int]:
    widths = [min(widest, len(name)) for name in head]
    for row in rows:
        for column, value in enumerate(row):
            widths[column] = min(widest, max(widths[column], _shown(value)))
    return widths


def _shown(value: Cell) -> int:
    if isinstance(value, str):
        return max(map(len, value.splitlines()), default=0)
    return 19 if isinstance(value, datetime) else len(str("" if value is None else value))


def lines_of(row: Row, widths: Sequence[int]) -> int:
    return max((_lines_in(value, width) for value, width in zip(row, widths, strict=True)), default=1)


def _lines_in(value: Cell, width: int) -> int:
    if not isinstance(value, str):
        return 1
    return min(25, sum(ceil(len(line) / (max(width, 1) * _LETTERS)) or 1 for line in value.splitlines())) or 1


def numbers_of(columns: int, rows: Sequence[Row]) -> list[bool]:
    """Which columns hold numbers alone: these stand at the right, and so do their heads."""
    found = [{type(row[column]) for row in rows if row[column] is not None} for column in range(columns)]
    return [bool(kinds) and kinds <= {int, float, timedelta} for kinds in found]


def naive(at: datetime | None, zone: str | None) -> datetime | None:
    """Excel knows no zones; the column's head names the one."""
    return None if at is None else _naive(at.replace(microsecond=0), zone)


@lru_cache(maxsize=4096)
def _naive(at: datetime, zone: str | None) -> datetime:
    return local(at, zone).replace(tzinfo=None)


def span(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
