"""A run down to its steps, and to what each installer said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QWidget

from core.app.runs import step_output
from core.app.status import status
from core.app.watching import plan_of
from core.model.plan import Plan
from core.model.record import RunRecord, StepRecord
from gui.desk import Desk
from gui.jobs import Trouble
from gui.language import tr
from gui.models.table import Column, Rows
from gui.widgets.filter_line import FilterLine
from gui.widgets.grid import Grid
from gui.widgets.states import States
from gui.widgets.step_list import step_title
from gui.widgets.text import boxed, down, label
from gui.words import clock_time, duration, step_tone, step_word


@dataclass(frozen=True, slots=True)
class StepLine:
    host: str
    title: str
    record: StepRecord


class StepsView(QWidget):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._run_id: str | None = None
        self.rows: Rows[StepLine] = Rows(self, _columns(), lambda line: f"{line.host}/{line.record.order}")
        self.grid = Grid(tr("Steps of the run"), self.rows)
        self._title = label("", "heading")
        self.output = QPlainTextEdit(readOnly=True)
        self.output.setAccessibleName(tr("What the step said"))
        self.output.setTabChangesFocus(True)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(boxed(down(FilterLine(self.grid, _groupings()), self.grid)))
        split.addWidget(boxed(down(self._title, self.output, gap=4)))
        self.states = States(split)
        self.setLayout(down(self.states))
        self.grid.chosen.connect(self._tell)

    def show_run(self, run_id: str) -> None:
        self._run_id = run_id
        workspace = self._desk.workspace
        job = self._desk.jobs.start(
            tr("Reading the steps"),
            lambda _: (status(workspace, run_id).record, plan_of(workspace, run_id)),
            self._show,
            lambda trouble: self.states.show_trouble(trouble, lambda: self.show_run(run_id)),
        )
        self.states.show_waiting(job)

    def _show(self, found: tuple[RunRecord, Plan]) -> None:
        record, plan = found
        lines = [
            StepLine(target.host, step_title(plan, step), record.target(target.host).step(step.order))
            for target in plan.targets
            for step in target.steps
        ]
        self.rows.set_rows(lines)
        if not lines:
            self.states.show_empty(tr("No steps"), tr("The plan of this run holds none."))
            return
        self.states.show_content()
        first = next(iter(self.rows.shown_rows))
        self.grid.choose(f"{first.host}/{first.record.order}")

    def _tell(self, line: StepLine | None) -> None:
        if line is None or self._run_id is None:
            self._title.setText("")
            self.output.setPlainText("")
            return
        self._title.setText(f"{line.host}: {line.title}")
        known = "\n".join(_known(line.record))
        self.output.setPlainText(known)
        job = line.record.job
        if job is None or not job.output_sha256:
            return
        workspace, run_id, key = self._desk.workspace, self._run_id, job.output_sha256

        def arrived(text: str) -> None:
            if self.grid.current == line:
                self.output.setPlainText(f"{known}\n\n{text}")

        def missing(trouble: Trouble) -> None:
            if self.grid.current == line:
                self.output.setPlainText(f"{known}\n\n{trouble.text}")

        self._desk.jobs.start_quietly(lambda _: step_output(workspace, run_id, key), arrived, missing)


def _known(record: StepRecord) -> list[str]:
    lines = [tr("State: {state}", state=step_word(record.state))]
    if record.failure is not None:
        lines += [record.failure.detail, record.failure.hint]
    if record.delivered is not None:
        lines.append(tr("Package verified on the host: SHA-256 {hash}, signed by {signer}",
                        hash=record.delivered.sha256, signer=record.delivered.signer))  # fmt: skip
    if record.intent is not None:
        lines.append(tr("Asked with: {arguments}", arguments=" ".join(record.intent.arguments)))
    if record.job is not None:
        lines.append(tr("Ended with {code}: {meaning}", code=record.job.exit_code, meaning=record.job.meaning))
        lines.append(record.job.summary)
    if record.reboot is not None:
        before, after = record.reboot.before.boot_id, record.reboot.after.boot_id
        lines.append(tr("Restart proven: {before} became {after}", before=before, after=after))
    return [line for line in lines if line]


def _groupings() -> tuple[tuple[str, Callable[[StepLine], str] | None], ...]:
    return ((tr("By host"), lambda line: line.host), (tr("Not grouped"), None))


def _columns() -> tuple[Column[StepLine], ...]:
    return (
        Column(tr("Host"), lambda line: line.host, width=140),
        Column(tr("Step"), lambda line: str(line.record.order), lambda line: line.record.order, width=56, numeric=True),
        Column(tr("What"), lambda line: line.title, width=420),
        Column(
            tr("State"), lambda line: step_word(line.record.state), tone=lambda line: step_tone(line.record.state),
            width=110,
        ),
        Column(
            tr("Exit code"), lambda line: "" if line.record.job is None else str(line.record.job.exit_code),
            lambda line: -1 if line.record.job is None else line.record.job.exit_code, width=84, numeric=True,
        ),
        Column(tr("Begun"), _begun, width=90),
        Column(tr("Took"), _took, width=100),
    )  # fmt: skip


def _begun(line: StepLine) -> str:
    return "" if line.record.started_at is None else clock_time(line.record.started_at)


def _took(line: StepLine) -> str:
    record = line.record
    if record.started_at is None or record.ended_at is None:
        return ""
    return duration(int((record.ended_at - record.started_at).total_seconds()))
