"""The search over everything: hosts, KBs and runs, offered as one types."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from gui.desk import Desk
from gui.language import tr

if TYPE_CHECKING:
    from gui.widgets.finding import Found
    from gui.widgets.offers import Offers

_LEAST, _WIDTH = 150, 264


class Search(QLineEdit):
    """Arrows choose, Enter goes there; Enter alone goes to what fits best."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setPlaceholderText(tr("Search hosts, KBs and runs  (Ctrl+K)"))
        self.setAccessibleName(tr("Search hosts, KBs and runs"))
        self.setMinimumWidth(_LEAST)
        self.setMaximumWidth(_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.textEdited.connect(self._offer)
        self.returnPressed.connect(self._go_to_best)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(_WIDTH, super().sizeHint().height())

    @cached_property
    def offers(self) -> Offers:
        """Made when somebody comes to search: a window is there sooner without it."""
        from gui.widgets.offers import Offers

        return Offers(self, self._go)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        self.setClearButtonEnabled(True)
        self.setCompleter(self.offers)
        super().focusInEvent(event)

    def begin(self) -> None:
        """What was searched last is written over by what is typed now."""
        self.setFocus()
        self.selectAll()

    def _offer(self, text: str) -> None:
        from gui.widgets.finding import found_in

        self.offers.show_found(text, found_in(text, self._desk.hosts, self._desk.runs))

    def _go_to_best(self) -> None:
        from gui.widgets.finding import best_of

        # Where something is chosen in the list below, that is what Enter is for.
        if self.text().strip() and not self.offers.list.currentIndex().isValid():
            self.offers.list.hide()
            self._go(best_of(self.text(), self._desk.hosts, self._desk.runs))

    def _go(self, found: Found) -> None:
        self._desk.go(found.room, found.errand)
