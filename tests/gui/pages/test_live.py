"""The deploy page at two in the morning: who needs somebody, what answers, what may be asked, in every state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from core.app.watching import Watch
from core.app.workspace import Workspace
from core.model.events import Body, Entry, Event, PhaseEntered, RequestTaken, RunEnded, RunStarted, TargetMoved
from core.model.failure import Cause, Failure
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.record import RunRecord
from core.model.requests import Action
from core.model.state import TargetState
from gui.desk import Desk, Errand, Room
from gui.following import Driven, Following
from gui.pages.cycle.page import CyclePage
from gui.pages.live.view import RunView
from gui.run_story import RunStory
from gui.times import clock_time
from gui.window import Window
from tests.gui.driving import button, quiet, unnamed, until
from tests.gui.invented import show
from tests.samples import RUN, plan

# What a clock in Berlin shows at 23:12:40 in winter, by the clock of this computer.
_WRITTEN = clock_time(datetime(2026, 3, 1, 22, 12, 40, tzinfo=UTC))


@pytest.fixture
def desk(workspace: Workspace, settings: QSettings) -> Desk:
    return Desk(workspace, practice=False, settings=settings)


@pytest.fixture
def view(desk: Desk, dressed: QApplication, qtbot: QtBot) -> Iterator[RunView]:
    made = RunView(desk)
    qtbot.addWidget(made)
    made.resize(1200, 640)
    made.show()
    yield made
    made.leave()
    quiet(qtbot, desk)


def _shown(view: RunView, title: str) -> dict[str, str]:
    column = next(one for one in view.rows.columns if one.title == title)
    return {row.host: column.text(row) for row in view.rows.shown_rows}


def test_before_a_run_nothing_is_claimed(view: RunView) -> None:
    assert view.states.state == "empty"
    assert "Nothing was begun yet" in view.states.said


def test_a_run_that_is_not_there_is_said_with_a_way_to_try_again(view: RunView, qtbot: QtBot) -> None:
    view.show_run("no-such-run")
    assert view.states.state == "waiting"
    assert "Opening the run" in view.states.said
    until(qtbot, lambda: view.states.state == "trouble")
    assert "there is no such run" in view.states.said


def test_a_run_does_not_look_broken_off_while_it_is_not_known_who_drives_it(view: RunView) -> None:
    """Its journal is read first, and that takes a moment."""
    started = Event(RunStarted("plan", "d" * 64, "a", "olga", "AUDIT-PC", "monthly patches", None, ("SQL-HQ-01",)))
    view.watch(RunStory(plan("SQL-HQ-01")), known=False)
    view.bridge.put(Entry("run", 1, datetime.now(UTC), started))
    view.bridge.drain()
    view.tick()
    assert view.states.state != "content"
    view.bridge.put(Driven(True))
    view.bridge.drain()
    assert view.states.state == "content"
    assert view.head.state.text == "running"


def test_a_journal_that_cannot_be_read_any_more_is_told_and_can_be_read_again(
    view: RunView, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever became of the database: the page must not show a run going on that nobody follows any more."""
    opened: list[str] = []

    def spoilt(*_: object) -> Watch:
        raise LookupError("the database disk image is malformed")

    monkeypatch.setattr("gui.following.watching", spoilt)
    view.run_id = RUN
    following = Following(desk.workspace, RUN, view.bridge.put)
    view.bridge.open()
    following.begin()
    until(qtbot, lambda: view.states.state == "trouble")
    assert "malformed" in view.states.said
    monkeypatch.setattr(view, "show_run", opened.append)
    button(view, "Try again").click()
    assert opened == [RUN]


def test_the_times_of_a_host_that_has_fallen_silent_go_on(view: RunView, qtbot: QtBot) -> None:
    """ "Just now" would stay for hours, and no row would turn late, while nothing comes in."""
    show(view)
    until(qtbot, lambda: not view.story or not view.story.has_touched)
    painted: list[str] = []
    view.rows.dataChanged.connect(lambda first, _last: painted.append(view.rows.shown_rows[first.row()].host))
    view.tick()
    assert {"SQL-HQ-02", "SQL-HQ-03"} <= set(painted), "overdue, restarting"
    assert "SQL-BR-01" not in painted, "it is done"


