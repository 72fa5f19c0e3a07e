"""A file, or an entry of it, as a form: each setting with its name, its help, and what is wrong with it beside it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QScrollArea, QVBoxLayout, QWidget

from core.model.fault import Fault
from core.model.form import Field, Group, Path, Table
from gui.language import counted, tr
from gui.options import option_words, options_of
from gui.pages.settings.document import Document
from gui.pages.settings.inputs import ABSENT, Absent, ToggleEntry, entry_for
from gui.pages.settings.table import Asked, TablePart
from gui.pages.settings.titles import title_of
from gui.widgets.fitting import resize_within_screen
from gui.widgets.text import across, boxed, button, card, down, label, scrolled

# Of a row three eighths, so that names stand above each other in every width.
_NAME_WIDTH, _NAME_LEAST, _NAME_SHARE = 230, 150, 3 / 8
# Before the empty room beside it.
_FIRST = 100


class FieldRow(QWidget):
    """One setting."""

    def __init__(self, document: Document, field: Field, path: Path) -> None:
        super().__init__()
        self.path = path
        self._document, self._field = document, field
        named = dotted(path)
        title = title_of(named)
        options = " ".join(f"{one} {option_words(named, one)}" for one in options_of(field))
        self._words = f"{title} {field.key} {field.help} {options}".casefold()
        self.entry = entry_for(field, title, named)
        self.said = label("", "bad", wrap=True)
        self.said.hide()
        self._name = name = label("" if isinstance(self.entry, ToggleEntry) else title, wrap=True)
        name.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        name.setContentsMargins(0, 5, 8, 0)
        self._help = help_words = label(field.help, "muted", wrap=True)
        if not field.help:
            help_words.hide()
        self._below = below = down(self.said, help_words, gap=2)
        row = across(name, self.entry, None, gap=0)
        row.setStretch(row.indexOf(self.entry), _FIRST)
        self.setLayout(down(row, below, gap=2))
        self._name_within(_NAME_WIDTH)
        self.entry.edited.connect(self._edited)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._name_within(max(_NAME_LEAST, min(_NAME_WIDTH, int(event.size().width() * _NAME_SHARE))))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Its name gives way, too, before anybody has to scroll aside. How wide the name is at the moment must not
        count: the layout knows that late, and a form that asks now for more, now for less, never comes to rest."""
        beside = max(
            one.minimumWidth() or one.minimumSizeHint().width()
            for one in (self.entry, self.said, self._help)
            if not one.isHidden()
        )
        return QSize(_NAME_LEAST + beside, super().minimumSizeHint().height())

    def _name_within(self, width: int) -> None:
        self._name.setFixedWidth(width)
        self._below.setContentsMargins(width, 0, 0, 0)

    def show_value(self) -> None:
        document, path = self._document, self.path
        self.entry.show_value(document.value(path) if document.has(path) else ABSENT)

    def show_faults(self) -> None:
        messages = [one.message for one in self._document.own_faults if self.is_about(one)]
        self.said.setText("\n".join(dict.fromkeys(messages)))
        self.said.setVisible(bool(messages))
        self.entry.mark(self.said.text())

    def is_about(self, fault: Fault) -> bool:
        """A fault of one of several words is a fault of all of them."""
        return self._document.place_of(fault)[: len(self.path)] == self.path

    def holds(self, needles: tuple[str, ...], above: str) -> bool:
        words = f"{above} {self._words}"
        return all(one in words for one in needles)

    def _edited(self, value: object) -> None:
        document, path = self._document, self.path
        if not isinstance(value, Absent):
            document.put(path, value)
        elif self._field.nullable and document.has(path):
            document.put(path, None)
        else:
            document.remove(path)


class Section(QWidget):
    """Settings that belong together, under their heading; and the sections within."""

    def __init__(self, document: Document, group: Group, path: Path, title: str, help_words: str, kind: str) -> None:
        super().__init__()
        self.rows: list[FieldRow] = []
        self.tables: list[TablePart] = []
        self.sections: list[Section] = []
        self._title = title.casefold()
        column = down(gap=10)
        if title:
            column.addWidget(label(title, kind))
        if help_words:
            column.addWidget(label(help_words, "muted", wrap=True))
        for field in group.fields:
            self._add(column, document, field, (*path, field.key))
        self.setLayout(column)

    def _add(self, column: QVBoxLayout, document: Document, field: Field, path: Path) -> None:
        match field.input:
            case Group():
                inner = Section(document, field.input, path, title_of(dotted(path)), field.help, "strong")
                self.sections.append(inner)
                column.addWidget(inner)
            case Table():
                part = TablePart(document, field.input, path, title_of(dotted(path)), field.help)
                self.tables.append(part)
                column.addWidget(part)
            case _:
                row = FieldRow(document, field, path)
                self.rows.append(row)
                column.addWidget(row)

    def all_rows(self) -> Iterator[FieldRow]:
        yield from self.rows
        for inner in self.sections:
            yield from inner.all_rows()

    def all_tables(self) -> Iterator[TablePart]:
        yield from self.tables
        for inner in self.sections:
            yield from inner.all_tables()

    def narrow(self, needles: tuple[str, ...], above: str = "") -> bool:
        """Shows what holds all of the words, with its headings; whether anything does."""
        headings = f"{above} {self._title}"
        found = False
        parts: tuple[FieldRow | TablePart, ...] = (*self.rows, *self.tables)
        for part in parts:
            holds = part.holds(needles, headings)
            part.setVisible(holds)
            found |= holds
        for inner in self.sections:
            found |= inner.narrow(needles, headings)
        self.setVisible(found)
        return found


