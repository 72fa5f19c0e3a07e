"""Says that a run has ended, or was broken off, while somebody looked elsewhere: here and by the system."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from gui.desk import Desk, Errand, Room
from gui.language import counted, tr
from gui.theme import Tone
from gui.times import elapsed
from gui.tray import Tray
from gui.widgets.banner import Banner, Notice
from gui.words import run_word, states_in_words

if TYPE_CHECKING:
    from core.app.runs import RunLine
    from gui.widgets.going_on import GoingOn


class Notices(Banner):
    """In the status bar. Runs that had ended, or were broken off, before somebody looked are no news."""

    def __init__(self, desk: Desk, since: datetime, window: QWidget, going_on: GoingOn) -> None:
        super().__init__(going_on, window)
        self._desk, self._since, self._window = desk, since, window
        self._before: dict[str, RunLine] = {}
        self.tray = Tray(self)
        self.tray.clicked.connect(self._come_up)

    def see(self, runs: tuple[RunLine, ...]) -> None:
        before, self._before = self._before, {one.run_id: one for one in runs}
        if any(one.driven for one in runs):
            # A tray that appears together with its message may swallow it.
            self.tray.show_icon()
        for run in runs:
            past = before.get(run.run_id)
            is_old = run.started_at < self._since if past is None else _standing(past) == _standing(run)
            if run.driven or run.outcome is not None:
                self.let_go_broken_off(run.run_id)
            if run.driven or is_old:
                continue
            if run.outcome is None:
                self._tell(_broken_off(run.run_id), run, loss_in_words(run), tr("Take it up again…"))
            else:
                self._tell(run.run_id, run, end_in_words(run), tr("Show the results"))
                self._desk.run_ended.emit(run)

    def let_go_broken_off(self, run_id: str) -> None:
        """It goes on, or who looks sees that it does not."""
        self.let_go(_broken_off(run_id))

    def _tell(self, about: str, run: RunLine, words: str, act: str) -> None:
        word, tone = run_word(run, run.driven)
        self.say(Notice(about, word, tone, words, act, lambda: self._open(run.run_id)))
        if not self._window.isActiveWindow():
            QApplication.alert(self._window)
            self.tray.tell(tr("Drydock: {outcome}", outcome=word), words, bad=tone is not Tone.GOOD)

    def _open(self, run_id: str) -> None:
        self._desk.go(Room.RUNS, Errand(run=run_id))

    def _come_up(self) -> None:
        """Somebody clicked on the system's message."""
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.raise_()
        self._window.activateWindow()


def end_in_words(run: RunLine) -> str:
    hosts = counted(run.count(), "1 host", "{n} hosts")
    took = "" if run.worked_until is None else tr(" after {time}", time=elapsed(run.started_at, run.worked_until))
    return tr("The run of {hosts} has ended{took}: {parts}.", hosts=hosts, took=took, parts=states_in_words(run.states))


def loss_in_words(run: RunLine) -> str:
    hosts = counted(run.count(), "1 host", "{n} hosts")
    parts = states_in_words(run.states)
    return tr("The run of {hosts} has lost its process; jobs on the hosts go on: {parts}.", hosts=hosts, parts=parts)


def _standing(run: RunLine) -> tuple[bool, bool]:
    return run.outcome is None, run.driven


def _broken_off(run_id: str) -> str:
    return f"{run_id} broken off"
