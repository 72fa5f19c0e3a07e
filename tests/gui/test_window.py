"""The shell: places, size, keys, names, and what a window says when there is nothing to show yet."""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.app.runs import RunLine
from core.app.workspace import Workspace
from core.model.outcome import Outcome
from gui.desk import Desk, Room
from gui.dialogs.first_start import FirstStart
from gui.jobs import Jobs
from gui.main import Face, last_workspace, practice_folder, remembered
from gui.pages.cycle.page import CyclePage
from gui.pages.runs.page import RunsPage
from gui.window import Window
from tests.gui.driving import LIMIT_MS, button, in_focus, press, quiet, tab_to, type_into, unnamed, until


def _is_in(window: Window, room: Room) -> bool:
    return window.room is room


def test_every_place_is_reached_by_its_key(window: Window, qtbot: QtBot) -> None:
    for number, room in enumerate(window.pages, start=1):
        press(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.AltModifier)
        # A button that is pressed by its key shows that for a moment before it acts.
        until(qtbot, partial(_is_in, window, room))


def test_nothing_that_takes_the_keyboard_is_without_a_name(window: Window) -> None:
    assert unnamed(window) == []


def test_size_and_look_are_kept(
    window: Window, qtbot: QtBot, workspace: Workspace, settings: QSettings, dressed: QApplication
) -> None:
    window.resize(1111, 666)
    window.turn_light()
    window.close()
    again = Window(Desk(workspace, practice=True, settings=settings))
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (1111, 666)
    assert settings.value("look") == "dark"
    quiet(qtbot, again.desk)


def test_the_rail_shows_pictures_alone_where_there_is_no_room(window: Window, qtbot: QtBot) -> None:
    window.resize(1366, 700)
    until(qtbot, lambda: window.rail.width() > 100)
    window.resize(960, 540)
    until(qtbot, lambda: window.rail.width() < 100)


def test_a_practice_workspace_is_marked(
    qtbot: QtBot, dressed: QApplication, workspace: Workspace, settings: QSettings
) -> None:
    for practice in (True, False):
        desk = Desk(workspace, practice, settings)
        shown = Window(desk)
        qtbot.addWidget(shown)
        shown.show()
        assert shown.top.mark.isVisible() is practice
        quiet(qtbot, desk)


def test_imaginary_servers_that_do_not_run_are_told_with_the_way_to_others(
    qtbot: QtBot, dressed: QApplication, workspace: Workspace, settings: QSettings
) -> None:
    """After a restart of the computer: nobody is to look for WinRM on servers that do not exist."""
    shown = Window(Desk(workspace, practice=True, settings=settings))
    qtbot.addWidget(shown)
    shown.show()
    until(qtbot, lambda: shown.notices.on_show is not None)
    told = shown.notices.on_show
    assert told is not None
    assert "do not run" in told.text
    with qtbot.waitSignal(shown.leave, timeout=LIMIT_MS):
        shown.notices.act.click()
    quiet(qtbot, shown.desk)


def test_a_workspace_is_made_and_opened(qtbot: QtBot, tmp_path: Path) -> None:
    first = FirstStart(Jobs(None), tmp_path / "practice")
    qtbot.addWidget(first)
    with qtbot.waitSignal(first.opened, timeout=LIMIT_MS) as opened:
        first.make_folder(tmp_path / "fresh")
    assert opened.args == [Workspace((tmp_path / "fresh").resolve())]
    with qtbot.waitSignal(first.opened, timeout=LIMIT_MS):
        first.open_folder(tmp_path / "fresh")


def test_a_folder_that_is_none_is_refused_with_a_way_back(qtbot: QtBot, tmp_path: Path) -> None:
    first = FirstStart(Jobs(None), tmp_path / "practice")
    qtbot.addWidget(first)
    first.show()
    first.open_folder(tmp_path)
    until(qtbot, lambda: first.states.state == "trouble")
    assert "there is no workspace here" in first.states.said
    button(first, "Back").click()
    assert first.states.state == "content"
    first.open_folder(tmp_path)
    until(qtbot, lambda: first.states.state == "trouble")
    with qtbot.waitSignal(first.opened, timeout=LIMIT_MS):
        button(first, "Make a workspace there").click()


def test_a_workspace_that_is_not_where_it_was_named_is_said_to_be_missing(
    qtbot: QtBot, dressed: QApplication, settings: QSettings, tmp_path: Path
) -> None:
    """Greeted like a newcomer, nobody would know that it was a wrong letter, or a drive that is not there."""
    face = Face(dressed, settings, tmp_path / "practice")
    settings.setValue("workspace", str(tmp_path / "moved away"))
    assert remembered(settings, tmp_path / "nowhere") is None
    face.welcome(missing=last_workspace(settings))
    first = face.window
    assert first is not None
    qtbot.addWidget(first)
    start = first.centralWidget()
    assert isinstance(start, FirstStart)
    until(qtbot, lambda: start.states.state == "trouble")
    assert "moved away: there is no workspace here" in start.states.said
    button(start, "Back").click()
    assert start.states.state == "content"


