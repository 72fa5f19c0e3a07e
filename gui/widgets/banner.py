"""What happened while somebody did something else: said on top of the page, for eyes and for screen readers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from gui.language import tr
from gui.theme import Tone
from gui.widgets.chip import Chip
from gui.widgets.elided import Elided
from gui.widgets.keyboard import show_if
from gui.widgets.text import across, button, down

_MOST = 3


class Banner(QFrame):
    """A row that stays until somebody has seen to it: nobody looks at a screen for hours."""

    gone = Signal()

    def __init__(self, word: str, tone: Tone, text: str, act: str, do: Callable[[], object], about: str = "") -> None:
        """What it is about is known by its key, so that it can be taken away once that is seen."""
        super().__init__()
        self.about = about
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setObjectName("card")
        self.setAccessibleName(f"{word}: {text}")
        self.text = text
        self.state = Chip(parent=self)
        self.state.say(word, tone)
        self._do = do
        self.act = button(act, self._act, "primary")
        self.close_it = button(tr("Close"), self.go, hint=tr("Close this message"))
        self.words = Elided(text)
        row = across(self.state, self.words, self.act, self.close_it)
        row.setStretch(1, 1)
        row.setContentsMargins(8, 2, 4, 2)
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
        show_if(self, False)
        self.gone.emit()
        self.deleteLater()


class Banners(QWidget):
    """The newest on top; of older ones only a few."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: list[Banner] = []
        self._column = down(gap=4)
        self._column.setContentsMargins(12, 4, 12, 0)
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

    def let_go(self, about: str) -> None:
        """It is seen by other ways."""
        for banner in self.shown:
            if banner.about == about:
                banner.go()

    def _forget(self, banner: Banner) -> None:
        self._told.remove(banner)
        self.setVisible(bool(self._told))
