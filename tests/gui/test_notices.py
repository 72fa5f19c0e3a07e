"""That a run has ended is said: in plain words, for everybody, and only once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMainWindow, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from core.app.runs import RunLine
from core.app.workspace import Workspace
from core.model.outcome import Outcome
from core.model.state import TargetState
from gui.desk import Desk, Errand, Room
from gui.notices import Notices, end_in_words
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
def notices(desk: Desk, dressed: QApplication, qtbot: QtBot) -> Iterator[Notices]:
    window = QMainWindow()
    qtbot.addWidget(window)
    made = Notices(desk, _NOW, window)
    window.setCentralWidget(made)
    window.show()
    yield made


def test_a_run_that_ends_is_told_in_plain_words_with_a_way_to_its_results(
    notices: Notices, desk: Desk, qtbot: QtBot
) -> None:
    notices.see((_GOING,))
    assert not notices.shown
    with qtbot.waitSignal(desk.run_ended) as told:
        notices.see((_ENDED,))
    assert told.args == [_ENDED]
    (banner,) = notices.shown
    assert banner.state.text == "an installation failed"
    states = "9 patched and verified, 1 failed, 2 taken out"
    assert banner.text == f"The run of 12 hosts has ended after 48 min 00 s: {states}."
    assert banner.accessibleName() == f"an installation failed: {banner.text}"
    assert unnamed(notices) == []
    with qtbot.waitSignal(desk.sent) as sent:
        button(banner, "Show the results").click()
    assert sent.args == [Room.RUNS, Errand(run="run-1")]
    assert notices.isHidden()


def test_it_is_told_once_and_what_had_ended_before_is_no_news(notices: Notices) -> None:
    old = replace(_ENDED, run_id="old", started_at=_NOW - timedelta(days=1))
    notices.see((old,))
    assert not notices.shown
    notices.see((_ENDED, old))
    assert len(notices.shown) == 1, "a run that began and ended between two looks was missed"
    notices.see((_ENDED, old))
    assert len(notices.shown) == 1
    button(notices.shown[0], "Close").click()
    assert notices.isHidden()


def test_what_is_seen_by_other_ways_goes_by_itself(notices: Notices) -> None:
    other = replace(_ENDED, run_id="run-2")
    notices.see((_ENDED, other))
    notices.let_go("run-1")
    assert [one.about for one in notices.shown] == ["run-2"]
    notices.let_go("run-2")
    assert notices.isHidden()


def test_it_is_one_row_high_where_there_is_no_room(notices: Notices, qtbot: QtBot) -> None:
    """A window of 1920 by 1080 at 200 % has half as many pixels to show."""
    window = notices.window()
    window.resize(880, 480)
    notices.see((_ENDED,))
    until(qtbot, lambda: notices.shown[0].isVisible() and notices.width() <= 880)
    (banner,) = notices.shown
    assert banner.height() <= 2 * banner.act.height() - 10
    assert banner.words.words == banner.text
    window.resize(600, 480)
    until(qtbot, lambda: banner.words.text().endswith("…"))
    assert banner.words.toolTip() == banner.text


def test_of_many_only_the_newest_are_kept(notices: Notices) -> None:
    going = tuple(replace(_GOING, run_id=f"run-{number}") for number in range(5))
    notices.see(going)
    for run in going:
        going = tuple(replace(_ENDED, run_id=one.run_id) if one is run else one for one in going)
        notices.see(going)
    assert len(notices.shown) == 3


def test_without_a_tray_it_is_told_all_the_same(notices: Notices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))
    assert not notices.tray.show_icon()
    notices.see((_GOING,))
    notices.see((_ENDED,))
    assert len(notices.shown) == 1


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
