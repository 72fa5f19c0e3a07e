"""A log of sentences that may grow for hours: a list model, so that a line more costs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

_NOWHERE = QModelIndex()
# So far from its end the bar still counts as at it.
_NEAR = 4


class _Lines(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[str] = []

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        shown = (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole))
        return self.lines[index.row()] if index.isValid() and role in shown else None

    def replace(self, lines: Iterable[str]) -> None:
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def append(self, lines: list[str]) -> None:
        first = len(self.lines)
        self.beginInsertRows(QModelIndex(), first, first + len(lines) - 1)
        self.lines += lines
        self.endInsertRows()


class _Line(QStyledItemDelegate):
    """As wide as the view, whatever it says: what does not fit is elided, and said in full beside the pointer."""

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, super().sizeHint(option, index).height())


class LogView(QListView):
    """Follows its end as long as the end is what one looks at, also when it shrinks or was hidden."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Line(self))
        self._lines = _Lines(self)
        self._at_end = True
        self.setModel(self._lines)
        self.verticalScrollBar().valueChanged.connect(self._look)

    def show_lines(self, lines: Iterable[str]) -> None:
        self._lines.replace(lines)
        self._at_end = True
        self._follow()

    def add_lines(self, lines: list[str]) -> None:
        if lines:
            self._lines.append(lines)
            self._follow()

    def _look(self, value: int) -> None:
        """Asked when it is scrolled, not when it grows: its end may have gone on before anybody could follow."""
        self._at_end = value >= self.verticalScrollBar().maximum() - _NEAR

    def _follow(self) -> None:
        if self._at_end:
            self.scrollToBottom()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        at_end = self._at_end
        super().resizeEvent(event)
        self._at_end = at_end
        self._follow()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self._follow()

    @property
    def text(self) -> str:
        return "\n".join(self._lines.lines)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.matches(QKeySequence.StandardKey.Copy):
            lines = sorted(index.row() for index in self.selectedIndexes())
            QGuiApplication.clipboard().setText("\n".join(self._lines.lines[line] for line in lines))
        else:
            super().keyPressEvent(event)