class FormView(QWidget):
    """All settings of the group, a card for each section."""

    def __init__(self, document: Document, group: Group, path: Path = ()) -> None:
        super().__init__()
        self._document = document
        self.path = path
        plain = Group(tuple(one for one in group.fields if not isinstance(one.input, Group)))
        self.sections = [Section(document, plain, path, "", "", "heading")] if plain.fields else []
        for field in group.fields:
            if isinstance(field.input, Group):
                inside = (*path, field.key)
                made = Section(document, field.input, inside, title_of(dotted(inside)), field.help, "heading")
                self.sections.append(made)
        self._cards = [card(down(one), edge=14) for one in self.sections]
        body = boxed(down(*self._cards, None, gap=10))
        for part in self.tables.values():
            part.asked.connect(self._open_entry)
        self._nothing = label(tr("No setting holds these words."), "muted")
        self._nothing.hide()
        self.area: QScrollArea = scrolled(body, tr("Settings of this file"))
        self.setLayout(down(self._nothing, self.area))

    @property
    def rows(self) -> dict[str, FieldRow]:
        return {dotted(row.path): row for one in self.sections for row in one.all_rows()}

    @property
    def tables(self) -> dict[str, TablePart]:
        return {dotted(part.path): part for one in self.sections for part in one.all_tables()}

    def _open_entry(self, asked: Asked) -> None:
        self.dialog = EntryDialog(self._document, asked, self)
        self.dialog.finished.connect(lambda _result: self.show_tables())
        self.dialog.open()

    def show_values(self) -> None:
        for row in self.rows.values():
            row.show_value()
        for table in self.tables.values():
            table.show_entries()

    def show_tables(self) -> None:
        """After an entry was changed elsewhere."""
        for table in self.tables.values():
            table.show_entries()

    def show_faults(self) -> None:
        for row in self.rows.values():
            row.show_faults()
        for table in self.tables.values():
            table.show_faults()

    def narrow(self, words: str) -> None:
        needles = tuple(words.casefold().split())
        found = [one.narrow(needles) for one in self.sections]
        for shown, place in zip(found, self._cards, strict=True):
            place.setVisible(shown)
        self._nothing.setVisible(not any(found))

    def in_words(self, fault: Fault) -> str:
        """Where it is, by the titles on the way there, and what is wrong."""
        place = self._document.place_of(fault)
        where = [
            tr("entry {n}", n=one + 1) if isinstance(one, int) else title_of(dotted(place[: number + 1]))
            for number, one in enumerate(place)
        ]
        return ": ".join((" › ".join(where), fault.message))

    def go_to(self, fault: Fault) -> None:
        """To the field that it is about, or the entry of the table that has it."""
        place = self._document.place_of(fault)
        row = next((one for one in self.rows.values() if one.is_about(fault)), None)
        if row is not None:
            row.entry.setFocus()
            self.area.ensureWidgetVisible(row)
            return
        for table in self.tables.values():
            if place[: len(table.path)] == table.path:
                table.choose(place[len(table.path) :])
                self.area.ensureWidgetVisible(table)


class EntryDialog(QDialog):
    """Done puts it into the file, which is saved as a whole; Cancel leaves the file as it was."""

    def __init__(self, document: Document, asked: Asked, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(asked.title)
        self._path = asked.path
        self.document = document.entry(asked.path)
        self.document.setParent(self)
        self.form = FormView(self.document, asked.group, asked.path)
        self.told = label("", "bad")
        done = button(tr("&Done"), self.accept, "primary")
        done.setDefault(True)
        cancel = button(tr("Cancel"), self.reject)
        buttons = boxed(across(self.told, None, cancel, done))
        self.setLayout(down(label(asked.title, "heading"), self.form, buttons, edge=16))
        resize_within_screen(self, 760, 560)
        self.accepted.connect(lambda: document.write(self.document.whole))
        self.rejected.connect(lambda: document.write(asked.before))
        self.document.proven.connect(self._show_faults)
        self.document.changed.connect(self.form.show_tables)
        self.form.show_values()
        self._show_faults()

    def _show_faults(self) -> None:
        self.form.show_faults()
        depth = len(self._path)
        places = [self.document.place_of(fault) for fault in self.document.own_faults]
        count = sum(place[:depth] == self._path for place in places)
        self.told.setText(counted(count, "1 fault", "{n} faults") if count else "")


def dotted(path: Path) -> str:
    """Without the numbers: what one entry of a table asks for, all ask for."""
    return ".".join(one for one in path if isinstance(one, str))
