"""Step 3: the plan is looked at, changed and compared before anybody signs it. What is seen here is what runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QTabWidget, QWidget

from core.app.apart import report_plan_apart
from core.app.plan import LeavingOut, draft
from core.app.plan import keep as keep_plan
from core.app.review import Reviewed, reviewed
from core.model.plan import Plan
from core.model.review import Finding
from gui.desk import Desk
from gui.jobs import Job, Trouble
from gui.language import tr
from gui.models.plan_lines import (
    LEFT_OUT,
    HostLine,
    LeftLine,
    UpdateLine,
    host_columns,
    host_lines,
    left_columns,
    left_lines,
    update_columns,
    update_lines,
)
from gui.models.table import Rows
from gui.opening import show_outside
from gui.pages.cycle.course import Course
from gui.pages.cycle.plan_words import (
    comparison_in_words,
    digest_in_words,
    estimate_in_words,
    findings_in_words,
    totals_in_words,
    whole_names_in_words,
    windows_in_words,
)
from gui.theme import Tone
from gui.widgets.chip import Chip
from gui.widgets.filter_line import FilterLine
from gui.widgets.findings import Findings
from gui.widgets.giving_way import GivingWay
from gui.widgets.grid import Grid
from gui.widgets.keyboard import give_keyboard, lead
from gui.widgets.states import States
from gui.widgets.step_list import StepList
from gui.widgets.stepper import Answer, Step
from gui.widgets.text import across, boxed, button, down, label
from gui.words import short_digest

# Facts of this cycle's second step are used however long the review takes, within a day.
_FACTS_HOURS = 24
_PAUSE_MS = 250
_LOW, _SHARES = 330, (760, 420)


class ReviewStep(Step):
    def __init__(self, desk: Desk, course: Course) -> None:
        super().__init__()
        self.title, self.onward = tr("Plan"), tr("Continue to a&uthorise")
        self._desk, self._course = desk, course
        self._job: Job[Reviewed] | None = None
        self._made_from: object = None
        self._known_updates: dict[str, UpdateLine] = {}
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._plan_again)
        self.totals = label("", "strong")
        self.window_line = label("", "muted")
        self.digest = label("", "muted")
        self.digest.setAccessibleName(tr("Digest of the plan"))
        self.digest.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.changed = Chip()
        self.findings = Findings(self._follow)
        self.hosts: Rows[HostLine] = Rows(self, host_columns(), lambda line: line.host)
        self.hosts.make_tickable()
        self.updates: Rows[UpdateLine] = Rows(self, update_columns(), lambda line: line.key)
        self.updates.make_tickable()
        self.left: Rows[LeftLine] = Rows(self, left_columns(), lambda line: f"{line.host}/{line.what}/{line.code}")
        self.host_grid = Grid(tr("Hosts of the plan"), self.hosts)
        self.update_grid = Grid(tr("Updates of the plan"), self.updates)
        self.left_grid = Grid(tr("Not patched"), self.left, tr("Nothing is left out."))
        self.steps = StepList()
        self.warnings = _text(tr("Warnings"))
        self.comparison = _text(tr("Compared with the last plan"))
        self.tabs = self._make_tabs()
        self._again = button(tr("&Plan again"), self._plan_again)
        self._excel = button(tr("E&xport"), self._export, hint=tr("Excel and HTML, for the change board"))
        self._top = down(
            boxed(across(self.findings, self.changed, self._again, self._excel)),
            self.totals,
            across(self.window_line, None, self.digest),
            gap=4,
        )
        column = down(boxed(self._top), self.tabs)
        self._page = GivingWay(column, _LOW, (self.filter,), self._stand_low)
        self.states = States(self._page, self.host_grid)
        self.setLayout(down(self.states))
        lead(self, self.states)
        for rows in (self.hosts, self.updates):
            rows.ticked_changed.connect(self._pause.start)
        self.host_grid.chosen.connect(self._show_steps)

    def _stand_low(self, low: bool) -> None:
        """What one goes through is a tab of its own."""
        if low:
            self.tabs.addTab(self.steps, tr("Steps"))
        else:
            self._split.addWidget(self.steps)
            self._split.setSizes(list(_SHARES))
            self.steps.show()
        self._top.setSpacing(2 if low else 4)
        for page in self._pages:
            page.setContentsMargins(*((0, 2, 0, 0) if low else (4, 4, 4, 4)))
        if self._course.reviewed is not None:
            self._name_tabs(self._course.reviewed)

    def offer_filter(self) -> None:
        """It may have given way to the rows."""
        self.filter.show()

    # As a step

    @property
    def why_not(self) -> str:
        shown = self._course.reviewed
        if self.is_planning:
            return tr("The plan is just being made.")
        if shown is None:
            return tr("There is no plan yet.")
        return "" if shown.plan.targets else tr("The plan patches no host: there is nothing to authorise.")

    @property
    def is_planning(self) -> bool:
        return self._job is not None or self._pause.isActive()

    def enter(self) -> None:
        made_from = (self._course.hosts, tuple(self._course.assessed.items()))
        if made_from != self._made_from:
            self._made_from = made_from
            self._known_updates = {}
            self.hosts.set_unticked(())
            self.updates.set_unticked(())
            self._plan_again()
        give_keyboard(self.states)

    def leave(self, answer: Answer) -> None:
        """What is signed must be found again: from here on the plan is kept."""
        shown = self._course.reviewed
        if shown is None:
            answer(False)
            return
        workspace, plan = self._desk.workspace, shown.plan

        def refused(trouble: Trouble) -> None:
            self.states.show_trouble(trouble, self.states.show_content)
            answer(False)

        self._desk.jobs.start(
            tr("Keeping the plan"), lambda _: keep_plan(workspace, plan), lambda _: answer(True), refused
        )

    # Planning

    def _plan_again(self) -> None:
        if self._job is not None:
            self._job.stop()
        self._course.leave_out(self._left_out())
        workspace, course = self._desk.workspace, self._course
        selection, leaving_out, failed = course.selection, course.leaving_out, course.failed

        def work(_: threading.Event) -> Reviewed:
            made = draft(workspace, selection, timedelta(hours=_FACTS_HOURS), leaving_out, failed)
            return reviewed(workspace, made)

        self._job = self._desk.jobs.start(tr("Making the plan"), work, self.show_plan, self._refused)
        self._job.when_ended(self._ended)
        if course.reviewed is None:
            self.states.show_waiting(self._job, self._not_waited)
        self.ready_changed.emit()

    def _left_out(self) -> LeavingOut:
        unticked = [self._known_updates[key] for key in sorted(self.updates.unticked)]
        return LeavingOut(
            hosts=tuple(sorted(self.hosts.unticked)),
            kbs=tuple(line.kb for line in unticked if line.kb),
            updates=tuple(line.key for line in unticked if not line.kb),
        )

    def _ended(self) -> None:
        self._job = None
        self.ready_changed.emit()

    def _not_waited(self) -> None:
        self.states.show_empty(tr("No plan yet"), tr("Making it was stopped."), (tr("Make it"), self._plan_again))

    def _refused(self, trouble: Trouble) -> None:
        self.states.show_trouble(trouble, self._plan_again)

    # Showing

    def show_plan(self, shown: Reviewed) -> None:
        before = self._course.reviewed
        self._course.reviewed = shown
        plan = shown.plan
        self.findings.show_review(shown.review)
        self.totals.setText(totals_in_words(plan))
        self.totals.setToolTip(estimate_in_words(plan))
        self.totals.setAccessibleDescription(self.totals.toolTip())
        self.window_line.setText(windows_in_words(plan))
        self._show_digest(plan, None if before is None else before.plan)
        chosen = self.host_grid.current
        self.hosts.set_rows(host_lines(shown))
        self._show_updates(plan)
        self.left.set_rows(one for one in left_lines(plan) if one.code != LEFT_OUT)
        self.warnings.setPlainText(findings_in_words(shown))
        self.comparison.setPlainText(comparison_in_words(shown))
        self.comparison.setToolTip(whole_names_in_words(shown))
        self._name_tabs(shown)
        if chosen is None or not self.host_grid.choose(chosen.host):
            self._choose_first()
        self.states.show_content()
        self.ready_changed.emit()

    def _choose_first(self) -> None:
        first = next((line for line in self.hosts.shown_rows if line.target is not None), None)
        if first is None or not self.host_grid.choose(first.host):
            self._show_steps(None)

    def _show_updates(self, plan: Plan) -> None:
        """An update that was left out stays in the list, to be taken in again."""
        present = {line.key: line for line in update_lines(plan)}
        self._known_updates |= present
        gone = [self._known_updates[key] for key in self.updates.unticked if key not in present]
        self.updates.set_rows([*present.values(), *gone])

    def _show_digest(self, plan: Plan, before: Plan | None) -> None:
        self.digest.setText(tr("digest {digest}", digest=short_digest(plan.digest)))
        self.digest.setToolTip(f"{digest_in_words()}\n{plan.digest}")
        if before is not None and before.digest != plan.digest:
            self.changed.say(tr("changed: {before} is now {after}", before=short_digest(before.digest),
                                after=short_digest(plan.digest)), Tone.BUSY)  # fmt: skip
        else:
            self.changed.say("", Tone.QUIET)

    def _name_tabs(self, shown: Reviewed) -> None:
        plan, since = shown.plan, shown.since_last
        same = since is None or since.same_content
        for number, name in enumerate(
            (
                tr("Hosts  {n}", n=len(plan.targets)),
                tr("Updates  {n}", n=self.updates.total),
                tr("Not patched  {n}", n=self.left.total),
                tr("Warnings  {n}", n=len(shown.review.findings)),
                (tr("Compare") if self._page.low else tr("Compare with the last plan")) + ("" if same else "  ●"),
            )
        ):
            self.tabs.setTabText(number, name)

    def _show_steps(self, line: HostLine | None) -> None:
        shown = self._course.reviewed
        if shown is not None:
            self.steps.show_target(shown.plan, None if line is None else line.target, shown.titles)

    def _follow(self, finding: Finding) -> None:
        """To the hosts of the plan that a finding is about; to the others, or its words, else."""
        planned = {line.host for line in self.hosts.all_rows}
        if any(host in planned for host in finding.hosts):
            self.tabs.setCurrentIndex(0)
            self.host_grid.choose(next(host for host in finding.hosts if host in planned))
        else:
            self.tabs.setCurrentIndex(2 if finding.code == "not_patched" else 3)

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setAccessibleName(tr("Views of the plan"))
        tabs.tabBar().setAccessibleName(tr("Views of the plan"))
        self.filter = FilterLine(self.host_grid, _groupings())
        self._split = split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(boxed(down(self.filter, self.host_grid)))
        split.addWidget(self.steps)
        split.setSizes(list(_SHARES))
        split.setChildrenCollapsible(False)
        parts: tuple[QWidget, ...] = (
            split,
            boxed(down(label(tr("Untick an update to leave it out, on all hosts."), "muted"), self.update_grid)),
            boxed(down(FilterLine(self.left_grid), self.left_grid)),
            self.warnings,
            self.comparison,
        )
        self._pages = [down(part, edge=4) for part in parts]
        for page in self._pages:
            tabs.addTab(boxed(page), "")
        return tabs

    def _export(self) -> None:
        """A plan that goes to a change board must be found again: it is kept first."""
        shown = self._course.reviewed
        if shown is None:
            return
        workspace, plan = self._desk.workspace, shown.plan

        def work(stopping: threading.Event) -> tuple[Path, ...]:
            keep_plan(workspace, plan)
            return report_plan_apart(workspace, plan.id, stopping)

        self._desk.jobs.start(tr("Exporting the plan"), work, self._exported, self._desk.show_trouble)

    def _exported(self, files: tuple[Path, ...]) -> None:
        folder = files[0].parent
        self._excel.setToolTip(tr("Excel and HTML, for the change board. Last exported to {folder}", folder=folder))
        show_outside(self._desk, folder)


def _text(name: str) -> QPlainTextEdit:
    made = QPlainTextEdit(readOnly=True)
    made.setAccessibleName(name)
    made.setTabChangesFocus(True)
    return made


def _groupings() -> tuple[tuple[str, Callable[[HostLine], str] | None], ...]:
    return ((tr("By wave"), lambda line: line.wave), (tr("By host"), None), (tr("By role"), lambda line: line.role))
