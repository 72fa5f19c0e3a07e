"""The fleet: shown, searched, grouped, opened; targets added with every fault said at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from core.app.target_editing import Draft, drafted, open_book
from core.app.workspace import Workspace
from core.model.compliance import Compliance, ComplianceState
from gui.desk import Desk, Errand, Room
from gui.dialogs.import_targets import ImportTargets
from gui.dialogs.target import TargetDialog
from gui.pages.fleet.lines import FleetLine
from gui.pages.fleet.page import FleetPage
from gui.pages.overview import OverviewPage
from gui.widgets.grid import Grid
from gui.window import Window
from tests.gui.driving import in_focus, press, quiet, unnamed, until
from tests.gui.silent import fail_to_assess

_AROUND_A_CELL = 18


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    targets = [
        {"id": "a", "server": "SQL01", "tenant": "acme", "metadata": {"tags": ["prod"]}},
        {"id": "b", "server": "SQL02", "tenant": "acme"},
        {"id": "c", "server": "WEB01", "tenant": "other", "owner": "=cmd"},
    ]
    (workspace.config / "sql_targets.json").write_text(json.dumps({"targets": targets}), encoding="utf-8")
    return workspace


@pytest.fixture
def fleet(window: Window, qtbot: QtBot) -> FleetPage:
    window.desk.go(Room.FLEET)
    page = window.pages[Room.FLEET]
    assert isinstance(page, FleetPage)
    until(qtbot, lambda: len(page.rows.all_rows) == 3 and all(row.standing for row in page.rows.all_rows))
    return page


def _shown(page: FleetPage) -> list[str]:
    return [line.host.name for line in page.rows.shown_rows]


def test_hosts_that_nobody_assessed_are_unknown_and_say_so(fleet: FleetPage) -> None:
    assert {line.state for line in fleet.rows.all_rows} == {ComplianceState.UNKNOWN}
    assert "never assessed" in fleet.rows.all_rows[0].why


def test_whoever_comes_back_to_a_sheet_has_the_keyboard_there(fleet: FleetPage, window: Window, qtbot: QtBot) -> None:
    """Else Esc, which leads back to all hosts, goes nowhere."""
    fleet.open_sheet("SQL01")
    until(qtbot, lambda: fleet.sheet.states.state != "waiting")
    fleet.desk.go(Room.RUNS)
    window.top.search.setFocus()
    fleet.desk.go(Room.FLEET)
    assert fleet.sheet.isVisible()
    press(in_focus(), Qt.Key.Key_Escape)
    assert not fleet.sheet.isVisible()


def test_the_filter_looks_at_names_tags_and_owners(fleet: FleetPage) -> None:
    fleet.filter.setText("PROD")
    assert _shown(fleet) == ["SQL01"]
    fleet.filter.setText("=cmd web")
    assert _shown(fleet) == ["WEB01"]
    assert fleet.count.text() == "1 of 3 hosts"


def test_the_scope_chooses_the_hosts(fleet: FleetPage, window: Window, qtbot: QtBot) -> None:
    window.desk.set_scope(type(window.desk.scope)(tenants=("acme",)))
    assert _shown(fleet) == ["SQL01", "SQL02"]


def test_hosts_are_chosen_before_they_are_patched(fleet: FleetPage, window: Window, qtbot: QtBot) -> None:
    assert not fleet.patch.isEnabled()
    assert "Choose hosts in the table first" in fleet.patch.toolTip()
    fleet.grid.choose("SQL02")
    with qtbot.waitSignal(window.desk.sent) as sent:
        fleet.patch.click()
    assert sent.args == [Room.CYCLE, Errand(hosts=("SQL02",))]


def test_hosts_are_grouped(fleet: FleetPage) -> None:
    fleet.grouping.setCurrentText("tenant")
    headings = [fleet.rows.index(line, 0).data() for line in fleet.rows.heading_lines]
    assert headings == ["acme  ·  2", "other  ·  1"]
    fleet.grouping.setCurrentText("nothing")
    assert not fleet.rows.has_groups


def test_on_a_usual_screen_no_column_of_a_long_fleet_lies_aside(fleet: FleetPage, window: Window, qtbot: QtBot) -> None:
    first = fleet.rows.all_rows[0].host
    window.desk.set_hosts(tuple(replace(first, name=f"SQL-{number:03}") for number in range(60)))
    window.resize(1366, 768)
    until(qtbot, fleet.grid.verticalScrollBar().isVisible)
    until(qtbot, lambda: fleet.grid.horizontalScrollBar().maximum() == 0)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Microsoft Windows Server 2022 Standard", "2022 Standard"),
        ("Microsoft Windows 11 Enterprise", "11 Enterprise"),
        ("windows-2022", "2022"),
        ("windows_server_2022", "2022"),
        ("windows", ""),
        (None, ""),
    ],
)
def test_what_every_host_has_in_common_does_not_hide_its_release(
    fleet: FleetPage, told: str | None, shown: str
) -> None:
    line = FleetLine(replace(fleet.rows.all_rows[0].host, os=told))
    column = next(one for one in fleet.rows.columns if one.title == "Windows")
    assert column.text(line) == shown
    assert told is None or told.removeprefix("Microsoft ") in line.words


def test_widths_that_nobody_gave_follow_the_room_when_the_window_comes_back(
    fleet: FleetPage, window: Window, settings: QSettings, qtbot: QtBot
) -> None:
    """A small window that was closed would leave its narrow columns to the large one that is opened next."""
    titles = [column.title for column in fleet.rows.columns]
    fleet.grid.setColumnWidth(titles.index("Why"), 60)
    window.close()
    again = FleetPage(Desk(window.desk.workspace, practice=False, settings=settings))
    again.desk.setParent(again)
    qtbot.addWidget(again)
    again.desk.set_hosts(tuple(line.host for line in fleet.rows.all_rows))
    again.resize(2400, 900)
    again.show()
    wanted = fleet.rows.columns[titles.index("Why")].width
    until(qtbot, lambda: again.grid.columnWidth(titles.index("Why")) >= wanted)
    quiet(qtbot, again.desk)


def test_on_a_large_screen_no_release_of_windows_is_cut_off(fleet: FleetPage, window: Window, qtbot: QtBot) -> None:
    window.resize(1920, 1080)
    column = [one.title for one in fleet.rows.columns].index("Windows")
    longest = fleet.grid.fontMetrics().horizontalAdvance("2012 R2 Datacenter")
    until(qtbot, lambda: fleet.grid.columnWidth(column) >= longest + _AROUND_A_CELL)


def test_chosen_columns_are_kept(
    fleet: FleetPage, window: Window, settings: QSettings, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    titles = [column.title for column in fleet.rows.columns]
    fleet.grid.setColumnHidden(titles.index("Owner"), False)
    fleet.grid.setColumnHidden(titles.index("Site"), True)
    fleet.grid.setColumnWidth(titles.index("Why"), 411)
    monkeypatch.setattr(Grid, "is_drawn_by_hand", True)
    window.close()
    again = FleetPage(Desk(window.desk.workspace, practice=False, settings=settings))
    again.desk.setParent(again)
    qtbot.addWidget(again)
    assert not again.grid.isColumnHidden(titles.index("Owner"))
    assert again.grid.isColumnHidden(titles.index("Site"))
    assert again.grid.columnWidth(titles.index("Why")) == 411


def test_how_the_hosts_were_grouped_is_kept(
    fleet: FleetPage, window: Window, settings: QSettings, qtbot: QtBot
) -> None:
    fleet.grouping.setCurrentText("tenant")
    window.close()
    again = FleetPage(Desk(window.desk.workspace, practice=False, settings=settings))
    again.desk.setParent(again)
    qtbot.addWidget(again)
    again.desk.set_hosts(tuple(line.host for line in fleet.rows.all_rows))
    assert again.grouping.currentText() == "tenant"
    assert again.rows.has_groups


def test_a_state_is_come_for_and_let_go_of(fleet: FleetPage, window: Window) -> None:
    window.desk.go(Room.FLEET, Errand(state=ComplianceState.FAILED))
    assert _shown(fleet) == []
    fleet.any_state.click()
    assert len(_shown(fleet)) == 3


def test_a_host_is_opened_and_left_by_keys_alone(fleet: FleetPage, qtbot: QtBot) -> None:
    fleet.grid.setFocus()
    press(fleet.grid, Qt.Key.Key_Down)
    press(fleet.grid, Qt.Key.Key_Return)
    until(qtbot, lambda: fleet.sheet.states.state == "empty")
    assert "Nothing is known of it yet" in fleet.sheet.states.said
    press(fleet.sheet.leave, Qt.Key.Key_Escape)
    assert fleet.grid.isVisible()


def test_what_is_wrong_with_a_target_is_said_as_one_types(fleet: FleetPage, window: Window, qtbot: QtBot) -> None:
    dialog = TargetDialog(window.desk, open_book(window.desk.workspace), None)
    assert dialog.focusWidget() is dialog.inputs["server"], "who adds a server begins with its name"
    qtbot.addWidget(dialog)
    dialog.show()
    server = dialog.inputs["server"]
    assert isinstance(server, QLineEdit)
    server.setText("db,1433")
    until(qtbot, lambda: "port" in dialog.said["server"].text())
    assert dialog.said["server"].isVisible()
    assert not dialog.keep.isEnabled()
    server.setText("DB09")
    until(qtbot, dialog.keep.isEnabled)
    assert not dialog.said["server"].isVisible()
    dialog.keep.click()
    until(qtbot, lambda: "DB09" in _shown(fleet))
    assert unnamed(dialog) == []


def _adding(window: Window, qtbot: QtBot) -> TargetDialog:
    dialog = TargetDialog(window.desk, open_book(window.desk.workspace), None)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def _type_server(dialog: TargetDialog, name: str) -> None:
    server = dialog.inputs["server"]
    assert isinstance(server, QLineEdit)
    server.setText(name)


def test_what_was_typed_into_a_dialog_that_is_closed_is_judged_no_more(
    fleet: FleetPage, window: Window, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """The answer would come to a dialog that is gone."""
    asked, told = list[Any](), list[Draft]()
    answer = threading.Event()

    def slow(*judged: Any) -> Draft:
        asked.append(judged)
        assert answer.wait(10)
        told.append(drafted(*judged))
        return told[-1]

    monkeypatch.setattr("gui.dialogs.target.drafted", slow)
    dialog = _adding(window, qtbot)
    _type_server(dialog, "DB09")
    until(qtbot, lambda: len(asked) == 2)
    dialog.reject()
    answer.set()
    until(qtbot, lambda: len(told) == 2)
    later: list[bool] = []
    window.desk.jobs.start_quietly(lambda _: True, later.append, lambda _: None)
    until(qtbot, lambda: bool(later))
    assert not dialog.keep.isEnabled()


def test_a_target_that_could_not_be_written_can_be_saved_again(
    fleet: FleetPage, window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever made room on the disk meanwhile does not type it all once more."""

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("gui.dialogs.target.keep", full)
    dialog = _adding(window, qtbot)
    _type_server(dialog, "DB09")
    until(qtbot, dialog.keep.isEnabled)
    dialog.keep.click()
    until(qtbot, lambda: "no space left" in dialog.others.text())
    assert dialog.keep.isEnabled()
    monkeypatch.undo()
    dialog.keep.click()
    until(qtbot, lambda: "DB09" in _shown(fleet))


