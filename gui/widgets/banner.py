"""What happened while somebody did something else: said on top of the page, for eyes and for screen readers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QWidget

from gui.language import tr
from gui.theme import Tone
from gui.widgets.chip import Chip
from gui.widgets.text import across, button, down, label

_MOST = 3


class Banner(QFrame):
    """Stays until somebody has seen to it: nobody looks at a screen for hours."""

    gone = Signal()

    def __init__(self, word: str, tone: Tone, text: str, act: str, do: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(f"{word}: {text}")
        self.text = text
        self.state = Chip(parent=self)
        self.state.say(word, tone)
        self._do = do
        self.act = button(act, self._act, "primary")
        self.close_it = button(tr("Close"), self.go, hint=tr("Close this message"))
        words = label(text, "strong", wrap=True)
        row = across(self.state, words, self.act, self.close_it)
        row.setStretch(1, 1)
        row.setContentsMargins(12, 6, 12, 6)
        self.setLayout(row)

    def announce(self) -> None:
        """A screen reader says it at once, whatever has the keyboard."""
        event = QAccessibleAnnouncementEvent(self, self.accessibleName())
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    def _act(self) -> None:
        self._do()
        self.go()

    def go(self) -> None:
        self.hide()
        self.gone.emit()
        self.deleteLater()


class Banners(QWidget):
    """The newest on top; of older ones only a few."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: list[Banner] = []
        self._column = down(gap=6)
        self._column.setContentsMargins(12, 8, 12, 0)
        self.setLayout(self._column)
        self.hide()

    @property
    def shown(self) -> tuple[Banner, ...]:
        return tuple(self._told)

    def say(self, banner: Banner) -> None:
        for old in self.shown[_MOST - 1 :]:
            old.go()
        self._told.insert(0, banner)
        self._column.insertWidget(0, banner)
        banner.gone.connect(partial(self._forget, banner))
        self.show()
        banner.announce()

    def _forget(self, banner: Banner) -> None:
        self._told.remove(banner)
        self.setVisible(bool(self._told))