def test_what_was_answered_before_anybody_looked_is_no_news(view: RunView, desk: Desk) -> None:
    """Seconds before its process died a run said that it goes on: a window that comes then must not repeat it."""
    said: list[str] = []
    desk.said.connect(said.append)
    started = RunStarted("plan", "d" * 64, "a", "olga", "AUDIT-PC", "monthly patches", None, ("SQL-HQ-01",))
    answered = RequestTaken(1, Action.RESUME, "olga", "all is well", True, "hosts are begun again")
    view.watch(RunStory(plan("SQL-HQ-01")), known=False)
    before: tuple[Body, ...] = (started, answered)
    for seq, body in enumerate(before, start=1):
        view.bridge.put(Entry("run", seq, datetime.now(UTC), Event(body)))
    view.bridge.put(Driven(False))
    view.bridge.drain()
    assert said == []
    view.bridge.put(Entry("run", 3, datetime.now(UTC), Event(replace(answered, request_id=2))))
    view.bridge.drain()
    assert len(said) == 1


def test_the_worst_stand_first_and_the_first_is_chosen(view: RunView) -> None:
    show(view)
    hosts = [row.host for row in view.rows.shown_rows]
    assert hosts[:4] == ["SQL-HQ-01", "SQL-BR-02", "SQL-HQ-02", "SQL-HQ-03"], "failed, blocked, overdue, restarting"
    assert hosts[-1] == "SQL-BR-01", "what is done is not last"
    assert view.grid.current.host == "SQL-HQ-01"
    assert "To do: Detail.txt beside Summary.txt" in view.facts.text()
    assert unnamed(view) == []


def _tell(view: RunView, *bodies: tuple[Body, str | None]) -> None:
    for seq, (body, host) in enumerate(bodies, start=1):
        view.bridge.put(Entry(RUN, seq, datetime.now(UTC), Event(body, host, Phase.INSTALL)))
    while view.bridge.waiting or (view.story is not None and view.story.has_touched):
        view.bridge.drain()


def _begin(view: RunView) -> None:
    hosts = ("SQL-A", "SQL-B", "SQL-C")
    view.watch(RunStory(plan(*hosts)))
    view.bridge.put(Driven(True))
    _tell(
        view,
        (RunStarted("plan", "d" * 64, "a", "olga", "AUDIT-PC", "monthly patches", None, hosts), None),
        (TargetMoved(TargetState.PENDING, TargetState.IN_PROGRESS), "SQL-A"),
    )


def _end_badly(view: RunView) -> None:
    why = Failure(Cause.INSTALLER, "setup ended with 1603", "look at Detail.txt")
    _tell(
        view,
        (TargetMoved(TargetState.IN_PROGRESS, TargetState.SUCCESS), "SQL-A"),
        (TargetMoved(TargetState.PENDING, TargetState.BLOCKED, why), "SQL-B"),
        (RunEnded(Outcome.INSTALL_FAILED), None),
    )


def test_when_a_run_has_ended_the_worst_host_is_the_one_that_is_looked_at(view: RunView) -> None:
    _begin(view)
    assert view.grid.current.host == "SQL-A", "it was at work"
    _end_badly(view)
    assert view.grid.current.host == "SQL-B"
    assert "setup ended with 1603" in view.log.text


def test_whoever_has_chosen_a_host_still_looks_at_it_when_the_run_has_ended(view: RunView) -> None:
    _begin(view)
    view.grid.choose("SQL-C")
    _end_badly(view)
    assert view.grid.current.host == "SQL-C"


def test_of_a_host_that_failed_the_last_word_is_why(view: RunView) -> None:
    show(view)
    assert _shown(view, "Last heard")["SQL-HQ-01"].startswith("setup ended with 1603")


def test_beside_its_log_a_narrow_table_keeps_its_lamps(view: RunView) -> None:
    """So much of the page is left where 960 by 540 is all there is."""
    show(view)
    view.resize(880, 420)
    QApplication.processEvents()
    lamps = next(number for number, one in enumerate(view.rows.columns) if one.title == "Answers")
    shown = view.grid.columnViewportPosition(lamps) + view.grid.columnWidth(lamps)
    assert view.log.isVisible()
    assert shown <= view.grid.viewport().width(), (shown, view.grid.viewport().width())


def test_what_answers_is_a_lamp_for_the_eye_and_a_word_for_everybody_else(view: RunView) -> None:
    show(view)
    answers = _shown(view, "Answers")
    assert answers["SQL-HQ-03"] == "ping silent, WinRM silent, SQL silent (MSSQLSERVER)"
    assert answers["SQL-AG-01"] == "ping not known, WinRM answers, SQL silent (SALES)"
    assert answers["SQL-WAIT-0000"] == ""
    column = next(one for one in view.rows.columns if one.title == "Answers")
    row = view.rows.row_with("SQL-AG-01")
    assert column.marks is not None
    assert row is not None
    assert [mark.lit for mark in column.marks(row)] == [False, True, False]


