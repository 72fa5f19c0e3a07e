"""Runs: all there were, the newest first; each opens down to its steps."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QTabWidget

from core.app.runs import RunLine
from core.model.state import TargetState
from gui.desk import Desk, Errand, Page, Room
from gui.language import tr
from gui.models.table import Column, Rows
from gui.pages.results_view import ResultsView
from gui.pages.run_view import RunView
from gui.pages.steps_view import StepsView
from gui.theme import Tone
from gui.widgets.filter_line import FilterLine
from gui.widgets.grid import Grid
from gui.widgets.states import States
from gui.widgets.text import across, boxed, button, down, label
from gui.words import day_and_time, duration, outcome_tone, outcome_word

_GOOD = (TargetState.SUCCESS, TargetState.SKIPPED)
_BAD = (TargetState.FAILED, TargetState.PARTIAL, TargetState.UNKNOWN, TargetState.BLOCKED)


class RunsPage(Page):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rows: Rows[RunLine] = Rows(self, _columns(), lambda run: run.run_id)
        self.grid = Grid(tr("Runs"), self.rows)
        self.filter = FilterLine(self.grid)
        self.states = States(boxed(down(label(tr("Runs"), "title"), self.filter, self.grid)))
        self.view = RunView(desk)
        self.results = ResultsView(desk)
        self.steps = StepsView(desk)
        self._title = label("", "title")
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(tr("Views of the run"))
        self.tabs.tabBar().setAccessibleName(tr("Views of the run"))
        for part, title in (
            (self.results, tr("Results")),
            (self.view, tr("Hosts and logs")),
            (self.steps, tr("Steps and output")),
        ):
            self.tabs.addTab(boxed(down(part, edge=6)), title)
        self.tabs.currentChanged.connect(self._load)
        back = button(tr("All &runs"), self.back)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.states)
        self._stack.addWidget(boxed(down(boxed(across(back, self._title, None)), self.tabs)))
        self.setLayout(down(self._stack))
        self._open: str | None = None
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.activated.connect(self.back)
        self.grid.opened.connect(lambda run: self.open(run.run_id))
        desk.runs_changed.connect(self._show)
        self._show()

    def enter(self, errand: Errand) -> None:
        if errand.run is not None:
            self.open(errand.run)
        elif self._open is None:
            self.grid.setFocus()

    def open(self, run_id: str) -> None:
        """A run that has ended opens with its results, one that goes on with its hosts."""
        self._open = run_id
        run = self.rows.row_with(run_id)
        begun = "" if run is None else day_and_time(run.started_at)
        self._title.setText(tr("Run of {at}", at=begun))
        self._title.setToolTip(run_id)
        self._stack.setCurrentIndex(1)
        wanted = 0 if run is None or run.outcome is not None else 1
        if self.tabs.currentIndex() == wanted:
            self._load(wanted)
        else:
            self.tabs.setCurrentIndex(wanted)
        self.tabs.setFocus()

    def back(self) -> None:
        self.view.leave()
        self._open = None
        self._stack.setCurrentIndex(0)
        self.grid.setFocus()

    def again(self) -> None:
        if self._open is not None:
            self._load(self.tabs.currentIndex())

    def focus_filter(self) -> None:
        self.filter.edit.setFocus()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return ((tr("Esc"), tr("Back to all runs")),)

    def end(self) -> None:
        self.view.leave()

    def _load(self, tab: int) -> None:
        if self._open is None:
            return
        if tab == 0:
            self.results.show_run(self._open)
        elif tab == 1:
            self.view.show_run(self._open)
        else:
            self.steps.show_run(self._open)

    def _show(self) -> None:
        chosen = self.grid.current
        self.rows.set_rows(self.desk.runs)
        if self.desk.runs:
            self.states.show_content()
            if chosen is not None:
                self.grid.choose(chosen.run_id)
        else:
            self.states.show_empty(
                tr("No run so far"),
                tr("A run begins when an authorised plan is deployed."),
                (tr("To the patch cycle"), lambda: self.desk.go(Room.CYCLE)),
            )


def run_word(run: RunLine) -> str:
    if run.outcome is not None:
        return outcome_word(run.outcome)
    return tr("running") if run.driven else tr("broken off")


def run_tone(run: RunLine) -> Tone:
    if run.outcome is not None:
        return outcome_tone(run.outcome)
    return Tone.BUSY if run.driven else Tone.WARN


def _columns() -> tuple[Column[RunLine], ...]:
    return (
        Column(tr("Begun"), lambda run: day_and_time(run.started_at), lambda run: run.started_at, width=140),
        Column(tr("State"), run_word, tone=run_tone, width=190),
        Column(tr("Hosts"), lambda run: str(run.count()), lambda run: run.count(), width=70, numeric=True),
        Column(tr("Good"), lambda run: str(run.count(*_GOOD)), lambda run: run.count(*_GOOD), width=70, numeric=True),
        Column(tr("Bad"), lambda run: str(run.count(*_BAD)), lambda run: run.count(*_BAD), width=70, numeric=True),
        Column(tr("Took"), _took, width=110),
        Column(tr("Operator"), lambda run: run.operator, width=130),
        Column(tr("Run"), lambda run: run.run_id, width=290),
    )


def _took(run: RunLine) -> str:
    return "" if run.ended_at is None else duration(int((run.ended_at - run.started_at).total_seconds()))
