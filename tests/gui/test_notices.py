"""That a run has ended is said: in plain words, for everybody, and only once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QIcon
from PySide6.QtWidgets import QApplication, QMainWindow, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from core.app.runs import RunLine
from core.app.workspace import Workspace
from core.model.outcome import Outcome
from core.model.state import TargetState
from gui.desk import Desk, Errand, Room
from gui.notices import Notices, end_in_words
from gui.theme import Tone
from gui.widgets.banner import Notice
from gui.widgets.elided import Elided
from gui.widgets.going_on import GoingOn
from tests.gui.driving import button, unnamed, until

_NOW = datetime.now(UTC)
_STATES = ((TargetState.FAILED, 1), (TargetState.CANCELLED, 2), (TargetState.SUCCESS, 9))
_GOING = RunLine("run-1", "plan", "d" * 64, "olga", "CHG-7", _NOW + timedelta(seconds=5), None, None, True, _STATES)
_END = _NOW + timedelta(minutes=48, seconds=5)
_ENDED = replace(_GOING, ended_at=_END, worked_until=_END, outcome=Outcome.INSTALL_FAILED, driven=False)


@pytest.fixture
def desk(workspace: Workspace, settings: QSettings) -> Desk:
    return Desk(workspace, practice=False, settings=settings)


@pytest.fixture
def going_on(desk: Desk, dressed: QApplication) -> GoingOn:
    return GoingOn(desk.jobs)


@pytest.fixture
def notices(desk: Desk, going_on: GoingOn, qtbot: QtBot) -> Iterator[Notices]:
    window = QMainWindow()
    qtbot.addWidget(window)
    made = Notices(desk, _NOW, window, going_on)
    window.statusBar().addWidget(made, 1)
    window.resize(1366, 768)
    window.show()
    yield made


def test_a_run_that_ends_is_told_in_plain_words_with_a_way_to_its_results(
    notices: Notices, desk: Desk, qtbot: QtBot
) -> None:
    notices.see((_GOING,))
    assert not notices.told
    assert unnamed(notices) == [], "before there is any"
    with qtbot.waitSignal(desk.run_ended) as told:
        notices.see((_ENDED,))
    assert told.args == [_ENDED]
    assert notices.state.text == "an installation failed"
    states = "9 patched and verified, 1 failed, 2 taken out"
    assert notices.words.words == f"The run of 12 hosts has ended after 48 min 00 s: {states}."
    assert notices.accessibleName() == f"an installation failed: {notices.words.words}"
    assert unnamed(notices) == []
    with qtbot.waitSignal(desk.sent) as sent:
        button(notices, "Show the results").click()
    assert sent.args == [Room.RUNS, Errand(run="run-1")]
    assert _is_silent(notices)


def test_it_is_told_once_and_what_had_ended_before_is_no_news(notices: Notices) -> None:
    old = replace(_ENDED, run_id="old", started_at=_NOW - timedelta(days=1))
    notices.see((old,))
    assert not notices.told
    notices.see((_ENDED, old))
    assert len(notices.told) == 1, "a run that began and ended between two looks was missed"
    notices.see((_ENDED, old))
    assert len(notices.told) == 1
    button(notices, "Close").click()
    assert _is_silent(notices)


_LOST = replace(_GOING, driven=False)


def test_a_run_that_loses_its_process_is_told_at_once_with_the_way_to_take_it_up_again(
    notices: Notices, desk: Desk, qtbot: QtBot
) -> None:
    notices.see((_GOING,))
    notices.see((_LOST,))
    assert notices.state.text == "broken off"
    states = "9 patched and verified, 1 failed, 2 taken out"
    assert notices.words.words == f"The run of 12 hosts has lost its process; jobs on the hosts go on: {states}."
    notices.see((_LOST,))
    assert len(notices.told) == 1
    with qtbot.waitSignal(desk.sent) as sent:
        button(notices, "Take it up again…").click()
    assert sent.args == [Room.RUNS, Errand(run="run-1")]
    assert _is_silent(notices)


def test_a_run_that_lost_its_process_between_two_looks_is_told_and_one_of_old_is_not(notices: Notices) -> None:
    old = replace(_LOST, run_id="old", started_at=_NOW - timedelta(days=1))
    notices.see((_LOST, old))
    assert [one.word for one in notices.told] == ["broken off"]
    assert notices.words.words.startswith("The run of 12 hosts")
    notices.see((_LOST, old))
    assert len(notices.told) == 1


@pytest.mark.parametrize(("later", "told"), [(_GOING, []), (_ENDED, ["an installation failed"])], ids=["on", "ended"])
def test_a_run_that_is_taken_up_again_is_no_longer_told_to_be_broken_off(
    notices: Notices, later: RunLine, told: list[str]
) -> None:
    notices.see((_GOING,))
    notices.see((_LOST,))
    notices.see((later,))
    assert [one.word for one in notices.told] == told


def test_what_is_seen_by_other_ways_goes_by_itself(notices: Notices) -> None:
    other = replace(_ENDED, run_id="run-2")
    notices.see((_ENDED, other))
    notices.let_go("run-1")
    assert [one.about for one in notices.told] == ["run-2"]
    notices.let_go("run-2")
    assert _is_silent(notices)


@pytest.mark.parametrize("size", [(1366, 768), (960, 540), (683, 384)])
def test_nothing_moves_when_it_comes_or_goes(notices: Notices, size: tuple[int, int]) -> None:
    """Somebody may just be about to press a button of the page."""
    window = notices.window()
    assert isinstance(window, QMainWindow)
    page = QWidget()
    window.setCentralWidget(page)
    window.resize(*size)
    QApplication.processEvents()
    before = page.geometry(), window.statusBar().geometry()
    for told in ((_ENDED,), (_ENDED, replace(_ENDED, run_id="run-2"))):
        notices.see(told)
        QApplication.processEvents()
        assert (page.geometry(), window.statusBar().geometry()) == before
    assert window.size().toTuple() == size
    for one in notices.told:
        notices.let_go(one.about)
    QApplication.processEvents()
    assert (page.geometry(), window.statusBar().geometry()) == before


def test_a_run_that_had_ended_is_not_said_to_have_gone_on_since_it_began(going_on: GoingOn) -> None:
    going_on.show_runs((_GOING,))
    assert going_on.text.startswith("Run of 12 hosts since ")
    going_on.show_runs((replace(_GOING, worked_until=_END),))
    assert going_on.text == "Run of 12 hosts taken up again"


def test_what_runs_is_still_told_beside_it_where_there_is_no_room(
    notices: Notices, going_on: GoingOn, qtbot: QtBot
) -> None:
    """A window of 1366 by 768 at 200 % has half as many pixels to show."""
    window = notices.window()
    window.resize(683, 384)
    assert going_on.text == "Nothing is going on"
    notices.see((_ENDED, replace(_ENDED, run_id="run-2")))
    assert going_on.text == "", "room is taken to say nothing"
    going_on.show_runs((_GOING,))
    going_on.say("The plan is in a folder that lies deep down in a workspace with a long name of its own.")
    until(qtbot, lambda: notices.words.text().endswith("…") and window.width() == 683)
    assert notices.words.toolTip() == notices.words.words
    told = next(one for one in going_on.findChildren(Elided) if one.words == going_on.text)
    assert told.text() == going_on.text
    for one in (notices.act, notices.close_it, notices.more, notices.state):
        assert one.isVisible()
        assert one.width() >= one.sizeHint().width()
        assert one.mapTo(window, one.rect().bottomRight()).x() < 683
    assert notices.more.text() == "+1"
    assert notices.close_it.accessibleName() == "Close"


def test_it_is_said_aloud_at_once_whatever_has_the_keyboard(notices: Notices, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[QAccessibleAnnouncementEvent] = []
    spoken = SimpleNamespace(
        AnnouncementPoliteness=QAccessible.AnnouncementPoliteness, updateAccessibility=heard.append
    )
    monkeypatch.setattr("gui.widgets.banner.QAccessible", spoken)
    notices.see((_GOING,))
    assert not heard
    notices.see((_ENDED,))
    assert [one.message() for one in heard] == [f"an installation failed: {end_in_words(_ENDED)}"]
    assert heard[0].politeness() is QAccessible.AnnouncementPoliteness.Assertive


def test_of_many_the_newest_is_shown_and_each_stays_until_it_is_seen(notices: Notices) -> None:
    going = tuple(replace(_GOING, run_id=f"run-{number}") for number in range(5))
    notices.see(going)
    for run in going:
        going = tuple(replace(_ENDED, run_id=one.run_id) if one is run else one for one in going)
        notices.see(going)
    seen = []
    while notices.on_show is not None:
        seen.append((notices.on_show.about, notices.more.text() if notices.more.isVisible() else ""))
        button(notices, "Close").click()
    assert seen == [
        ("run-4", "and 4 more"),
        ("run-3", "and 3 more"),
        ("run-2", "and 2 more"),
        ("run-1", "and 1 more"),
        ("run-0", ""),
    ]


def test_the_one_that_somebody_points_at_is_not_exchanged_under_his_hand(notices: Notices) -> None:
    """He would close what he has not read."""
    notices.say(_notice("first"))
    notices.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    notices.say(_notice("second"))
    assert notices.words.words == "first"
    assert notices.more.text() == "and 1 more"
    assert "second" in notices.more.toolTip()
    notices.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on=False)
    QApplication.sendEvent(notices, QEvent(QEvent.Type.Leave))
    assert notices.words.words == "second"


def _notice(words: str) -> Notice:
    return Notice(words, "succeeded", Tone.GOOD, words, "Show it", lambda: None)


def _is_silent(notices: Notices) -> bool:
    parts = (notices.state, notices.words, notices.act, notices.close_it, notices.more)
    return notices.on_show is None and not any(one.isVisible() for one in parts)


def test_without_a_tray_it_is_told_all_the_same(notices: Notices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))
    assert not notices.tray.show_icon()
    notices.see((_GOING,))
    notices.see((_ENDED,))
    assert len(notices.told) == 1


def test_where_there_is_a_tray_the_system_tells_it_to_who_looks_elsewhere(
    notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An offscreen platform has no tray: what it would be told is caught at Qt's own door."""
    told: list[tuple[str, str]] = []

    def take(_: QSystemTrayIcon, title: str, text: str, icon: QIcon | QSystemTrayIcon.MessageIcon) -> None:
        assert icon is QSystemTrayIcon.MessageIcon.Warning
        told.append((title, text))

    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", take)
    monkeypatch.setattr(QMainWindow, "isActiveWindow", lambda _: False)
    notices.see((_GOING,))
    notices.see((_ENDED,))
    assert told == [("Drydock: an installation failed", end_in_words(_ENDED))]
    notices.tray.hide()
