"""What happened while somebody did something else: said in the status bar, for eyes and for screen readers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from gui.language import tr
from gui.theme import Tone
from gui.widgets.chip import Chip
from gui.widgets.elided import Elided
from gui.widgets.going_on import ROW_HEIGHT, GoingOn
from gui.widgets.keyboard import show_if
from gui.widgets.text import across, button, label

_NARROW = 780
_SENTENCE, _GOING_ON = 1, 2


@dataclass(frozen=True, slots=True)
class Notice:
    """It is known by what it is about, so that it can be taken away once that is seen."""

    about: str
    word: str
    tone: Tone
    text: str
    act: str
    do: Callable[[], object]


class Banner(QFrame):
    """Shares its row with what goes on, so that nothing moves and nothing is covered when it comes. One notice at a
    time, the newest first; each stays until somebody has seen to it: nobody looks at a screen for hours."""

    changed = Signal()

    def __init__(self, going_on: GoingOn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.told: tuple[Notice, ...] = ()
        self.on_show: Notice | None = None
        self._going_on = going_on
        self.state = Chip(parent=self, lit=True)
        self.words = Elided()
        self.more = label()
        self.act = button(tr("Show"), self._act, "primary")
        self.close_it = button(tr("Close"), self._close, hint=tr("Close this message"))
        self._row = across(self.state, self.words, going_on, self.more, self.act, self.close_it)
        self._row.setStretch(_SENTENCE, 1)
        self._row.setContentsMargins(6, 0, 6, 0)
        self.setLayout(self._row)
        self.setFixedHeight(ROW_HEIGHT)
        going_on.show()
        self._show()

    def say(self, notice: Notice) -> None:
        """What somebody is about to press stays under his pointer, or his key: the newer one comes after it."""
        self.told = (notice, *(one for one in self.told if one.about != notice.about))
        self._show(self.on_show if self._is_in_use else None)
        event = QAccessibleAnnouncementEvent(self, _aloud(notice))
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    def let_go(self, about: str) -> None:
        """It is seen by other ways."""
        self._keep(tuple(one for one in self.told if one.about != about))

    def give_keyboard(self) -> None:
        if self.on_show is not None:
            self.act.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._shorten()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().leaveEvent(event)
        if not self._is_in_use:
            self._show()

    @property
    def _is_in_use(self) -> bool:
        at = QApplication.focusWidget()
        return self.underMouse() or (at is not None and self.isAncestorOf(at))

    def _act(self) -> None:
        if self.on_show is not None:
            done = self.on_show
            done.do()
            self.let_go(done.about)

    def _close(self) -> None:
        if self.on_show is not None:
            self.let_go(self.on_show.about)

    def _keep(self, left: tuple[Notice, ...]) -> None:
        if left != self.told:
            self.told = left
            self._show(self.on_show)

    def _show(self, wanted: Notice | None = None) -> None:
        """Without one that is wanted, and still there, the newest."""
        newest = self.told[0] if self.told else None
        self.on_show = shown = wanted if wanted in self.told else newest
        self._going_on.be_brief(shown is not None)
        self._row.setStretch(_GOING_ON, 0 if shown is not None else 1)
        for part in (self.words, self.act, self.close_it):
            show_if(part, shown is not None)
        self.more.setVisible(len(self.told) > 1)
        self.state.say("" if shown is None else shown.word, Tone.QUIET if shown is None else shown.tone)
        self.setAccessibleName("" if shown is None else _aloud(shown))
        if shown is not None:
            self.words.say(shown.text)
            self.act.setText(shown.act)
            self.act.setAccessibleName(shown.act)
            self.more.setToolTip("\n".join(_aloud(one) for one in self.told if one is not shown))
        self._shorten()
        self.changed.emit()

    def _shorten(self) -> None:
        """Where there is no room the sentence is to have it."""
        others, narrow = len(self.told) - 1, self.width() < _NARROW
        self.more.setText(f"+{others}" if narrow else tr("and {n} more", n=others))
        self.more.setAccessibleName(tr("and {n} more", n=others))
        self.close_it.setText("×" if narrow else tr("Close"))


def _aloud(notice: Notice) -> str:
    return f"{notice.word}: {notice.text}"
