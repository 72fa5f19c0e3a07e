"""The bar on top: workspace, scope, search, operator, and the mark of an imaginary fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QMenu, QToolButton, QWidget

from gui.desk import Desk
from gui.language import tr
from gui.widgets.scope_filter import ScopeFilter
from gui.widgets.search import Search
from gui.widgets.text import across, label

if TYPE_CHECKING:
    from core.app.composition import Identity

_EDGE = 6


class TopBar(QFrame):
    def __init__(self, desk: Desk, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top")
        self._desk = desk
        self.workspace = QToolButton()
        self.workspace.setText(desk.workspace.path.name)
        self.workspace.setToolTip(str(desk.workspace.path))
        self.workspace.setAccessibleName(tr("Workspace {path}", path=desk.workspace.path))
        self.workspace.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.workspace.setMenu(menu)
        self.scope = ScopeFilter()
        self.scope.changed.connect(desk.set_scope)
        self.search = Search(desk)
        self.mark = mark = label(tr("PRACTICE"), "practice")
        mark.setToolTip(tr("These servers are imaginary: nothing real is touched."))
        if not desk.practice:
            mark.hide()
        self._operator = label("", "muted")
        self._operator.setToolTip(tr("Who works, and at which computer: the journal names both"))
        self._row = across(self.workspace, self.scope, self.search, None, mark, self._operator, gap=10, edge=_EDGE)
        self.setLayout(self._row)
        desk.targets_changed.connect(self._show_scope)
        desk.scope_changed.connect(self._show_scope)

    def set_low(self, low: bool) -> None:
        edge = _EDGE // 3 if low else _EDGE
        self._row.setContentsMargins(_EDGE, edge, _EDGE, edge)

    def show_operator(self, who: Identity) -> None:
        self._operator.setText(f"{who.operator} @ {who.console}")

    def _show_scope(self) -> None:
        self.scope.show_scope(self._desk.scope, self._desk.hosts)
