"""Runs: all there were, the newest first."""

from __future__ import annotations

from core.app.runs import RunLine
from core.model.state import TargetState
from gui.desk import Desk, Errand, Page
from gui.language import tr
from gui.models.table import Column, Rows
from gui.theme import Tone
from gui.widgets.grid import Grid
from gui.widgets.states import States
from gui.widgets.text import down, label
from gui.words import day_and_time, duration, outcome_tone, outcome_word

_GOOD = (TargetState.SUCCESS, TargetState.SKIPPED)
_BAD = (TargetState.FAILED, TargetState.PARTIAL, TargetState.UNKNOWN, TargetState.BLOCKED)


class RunsPage(Page):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rows: Rows[RunLine] = Rows(self, _columns(), lambda run: run.run_id)
        self.grid = Grid(tr("Runs"), self.rows)
        self.states = States(self.grid)
        self.setLayout(down(label(tr("Runs"), "title"), self.states))
        desk.runs_changed.connect(self._show)
        self._show()

    def enter(self, errand: Errand) -> None:
        if errand.run is not None:
            self.grid.choose(errand.run)
        self.grid.setFocus()

    def _show(self) -> None:
        self.rows.set_rows(self.desk.runs)
        if self.desk.runs:
            self.states.show_content()
        else:
            self.states.show_empty(tr("No run so far"), tr("A run begins when an authorised plan is deployed."))


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
