"""Says that a run has ended, or lost its process, while somebody did something else: here, in the task bar, by the
system's message."""

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
    """In the status bar. Runs that had ended before somebody looked are no news."""

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
            began_before = run.started_at < self._since if past is None else past.outcome is not None
            if run.outcome is not None and not began_before:
                self._tell(run)

    def _tell(self, run: RunLine) -> None:
        (word, tone), words = run_word(run, run.driven), end_in_words(run)
        self.say(Notice(run.run_id, word, tone, words, tr("Show the results"), lambda: self._open(run.run_id)))
        if not self._window.isActiveWindow():
            QApplication.alert(self._window)
            self.tray.tell(tr("Drydock: {outcome}", outcome=word), words, bad=tone is not Tone.GOOD)
        self._desk.run_ended.emit(run)

    def _open(self, run_id: str) -> None:
        self._desk.go(Room.RUNS, Errand(run=run_id))

    def _come_up(self) -> None:
        """Somebody clicked on the system's message."""
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.raise_()
        self._window.activateWindow()


def end_in_words(run: RunLine) -> str:
    hosts = counted(run.count(), "1 host", "{n} hosts")
    took = "" if run.ended_at is None else tr(" after {time}", time=elapsed(run.started_at, run.ended_at))
    return tr("The run of {hosts} has ended{took}: {parts}.", hosts=hosts, took=took, parts=states_in_words(run.states))