def test_a_port_that_is_none_is_said_without_a_word_of_quotes(fleet: FleetPage, window: Window, qtbot: QtBot) -> None:
    """Nobody types quotes into a form."""
    dialog = _adding(window, qtbot)
    for path, text in (("server", "DB09"), ("port", "14a3")):
        line = dialog.inputs[path]
        assert isinstance(line, QLineEdit)
        line.setText(text)
    until(qtbot, dialog.said["port"].isVisible)
    assert dialog.said["port"].text() == "must be a whole number"
    assert dialog.keep.toolTip() == "1 thing is still wrong: must be a whole number"


def test_a_sql_login_is_asked_for_where_one_is_used_and_says_so_where_not(
    fleet: FleetPage, window: Window, qtbot: QtBot
) -> None:
    dialog = _adding(window, qtbot)
    login, by = dialog.inputs["credential_ref"], dialog.inputs["auth"]
    assert isinstance(login, QLineEdit)
    assert isinstance(by, QComboBox)
    assert [by.itemText(number) for number in range(by.count())] == [
        "the Windows account that runs Drydock",
        "a SQL login, with a password",
    ]
    logon = dialog.inputs["remoting.auth"]
    assert isinstance(logon, QComboBox)
    assert (logon.itemText(0), logon.itemText(1), logon.itemData(1)) == ("as for all", "Kerberos", "kerberos")
    assert not login.isEnabled()
    assert "Not needed" in login.toolTip()
    by.setCurrentIndex(by.findData("sql"))
    assert login.isEnabled()
    login.setText("sql-patching")
    by.setCurrentIndex(0)
    assert login.isEnabled(), "a name that is left over could not be taken away"


