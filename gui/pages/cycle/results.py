"""Step 6: what succeeded, what did not and why, and what to do with either."""

from __future__ import annotations

from gui.desk import Desk
from gui.language import tr
from gui.pages.cycle.course import Course
from gui.pages.results_view import ResultsView
from gui.widgets.stepper import Step
from gui.widgets.text import down


class ResultsStep(Step):
    def __init__(self, desk: Desk, course: Course) -> None:
        super().__init__()
        self.title = tr("Results")
        self._course = course
        self.view = ResultsView(desk)
        self.setLayout(down(self.view))

    def enter(self) -> None:
        if self._course.run_id is not None:
            self.view.show_run(self._course.run_id)
