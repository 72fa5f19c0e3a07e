"""The status bar's usual words: what runs, since when, and a way to stop waiting for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from gui.jobs import Jobs
from gui.language import counted, tr
from gui.times import clock_time, elapsed
from gui.widgets.elided import Elided
from gui.widgets.keyboard import show_if
from gui.widgets.text import across, button

if TYPE_CHECKING:
    from core.app.runs import RunLine

# Whatever the row shows: a page that grew and shrank would move under the pointer.
ROW_HEIGHT = 22
_TURN_MS = 1000


class GoingOn(QWidget):
    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._runs: tuple[RunLine, ...] = ()
        self._brief = False
        self._words = Elided(kind="muted")
        self._stop = button(tr("Stop"), self._stop_oldest, "link", tr("Stop waiting for it"))
        self._stop.setAccessibleName(tr("Stop what goes on"))
        self._said = Elided()
        self._until = datetime.now(UTC)
        self.setLayout(across(self._words, self._stop, None, self._said, gap=6))
        self.setContentsMargins(2, 0, 2, 0)
        self.setFixedHeight(ROW_HEIGHT)
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self._show)
        self._timer.start()
        jobs.changed.connect(self._show)
        self._show()

    def show_runs(self, runs: tuple[RunLine, ...]) -> None:
        self._runs = tuple(one for one in runs if one.driven)
        self._show()

    def be_brief(self, brief: bool) -> None:
        """Beside something that has more to say it is silent while nothing goes on."""
        self._brief = brief
        self._show()

    @property
    def text(self) -> str:
        return self._words.words

    def say(self, text: str, seconds: int = 12) -> None:
        """A sentence that stands for a while beside what goes on."""
        self._said.say(text)
        self._until = datetime.now(UTC) + timedelta(seconds=seconds)
        self._show()

    @property
    def said(self) -> str:
        return self._said.words

    def _show(self) -> None:
        now = datetime.now(UTC)
        if now > self._until:
            self._said.say("")
        jobs = self._jobs.going
        runs = [_run_words(one) for one in self._runs]
        parts = [*runs, *(f"{job.what} – {elapsed(job.since, now)}" for job in jobs[:1])]
        if len(jobs) > 1:
            parts.append(tr("{n} more", n=len(jobs) - 1))
        nothing = "" if self._brief or self._said.words else tr("Nothing is going on")
        self._words.say("  ·  ".join(parts) if parts else nothing)
        # What runs, and since when, is read whole, however little room there is.
        least = runs[0] + ("  ·  …" if len(parts) > 1 else "") if runs else ""
        self._words.setMinimumWidth(self._words.fontMetrics().horizontalAdvance(least) + 1 if least else 0)
        show_if(self._stop, bool(jobs))

    def _stop_oldest(self) -> None:
        if self._jobs.going:
            self._jobs.going[0].stop()


def _run_words(run: RunLine) -> str:
    """One that had ended is not at work since it began."""
    hosts = counted(run.count(), "1 host", "{n} hosts")
    if run.worked_until is not None:
        return tr("Run of {n} taken up again", n=hosts)
    return tr("Run of {n} since {time}", n=hosts, time=clock_time(run.started_at))