def test_a_list_is_shown_before_it_is_taken_in(fleet: FleetPage, window: Window, qtbot: QtBot) -> None:
    source = window.desk.workspace.path / "list.csv"
    source.write_text("server,tenant,tags\nSQL01,,\nNEW1,acme,gold\n", encoding="utf-8")
    dialog = ImportTargets(window.desk, source)
    qtbot.addWidget(dialog)
    dialog.show()
    until(qtbot, dialog.write.isEnabled)
    first = dialog.rows.all_rows[0]
    assert (first.what, first.fields) == ("NEW1", "tenant: acme, tags: gold")
    assert "NEW1" not in _shown(fleet)
    dialog.write.click()
    until(qtbot, lambda: "NEW1" in _shown(fleet))


def test_a_list_with_faults_says_them_and_writes_nothing(fleet: FleetPage, window: Window, qtbot: QtBot) -> None:
    source = window.desk.workspace.path / "list.csv"
    source.write_text("server,port\nNEW1,many\n", encoding="utf-8")
    dialog = ImportTargets(window.desk, source)
    qtbot.addWidget(dialog)
    until(qtbot, lambda: dialog.states.state == "trouble")
    assert "line 2: port" in dialog.states.said
    assert not dialog.write.isEnabled()


def test_the_overview_counts_and_leads_to_the_hosts(window: Window, workspace: Workspace, qtbot: QtBot) -> None:
    page = window.pages[Room.OVERVIEW]
    assert isinstance(page, OverviewPage)
    until(qtbot, lambda: "No server has been asked yet" in page.attention.said)
    fail_to_assess(workspace, "SQL02")
    window.desk.facts_changed.emit()
    until(qtbot, lambda: len(page.concerns.all_rows) == 3)
    assert page.donut.accessibleName().endswith("unknown 3")
    concern = page.concerns.all_rows[0]
    page.grid.opened.emit(concern)
    assert window.room is Room.FLEET
    fleet = window.pages[Room.FLEET]
    assert isinstance(fleet, FleetPage)
    assert fleet.sheet.name.words == concern.what


