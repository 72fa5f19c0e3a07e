"""Many rows in a table, sorted, filtered and grouped here: Qt's own proxy takes half a minute for 100,000 of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from gui.language import tr
from gui.theme import Tone

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_CHECK = int(Qt.ItemDataRole.CheckStateRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
TONE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
HEADING_ROLE = TONE_ROLE + 1
MARKS_ROLE = HEADING_ROLE + 1
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Mark:
    """A lamp: a letter in a box. Lit where what it stands for is there, so that no colour is needed to tell."""

    letter: str
    tone: Tone
    lit: bool


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: what it shows, and by what it is sorted where that is not its text. Marks are painted instead of the
    text, which says the same in words. Whole is told on asking, and searched, where the text is short for it. Where
    there is no room for all, it becomes as narrow as its least width."""

    title: str
    text: Callable[[Row], str]
    key: Callable[[Row], Any] | None = None
    tone: Callable[[Row], Tone | None] | None = None
    width: int = 120
    least: int | None = None
    numeric: bool = False
    hidden: bool = False
    marks: Callable[[Row], tuple[Mark, ...]] | None = None
    hint: str = ""
    whole: Callable[[Row], str] | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """The line above a group's rows."""

    name: str
    count: int

    @property
    def text(self) -> str:
        return f"{self.name or tr('(none)')}  ·  {self.count:,}"


