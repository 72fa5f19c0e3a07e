"""Tests the way to one host: each step of the connection with how it went."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from core.app.assess import way_to
from core.model.check import Check, CheckResult
from core.model.host import Host
from gui.desk import Desk
from gui.jobs import Job, Trouble
from gui.language import tr
from gui.models.table import Column, Rows
from gui.widgets.fitting import resize_within_screen
from gui.widgets.grid import Grid
from gui.widgets.states import States
from gui.widgets.text import across, button, down, label
from gui.words import check_tone, check_word


class ConnectionTest(QDialog):
    """Begins at once; closing it stops the test."""

    def __init__(self, desk: Desk, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("The way to {host}", host=host.name))
        self._desk, self._host = desk, host
        self._job: Job[Any] | None = None
        self.rows: Rows[Check] = Rows(self, _columns(), lambda check: check.name)
        self.grid = Grid(tr("Steps of the connection"), self.rows)
        self.states = States(self.grid)
        self.told = label("", wrap=True)
        self.grid.chosen.connect(self._tell)
        again = button(tr("Test again"), self.begin)
        close = button(tr("Close"), self.accept, "primary")
        close.setDefault(True)
        words = tr("What was tried, in order. The first step that fails is the one to mend.")
        top = label(words, "muted", wrap=True)
        self.setLayout(down(top, self.states, self.told, across(None, again, close), edge=16))
        resize_within_screen(self, 820, 380)
        self.finished.connect(lambda _result: self._stop())
        self.begin()

    def begin(self) -> None:
        workspace, host = self._desk.workspace, self._host
        what = tr("Testing the way to {host}", host=host.name)
        self._job = self._desk.jobs.start(what, lambda stop: way_to(workspace, host, stop), self._show, self._fail)
        self.states.show_waiting(self._job, self.reject)

    def _show(self, checks: tuple[Check, ...]) -> None:
        self.rows.set_rows(checks)
        self.states.show_content()
        wrong = next((one.name for one in checks if one.result is CheckResult.FAILED), None)
        if wrong is not None:
            self.grid.choose(wrong)

    def _tell(self, check: Check | None) -> None:
        """In full: what to do stands at the end of what was found, where the column has no room."""
        self.told.setText("" if check is None else check.found)

    def _fail(self, trouble: Trouble) -> None:
        self.states.show_trouble(trouble, self.begin)

    def _stop(self) -> None:
        if self._job is not None and self._job.running:
            self._job.stop()


def _columns() -> tuple[Column[Check], ...]:
    return (
        Column(tr("Step"), lambda one: one.name.replace("_", " "), width=170),
        Column(tr("Result"), lambda one: check_word(one.result), None, lambda one: check_tone(one.result), width=100),
        Column(tr("Where"), lambda one: one.subject, width=110),
        Column(tr("Found"), lambda one: one.found, width=340),
    )