def test_practice_does_not_fill_a_folder_that_was_named_for_other_servers(tmp_path: Path) -> None:
    assert practice_folder(tmp_path, practise=True) == tmp_path
    assert practice_folder(tmp_path, practise=False) != tmp_path


def test_the_search_key_takes_what_was_searched_last_to_be_written_over(window: Window, qtbot: QtBot) -> None:
    window.top.search.setText("SQL01")
    press(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, window.top.search.hasFocus)
    type_into(window.top.search, "WEB")
    assert window.top.search.text() == "WEB"


def test_the_window_says_what_goes_on(window: Window, qtbot: QtBot) -> None:
    gate = threading.Event()
    window.desk.jobs.start("Counting servers", lambda _: gate.wait(), lambda _: None, lambda _: None)
    until(qtbot, lambda: "Counting servers" in window.going_on.text)
    gate.set()
    until(qtbot, lambda: window.going_on.text == "Nothing is going on")


def test_the_news_of_a_run_goes_when_its_results_are_looked_at(window: Window, qtbot: QtBot) -> None:
    until(qtbot, lambda: bool(window.pages.made))
    now = datetime.now(UTC)
    ended = RunLine("run-1", "plan", "d" * 64, "olga", "", now, now, Outcome.SUCCEEDED, False, ())
    window.notices.see((ended,))
    window.desk.go(Room.RUNS)
    page = window.pages[Room.RUNS]
    assert isinstance(page, RunsPage)
    page.open_run("run-2")
    window.desk.set_runs((ended,))
    assert [one.about for one in window.notices.told] == ["run-1"], "the results of another run are looked at"
    assert window.statusBar().property("tone") == "good"
    page.open_run("run-1")
    until(qtbot, lambda: not window.notices.told)
    assert window.statusBar().property("tone") == ""


def test_a_run_that_lost_its_process_is_told_until_it_is_on_the_screen_with_the_way_to_take_it_up(
    window: Window, qtbot: QtBot
) -> None:
    until(qtbot, lambda: bool(window.pages.made))
    going = RunLine("run-1", "plan", "d" * 64, "olga", "", datetime.now(UTC), None, None, True, ())
    ended = replace(going, run_id="run-2", outcome=Outcome.SUCCEEDED, driven=False)
    window.desk.set_runs((going,))
    window.desk.set_runs((replace(going, driven=False), ended))
    assert [one.word for one in window.notices.told] == ["succeeded", "broken off"]
    page = window.pages[Room.CYCLE]
    assert isinstance(page, CyclePage)
    page.enter_run("run-1")
    assert len(window.notices.told) == 2, "it is told no more on a page that does not show it"
    window.desk.go(Room.CYCLE)
    until(qtbot, lambda: [one.word for one in window.notices.told] == ["succeeded"])
    page.deploy.view.leave()


def test_the_news_of_a_run_is_reached_and_seen_to_by_keys_and_the_keyboard_goes_back_to_the_page(
    window: Window, qtbot: QtBot
) -> None:
    until(qtbot, lambda: bool(window.pages.made))
    quiet(qtbot, window.desk)
    now = datetime.now(UTC)
    ended = RunLine("run-1", "plan", "d" * 64, "olga", "", now, now, Outcome.SUCCEEDED, False, ())
    press(window, Qt.Key.Key_F6)
    assert window.pages[window.room].isAncestorOf(in_focus()), "there is no message to go to"
    height = window.statusBar().height()
    window.notices.see((ended,))
    QApplication.processEvents()
    assert window.statusBar().height() == height
    assert window.pages[window.room].isAncestorOf(in_focus()), "a message takes the keyboard away"
    press(window, Qt.Key.Key_F6)
    until(qtbot, window.notices.act.hasFocus)
    press(tab_to("Close"), Qt.Key.Key_Space)
    until(qtbot, lambda: not window.notices.told)
    assert window.pages[window.room].isAncestorOf(in_focus())


def test_a_room_is_come_back_to(window: Window, settings: QSettings) -> None:
    window.desk.go(Room.RUNS)
    assert settings.value("room") == "runs"


def test_no_part_comes_up_as_a_window_of_its_own(window: Window, qtbot: QtBot) -> None:
    """A part that is shown before it has a parent would, and take the keyboard away from where one types."""
    for room in window.pages:
        window.desk.go(room)
        quiet(qtbot, window.desk)
        assert [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not window] == []
    assert window.isActiveWindow()