class Rows(QAbstractTableModel, Generic[Row]):
    """A table of frozen rows. Each is known by its key, and can be replaced alone."""

    shown_changed = Signal()
    ticked_changed = Signal()

    def __init__(
        self,
        parent: QObject | None,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], str],
        words: Callable[[Row], str] | None = None,
    ) -> None:
        """Words are what a filter searches; without them, all columns."""
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._words = words
        self._rows: list[Row] = []
        self._places: dict[str, int] = {}
        self._haystack: list[str] = []
        self._shown: list[int | Heading] = []
        self._shown_at: dict[int, int] | None = None
        self._sorted_by: tuple[int, bool] | None = None
        self._needles: tuple[str, ...] = ()
        self._allowed: Callable[[Row], bool] | None = None
        self._grouped_by: Callable[[Row], str] | None = None
        self._unticked: set[str] | None = None

    # What is in it

    def set_rows(self, rows: Iterable[Row]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self._places = {self._key(row): place for place, row in enumerate(self._rows)}
        self._haystack = []
        self._arrange()
        self.endResetModel()
        self.shown_changed.emit()

    def replace(self, row: Row) -> None:
        """Puts the row over the one with its key: it keeps its place until the next sorting."""
        place = self._places.get(self._key(row))
        if place is None:
            self.set_rows([*self._rows, row])
            return
        self._rows[place] = row
        if self._haystack:
            self._haystack[place] = self._hay((row,))[0]
        self._repaint(self._line_of(place))

    def tell_time(self, keys: Iterable[str]) -> None:
        """What is counted from now reads otherwise by now, though nothing has come in."""
        for key in keys:
            self._repaint(self.line_with(key))

    def _repaint(self, line: int | None) -> None:
        if line is not None:
            self.dataChanged.emit(self.index(line, 0), self.index(line, len(self.columns) - 1))

    @property
    def all_rows(self) -> tuple[Row, ...]:
        return tuple(self._rows)

    def first_rows(self, count: int) -> tuple[Row, ...]:
        """As they were set, whatever is shown of them."""
        return tuple(self._rows[:count])

    @property
    def shown_rows(self) -> tuple[Row, ...]:
        return tuple(self._rows[one] for one in self._shown if isinstance(one, int))

    @property
    def total(self) -> int:
        return len(self._rows)

    def row_with(self, key: str) -> Row | None:
        place = self._places.get(key)
        return None if place is None else self._rows[place]

    @property
    def shown_count(self) -> int:
        return sum(1 for one in self._shown if isinstance(one, int)) if self._grouped_by else len(self._shown)

    def row_at(self, line: int) -> Row | None:
        if not 0 <= line < len(self._shown):
            return None
        place = self._shown[line]
        return self._rows[place] if isinstance(place, int) else None

    def line_with(self, key: str) -> int | None:
        place = self._places.get(key)
        return None if place is None else self._line_of(place)

    def _line_of(self, place: int) -> int | None:
        if self._shown_at is None:
            self._shown_at = {one: line for line, one in enumerate(self._shown) if isinstance(one, int)}
        return self._shown_at.get(place)

    # How it is arranged

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        wanted = None if column < 0 else (column, order is Qt.SortOrder.DescendingOrder)
        # Qt's header asks twice for each click.
        if wanted != self._sorted_by:
            self._sorted_by = wanted
            self._rearrange()

    def set_filter(self, text: str) -> None:
        """Every word must be found, in any order, whatever its case."""
        self._needles = tuple(text.casefold().split())
        self._rearrange()

    def allow(self, allowed: Callable[[Row], bool] | None) -> None:
        """Rows that are not allowed are not shown, whatever the filter says."""
        self._allowed = allowed
        self._rearrange()

    def group_by(self, name: Callable[[Row], str] | None) -> None:
        self._grouped_by = name
        self._rearrange()

    @property
    def has_groups(self) -> bool:
        return self._grouped_by is not None

    @property
    def heading_lines(self) -> tuple[int, ...]:
        return tuple(line for line, one in enumerate(self._shown) if isinstance(one, Heading))

    @property
    def is_filtered(self) -> bool:
        return bool(self._needles) or self._allowed is not None

    def again(self) -> None:
        """Sorts and filters what has changed meanwhile."""
        self._rearrange()

    def _rearrange(self) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = [self._shown[index.row()] for index in before]
        self._arrange()
        after = [self._moved(place, index.column()) for place, index in zip(places, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
        self.shown_changed.emit()

    def _moved(self, place: int | Heading, column: int) -> QModelIndex:
        line = self._line_of(place) if isinstance(place, int) else None
        return QModelIndex() if line is None else self.index(line, column)

    def _arrange(self) -> None:
        places = self._kept()
        if self._sorted_by is not None:
            number, backwards = self._sorted_by
            column = self.columns[number]
            key = column.key or column.text
            keys = list(map(key, self._rows))
            places.sort(key=keys.__getitem__, reverse=backwards)
        self._shown_at = None
        self._shown = list(places) if self._grouped_by is None else self._in_groups(places, self._grouped_by)

    def _kept(self) -> list[int]:
        places = list(range(len(self._rows)))
        if self._allowed is not None:
            allowed = self._allowed
            places = [place for place in places if allowed(self._rows[place])]
        if self._needles:
            if not self._haystack:
                self._haystack = self._hay(self._rows)
            hay = self._haystack
            for needle in self._needles:
                places = [place for place in places if needle in hay[place]]
        return places

    def _hay(self, rows: Sequence[Row]) -> list[str]:
        if self._words is not None:
            return [words.casefold() for words in map(self._words, rows)]
        columns = [map(column.whole or column.text, rows) for column in self.columns]
        return ["\n".join(texts).casefold() for texts in zip(*columns, strict=True)]

    def _in_groups(self, places: list[int], name: Callable[[Row], str]) -> list[int | Heading]:
        names = {place: name(self._rows[place]) for place in places}
        counts = Counter(names.values())
        shown: list[int | Heading] = []
        current: str | None = None
        for place in sorted(places, key=lambda one: names[one].casefold()):
            if names[place] != current:
                current = names[place]
                shown.append(Heading(current, counts[current]))
            shown.append(place)
        return shown

    # Ticks

    def make_tickable(self) -> None:
        """Rows get a box in their first column, ticked at first."""
        self._unticked = set()

    @property
    def is_tickable(self) -> bool:
        return self._unticked is not None

    @property
    def unticked(self) -> frozenset[str]:
        return frozenset(self._unticked or ())

    def set_unticked(self, keys: Iterable[str]) -> None:
        self._unticked = set(keys)
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, 0))

    def tick(self, keys: Iterable[str], on: bool) -> None:
        before = self.unticked
        self.set_unticked(before - set(keys) if on else before | set(keys))
        if self.unticked != before:
            self.ticked_changed.emit()

    # What Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self.columns)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == _DISPLAY:
            return self.columns[section].title
        if role == _TOOL_TIP:
            return self.columns[section].hint or None
        return _align(self.columns[section]) if role == _ALIGNMENT else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self._shown[index.row()], Heading):
            return Qt.ItemFlag.ItemIsEnabled
        ticks = Qt.ItemFlag.ItemIsUserCheckable if self._unticked is not None else Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | ticks

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        place = self._shown[index.row()]
        number = index.column()
        if isinstance(place, Heading):
            return self._heading(place, number, role)
        column = self.columns[number]
        row = self._rows[place]
        if role == _TOOL_TIP and column.whole is not None:
            return column.whole(row)
        if role in (_DISPLAY, _TOOL_TIP):
            return column.text(row)
        if role == TONE_ROLE:
            return column.tone(row) if column.tone is not None else None
        if role == MARKS_ROLE:
            return column.marks(row) if column.marks is not None else None
        if role == _ALIGNMENT:
            return _align(column)
        if role == _CHECK and number == 0 and self._unticked is not None:
            return Qt.CheckState.Unchecked if self._key(row) in self._unticked else Qt.CheckState.Checked
        return f"{column.title}: {column.text(row)}" if role == _ACCESSIBLE else None

    def setData(self, index: Index, value: Any, role: int = _DISPLAY) -> bool:  # noqa: N802 - Qt's name
        row = self.row_at(index.row())
        if role != _CHECK or row is None or self._unticked is None:
            return False
        self.tick((self._key(row),), Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def _heading(self, heading: Heading, column: int, role: int) -> Any:
        if role == HEADING_ROLE:
            return True
        return heading.text if column == 0 and role in (_DISPLAY, _ACCESSIBLE) else None


def _align(column: Column[Any]) -> Qt.AlignmentFlag:
    return _RIGHT if column.numeric else _LEFT
