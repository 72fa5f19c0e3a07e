"""One widget for each kind of setting: shows what the file says, or what holds without it, and says what was typed."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from core.model.form import Choice, Day, Field, Group, Number, Picks, Table, Text, Toggle, Words
from gui.language import tr
from gui.options import in_the_file, option_words, options_of
from gui.widgets.choice import ChoiceBox
from gui.widgets.columns import Columns
from gui.widgets.text import down, label

WIDE, _NARROW, _LINES_HIGH = 380, 160, 70
# A sentence is read whole where there is room beside it; no longer than an eye follows.
_LONGEST, _AROUND_TEXT = 760, 24
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_FRACTION = re.compile(r"-?[0-9]{1,15}[.,][0-9]{1,15}")


class Absent:
    """Instead of a value: the key is not in the file, and its default holds."""


ABSENT = Absent()


class Entry(QWidget):
    """Says each change at once; a value that is no such value is said, too, so that it can be judged.

    Each kind makes and shows its own part. Qt's classes can't be abstract ones of Python.
    """

    edited = Signal(object)

    def __init__(self, field: Field, name: str, path: str) -> None:
        super().__init__()
        self.field, self._path = field, path
        self.part = self._make(name)
        if not isinstance(self, PicksEntry):
            # On a narrow screen nobody has to scroll aside for it.
            self.setMinimumWidth(_NARROW)
            self.setMaximumWidth(WIDE)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.part.setAccessibleName(name)
        self.part.setProperty("wrong", "false")
        self.setFocusProxy(self.part)
        self.setLayout(down(self.part))

    def show_value(self, value: object) -> None:
        """What stands in the file, or ABSENT. Nothing is said to have been edited."""
        blocked = self.part.blockSignals(True)
        self._show(value)
        self.part.blockSignals(blocked)

    def mark(self, fault: str) -> None:
        self.part.setAccessibleDescription(fault or self.field.help)
        wrong = "true" if fault else "false"
        if self.part.property("wrong") == wrong:
            return
        self.part.setProperty("wrong", wrong)
        self.part.style().unpolish(self.part)
        self.part.style().polish(self.part)

    def _make(self, name: str) -> QWidget:
        raise NotImplementedError

    def _show(self, value: object) -> None:
        raise NotImplementedError

    def _words(self, option: str) -> str:
        return option_words(self._path, option)

    def _usual(self) -> str:
        """What holds while nothing is said."""
        field = self.field
        if field.required:
            return tr("like 2026-12-31") if isinstance(field.input, Day) else tr("needed")
        if field.default in (None, ""):
            return tr("not set")
        default = _as_text(field.default)
        return tr("usual: {value}", value=self._words(default) if default in options_of(field) else default)

    def _emptied(self) -> object:
        """What an empty field means: null where the default is something else, a text that may be empty, or no key."""
        if self.field.nullable and self.field.default is not None:
            return None
        return "" if self.field.default == "" else ABSENT


class LineEntry(Entry):
    """Texts, numbers and dates."""

    part: QLineEdit

    def _make(self, name: str) -> QWidget:
        line = QLineEdit(placeholderText=self._usual())
        line.textChanged.connect(lambda text: self.edited.emit(self._meant(text.strip())))
        return line

    def _show(self, value: object) -> None:
        if value is None and self.field.nullable and self.field.default is not None:
            self.part.setPlaceholderText(tr("no limit") if isinstance(self.field.input, Number) else tr("not set"))
        text = "" if value is None or isinstance(value, Absent) else _as_text(value)
        self.setMaximumWidth(min(_LONGEST, max(WIDE, self.part.fontMetrics().horizontalAdvance(text) + _AROUND_TEXT)))
        self.part.setText(text)
        if not self.part.hasFocus():
            # A long text is read from its beginning.
            self.part.setCursorPosition(0)

    def _meant(self, text: str) -> object:
        if not text:
            return self._emptied()
        return _number(text, whole=self.field.input.whole) if isinstance(self.field.input, Number) else text


class ToggleEntry(Entry):
    part: QCheckBox

    def _make(self, name: str) -> QWidget:
        box = QCheckBox(name)
        box.toggled.connect(self.edited.emit)
        return box

    def _show(self, value: object) -> None:
        self.part.setChecked(bool(self.field.default if isinstance(value, Absent) else value))


class ChoiceEntry(Entry):
    """The first choice is to leave it to the default, where there is one."""

    part: QComboBox

    def _make(self, name: str) -> QWidget:
        box = ChoiceBox()
        box.view().setAccessibleName(name)
        if not self.field.required:
            box.addItem(self._usual(), ABSENT)
        for option in options_of(self.field):
            box.addItem(self._words(option), option)
            box.setItemData(box.count() - 1, in_the_file(option), Qt.ItemDataRole.ToolTipRole)
        box.currentIndexChanged.connect(lambda number: self.edited.emit(self._emptied_or(box.itemData(number))))
        box.currentIndexChanged.connect(lambda _number: self._tell_file())
        return box

    def _emptied_or(self, chosen: object) -> object:
        return self._emptied() if isinstance(chosen, Absent) else chosen

    def _show(self, value: object) -> None:
        if isinstance(value, Absent) or value is None:
            self.part.setCurrentIndex(-1 if self.field.required else 0)
            return
        place = self.part.findData(value)
        if place < 0:
            self.part.addItem(_as_text(value), value)
            place = self.part.count() - 1
        self.part.setCurrentIndex(place)

    def show_value(self, value: object) -> None:
        super().show_value(value)
        self._tell_file()

    def _tell_file(self) -> None:
        """The file's own word for what is chosen."""
        told = self.part.currentData(Qt.ItemDataRole.ToolTipRole)
        self.part.setToolTip(told if isinstance(told, str) else "")


