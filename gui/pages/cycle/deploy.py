"""Step 5: the run. It is a process of its own: one may leave, close the window, and come back."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.app.launch import launch
from core.model.record import RunRecord
from gui.desk import Desk
from gui.jobs import Job, Trouble
from gui.language import counted, tr
from gui.pages.cycle.course import Course
from gui.pages.cycle.plan_words import authorisation_in_words, totals_in_words, windows_in_words
from gui.pages.live.view import RunView
from gui.widgets.keyboard import give_keyboard, hold_keyboard, lead
from gui.widgets.states import States
from gui.widgets.stepper import Step
from gui.widgets.text import across, boxed, button, card, down, label


class DeployStep(Step):
    def __init__(self, desk: Desk, course: Course) -> None:
        super().__init__()
        self.title, self.onward = tr("Deploy"), tr("To the &results")
        self._desk, self._course = desk, course
        self._job: Job[str] | None = None
        self._not_awaited: str | None = None
        self._record: RunRecord | None = None
        self.view = RunView(desk)
        self.view.ended.connect(self._ended)
        self._words = label("", "heading", wrap=True)
        self.plan_words = label("", "strong", wrap=True)
        self.window_words = label("", "muted", wrap=True)
        self.granted_words = label("", "muted", wrap=True)
        self._note = label(
            tr("The run is a process of its own: it goes on when this window is closed, and is found again."),
            "muted",
            wrap=True,
        )
        self.start = button(tr("&Start the deployment"), self.begin, "primary")
        self._before = card(down(self._words, self._facts(), self._note, boxed(across(self.start, None)), gap=12), 20)
        # Not the button: whoever pressed a key once too often must not have begun a run.
        hold_keyboard(self._before, tr("Before the deployment"))
        self.states = States(self.view)
        self.waiting = States(boxed(down(self._before, None)), self._before)
        self.setLayout(down(self.waiting, self.states))
        desk.runs_changed.connect(self._find_own)

    @property
    def why_not(self) -> str:
        if self._course.run_id is None:
            return tr("The deployment is not begun yet.")
        ended = self._record is not None and self._record.outcome is not None
        return "" if ended else tr("The run has not ended yet; what is known so far stands on this page.")

    @property
    def is_begun(self) -> bool:
        return self._job is not None or self._course.run_id is not None

    def enter(self) -> None:
        run_id = self._course.run_id
        lead(self, self.waiting if run_id is None else self.view)
        self.waiting.setVisible(run_id is None)
        self.states.setVisible(run_id is not None)
        if run_id is not None:
            if run_id != self.view.run_id:
                self._record = None
            self.view.show_run(run_id)
            give_keyboard(self.view)
        else:
            if self._job is None:
                self._say_before()
            give_keyboard(self.waiting)
        self.ready_changed.emit()

    def _facts(self) -> QWidget:
        return boxed(down(self.plan_words, self.window_words, self.granted_words, gap=4))

    def begin(self) -> None:
        shown = self._course.reviewed
        if shown is None or self._job is not None:
            return
        workspace, plan_id = self._desk.workspace, shown.plan.id
        self._job = self._desk.jobs.start(
            tr("Starting the run's own process"), lambda _: launch(workspace, (plan_id,)), self._begun, self._refused
        )
        self._job.when_ended(self._forget)
        self._not_awaited = None
        self.waiting.show_waiting(self._job, self._stop_waiting)

    def _stop_waiting(self) -> None:
        shown = self._course.reviewed
        self._not_awaited = None if shown is None else shown.plan.id
        self._say_before()
        self._find_own()

    def _find_own(self) -> None:
        """The run of this plan, where this page does not know it: nobody waited for it, or another window began it."""
        shown = self._course.reviewed
        if shown is None or self._job is not None or self._course.run_id is not None:
            return
        own = (one for one in self._desk.runs if one.plan_id == shown.plan.id)
        found = next((one for one in own if self._is_not_awaited or one.outcome is None), None)
        if found is not None:
            self._course.follow(found.run_id)
            if self.isVisible():
                self.enter()

    @property
    def _is_not_awaited(self) -> bool:
        shown = self._course.reviewed
        return shown is not None and shown.plan.id == self._not_awaited

    def _say_before(self) -> None:
        shown = self._course.reviewed
        count = 0 if shown is None else len(shown.plan.targets)
        many = "{n} hosts are authorised and will be patched."
        self._words.setText(counted(count, "1 host is authorised and will be patched.", many))
        if shown is not None:
            self.plan_words.setText(totals_in_words(shown.plan))
            self.window_words.setText(windows_in_words(shown.plan))
        granted = self._course.authorisation
        self.granted_words.setText("" if granted is None else authorisation_in_words(granted))
        self._before.setAccessibleName(self._words.text())
        self.waiting.show_content()
        if self._is_not_awaited:
            self._say_that_it_may_begin()

    def _say_that_it_may_begin(self) -> None:
        """A process that is being started is not called back: it must not look as if nothing had been begun."""
        words = tr(
            "Only the waiting for its process was stopped. Once the run has begun it is shown here, and can be "
            "stopped there. If it has not come within a minute, start it again: a plan that is being carried out "
            "is not begun twice."
        )
        again = tr("Start it again"), self.begin
        self.waiting.show_empty(tr("The run may begin all the same"), words, again)

    def _begun(self, run_id: str) -> None:
        self._course.follow(run_id)
        self.enter()

    def _forget(self) -> None:
        self._job = None

    def _refused(self, trouble: Trouble) -> None:
        self.waiting.show_trouble(trouble, self._say_before)

    def _ended(self, record: RunRecord) -> None:
        self._record = record
        self.ready_changed.emit()
