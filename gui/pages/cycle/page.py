"""The patch cycle, from scope to results."""

from __future__ import annotations

from gui.desk import JUST_LOOK, Desk, Errand, Page
from gui.language import tr
from gui.pages.cycle.assess import AssessStep
from gui.pages.cycle.authorise import AuthoriseStep
from gui.pages.cycle.course import Course
from gui.pages.cycle.deploy import DeployStep
from gui.pages.cycle.results import ResultsStep
from gui.pages.cycle.review import ReviewStep
from gui.pages.cycle.scope import ScopeStep
from gui.widgets.keyboard import lead
from gui.widgets.stepper import Stepper
from gui.widgets.text import button, down, label

_DEPLOY, _RESULTS = 4, 5


class CyclePage(Page):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.course = Course(self)
        self.scope = ScopeStep(desk, self.course)
        self.assess = AssessStep(desk, self.course)
        self.review = ReviewStep(desk, self.course)
        self.authorise = AuthoriseStep(desk, self.course)
        self.deploy = DeployStep(desk, self.course)
        self.results = ResultsStep(desk, self.course)
        anew = button(tr("Begin a&new"), self.begin_anew, "link", tr("Another patch cycle; a run that goes on goes on"))
        steps = (self.scope, self.assess, self.review, self.authorise, self.deploy, self.results)
        title = label(tr("Patch cycle"), "title")
        title.setContentsMargins(0, 0, 16, 0)
        self.stepper = Stepper(title, steps, anew)
        self.course.taken_back.connect(self.stepper.forget_after)
        self.setLayout(down(self.stepper))
        lead(self, self.stepper)
        self._has_looked = False
        desk.runs_changed.connect(self._find_run)

    def enter(self, errand: Errand) -> None:
        self._has_looked = self._has_looked or errand != JUST_LOOK
        self._find_run()
        if errand.run is not None:
            self.enter_run(errand.run)
        elif errand.hosts:
            self.begin_anew()
            self.scope.choose(errand.hosts)
        else:
            self.stepper.steps[self.stepper.current].enter()

    def enter_run(self, run_id: str) -> None:
        """To a run that goes on, or was broken off."""
        self.course.follow(run_id)
        self.stepper.go_to(_DEPLOY)

    def begin_anew(self) -> None:
        self.deploy.view.leave()
        self.course.begin_anew()
        self.scope.begin_anew()
        self.stepper.restart()

    def again(self) -> None:
        self.stepper.steps[self.stepper.current].enter()

    def focus_filter(self) -> None:
        for view in (self.review, self.deploy.view, self.results.view):
            view.offer_filter()
        for line in (self.scope.filter, self.review.filter, self.deploy.view.filter, self.results.view.filter):
            if line.isVisible():
                line.edit.setFocus()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Alt+C, Alt+B", tr("A step on, a step back")),
            (tr("Alt + underlined letter"), tr("Press that button")),
        )

    @property
    def results_of(self) -> str | None:
        return self.results.view.run_id if self.stepper.current == _RESULTS else None

    @property
    def run_on_screen(self) -> str | None:
        return self.deploy.view.run_id if self.stepper.current == _DEPLOY else self.results_of

    def end(self) -> None:
        self.deploy.view.leave()

    def _find_run(self) -> None:
        """A window that comes back finds the run that goes on, or that was broken off meanwhile. Later, nobody is
        taken away from what he chooses."""
        if self._has_looked or not self.desk.runs:
            return
        self._has_looked = True
        newest = self.desk.runs[0]
        broken_off = newest if newest.outcome is None else None
        going = next((run for run in self.desk.runs if run.driven), broken_off)
        if going is not None:
            self.enter_run(going.run_id)
