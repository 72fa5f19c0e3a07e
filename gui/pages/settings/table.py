"""The entries of a list, such as maintenance windows, as a table: added, opened in a form of their own, removed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from core.model.form import Choice, Field, Group, Path, Picks, Table, Text, Words
from gui.language import counted, tr
from gui.models.table import Column, Rows
from gui.options import option_words, options_of
from gui.pages.settings.document import Document
from gui.pages.settings.titles import title_of
from gui.theme import Tone
from gui.widgets.allowing import allow
from gui.widgets.grid import Grid
from gui.widgets.text import across, boxed, button, down, label

_COLUMNS = 7
_LETTER = 9
_ROW, _LEAST, _MOST = 28, 2, 12


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, its place in the list, and how many faults it has."""

    place: int
    entry: Any
    faults: int


@dataclass(frozen=True, slots=True)
class Asked:
    """An entry is to be shown in a form; before is the file's text to go back to."""

    group: Group
    path: Path
    title: str
    before: str


class TablePart(QWidget):
    asked = Signal(object)

    def __init__(self, document: Document, table: Table, path: Path, title: str, help_words: str) -> None:
        super().__init__()
        self.path, self._title = path, title
        self._document, self._table = document, table
        self._words = f"{title} {path[-1]} {help_words}".casefold()
        self.rows: Rows[Line] = Rows(self, self._columns(), lambda line: str(line.place))
        self.grid = Grid(title, self.rows)
        self.said = label("", "bad", wrap=True)
        self.said.hide()
        self.add = button(tr("Add…"), self._ask_add)
        self.add.setAccessibleName(tr("Add to {title}", title=title))
        self.open = button(tr("Open…"), self._open_chosen)
        self.open.setAccessibleName(tr("Open an entry of {title}", title=title))
        self.take_out = button(tr("Remove"), self._remove)
        self.take_out.setAccessibleName(tr("Remove an entry of {title}", title=title))
        if len(table.kinds) > 1:
            self.add.setMenu(self._kinds_menu())
        words = label(help_words, "muted", wrap=True)
        if not help_words:
            words.hide()
        buttons = boxed(across(self.add, self.open, self.take_out, None))
        self.setLayout(down(label(title, "strong"), words, self.grid, self.said, buttons, gap=6))
        self.grid.opened.connect(lambda line: self.open_entry(line.place))
        self.grid.chosen.connect(lambda _line: self._show_buttons())
        self.grid.setColumnHidden(0, True)
        self._fit()
        self.show_entries()

    @property
    def entries(self) -> list[Any]:
        found = self._document.value(self.path)
        return found if isinstance(found, list) else []

    def show_entries(self) -> None:
        chosen = self.grid.current
        counts = self._fault_counts()
        lines = [Line(place, entry, counts[place]) for place, entry in enumerate(self.entries)]
        if tuple(lines) != self.rows.all_rows:
            self.rows.set_rows(lines)
            self.grid.setColumnHidden(0, not counts)
            self._fit()
            if chosen is not None:
                self.grid.choose(str(min(chosen.place, len(lines) - 1)))
        self._show_buttons()

    def show_faults(self) -> None:
        self.show_entries()
        document = self._document
        mine = [fault.message for fault in document.own_faults if document.place_of(fault) == self.path]
        self.said.setText("\n".join(mine))
        self.said.setVisible(bool(mine))

    def holds(self, needles: tuple[str, ...], above: str) -> bool:
        words = f"{above} {self._words}"
        return all(one in words for one in needles)

    def choose(self, rest: Path) -> None:
        self.grid.setFocus()
        if rest:
            self.grid.choose(str(rest[0]))

    def add_entry(self, kind: str) -> None:
        """With the keys that are needed, still empty; taken out again if it is not wanted after all."""
        before, place = self._document.text, len(self.entries)
        self._document.put((*self.path, place), _fresh(kind, self._table.kinds[kind]))
        self.show_entries()
        self.open_entry(place, before)

    def open_entry(self, place: int, before: str | None = None) -> None:
        entry = self.entries[place]
        kind = entry.get("kind", "") if isinstance(entry, dict) and len(self._table.kinds) > 1 else ""
        group = self._table.kinds.get(kind) if isinstance(entry, dict) else None
        if group is None:
            self.said.setText(tr("This entry has no form; mend it in the text."))
            self.said.show()
            return
        title = f"{self._title}: {self._kind_words(kind)}" if kind else self._title
        self.asked.emit(Asked(group, (*self.path, place), title, self._document.text if before is None else before))

    def _ask_add(self) -> None:
        if len(self._table.kinds) == 1:
            self.add_entry(next(iter(self._table.kinds)))

    def _open_chosen(self) -> None:
        line = self.grid.current
        if line is not None:
            self.open_entry(line.place)

    def _remove(self) -> None:
        line = self.grid.current
        if line is not None:
            self._document.remove((*self.path, line.place))
            self.show_entries()

    def _kinds_menu(self) -> QMenu:
        menu = QMenu(self)
        for kind in self._table.kinds:
            menu.addAction(self._kind_words(kind)).triggered.connect(lambda _on, kind=kind: self.add_entry(kind))
        return menu

    def _fit(self) -> None:
        """As high as its entries need, within bounds: what is below it stays near."""
        self.grid.setFixedHeight(_ROW * (2 + min(_MOST, max(_LEAST, self.rows.total))))

    def _show_buttons(self) -> None:
        why_not = "" if self.grid.current is not None else self._nothing_chosen()
        allow(self.open, why_not)
        allow(self.take_out, why_not)

    def _nothing_chosen(self) -> str:
        return tr("Choose an entry first.") if self.rows.total else tr("There is no entry yet: add one first.")

    def _fault_counts(self) -> Counter[int]:
        depth = len(self.path)
        places = [self._document.place_of(fault) for fault in self._document.own_faults]
        inside = [place[depth] for place in places if place[:depth] == self.path and len(place) > depth]
        return Counter(one for one in inside if isinstance(one, int))

    @property
    def _named(self) -> str:
        return ".".join(one for one in self.path if isinstance(one, str))

    def _kind_words(self, kind: str) -> str:
        return option_words(f"{self._named}.kind", kind)

    def _columns(self) -> tuple[Column[Line], ...]:
        """Of what all kinds have in common, or the most of it."""
        kinds = list(self._table.kinds.values())
        shown = [one for one in kinds[0].fields if all(_has(kind, one.key) for kind in kinds) and _is_shown(one)]
        told = [_column(f"{self._named}.{one.key}", one) for one in shown[:_COLUMNS]]
        if len(kinds) > 1:
            told.insert(0, Column(tr("Kind"), lambda line: self._kind_words(_text(_of(line, "kind"))), width=150))
        faults: Column[Line] = Column(
            tr("Faults"), lambda line: counted(line.faults, "1 fault", "{n} faults") if line.faults else "",
            lambda line: line.faults, lambda line: Tone.BAD if line.faults else None, width=90,
        )  # fmt: skip
        return (faults, *told)


def _column(path: str, field: Field) -> Column[Line]:
    title, options = title_of(path), options_of(field)

    def text(line: Line) -> str:
        value = _of(line, field.key)
        some = value if isinstance(value, list) else [value]
        return ", ".join(option_words(path, one) if one in options else _text(one) for one in some)

    return Column(title, text, width=max(_width(field), _LETTER * len(title)))


def _width(field: Field) -> int:
    match field.input:
        case Picks() | Words():
            return 200
        case Text() | Choice():
            return 150
        case _:
            return 100


def _has(kind: Group, key: str) -> bool:
    return any(one.key == key for one in kind.fields)


def _is_shown(field: Field) -> bool:
    return not isinstance(field.input, Group | Table)


def _of(line: Line, key: str) -> object:
    return line.entry.get(key) if isinstance(line.entry, dict) else line.entry


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return tr("yes") if value else tr("no")
        case _:
            return str(value)


def _fresh(kind: str, group: Group) -> dict[str, object]:
    made: dict[str, object] = {"kind": kind} if kind else {}
    for field in group.fields:
        match field.input:
            case Text() if field.required:
                made[field.key] = ""
            case Picks() | Words() | Table() if field.required:
                made[field.key] = []
            case _:
                pass
    return made
