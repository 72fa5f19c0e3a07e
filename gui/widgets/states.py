"""A page's four states: waiting, empty, in trouble, or showing what it is for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPlainTextEdit, QStackedWidget, QWidget

from gui.jobs import Job, Trouble
from gui.language import tr
from gui.times import elapsed
from gui.widgets.keyboard import give_keyboard, hold_keyboard, lead, show_if
from gui.widgets.text import across, boxed, button, down, label

_TURN_MS = 1000
# Letters that stand in a line of the smallest window.
_WRAPPED_AT = 90
Way = tuple[str, Callable[[], object]]
"""Where to go from here: what a button says, and what it does."""


class Waiting(QFrame):
    """What is awaited, for how long so far, and how to stop it."""

    def __init__(self, stopped: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: Job[Any] | None = None
        self._stopped = stopped
        self._what = label("", "heading")
        self._since = label("", "muted")
        self._stop = button(tr("Stop waiting"), self._give_up)
        self.setObjectName("panel")
        hold_keyboard(self, tr("Nothing is awaited"))
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self._tick)
        middle = down(self._what, self._since, across(self._stop, None))
        self.setLayout(down(None, across(None, middle, None), None))

    def show_job(self, job: Job[Any]) -> None:
        self._job = job
        self._what.setText(job.what)
        self.setAccessibleName(job.what)
        self._tick()
        self._timer.start()
        job.when_ended(partial(self._ended, job))

    @property
    def what(self) -> str:
        return self._what.text()

    def rest(self) -> None:
        self._job = None
        self._timer.stop()

    def _tick(self) -> None:
        if self._job is not None:
            self._since.setText(tr("for {time} so far", time=elapsed(self._job.since, datetime.now(UTC))))

    def _give_up(self) -> None:
        if self._job is not None and self._job.running:
            self._job.stop()
        else:
            self._stopped()

    def _ended(self, job: Job[Any]) -> None:
        """Also where it was stopped elsewhere, by the status bar: nothing is awaited any more."""
        if job is self._job and job.stopping.is_set():
            self._stopped()


class Empty(QFrame):
    """Says that there is nothing yet, and offers the first step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label("", "heading")
        self._text = label("", "muted", wrap=True)
        self._text.setMinimumWidth(420)
        self._actions = across()
        self.setObjectName("panel")
        hold_keyboard(self, tr("Nothing is here yet"))
        middle = down(self._title, self._text, boxed(self._actions))
        self.setLayout(down(None, across(None, middle, None), None))

    def say(self, title: str, text: str, actions: tuple[Way, ...]) -> None:
        self._title.setText(title)
        self._text.setText(text)
        self.setAccessibleName(f"{title}. {text}")
        made = [button(words, pressed, "" if number else "primary") for number, (words, pressed) in enumerate(actions)]
        _refill(self._actions, made)
        self._actions.addStretch(1)

    @property
    def text(self) -> str:
        return f"{self._title.text()}\n{self._text.text()}"


class TroublePanel(QWidget):
    """What happened, where, what it means, what to do; and a way to copy it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._again: Callable[[], object] | None = None
        self._trouble = Trouble("", ())
        self._title = label("", "heading", wrap=True)
        self.lines = QPlainTextEdit(readOnly=True)
        self.lines.setAccessibleName(tr("What happened"))
        self.lines.setTabChangesFocus(True)
        self._remedy = label("", "", wrap=True)
        self._retry = button(tr("Try again"), self._try_again, "primary")
        copy = button(tr("Copy"), self._copy, hint=tr("Copy the whole text"))
        self._ways = across()
        ways = across(self._retry, copy, self._ways, None)
        layout = down(self._title, self.lines, self._remedy, ways, edge=16)
        layout.setStretchFactor(self.lines, 1)
        layout.addStretch(0)
        self.setLayout(layout)

    def say(self, trouble: Trouble, again: Callable[[], object] | None, *ways: Way) -> None:
        self._trouble, self._again = trouble, again
        _refill(self._ways, [button(words, pressed) for words, pressed in ways])
        self._title.setText(trouble.title)
        self.lines.setPlainText("\n".join(trouble.lines))
        self.lines.setMaximumHeight(self._needed(trouble.lines))
        self._remedy.setText(trouble.remedy)
        self._remedy.setVisible(bool(trouble.remedy))
        self._retry.setVisible(again is not None)

    @property
    def text(self) -> str:
        return self._trouble.text

    def _needed(self, lines: tuple[str, ...]) -> int:
        """As high as the lines are, wrapped ones included, and one more to see that these were all."""
        rows = 1 + sum(1 + len(line) // _WRAPPED_AT for line in lines)
        return rows * self.lines.fontMetrics().lineSpacing() + 2 * self.lines.frameWidth() + 16

    def _try_again(self) -> None:
        if self._again is not None:
            self._again()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._trouble.text)


class States(QStackedWidget):
    """One of the four at a time. Whoever gives it the keyboard gives it to the main part of what is shown then, and of
    what is shown later: never to a button that stops something."""

    def __init__(self, content: QWidget, main: QWidget | None = None, parent: QWidget | None = None) -> None:
        """Without a main part of its own, the content is that."""
        super().__init__(parent)
        self._content = content
        self._main = content if main is None else main
        self._waiting = Waiting(self._stopped)
        self._empty = Empty()
        self._trouble = TroublePanel()
        self._before: QWidget = content
        self._if_stopped: Callable[[], object] | None = None
        for part in (content, self._waiting, self._empty, self._trouble):
            self.addWidget(part)
        lead(self, self._main)

    @property
    def state(self) -> str:
        names = {1: "waiting", 2: "empty", 3: "trouble"}
        return names.get(self.currentIndex(), "content")

    @property
    def said(self) -> str:
        """The words that are shown instead of the content."""
        words = {"waiting": self._waiting.what, "empty": self._empty.text, "trouble": self._trouble.text}
        return words.get(self.state, "")

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A page that waits needs no more room than one that shows."""
        return self._content.minimumSizeHint()

    def show_content(self) -> None:
        self._turn(self._content)

    def show_waiting(self, job: Job[Any], if_stopped: Callable[[], object] | None = None) -> None:
        before = self.currentWidget()
        if before is not None and before is not self._waiting:
            self._before = before
        self._if_stopped = if_stopped
        self._waiting.show_job(job)
        self._turn(self._waiting)

    def show_empty(self, title: str, text: str, *actions: Way) -> None:
        self._empty.say(title, text, actions)
        self._turn(self._empty)

    def show_trouble(self, trouble: Trouble, again: Callable[[], object] | None = None, *ways: Way) -> None:
        self._trouble.say(trouble, again, *ways)
        self._turn(self._trouble)

    def _stopped(self) -> None:
        if self._if_stopped is not None:
            self._if_stopped()
        else:
            self._turn(self._before)

    def _turn(self, to: QWidget) -> None:
        if to is not self._waiting:
            self._waiting.rest()
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        turned = self.currentWidget() is not to
        self.setCurrentWidget(to)
        lead(self, self._part_of(to))
        if had_focus and (turned or to is not self._content):
            give_keyboard(self)

    def _part_of(self, shown: QWidget) -> QWidget:
        if shown is self._content:
            return self._main
        return self._trouble.lines if shown is self._trouble else shown


def _refill(row: QHBoxLayout, buttons: Sequence[QWidget]) -> None:
    while (item := row.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            show_if(widget, False)
            widget.deleteLater()
    for one in buttons:
        row.addWidget(one)
