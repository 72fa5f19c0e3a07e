"""How the window behaves on every page: where the keyboard is while one loads, and that nothing is dead unsaid."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.app.workspace import Workspace
from gui.desk import Room
from gui.pages.cycle.page import CyclePage
from gui.pages.fleet.page import FleetPage
from gui.pages.settings.page import SettingsPage
from gui.window import Window
from tests.gui.driving import in_focus, press, quiet, stops, unexplained, until

_SHORT_MS = 15_000


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """Nobody connects to them: they are only listed."""
    targets = [{"id": name, "server": name} for name in ("SQL01", "SQL02", "SQL03")]
    (workspace.config / "sql_targets.json").write_text(json.dumps({"targets": targets}), encoding="utf-8")
    return workspace


@pytest.fixture
def opened(window: Window, qtbot: QtBot) -> Window:
    """Once its first page is there."""
    until(qtbot, lambda: bool(window.pages.made) and bool(window.desk.hosts), _SHORT_MS)
    quiet(qtbot, window.desk)
    return window


def test_a_window_that_opens_leaves_the_keyboard_to_nothing_that_stops_it(window: Window, qtbot: QtBot) -> None:
    seen = []

    def is_there() -> bool:
        at = QApplication.focusWidget()
        seen.append(at is not None and stops(at))
        return bool(window.pages.made) and bool(window.desk.hosts) and not window.desk.jobs.going

    until(qtbot, is_there, _SHORT_MS)
    assert not any(seen)
    assert window.pages[Room.OVERVIEW].isAncestorOf(in_focus())


def test_the_keyboard_is_in_the_page_while_it_loads_and_after_and_no_button_is_dead_without_a_reason(
    opened: Window, qtbot: QtBot
) -> None:
    """Answers come on the loop's turns: until the first of them the page is as it is while it waits."""
    for room in Room:
        opened.desk.go(room)
        _is_well(opened, room)
        quiet(qtbot, opened.desk)
        _is_well(opened, room)


def _is_well(window: Window, room: Room) -> None:
    assert window.pages[room].isAncestorOf(in_focus()), room
    assert not stops(in_focus()), room
    assert unexplained(window) == [], room


def test_a_page_that_waits_can_be_left_waiting_by_a_key_that_was_pressed_once_too_often(
    opened: Window, qtbot: QtBot
) -> None:
    opened.desk.go(Room.RUNS)
    opened.desk.go(Room.OVERVIEW)
    page = opened.pages[Room.OVERVIEW]
    page.again()
    going = opened.desk.jobs.going
    assert going
    press(in_focus(), Qt.Key.Key_Space)
    press(in_focus(), Qt.Key.Key_Return)
    assert all(job.running for job in going)
    quiet(qtbot, opened.desk)


def test_no_part_of_the_settings_has_a_dead_button_without_a_reason(opened: Window, qtbot: QtBot) -> None:
    opened.desk.go(Room.SETTINGS)
    page = opened.pages[Room.SETTINGS]
    assert isinstance(page, SettingsPage)
    for number in range(page.configuration.names.count()):
        page.configuration.names.setCurrentRow(number)
        quiet(qtbot, opened.desk)
        until(qtbot, lambda: page.configuration.document.proof is not None, _SHORT_MS)
        assert unexplained(opened) == []
    for tab in range(page.tabs.count()):
        page.tabs.setCurrentIndex(tab)
        quiet(qtbot, opened.desk)
        assert unexplained(opened) == []


def test_no_step_of_the_cycle_and_no_sheet_of_a_host_has_one(opened: Window, qtbot: QtBot) -> None:
    opened.desk.go(Room.CYCLE)
    page = opened.pages[Room.CYCLE]
    assert isinstance(page, CyclePage)
    for number in range(len(page.stepper.steps)):
        page.stepper.go_to(number)
        assert unexplained(opened) == []
        opened.desk.jobs.stop_all()
    page.begin_anew()
    fleet = opened.pages[Room.FLEET]
    assert isinstance(fleet, FleetPage)
    opened.desk.go(Room.FLEET)
    fleet.open_sheet(opened.desk.hosts[0].name)
    quiet(qtbot, opened.desk)
    assert unexplained(opened) == []