class PicksEntry(Entry):
    """A box for each; where their order counts, it is told."""

    def _make(self, name: str) -> QWidget:
        self._picked: list[object] = []
        self.boxes = {option: QCheckBox(self._words(option)) for option in options_of(self.field)}
        for option, box in self.boxes.items():
            box.setAccessibleName(f"{name}: {box.text()}")
            box.setToolTip(in_the_file(option))
            box.toggled.connect(lambda on, option=option: self._pick(option, on))
        self._order = label("", "muted", wrap=True)
        self._order.hide()
        made = QWidget()
        column = down(Columns(self.boxes.values()), self._order, gap=4)
        column.setContentsMargins(0, 5, 0, 0)
        made.setLayout(column)
        made.setFocusProxy(next(iter(self.boxes.values())))
        return made

    def _pick(self, option: str, on: bool) -> None:
        self._picked = [one for one in self._picked if one != option] + ([option] if on else [])
        if not self._in_order():
            known = options_of(self.field)
            self._picked.sort(key=lambda one: known.index(one) if one in known else len(known))
        self._tell_order()
        self.edited.emit(list(self._picked))

    def _show(self, value: object) -> None:
        told = self.field.default if isinstance(value, Absent) else value
        self._picked = list(told) if isinstance(told, list | tuple) else []
        for option, box in self.boxes.items():
            blocked = box.blockSignals(True)
            box.setChecked(option in self._picked)
            box.blockSignals(blocked)
        self._tell_order()

    def _in_order(self) -> bool:
        return isinstance(self.field.input, Picks) and self.field.input.ordered

    def _tell_order(self) -> None:
        self._order.setVisible(self._in_order() and len(self._picked) > 1)
        self._order.setText(
            tr("In this order: {names}", names=" → ".join(self._words(_as_text(one)) for one in self._picked))
        )


class WordsEntry(Entry):
    """One on each line."""

    part: QPlainTextEdit

    def _make(self, name: str) -> QWidget:
        made = QPlainTextEdit(placeholderText=tr("one on each line"))
        made.setTabChangesFocus(True)
        made.setFixedHeight(_LINES_HIGH)
        made.textChanged.connect(lambda: self.edited.emit(self._meant()))
        return made

    def _show(self, value: object) -> None:
        told = self.field.default if isinstance(value, Absent) else value
        self.part.setPlainText("\n".join(map(_as_text, told)) if isinstance(told, list | tuple) else "")

    def _meant(self) -> list[object]:
        lines = [line.strip() for line in self.part.toPlainText().split("\n") if line.strip()]
        if isinstance(self.field.input, Words) and self.field.input.numbers:
            return [_number(line, whole=True) for line in lines]
        return list(lines)


def entry_for(field: Field, name: str, path: str) -> Entry:
    match field.input:
        case Text() | Number() | Day():
            return LineEntry(field, name, path)
        case Toggle():
            return ToggleEntry(field, name, path)
        case Choice():
            return ChoiceEntry(field, name, path)
        case Picks():
            return PicksEntry(field, name, path)
        case Words():
            return WordsEntry(field, name, path)
        case Group() | Table():
            raise TypeError(f"{field.key} has fields of its own")


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def _number(text: str, *, whole: bool) -> object:
    """Text that is no number stays text, so that the judgement can say so."""
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text.replace(",", ".")) if _FRACTION.fullmatch(text) and not whole else text
