"""Reports over all runs: the year's workbook and the trend, of everybody or of the one tenant of the scope."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

from PySide6.QtWidgets import QLabel, QWidget

from core.app.apart import report_trend_apart, report_year_apart
from core.app.workspace import Workspace
from gui.desk import Desk
from gui.language import tr
from gui.opening import show_outside
from gui.widgets.allowing import allow
from gui.widgets.text import across, button, label

_LONGEST_NAME = 20

_Make = Callable[[Workspace, str | None, Event], tuple[Path, ...]]


class AllReports(QWidget):
    """Each is made anew when it is asked for: the journals have gone on since."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._making = False
        self.whose = label("", "muted")
        self.year = button(
            tr("This &year"),
            lambda: self._make(report_year_apart),
            hint=tr("Open the workbook of all runs of this year"),
        )
        self.trend = button(
            tr("Tre&nd"),
            lambda: self._make(report_trend_apart),
            hint=tr("Open patch state by month, time to patch and failure causes, over all runs"),
        )
        self.setLayout(across(self.whose, self.year, self.trend))
        desk.runs_changed.connect(self.show_what_may_be)
        desk.scope_changed.connect(self.show_what_may_be)
        self.show_what_may_be()

    def show_what_may_be(self) -> None:
        why_not = ""
        if self._making:
            why_not = tr("The report is being made.")
        elif not self._desk.runs:
            why_not = tr("There was no run so far.")
        elif len(self._desk.scope.tenants) > 1:
            why_not = tr("It is of one tenant, or of all: choose one at the top, or none.")
        name_whose(self.whose, self._desk)
        for one in (self.year, self.trend):
            allow(one, why_not)

    def _make(self, make: _Make) -> None:
        workspace, tenant = self._desk.workspace, self._desk.only_tenant
        self._making = True
        self.show_what_may_be()
        job = self._desk.jobs.start(
            tr("Making the report"),
            lambda stopping: make(workspace, tenant, stopping),
            lambda files: show_outside(self._desk, files[0]),
            self._desk.show_trouble,
        )
        job.when_ended(self._made)

    def _made(self) -> None:
        self._making = False
        self.show_what_may_be()


def name_whose(whose: QLabel, desk: Desk) -> None:
    """Beside buttons that make reports: whose they would be."""
    tenant = desk.only_tenant
    brief = tenant if tenant is None or len(tenant) <= _LONGEST_NAME else f"{tenant[:_LONGEST_NAME]}…"
    whose.setText(tr("Reports") if brief is None else tr("Reports of {tenant}", tenant=brief))
    whose.setToolTip("" if tenant is None else tr("Of {tenant} alone: nothing of the others is in them", tenant=tenant))