def test_a_lamp_goes_out_when_nobody_looks_any_more(view: RunView) -> None:
    show(view)
    assert view.story is not None
    view.story.look_away("SQL-HQ-02")
    (row,) = view.story.take_touched(1)
    view.rows.replace(row)
    assert _shown(view, "Answers")["SQL-HQ-02"] == ""
    assert _shown(view, "ERRORLOG")["SQL-HQ-02"].startswith(_WRITTEN), "what was written is forgotten"


def test_each_row_tells_role_time_and_the_last_of_its_errorlog(view: RunView) -> None:
    show(view)
    assert _shown(view, "Role")["SQL-AG-02"] == "secondary of AG-SALES"
    assert _shown(view, "Time")["SQL-HQ-02"] == "31 min / 20 min"
    assert _shown(view, "Time")["SQL-HQ-01"] == "15 min"
    assert _shown(view, "Last sign")["SQL-AG-01"] == "5 min ago"
    assert _shown(view, "ERRORLOG")["SQL-HQ-02"].startswith(f"{_WRITTEN}  Database 'master' is upgrading")
    assert "23:12:40 (its clock)" in _shown(view, "ERRORLOG")["SQL-AG-01"]
    view.grid.choose("SQL-HQ-02")
    assert "upgrading script" in view.case_text()
    assert "ping answers" in view.case_text()


@pytest.mark.parametrize(
    ("allowed", "words"),
    [(2, "failures: 2 of 2 allowed"), (1, "failures: 2, 1 were allowed"), (None, "failures: 2, no limit")],
)
def test_failures_stand_against_what_is_allowed(view: RunView, allowed: int | None, words: str) -> None:
    show(view, failures_allowed=allowed)
    assert view.head.budget.text == words
    if allowed is not None:
        assert f"more than {allowed} hosts have failed, no further host is begun" in view.head.budget.toolTip()


def test_time_left_stands_against_time_needed(view: RunView) -> None:
    show(view)
    assert "38 min" in view.head.times.words
    assert "still needed" in view.head.times.words
    assert view.head.window_left.text == "2 h 00 min left in the window"
    assert "No host is begun: the run is paused" in view.head.held.text()


def test_a_window_that_has_closed_is_said(view: RunView) -> None:
    show(view, hours_left=0)
    assert view.head.window_left.text == "the window has closed"


def test_a_button_that_cannot_be_pressed_says_why(view: RunView) -> None:
    show(view)
    asking = view.asking
    assert not asking.withdraw.isEnabled()
    assert "not begun yet" in asking.withdraw.toolTip()
    view.grid.choose("SQL-WAIT-0001")
    assert asking.withdraw.isEnabled()
    assert asking.pause.isEnabled()
    assert asking.resume.isHidden()


def test_of_a_run_that_nobody_drives_only_what_needs_nobody_may_be_asked(view: RunView) -> None:
    show(view, driven=False)
    asking = view.asking
    assert view.head.state.text == "broken off"
    assert view.head.times.words.startswith("its process ended; jobs on the hosts go on")
    assert not asking.resume.isHidden()
    for one in (asking.pause, asking.stop, asking.diagnose):
        assert not one.isEnabled()
        assert "Nobody drives the run" in one.toolTip()
    assert asking.note.isEnabled()


def test_a_run_that_has_ended_says_so_once_and_offers_what_is_left(view: RunView) -> None:
    ended: list[RunRecord] = []
    view.ended.connect(ended.append)
    show(view, ended=True)
    view.bridge.drain()
    assert len(ended) == 1
    assert view.head.state.text == "an installation failed"
    assert view.head.times.words.startswith("took")
    assert [one.isHidden() for one in (view.asking.pause, view.asking.stop, view.asking.withdraw)] == [True] * 3
    assert view.asking.diagnose.isEnabled()


def test_a_thousand_hosts_are_filtered(view: RunView) -> None:
    show(view, waiting=1000)
    assert view.rows.shown_count == 1008
    assert "3 of 1008 done" in view.head.summary.text()
    view.filter.set_text("overdue")
    assert [row.host for row in view.rows.shown_rows] == ["SQL-HQ-02"]


