"""The doctor: whether this computer is ready, a line each, and what to do where it is not."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.app.doctor import examine
from core.model.check import Check
from gui.desk import Desk
from gui.language import tr
from gui.models.table import Column, Rows
from gui.widgets.grid import Grid
from gui.widgets.keyboard import lead
from gui.widgets.states import States
from gui.widgets.text import across, boxed, button, down, label
from gui.words import check_tone, check_word


class Doctor(QWidget):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.rows: Rows[Check] = Rows(self, _columns(), lambda check: f"{check.name}/{check.subject}")
        self.grid = Grid(tr("Checks of this computer"), self.rows)
        self._told = label("", wrap=True)
        again = button(tr("&Examine again"), self.look)
        self.states = States(boxed(down(boxed(across(again, None)), self.grid, self._told)), self.grid)
        self.setLayout(down(self.states))
        lead(self, self.states)
        self.grid.chosen.connect(self._tell)

    def enter(self) -> None:
        if not self.rows.total:
            self.look()

    def look(self) -> None:
        path = self._desk.workspace.path
        job = self._desk.jobs.start(
            tr("Examining this computer"),
            lambda _: examine(path),
            self._show,
            lambda trouble: self.states.show_trouble(trouble, self.look),
        )
        self.states.show_waiting(job)

    def _show(self, checks: tuple[Check, ...]) -> None:
        self.rows.set_rows(checks)
        self.states.show_content()

    def _tell(self, check: Check | None) -> None:
        words = "" if check is None else tr("{name}: wanted {wanted}; found {found}", name=check.name,
                                            wanted=check.expected, found=check.found)  # fmt: skip
        self._told.setText(words)


def _columns() -> tuple[Column[Check], ...]:
    return (
        Column(tr("Check"), lambda check: check.name, width=120),
        Column(tr("Result"), lambda check: check_word(check.result), tone=lambda check: check_tone(check.result),
               width=130),
        Column(tr("Found"), lambda check: check.found, width=420, least=170),
        Column(tr("Wanted"), lambda check: check.expected, width=420, least=170),
        Column(tr("Of"), lambda check: check.subject, width=200, hidden=True),
    )  # fmt: skip
