"""Results: what succeeded, what did not and why, and what may be done about it, in each state."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from core.app.workspace import Workspace
from core.model.history import PatchedSince
from core.model.ids import folder_name
from core.model.selection import Selection
from core.model.state import TargetState
from gui.dialogs.reason import Reason
from gui.dialogs.retry import confirm_retry
from gui.pages import results_view
from gui.pages.results_view import ResultsView
from gui.window import Window
from gui.words import target_word
from tests.gui.driving import quiet, unnamed, until
from tests.gui.pages.test_runs import told as told  # noqa: PLC0414 - a fixture
from tests.gui.pages.test_runs import written as written  # noqa: PLC0414 - a fixture
from tests.samples import AT, RUN


@pytest.fixture
def view(told: Workspace, window: Window, dressed: QApplication, qtbot: QtBot) -> ResultsView:
    made = ResultsView(window.desk)
    qtbot.addWidget(made)
    made.resize(1200, 640)
    made.show()
    return made


def _shown(view: ResultsView, qtbot: QtBot) -> None:
    view.show_run(RUN)
    until(qtbot, lambda: view.states.state == "content")


def _report(view: ResultsView, window: Window, qtbot: QtBot) -> None:
    view.make_reports()
    until(qtbot, lambda: bool(view.files))
    quiet(qtbot, window.desk)


def test_before_a_run_has_ended_nothing_is_claimed(view: ResultsView) -> None:
    assert view.states.state == "empty"
    assert "They come when a run has ended" in view.states.said


def test_a_run_that_is_not_there_is_said(view: ResultsView, qtbot: QtBot) -> None:
    view.show_run("ffffffff-none")
    assert view.states.state == "waiting"
    until(qtbot, lambda: view.states.state == "trouble")
    assert "there is no such run" in view.states.said


def test_the_worst_stand_first_each_with_its_reason_and_what_to_do(view: ResultsView, qtbot: QtBot) -> None:
    _shown(view, qtbot)
    assert [line.record.host for line in view.rows.shown_rows] == ["GLOBEX01", "GLOBEX02", "ACME02", "ACME01"]
    assert view.told.text() == "1 patched and verified, 1 failed, 1 deferred, 1 outcome unknown."
    first = view.rows.shown_rows[0]
    assert "setup ended with 1648" in first.why
    assert first.remedy == "look at the summary"
    assert unnamed(view) == []


def test_the_figure_in_the_chart_says_what_it_counts(view: ResultsView, qtbot: QtBot) -> None:
    _shown(view, qtbot)
    assert (view.donut.figure, view.donut.caption) == ("1 of 4", "patched")
    assert view.donut.accessibleName().startswith("Results: patched and verified 1, ")


def test_only_what_can_be_done_is_offered_and_the_rest_says_why_not(view: ResultsView, qtbot: QtBot) -> None:
    _shown(view, qtbot)
    view.grid.choose("GLOBEX01")
    assert view.unblock.isEnabled()
    assert view.verify.isEnabled()
    assert not view.retry.isEnabled()
    assert "Unblock a failed host first" in view.retry.toolTip()
    view.grid.choose("ACME01")
    assert not view.unblock.isEnabled()
    assert "It is not patch-blocked" in view.unblock.toolTip()
    assert not view.verify.isEnabled()
    assert "did not end well" in view.verify.toolTip()


def test_a_host_that_a_check_holds_has_nothing_to_be_unblocked(view: ResultsView, qtbot: QtBot) -> None:
    _shown(view, qtbot)
    assert view.shown is not None
    found = view.shown.status
    held = tuple(
        replace(one, state=TargetState.BLOCKED) if one.host == "ACME02" else one for one in found.record.targets
    )
    view._show(replace(view.shown, status=replace(found, record=replace(found.record, targets=held))))
    view.grid.choose("ACME02")
    assert not view.unblock.isEnabled()
    assert "It is held, not patch-blocked" in view.unblock.toolTip()
    assert [line.record.host for line in view.rows.shown_rows if target_word(line.record.state) == "held"] == ["ACME02"]


def test_unblocking_lets_what_failed_be_retried(view: ResultsView, window: Window, qtbot: QtBot) -> None:
    _shown(view, qtbot)
    view.grid.choose("GLOBEX01")
    view.unblock.click()
    asked = view.dialog
    assert isinstance(asked, Reason)
    asked.reason.setText("the media is mended")
    asked.yes.click()
    until(qtbot, view.retry.isEnabled)
    assert view.retry.toolTip() == "A run of its own for the hosts that failed"
    quiet(qtbot, window.desk)


def test_the_chosen_host_stays_chosen_when_something_was_done_to_it(view: ResultsView, qtbot: QtBot) -> None:
    """The next question would be about another host."""
    _shown(view, qtbot)
    view.grid.choose("GLOBEX02")
    view.show_run(RUN)
    until(qtbot, lambda: not view._desk.jobs.going)
    assert view.grid.current.record.host == "GLOBEX02"


def test_what_another_run_says_of_a_host_is_not_told_as_what_a_look_has_found(
    view: ResultsView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may turn to a run that does not even have the host before the look has ended."""
    _shown(view, qtbot)
    assert view.shown is not None
    found = view.shown.status
    looked, said = threading.Event(), list[str]()
    view._desk.said.connect(said.append)
    monkeypatch.setattr(results_view, "reverify_apart", lambda *_: looked.wait(10))
    view.grid.choose("GLOBEX01")
    view.verify.click()
    assert isinstance(view.dialog, Reason)
    view.dialog.reason.setText("mended by hand")
    view.dialog.yes.click()
    other = replace(view.shown, status=replace(found, record=replace(found.record, run_id="other", targets=())))
    monkeypatch.setattr(view, "show_run", lambda _run: view._show(other))
    looked.set()
    quiet(qtbot, view._desk)
    assert view.shown is other
    assert said == []


