"""A line to filter a table with, beside what is shown of it and how it is grouped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from gui.language import counted, tr
from gui.widgets.choice import ChoiceBox
from gui.widgets.elided import Elided
from gui.widgets.grid import Grid
from gui.widgets.text import across

_PAUSE_MS = 120
_WIDTH, _LEAST = 180, 68


class _Edit(QLineEdit):
    """As wide as it likes to be, and narrower where the row is needed by others."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**told)
        self.setMinimumWidth(_LEAST)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(_WIDTH, super().sizeHint().height())


class FilterLine(QWidget):
    """Filters once typing pauses."""

    def __init__(
        self,
        grid: Grid,
        groups: Sequence[tuple[str, Callable[[Any], str] | None]] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Each way to group is its name and what names the group; without, the rows stand in one list."""
        super().__init__(parent)
        self._grid = grid
        self._groups = tuple(groups)
        self.edit = _Edit(placeholderText=tr("Filter  (Ctrl+F)"), clearButtonEnabled=True)
        self.edit.setAccessibleName(tr("Filter {table}", table=grid.accessibleName()))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._apply)
        self.edit.textChanged.connect(self._timer.start)
        self._shown = Elided("", "muted")
        self._group = ChoiceBox()
        self._group.setAccessibleName(tr("Group {table}", table=grid.accessibleName()))
        self._group.view().setAccessibleName(self._group.accessibleName())
        self._group.addItems([name for name, _ in self._groups])
        self._group.currentIndexChanged.connect(self._regroup)
        if not self._groups:
            self._group.hide()
        columns = QToolButton()
        columns.setText(tr("Columns"))
        columns.setAccessibleName(tr("Choose columns of {table}", table=grid.accessibleName()))
        columns.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        columns.setMenu(grid.columns_menu())
        self.setLayout(across(self.edit, self._group, columns, self._shown, None))
        grid.rows.shown_changed.connect(self._count)
        self._count()
        if self._groups:
            self._regroup(0)

    def set_text(self, text: str) -> None:
        self.edit.setText(text)
        self._apply()

    def give_way(self, low: bool) -> None:
        """To the rows, on a low screen; not where it keeps some of them from being seen."""
        self.setVisible(not low or bool(self.edit.text()))

    def _apply(self) -> None:
        self._grid.rows.set_filter(self.edit.text())

    def _regroup(self, number: int) -> None:
        self._grid.rows.group_by(self._groups[number][1])

    def _count(self) -> None:
        rows = self._grid.rows
        shown, total = rows.shown_count, rows.total
        self._shown.say(
            counted(total, "1 row", "{n} rows")
            if shown == total
            else tr("{n} of {total} rows", n=f"{shown:,}", total=f"{total:,}")
        )
