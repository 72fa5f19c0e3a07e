"""A screen of 1366 by 768 at 200 %: hosts are seen on every page that lists them, and no button is cut off."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.app.review import reviewed
from core.app.workspace import Workspace
from gui.desk import Errand, Page, Room
from gui.pages.cycle.page import CyclePage
from gui.pages.fleet.page import FleetPage
from gui.pages.overview import OverviewPage
from gui.pages.runs.page import RunsPage
from gui.times import day_and_time
from gui.widgets.grid import Grid
from gui.window import Window
from tests.gui.driving import quiet, until
from tests.gui.pages.test_runs import told as told  # noqa: PLC0414 - a fixture
from tests.gui.pages.test_runs import written as written  # noqa: PLC0414 - a fixture
from tests.samples import RUN, plan

_SMALL, _DOUBLE, _USUAL = (683, 384), (960, 540), (1366, 768)
_HOSTS = tuple(f"SQL-HQ-{number:02}" for number in range(12))
_ROW = 28


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """Nobody connects to them: they are only listed."""
    targets = [{"id": name, "server": name} for name in _HOSTS]
    (workspace.config / "sql_targets.json").write_text(json.dumps({"targets": targets}), encoding="utf-8")
    return workspace


def _go(window: Window, qtbot: QtBot, room: Room, errand: Errand | None = None) -> Page:
    until(qtbot, lambda: bool(window.pages.made))
    quiet(qtbot, window.desk)
    window.desk.go(room, errand or Errand())
    quiet(qtbot, window.desk)
    return window.pages[room]


def _resize(window: Window, size: tuple[int, int]) -> None:
    window.resize(*size)
    for _ in range(4):
        QApplication.processEvents()


def _rows(grid: Grid) -> int:
    return grid.viewport().height() // _ROW


def _cut(around: QWidget) -> list[str]:
    shown = [one for one in around.findChildren(QPushButton) if one.isVisible()]
    assert shown
    return [one.accessibleName() for one in shown if one.width() < one.minimumSizeHint().width()]


def test_a_plan_shows_its_hosts_and_what_one_goes_through_is_a_tab_away(window: Window, qtbot: QtBot) -> None:
    page = _go(window, qtbot, Room.CYCLE)
    assert isinstance(page, CyclePage)
    page.course.reviewed = reviewed(window.desk.workspace, plan(*_HOSTS))
    page.stepper.go_to(2)
    quiet(qtbot, window.desk)
    review = page.review
    review.show_plan(reviewed(window.desk.workspace, plan(*_HOSTS)))
    _resize(window, _SMALL)
    assert _rows(review.host_grid) >= 4
    assert _cut(page) == []
    last = review.tabs.count() - 1
    assert review.tabs.tabText(last) == "Steps"
    review.tabs.setCurrentIndex(last)
    assert review.steps.isVisible()
    assert "Restart, prove it" in review.steps.text
    review.tabs.setCurrentIndex(0)
    assert not review.filter.isVisible()
    page.focus_filter()
    assert review.filter.edit.hasFocus()
    _resize(window, _USUAL)
    assert review.tabs.count() == last
    assert review.steps.isVisible()
    assert review.steps.x() > review.host_grid.width() // 2


def test_a_filter_that_hides_hosts_stays_to_be_seen(window: Window, qtbot: QtBot) -> None:
    page = _go(window, qtbot, Room.CYCLE)
    assert isinstance(page, CyclePage)
    page.stepper.go_to(2)
    quiet(qtbot, window.desk)
    page.review.show_plan(reviewed(window.desk.workspace, plan(*_HOSTS)))
    page.review.filter.set_text("HQ-03")
    _resize(window, _SMALL)
    assert page.review.filter.isVisible()


def test_a_run_shows_its_hosts(told: Workspace, window: Window, qtbot: QtBot) -> None:
    page = _go(window, qtbot, Room.RUNS, Errand(run=RUN))
    assert isinstance(page, RunsPage)
    _resize(window, _SMALL)
    assert _rows(page.view.host_grid) >= 3
    assert page.view.sheet is not None
    assert page.view.title.text() == day_and_time(page.view.sheet.record.started_at)
    assert page.view.detail.text().endswith("…")
    assert page.view.detail.toolTip() == page.view.detail.words
    page.focus_filter()
    assert page.view.filter.edit.hasFocus()


def test_why_a_run_cannot_be_retried_is_read_whole_or_left_to_the_button(
    told: Workspace, window: Window, qtbot: QtBot
) -> None:
    page = _go(window, qtbot, Room.RUNS, Errand(run=RUN))
    assert isinstance(page, RunsPage)
    page.view.resume.show()
    for size in (_SMALL, _DOUBLE, _USUAL):
        _resize(window, size)
        assert _cut(page) == []
        assert page.view.no_retry.text() in ("", "Unblock a host first:")
    assert page.view.no_retry.text() != ""
    assert not page.view.retry.isEnabled()


def test_a_host_of_a_run_shows_its_journal_and_cuts_no_button(told: Workspace, window: Window, qtbot: QtBot) -> None:
    page = _go(window, qtbot, Room.RUNS, Errand(run=RUN, host="GLOBEX01"))
    assert isinstance(page, RunsPage)
    _resize(window, _SMALL)
    sheet = page.view.host_sheet
    assert sheet.verify.isVisible()
    assert sheet.free.isVisible()
    assert not _cut(sheet)
    sheet.tabs.setCurrentIndex(1)
    assert sheet.journal.hasFocus()
    assert _rows(sheet.journal) >= 4
    assert not sheet.filter.isVisible()
    sheet.tabs.setCurrentIndex(0)
    page.focus_filter()
    assert sheet.filter.edit.hasFocus()
    _resize(window, _USUAL)
    assert sheet.verify.text() == "&Verify again…"


def test_figures_of_the_overview_never_cover_each_other(window: Window, qtbot: QtBot) -> None:
    page = _go(window, qtbot, Room.OVERVIEW)
    assert isinstance(page, OverviewPage)
    until(qtbot, lambda: page.states.state == "content")
    _resize(window, _SMALL)
    counts = [one.mapTo(page, one.rect().center()).y() for one in page.counts.values()]
    assert min(below - above for above, below in pairwise(counts)) >= page.fontMetrics().height()
    assert page.room.verticalScrollBar().maximum() > 0
    _resize(window, _DOUBLE)
    assert page.room.verticalScrollBar().maximum() == 0, "there is room enough, and yet it is scrolled"
    assert page.donut.isVisible()


def test_what_can_be_done_with_the_fleet_is_read_whole(window: Window, qtbot: QtBot) -> None:
    page = _go(window, qtbot, Room.FLEET)
    assert isinstance(page, FleetPage)
    for size in (_SMALL, _DOUBLE, _USUAL):
        _resize(window, size)
        assert _cut(page) == []
    assert page.patch.text() == "Patch the chosen…"
    page.open_sheet(_HOSTS[0])
    quiet(qtbot, window.desk)
    _resize(window, _SMALL)
    assert _cut(page.sheet) == []
