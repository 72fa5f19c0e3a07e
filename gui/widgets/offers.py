"""The list below the search: what was found as one types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from gui.language import tr
from gui.widgets.finding import Found

_MOST_SEEN = 18
_NOWHERE = QModelIndex()


class Offers(QCompleter):
    """Shows what was found as it is; what was typed stays."""

    def __init__(self, line: QLineEdit, go: Callable[[Found], object]) -> None:
        super().__init__(line)
        self._model = _Lines(self)
        self._typed = ""
        self.list = QListView()
        self.list.setAccessibleName(tr("What was found"))
        self.list.setMinimumWidth(420)
        self.setModel(self._model)
        self.setPopup(self.list)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setMaxVisibleItems(_MOST_SEEN)
        # The stubs do not know that a signal is chosen by what it tells.
        activated = cast("Any", self.activated)[QModelIndex]
        activated.connect(lambda index: go(self.found[index.row()]))

    @property
    def found(self) -> tuple[Found, ...]:
        return self._model.found

    def show_found(self, typed: str, found: tuple[Found, ...]) -> None:
        self._typed = typed
        self._model.show_found(found)

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:  # noqa: N802 - Qt's name
        return self._typed


class _Lines(QAbstractListModel):
    def __init__(self, parent: QCompleter) -> None:
        super().__init__(parent)
        self.found: tuple[Found, ...] = ()

    def show_found(self, found: tuple[Found, ...]) -> None:
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        shown = (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole))
        return self.found[index.row()].words if index.isValid() and role in shown else None