def test_who_would_be_tried_again_is_named_before_a_run_begins(view: ResultsView, qtbot: QtBot) -> None:
    _shown(view, qtbot)
    assert view.shown is not None
    record = view.shown.status.record
    asked = confirm_retry(record, {"GLOBEX01"}, (), lambda: None, view)
    said = " ".join(one.text() for one in asked.findChildren(QLabel))
    assert "left as they are: GLOBEX01" in said
    assert not asked.yes.isEnabled()
    patched = (PatchedSince("GLOBEX01", "later", "plan", AT),)
    asked = confirm_retry(record, (), patched, lambda: None, view)
    assert "Not tried again: GLOBEX01 was patched by a later run of " in " ".join(
        one.text() for one in asked.findChildren(QLabel)
    )
    asked = confirm_retry(record, (), (), lambda: None, view)
    assert "for what failed alone: GLOBEX01" in " ".join(one.text() for one in asked.findChildren(QLabel))


def test_reports_are_a_click_away(view: ResultsView, window: Window, qtbot: QtBot) -> None:
    _shown(view, qtbot)
    assert view.report.objectName() == "primary"
    view.report.click()
    assert not view.report.isEnabled()
    until(qtbot, lambda: bool(view.files))
    assert view.report.objectName() == "", "making them again stands out more than they do"
    assert {one.suffix for one in view.files} >= {".xlsx", ".html"}
    assert all(Path(one).is_file() for one in view.files)
    assert view.report.accessibleName() == "Make the reports again"
    quiet(qtbot, window.desk)


def test_while_one_tenant_is_looked_at_its_own_reports_are_made_and_nobody_elses_offered(
    view: ResultsView, window: Window, qtbot: QtBot
) -> None:
    _shown(view, qtbot)
    _report(view, window, qtbot)
    window.desk.set_scope(Selection(tenants=("acme",)))
    assert list(view.files) == []
    assert view.report.accessibleName() == "Make the reports of acme"
    _report(view, window, qtbot)
    assert {one.parent.name for one in view.files} == {folder_name("acme")}
    (page,) = (one for one in view.files if one.suffix == ".html")
    assert "globex" not in page.read_text("utf-8").lower()


def test_where_there_is_little_room_the_chart_gives_way_to_the_table(view: ResultsView, qtbot: QtBot) -> None:
    _shown(view, qtbot)
    wide = view.donut.height()
    view.resize(880, 420)
    until(qtbot, lambda: view.donut.height() < wide)


def test_on_a_small_screen_hosts_have_the_room_and_all_that_can_be_done_is_in_one_row(
    view: ResultsView, window: Window, qtbot: QtBot
) -> None:
    _shown(view, qtbot)
    _report(view, window, qtbot)
    view.setMinimumSize(600, 240)
    # So much of the page is left on screens of 1366 by 768 and of 1920 by 1080 at 200 %.
    for size, rows in (((624, 276), 5), ((886, 360), 7)):
        view.resize(*size)
        until(qtbot, partial(_fits, view, rows))
        names = {one.accessibleName() for one in _acts(view)}
        assert names >= {"Make the reports again", "Retry the failed…", "Open the folder", view.files[0].name}
        rows_at = [one.mapTo(view, one.rect().center()).y() for one in _acts(view)]
        assert max(rows_at) - min(rows_at) <= 4
        assert view.told.words.startswith("1 patched and verified")
    assert view.grid.horizontalScrollBar().maximum() == 0
    assert not view.filter.isVisible()
    view.offer_filter()
    assert view.filter.isVisible()
    view.resize(1200, 640)
    until(qtbot, lambda: view.donut.isVisible() and view.filter.mapTo(view, QPoint()).y() > view.donut.height())
    assert view.told.toolTip() == ""


def _fits(view: ResultsView, rows: int) -> bool:
    whole = all(one.width() >= one.minimumSizeHint().width() for one in _acts(view))
    return whole and view.grid.viewport().height() // 28 >= rows


def _acts(view: ResultsView) -> list[QPushButton]:
    QApplication.processEvents()
    return [one for one in view.findChildren(QPushButton) if one.isVisible()]