@pytest.fixture
def bare(qtbot: QtBot, dressed: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """A workspace without any server."""
    from core.app.workspace import make_workspace

    made = make_workspace(tmp_path_factory.mktemp("bare") / "w")
    (made.config / "sql_targets.json").write_text('{"targets": []}', encoding="utf-8")
    settings = QSettings(str(made.path / "window.ini"), QSettings.Format.IniFormat)
    shown = Window(Desk(made, practice=False, settings=settings))
    qtbot.addWidget(shown)
    shown.show()
    yield shown
    quiet(qtbot, shown.desk)


def test_what_changes_while_the_fleet_is_judged_is_judged_afterwards(
    fleet: FleetPage, window: Window, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    looks, may_end = [], threading.Event()

    def judge(*_: object) -> tuple[Compliance, ...]:
        looks.append(1)
        assert may_end.wait(60)
        return ()

    quiet(qtbot, window.desk)
    monkeypatch.setattr("gui.pages.fleet.page.compliance", judge)
    window.desk.facts_changed.emit()
    until(qtbot, lambda: len(looks) == 1)
    window.desk.facts_changed.emit()
    may_end.set()
    until(qtbot, lambda: len(looks) == 2)


def test_without_servers_the_first_step_is_told(bare: Window, qtbot: QtBot) -> None:
    overview, fleet = bare.pages[Room.OVERVIEW], bare.pages[Room.FLEET]
    assert isinstance(overview, OverviewPage)
    assert isinstance(fleet, FleetPage)
    until(qtbot, lambda: fleet.states.state == "empty" and overview.states.state == "empty")
    assert "Import a list of servers" in fleet.states.said
    assert "No servers yet" in overview.states.said


def test_a_configuration_with_faults_is_not_taken_for_a_fleet_without_servers(bare: Window, qtbot: QtBot) -> None:
    path = bare.desk.workspace.config / "sql_targets.json"
    path.write_text('{"targets": [{"server": "SQL01"}]}', encoding="utf-8")
    bare.look()
    overview, fleet = bare.pages[Room.OVERVIEW], bare.pages[Room.FLEET]
    assert isinstance(overview, OverviewPage)
    assert isinstance(fleet, FleetPage)
    until(qtbot, lambda: fleet.states.state == "trouble" and overview.states.state == "trouble")
    assert "targets[0].id: is missing" in fleet.states.said
    path.write_text('{"targets": [{"id": "a", "server": "SQL01"}]}', encoding="utf-8")
    bare.look()
    until(qtbot, lambda: fleet.states.state == "content" and overview.states.state == "content")
