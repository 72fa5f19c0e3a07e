"""The build reference: of when it is, what it knows, and a newer one taken in from a file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from core.app.builds import Family, Known, known
from gui.desk import Desk
from gui.dialogs.import_builds import ImportBuilds
from gui.language import counted, tr
from gui.models.table import Column, Rows
from gui.theme import Tone
from gui.widgets.chip import Chip
from gui.widgets.grid import Grid
from gui.widgets.keyboard import lead
from gui.widgets.states import States
from gui.widgets.text import across, boxed, button, down, label

# Microsoft brings out updates each month: what is older misses some.
_FRESH_DAYS = 60


class BuildReference(QWidget):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.rows: Rows[Family] = Rows(self, _columns(), lambda one: one.name)
        self.grid = Grid(tr("Versions that the reference knows"), self.rows)
        self.summary, self.age = label("", "strong"), Chip()
        take = button(
            tr("Take in a &newer one…"), self._choose, "primary", tr("The community's list of builds, as JSON")
        )
        words = tr(
            "It says which build is which CU, on which branch, supported until when. Plans rest on it, and how far "
            "behind a server is. A newer list is dbatools-buildref-index.json of the dbatools project."
        )
        top = boxed(across(self.summary, self.age, None, take))
        content = boxed(down(label(words, "muted", wrap=True), top, self.grid))
        self.states = States(content, self.grid)
        self.setLayout(down(self.states))
        lead(self, self.states)

    def enter(self) -> None:
        if not self.rows.total:
            self.look()

    def look(self) -> None:
        workspace = self._desk.workspace
        job = self._desk.jobs.start(
            tr("Reading the build reference"),
            lambda _: known(workspace),
            self._show,
            lambda trouble: self.states.show_trouble(trouble, self.look, (tr("Take in a newer one…"), self._choose)),
        )
        self.states.show_waiting(job)

    def take_in(self, source: Path) -> None:
        self.dialog = ImportBuilds(self._desk, source, self)
        self.dialog.accepted.connect(self.look)
        self.dialog.open()

    def _choose(self) -> None:
        kinds = tr("Lists of builds (*.json);;All files (*)")
        name, _ = QFileDialog.getOpenFileName(self, tr("Take in a newer build reference"), "", kinds)
        if name:
            self.take_in(Path(name))

    def _show(self, found: Known) -> None:
        self.rows.set_rows(found.families)
        builds = counted(found.builds, "1 build", "{n} builds")
        self.summary.setText(tr("{builds}, as of {day}", builds=builds, day=found.as_of))
        self.age.say(*_age(found.as_of, datetime.now(UTC).date()))
        self.states.show_content()


def _age(as_of: date, today: date) -> tuple[str, Tone]:
    days = (today - as_of).days
    words = counted(max(0, days), "1 day old", "{n} days old")
    return (words, Tone.GOOD) if days <= _FRESH_DAYS else (tr("{age}: take in a newer one", age=words), Tone.WARN)


def _columns() -> tuple[Column[Family], ...]:
    return (
        Column(tr("SQL Server"), lambda one: one.name, width=120, least=84),
        Column(tr("Builds"), lambda one: f"{one.builds:,}", lambda one: one.builds, width=80, numeric=True),
        Column(tr("Newest"), lambda one: one.newest, width=280, least=150),
        Column(tr("Build"), lambda one: one.build, width=120, least=94),
        Column(tr("Released"), lambda one: _day(one.released), width=120, least=102),
        Column(tr("Support ends"), lambda one: _day(one.support_ends), width=120, least=104),
    )


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
