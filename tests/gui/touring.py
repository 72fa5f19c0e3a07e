"""Goes through the window as an operator does, stopping where there is something to see."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from core.model.compliance import ComplianceState
from core.model.state import TargetState
from gui.desk import Errand, Room
from gui.pages.cycle.page import CyclePage
from gui.pages.fleet.page import FleetPage
from gui.pages.runs.page import RunsPage
from gui.pages.settings.page import SettingsPage
from gui.window import Window
from tests.gui.driving import button
from tests.gui.invented import show

_LIMIT_SECONDS = 180


def tour(window: Window, see: Callable[[str], None]) -> None:
    """A whole cycle, and each of the other pages."""
    _cycle(window, see)
    for room in window.pages:
        if room is not Room.CYCLE:
            window.desk.go(room)
            _quiet(window)
            see(room.value)
    _fleet(window, see)
    _runs(window, see)
    _settings(window, see)
    _night(window, see)
    _compared(window, see)


def _fleet(window: Window, see: Callable[[str], None]) -> None:
    """The sheet of a host that failed, and of one that was never assessed."""
    page = window.pages[Room.FLEET]
    assert isinstance(page, FleetPage)
    window.desk.go(Room.FLEET)
    for name, state in (("failed", ComplianceState.FAILED), ("unknown", ComplianceState.UNKNOWN)):
        host = next((line.host.name for line in page.rows.all_rows if line.state is state), None)
        if host is not None:
            page.open_sheet(host)
            _quiet(window)
            see(f"fleet-sheet-{name}")
    page.close_sheet()


def _runs(window: Window, see: Callable[[str], None]) -> None:
    """The newest run, and all that is known of a host on which something failed."""
    page = window.pages[Room.RUNS]
    assert isinstance(page, RunsPage)
    window.desk.go(Room.RUNS, Errand(run=window.desk.runs[0].run_id))
    _until(lambda: page.view.states.state == "content", "the run")
    see("runs-run")
    failed = (line.host for line in page.view.hosts.all_rows if line.record.state is TargetState.FAILED)
    page.view.open_host(next(failed, page.view.hosts.shown_rows[0].host))
    sheet = page.view.host_sheet
    for number, name in enumerate(("steps", "journal", "checks", "logs", "known")):
        sheet.tabs.setCurrentIndex(number)
        _wait(0.2)
        see(f"runs-host-{name}")
    page.view.close_host()
    page.close_run()


def _compared(window: Window, see: Callable[[str], None]) -> None:
    """A second plan beside the first: most of what that one wanted is done."""
    page = window.pages[Room.CYCLE]
    assert isinstance(page, CyclePage)
    window.desk.go(Room.CYCLE)
    button(page, "Begin anew").click()
    _until(lambda: page.stepper.current == 0, "the beginning")
    _to_the_plan(page)
    page.review.tabs.setCurrentIndex(4)
    see("cycle-3-plan-compared")


def _to_the_plan(page: CyclePage) -> None:
    button(page.scope, "Tick all shown").click()
    page.stepper.go_on()
    _until(lambda: page.assess.ready, "the assessment")
    page.stepper.go_on()
    _until(lambda: page.review.ready, "the plan")


def _night(window: Window, see: Callable[[str], None]) -> None:
    """The deploy page as a small fleet seldom shows it: a host in each state."""
    page = window.pages[Room.CYCLE]
    assert isinstance(page, CyclePage)
    window.desk.go(Room.CYCLE)
    page.stepper.go_to(4)
    page.deploy.view.leave()
    show(page.deploy.view)
    see("cycle-5-night")


def _settings(window: Window, see: Callable[[str], None]) -> None:
    """Each part, the policy as a form and as its text."""
    page = window.pages[Room.SETTINGS]
    assert isinstance(page, SettingsPage)
    window.desk.go(Room.SETTINGS)
    part = page.configuration
    part.open("config/policies/default.json")
    _until(lambda: part.document.proof is not None and part.views.currentWidget() is part.form, "the policy's form")
    see("settings-policy")
    part.as_text.click()
    see("settings-policy-text")
    part.as_text.click()
    for number, name in enumerate(("packages", "reference", "credentials", "doctor"), start=1):
        page.tabs.setCurrentIndex(number)
        _quiet(window)
        see(f"settings-{name}")


def _cycle(window: Window, see: Callable[[str], None]) -> None:
    page = window.pages[Room.CYCLE]
    assert isinstance(page, CyclePage)
    window.desk.go(Room.CYCLE)
    _until(lambda: page.scope.rows.total > 0, "targets")
    see("cycle-1-scope-untouched")
    button(page.scope, "Tick all shown").click()
    see("cycle-1-scope")
    page.stepper.go_on()
    see("cycle-2-assessing")
    _until(lambda: page.assess.ready, "the assessment")
    see("cycle-2-assess")
    page.stepper.go_on()
    _until(lambda: page.review.ready, "the plan")
    see("cycle-3-plan")
    for number, name in enumerate(("hosts", "updates", "left", "warnings", "compare")):
        page.review.tabs.setCurrentIndex(number)
        see(f"cycle-3-plan-{name}")
    page.review.tabs.setCurrentIndex(0)
    page.stepper.go_on()
    _until(lambda: page.stepper.current == 3, "keeping the plan")
    page.authorise.change.setText("CHG-1234")
    page.authorise.reason.setText("monthly patching")
    page.authorise.typed.setText(page.authorise.wanted)
    see("cycle-4-authorise")
    page.stepper.go_on()
    _until(lambda: page.stepper.current == 4, "the authorisation")
    see("cycle-5-before")
    page.deploy.begin()
    _until(lambda: page.deploy.view.rows.total > 0, "the run")
    _wait(6)
    see("cycle-5-deploy")
    _until(lambda: page.deploy.ready, "the run's end")
    see("cycle-5-ended")
    page.stepper.go_on()
    _quiet(window)
    page.results.view.make_reports()
    _quiet(window)
    see("cycle-6-results")


def _quiet(window: Window) -> None:
    _until(lambda: not window.desk.jobs.going, "quiet")


def _until(true: Callable[[], bool], what: str) -> None:
    begun = monotonic()
    while not true():
        if monotonic() - begun > _LIMIT_SECONDS:
            raise TimeoutError(f"did not come: {what}")
        _wait(0.05)


def _wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()
    QApplication.processEvents()
