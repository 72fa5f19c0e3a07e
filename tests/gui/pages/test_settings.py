"""The settings: files with their faults as one types, saved over exactly what was read; and the doctor."""

import pytest
from pytestqt.qtbot import QtBot

from core.app.workspace import Workspace
from gui.desk import Room
from gui.pages.settings import SettingsPage
from gui.window import Window
from tests.gui.driving import quiet, unnamed, until


@pytest.fixture
def page(window: Window, qtbot: QtBot) -> SettingsPage:
    quiet(qtbot, window.desk)
    found = window.pages[Room.SETTINGS]
    assert isinstance(found, SettingsPage)
    window.desk.go(Room.SETTINGS)
    until(qtbot, lambda: found.files.state.text != "")
    return found


def _said(page: SettingsPage) -> str:
    return "\n".join(page.files.faults.item(row).text() for row in range(page.files.faults.count()))


def test_a_fault_is_told_while_one_types_and_keeps_the_file_from_being_saved(page: SettingsPage, qtbot: QtBot) -> None:
    text = page.files.text.toPlainText()
    page.files.text.setPlainText(text.replace('"schema_version"', '"schema_versio"'))
    until(qtbot, lambda: "schema_versio" in _said(page))
    assert "did you mean" in _said(page)
    assert not page.files.keep.isEnabled()
    page.files.text.setPlainText(text)
    until(qtbot, lambda: "schema_versio" not in _said(page))


def test_a_fault_leads_to_its_line(page: SettingsPage, qtbot: QtBot) -> None:
    text = page.files.text.toPlainText()
    page.files.text.setPlainText(text.replace('"schema_version": 1', '"schema_version": 99'))
    until(qtbot, lambda: "schema_version" in _said(page))
    page.files.faults.itemActivated.emit(page.files.faults.item(0))
    assert '"schema_version": 99' in page.files.text.textCursor().block().text()


def test_a_change_is_saved_over_exactly_what_was_read(page: SettingsPage, workspace: Workspace, qtbot: QtBot) -> None:
    path = workspace.path / "config" / "audit_config.json"
    page.files.text.setPlainText(path.read_text(encoding="utf-8") + "\n\n")
    until(qtbot, page.files.keep.isEnabled)
    page.files.save()
    until(qtbot, lambda: path.read_text(encoding="utf-8").endswith("\n\n"))
    quiet(qtbot, page.desk)
    assert not page.files.changed
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    page.files.text.setPlainText(page.files.text.toPlainText() + " ")
    until(qtbot, page.files.keep.isEnabled)
    with qtbot.waitSignal(page.desk.troubled, timeout=20_000) as told:
        page.files.save()
    assert told.args is not None
    assert "somebody changed the file" in told.args[0].text


def test_the_doctor_looks_at_this_computer(page: SettingsPage, qtbot: QtBot) -> None:
    page.tabs.setCurrentIndex(2)
    until(qtbot, lambda: page.doctor.states.state == "content")
    assert {"version", "clock", "database"} <= {check.name for check in page.doctor.rows.all_rows}


def test_every_part_has_a_name(page: SettingsPage, window: Window, qtbot: QtBot) -> None:
    for number in range(3):
        page.tabs.setCurrentIndex(number)
        quiet(qtbot, window.desk)
    assert unnamed(page) == []