def test_on_a_usual_screen_the_log_lies_below_so_that_every_column_is_seen(view: RunView, qtbot: QtBot) -> None:
    show(view)
    assert view.log.mapTo(view, view.log.rect().topLeft()).y() > view.grid.mapTo(view, view.grid.rect().center()).y()
    view.resize(880, 420)
    until(qtbot, lambda: view.log.mapTo(view, view.log.rect().topLeft()).x() > view.grid.width() // 2)


def test_a_hosts_sheet_is_a_click_away(view: RunView, desk: Desk, qtbot: QtBot) -> None:
    show(view)
    with qtbot.waitSignal(desk.sent) as sent:
        view.asking.sheet.click()
    room, errand = sent.args
    assert (room, errand.host) == (Room.RUNS, "SQL-HQ-01")
    assert isinstance(errand, Errand)


def test_at_twice_the_size_host_state_step_and_time_are_seen_and_what_to_do_is_read_whole(
    view: RunView, qtbot: QtBot
) -> None:
    """So much of the page is left on a screen of 1920 by 1080 at 200 %."""
    show(view)
    view.resize(882, 430)
    until(qtbot, lambda: view.log.x() == 0 and view.log.mapTo(view, view.log.rect().topLeft()).x() > 400)
    widths = [view.grid.columnWidth(number) for number in range(4)]
    assert sum(widths) <= view.grid.viewport().width()
    for number, width in enumerate(widths):
        # Of a transfer its percentage is seen; the rest stands beside the pointer, and below for the chosen host.
        words = [view.rows.columns[number].text(row).partition(",")[0] for row in view.rows.shown_rows]
        assert max(map(view.grid.fontMetrics().horizontalAdvance, words)) + 10 <= width
    assert view.facts.text().startswith("SQL-HQ-01: failed")
    assert view.facts.heightForWidth(view.facts.width()) <= view.facts.height()


def test_a_package_on_its_way_is_told_in_percent_bytes_and_rate_until_the_journal_goes_on(view: RunView) -> None:
    show(view)
    does = view.rows.columns[2]
    row = view.rows.row_with("LAB-01")
    assert row is not None
    assert does.text(row) == "copying 45 %, 412 of 912 MB, 11.0 MB/s"
    view.grid.choose("LAB-01")
    view.tick()
    assert "412 of 912 MB" in view.facts.text()
    assert view.story is not None
    view.bridge.put(Entry(RUN, 999, datetime.now(UTC), Event(PhaseEntered(), "LAB-01", Phase.INSTALL)))
    view.bridge.drain()
    row = view.rows.row_with("LAB-01")
    assert row is not None
    assert does.text(row) == "installing"


def test_what_nobody_drives_any_more_does_not_seem_to_move(view: RunView) -> None:
    show(view, driven=False)
    row = view.rows.row_with("LAB-01")
    assert row is not None
    assert "copying" in view.rows.columns[2].text(row)
    view.bridge.put(Driven(False))
    view.bridge.drain()
    row = view.rows.row_with("LAB-01")
    assert row is not None
    assert "copying" not in view.rows.columns[2].text(row)


@pytest.mark.parametrize(("size", "rows"), [((683, 384), 4), ((960, 540), 5), ((1366, 768), 7)])
def test_however_small_the_screen_hosts_are_seen_and_what_stands_above_and_below_them(
    window: Window, qtbot: QtBot, size: tuple[int, int], rows: int
) -> None:
    """683 by 384 is what a screen of 1366 by 768 has room for at 200 %."""
    window.desk.go(Room.CYCLE)
    page = window.pages[Room.CYCLE]
    assert isinstance(page, CyclePage)
    until(qtbot, page.isVisible)
    page.stepper.go_to(4)
    page.deploy.waiting.hide()
    page.deploy.states.show()
    view = page.deploy.view
    show(view)
    window.resize(*size)
    until(qtbot, lambda: window.size().toTuple() == size and view.grid.viewport().height() // 28 >= rows, 15_000)
    acts = [one for one in page.findChildren(QPushButton) if one.isVisible()]
    assert {"Stop after current steps…", "Back", "To the results"} <= {one.accessibleName() for one in acts}
    seen = (view.head.summary, view.head.budget, view.head.window_left, view.head.held, *acts)
    until(qtbot, lambda: all(one.width() >= one.minimumSizeHint().width() for one in seen), 15_000)
    assert all(window.rect().contains(one.mapTo(window, one.rect().bottomRight())) for one in seen)
    assert "No host is begun: the run is paused" in view.head.held.text()
    assert view.facts.toolTip() == "" or view.facts.text().endswith("…")
    view.leave()


def test_on_the_smallest_screen_rows_are_left_and_no_button_is_cut_off(view: RunView, qtbot: QtBot) -> None:
    """So much of the page is left on a screen of 1366 by 768 at 200 %."""
    show(view)
    view.setMinimumSize(600, 240)
    view.resize(605, 250)
    until(qtbot, lambda: not view.log.isVisible() and not view.filter.isVisible())
    acts = [one for one in view.asking.findChildren(QPushButton) if one.isVisible()]
    assert len(acts) == 7
    assert [one.accessibleName() for one in acts if one.minimumSizeHint().width() > one.width()] == []
    view.offer_filter()
    assert view.filter.isVisible()
    view.resize(1200, 600)
    until(qtbot, view.log.isVisible)
    assert view.asking.stop.text() == "&Stop after current steps…"
