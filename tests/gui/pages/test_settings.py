"""The settings: forms and texts of all files, their faults as one types, what is not saved yet; and the doctor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PureWindowsPath
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from core.app.configuration import NAMES, form_of
from core.app.runs import RunLine
from core.app.workspace import Workspace
from core.model.check import CheckResult
from core.model.form import Table, leaves
from core.runfolder.folder import RunFolder
from core.store import journal
from core.store.database import open_database
from gui.desk import JUST_LOOK, Desk, Errand, Room
from gui.options import is_worded, option_words, options_of
from gui.pages.settings.doctor import Doctor
from gui.pages.settings.form import FieldRow, FormView
from gui.pages.settings.inputs import WIDE, PicksEntry
from gui.pages.settings.page import SettingsPage
from gui.pages.settings.titles import is_titled
from gui.window import Window
from tests.app.test_report import keep_the_run
from tests.gui.driving import LIMIT_MS, hold_alt, press, quiet, unnamed, until
from tests.samples import AT, RUN

_AUDIT, _TARGETS, _MAPPING, _BUILDS, _POLICY = NAMES


@pytest.fixture
def page(qtbot: QtBot, dressed: QApplication, workspace: Workspace, settings: QSettings) -> Iterator[SettingsPage]:
    """Alone: most of it needs no window around it."""
    shown = SettingsPage(Desk(workspace, practice=False, settings=settings))
    shown.desk.setParent(shown)
    qtbot.addWidget(shown)
    shown.resize(1200, 700)
    with qtbot.waitActive(shown, timeout=LIMIT_MS):
        shown.show()
        shown.activateWindow()
    shown.enter(JUST_LOOK)
    _until_proven(shown, qtbot)
    yield shown
    quiet(qtbot, shown.desk)


@pytest.fixture
def housed(window: Window, qtbot: QtBot) -> SettingsPage:
    quiet(qtbot, window.desk)
    found = window.pages[Room.SETTINGS]
    assert isinstance(found, SettingsPage)
    window.desk.go(Room.SETTINGS)
    _until_proven(found, qtbot)
    return found


def _until_proven(page: SettingsPage, qtbot: QtBot) -> None:
    part = page.configuration
    until(qtbot, lambda: part.document.proof is not None and part.views.currentWidget() is part.form)


def _turn_to(page: SettingsPage, name: str, qtbot: QtBot) -> FormView:
    page.configuration.open(name)
    _until_proven(page, qtbot)
    return _form(page)


def _form(page: SettingsPage) -> FormView:
    form = page.configuration.form
    assert form is not None
    return form


def _row(page: SettingsPage, path: str) -> FieldRow:
    return _form(page).rows[path]


def _type(page: SettingsPage, path: str, words: str) -> None:
    part = _row(page, path).entry.part
    assert isinstance(part, QLineEdit | QPlainTextEdit)
    if isinstance(part, QLineEdit):
        part.setText(words)
    else:
        part.setPlainText(words)


def _on_disk(workspace: Workspace, name: str) -> Any:
    return json.loads((workspace.path / name).read_text(encoding="utf-8"))


def _said(page: SettingsPage) -> str:
    faults = page.configuration.faults
    return "\n".join(faults.item(row).text() for row in range(faults.count()))


def test_every_setting_has_a_name_in_the_operators_words() -> None:
    paths = [path for name in NAMES for path, _ in leaves(form_of(name))]
    assert len(paths) > 150
    assert [path for path in paths if not is_titled(path)] == []


def test_whatever_a_setting_may_be_is_said_in_the_operators_words() -> None:
    """Not two of a setting alike, and none as the file has it: that is an identifier."""
    found = {path: field for name in NAMES for path, field in leaves(form_of(name))}
    chosen = {path: options_of(field) for path, field in found.items() if options_of(field)}
    kinds = {path: tuple(one.input.kinds) for path, one in found.items() if isinstance(one.input, Table)}
    chosen |= {f"{path}.kind": some for path, some in kinds.items() if len(some) > 1}
    assert len(chosen) > 25
    assert [(path, one) for path, some in chosen.items() for one in some if not is_worded(path, one)] == []
    for path, some in chosen.items():
        words = [option_words(path, one) for one in some]
        assert len(set(words)) == len(words), path
        assert not any("_" in one for one in words), path


def test_what_is_chosen_reads_as_a_dba_says_it_and_tells_the_files_own_word(page: SettingsPage, qtbot: QtBot) -> None:
    _turn_to(page, _POLICY, qtbot)
    order = _row(page, "order").entry.part
    assert isinstance(order, QComboBox)
    assert (order.currentText(), order.toolTip()) == (
        "SQL Server first, then the system, one restart",
        'In the file: "sql_first"',
    )
    shown = [order.itemText(number) for number in range(order.count())]
    assert shown[0] == "usual: SQL Server first, then the system, one restart"
    assert shown[-1] == "the system and its restart, then SQL Server"
    order.setCurrentIndex(order.count() - 1)
    assert order.toolTip() == 'In the file: "os_first"'
    days = _row(page, "preflight.running_jobs.kinds").entry
    assert isinstance(days, PicksEntry)
    assert (days.boxes["checkdb"].text(), days.boxes["checkdb"].toolTip()) == ("DBCC CHECKDB", 'In the file: "checkdb"')
    form = _form(page)
    for sought in ("os_first", "then the system"):
        form.narrow(sought)
        assert [path for path, row in form.rows.items() if row.isVisibleTo(form)] == ["order"], sought


def test_every_file_is_a_form_whose_parts_have_names(page: SettingsPage, qtbot: QtBot) -> None:
    for name in NAMES:
        form = _turn_to(page, name, qtbot)
        assert form.rows or form.tables
        assert page.configuration.state.text.startswith("valid")
    assert unnamed(page) == []


def test_what_is_typed_changes_its_value_and_nothing_else(
    page: SettingsPage, workspace: Workspace, qtbot: QtBot
) -> None:
    path = workspace.path / _AUDIT
    before = path.read_text(encoding="utf-8")
    _type(page, "concurrency.max_concurrent_servers", "7")
    until(qtbot, page.configuration.keep.isEnabled)
    press(page.window(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: path.read_text(encoding="utf-8") != before)
    quiet(qtbot, page.desk)
    assert path.read_text(encoding="utf-8") == before.replace('servers": 3', 'servers": 7')
    assert not page.configuration.document.is_changed


def test_the_underlined_letter_of_save_saves(page: SettingsPage, workspace: Workspace, qtbot: QtBot) -> None:
    _type(page, "concurrency.max_concurrent_servers", "7")
    until(qtbot, page.configuration.keep.isEnabled)
    hold_alt(qtbot, page.window(), Qt.Key.Key_S, lambda: not page.configuration.document.is_changed)
    assert _on_disk(workspace, _AUDIT)["concurrency"]["max_concurrent_servers"] == 7


def test_a_fault_is_said_at_its_field_as_one_types_and_keeps_the_file_from_being_saved(
    page: SettingsPage, qtbot: QtBot
) -> None:
    row = _row(page, "concurrency.max_concurrent_servers")
    _type(page, "concurrency.max_concurrent_servers", "0")
    until(qtbot, row.said.isVisible)
    assert row.said.text() == "must be at least 1"
    assert "At the same time › Servers at most: must be at least 1" in _said(page)
    assert not page.configuration.keep.isEnabled()
    _type(page, "concurrency.max_concurrent_servers", "many")
    until(qtbot, lambda: row.said.text() == "must be a whole number")
    _type(page, "concurrency.max_concurrent_servers", "4")
    until(qtbot, page.configuration.keep.isEnabled)
    assert not row.said.isVisible()
    assert not page.configuration.faults.isVisible()


def test_settings_that_contradict_each_other_are_told_at_once_and_all_listed(page: SettingsPage, qtbot: QtBot) -> None:
    _type(page, "concurrency.max_per_tenant", "9")
    _type(page, "output.time_zone", "Europe/Berlinn")
    until(qtbot, lambda: page.configuration.state.text == "2 faults")
    assert "lets only 3" in _row(page, "concurrency.max_per_tenant").said.text()
    assert 'did you mean "Europe/Berlin"?' in _row(page, "output.time_zone").said.text()
    faults = page.configuration.faults
    faults.itemActivated.emit(faults.item(1))
    assert _row(page, "output.time_zone").entry.part.hasFocus()


def test_an_emptied_field_leaves_it_to_the_default(page: SettingsPage, workspace: Workspace, qtbot: QtBot) -> None:
    _type(page, "timeouts.step", "")
    _type(page, "transfer.share", "x")
    _type(page, "transfer.share", "")
    until(qtbot, page.configuration.keep.isEnabled)
    part = _row(page, "timeouts.step").entry.part
    assert isinstance(part, QLineEdit)
    assert part.placeholderText() == "usual: 30"
    page.configuration.save()
    until(qtbot, lambda: "step" not in _on_disk(workspace, _AUDIT)["timeouts"])
    assert _on_disk(workspace, _AUDIT)["transfer"]["share"] is None
    quiet(qtbot, page.desk)


def test_choices_switches_and_picks_write_what_they_show(
    page: SettingsPage, workspace: Workspace, qtbot: QtBot
) -> None:
    logon = _row(page, "remoting.auth").entry.part
    assert isinstance(logon, QComboBox)
    logon.setCurrentIndex(logon.findData("ntlm"))
    excel = _row(page, "output.excel").entry.part
    assert isinstance(excel, QCheckBox)
    excel.click()
    ways = _row(page, "transfer.routes").entry
    assert isinstance(ways, PicksEntry)
    ways.boxes["share"].click()
    ways.boxes["share"].click()
    until(qtbot, page.configuration.keep.isEnabled)
    page.configuration.save()
    until(qtbot, lambda: _on_disk(workspace, _AUDIT)["remoting"]["auth"] == "ntlm")
    quiet(qtbot, page.desk)
    assert _on_disk(workspace, _AUDIT)["output"]["excel"] is False
    assert _on_disk(workspace, _AUDIT)["transfer"]["routes"] == ["smb", "psrp", "share"], "their order is what counts"


def test_a_maintenance_window_is_added_in_a_form_of_its_own(
    page: SettingsPage, workspace: Workspace, qtbot: QtBot
) -> None:
    form = _turn_to(page, _POLICY, qtbot)
    windows = form.tables["maintenance_windows"]
    windows.add.click()
    dialog = form.dialog
    until(qtbot, lambda: dialog.told.text() != "")
    assert unnamed(dialog) == []
    rows = dialog.form.rows
    for path, words in (("name", "Saturday"), ("start", "22:00"), ("duration_minutes", "240"), ("zone", "UTC")):
        part = rows[f"maintenance_windows.{path}"].entry.part
        assert isinstance(part, QLineEdit)
        part.setText(words)
    days = rows["maintenance_windows.weekdays"].entry
    assert isinstance(days, PicksEntry)
    until(qtbot, lambda: dialog.told.text() == "1 fault")
    assert rows["maintenance_windows.weekdays"].said.isVisible()
    days.boxes["saturday"].click()
    until(qtbot, lambda: dialog.document.proof is not None and dialog.told.text() == "")
    press(rows["maintenance_windows.zone"].entry.part, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert [line.entry["name"] for line in windows.rows.all_rows] == ["Saturday"]
    until(qtbot, page.configuration.keep.isEnabled)
    page.configuration.save()
    quiet(qtbot, page.desk)
    (kept,) = _on_disk(workspace, _POLICY)["maintenance_windows"]
    assert kept == {"name": "Saturday", "weekdays": ["saturday"], "start": "22:00", "duration_minutes": 240,
                    "zone": "UTC"}  # fmt: skip


def test_an_entry_that_is_not_wanted_after_all_is_gone(page: SettingsPage, qtbot: QtBot) -> None:
    form = _turn_to(page, _POLICY, qtbot)
    before = page.configuration.document.text
    checks = form.tables["application_checks"]
    checks.add_entry("tcp")
    assert "application_checks.port" in form.dialog.form.rows
    assert "application_checks.url" not in form.dialog.form.rows
    form.dialog.reject()
    assert page.configuration.document.text == before
    assert checks.rows.total == 0


def test_a_fault_inside_a_table_is_counted_there_and_led_to(page: SettingsPage, qtbot: QtBot) -> None:
    form = _turn_to(page, _TARGETS, qtbot)
    document = page.configuration.document
    document.put(("targets", 0, "port"), 99_999)
    until(qtbot, lambda: page.configuration.state.text == "1 fault")
    table = form.tables["targets"]
    assert table.rows.all_rows[0].faults == 1
    page.configuration.faults.itemActivated.emit(page.configuration.faults.item(0))
    assert table.grid.current.place == 0
    table.take_out.click()
    until(qtbot, lambda: page.configuration.state.text.startswith("valid"))


def test_a_setting_is_found_by_its_words(page: SettingsPage, qtbot: QtBot) -> None:
    form = _turn_to(page, _POLICY, qtbot)
    page.focus_filter()
    assert page.configuration.seek.hasFocus()
    page.configuration.seek.setText("backup hours")
    shown = [path for path, row in form.rows.items() if row.isVisible()]
    assert shown == ["preflight.backup.max_age_hours"]
    page.configuration.seek.setText("")
    assert all(row.isVisible() for row in form.rows.values())


def test_the_text_is_the_same_file_and_a_text_that_is_none_has_no_form(page: SettingsPage, qtbot: QtBot) -> None:
    part = page.configuration
    part.as_text.click()
    text = part.text.toPlainText()
    part.text.setPlainText(text.replace('"schema_version"', '"schema_versio"'))
    until(qtbot, lambda: "did you mean" in _said(page))
    assert not part.keep.isEnabled()
    part.text.setPlainText(text.replace('"step": 30', '"step": 45'))
    part.as_text.click()
    step = _row(page, "timeouts.step").entry.part
    assert isinstance(step, QLineEdit)
    assert step.text() == "45"
    part.as_text.click()
    part.text.setPlainText(text[:40])
    part.as_text.click()
    until(qtbot, lambda: part.views.currentWidget() not in (part.form, part.text))
    until(qtbot, lambda: "not JSON" in _said(page))


def test_a_fault_leads_to_its_line_in_the_text(page: SettingsPage, qtbot: QtBot) -> None:
    part = page.configuration
    part.as_text.click()
    part.text.setPlainText(part.text.toPlainText().replace('"schema_version": 1', '"schema_version": 99'))
    until(qtbot, lambda: "schema_version" in _said(page))
    part.faults.itemActivated.emit(part.faults.item(0))
    assert '"schema_version": 99' in part.text.textCursor().block().text()


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(
    page: SettingsPage, workspace: Workspace, qtbot: QtBot
) -> None:
    path = workspace.path / _AUDIT
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    _type(page, "organization", "Hafen")
    until(qtbot, page.configuration.keep.isEnabled)
    with qtbot.waitSignal(page.desk.troubled, timeout=LIMIT_MS) as told:
        page.configuration.save()
    assert told.args is not None
    assert "somebody changed the file" in told.args[0].text
    assert page.configuration.document.is_changed, "what was typed is gone"


def test_changes_wait_while_one_looks_elsewhere_and_hold_up_the_windows_end(
    housed: SettingsPage, window: Window, workspace: Workspace, qtbot: QtBot
) -> None:
    _type(housed, "organization", "Hafen")
    _turn_to(housed, _POLICY, qtbot)
    window.desk.go(Room.FLEET)
    window.desk.go(Room.SETTINGS, Errand(file=_AUDIT))
    _until_proven(housed, qtbot)
    assert housed.configuration.names.item(0).text().endswith("●")
    window.close()
    assert window.isVisible()
    assert "This computer" in "".join(one.text() for one in window.unsaved_dialog.findChildren(QLabel))
    window.unsaved_dialog.stay.click()
    assert window.isVisible()
    window.close()
    window.unsaved_dialog.save.click()
    until(qtbot, lambda: not window.isVisible())
    assert _on_disk(workspace, _AUDIT)["organization"] == "Hafen"


def test_changes_are_thrown_away_only_when_told_so(
    housed: SettingsPage, window: Window, workspace: Workspace, qtbot: QtBot
) -> None:
    _type(housed, "organization", "Hafen")
    window.close()
    window.unsaved_dialog.throw_away.click()
    until(qtbot, lambda: not window.isVisible())
    assert _on_disk(workspace, _AUDIT)["organization"] != "Hafen"


def test_packages_that_are_missing_or_wrong_are_told(page: SettingsPage, workspace: Workspace, qtbot: QtBot) -> None:
    page.tabs.setCurrentIndex(1)
    until(qtbot, lambda: page.packages.states.state == "content")
    (missing,) = [line for line in page.packages.rows.all_rows if line.what.endswith(".exe")]
    assert missing.result == "wrong"
    assert "installer is not" in missing.told or "no such folder" in missing.told
    assert "wrong" in page.packages.summary.text() and "1 note" in page.packages.summary.text()
    (note,) = [line for line in page.packages.rows.all_rows if line.result == "note"]
    assert note.what == "mapping 1" and "mappings[" not in note.told, "a path into the file says nothing to a reader"
    page.packages.grid.choose(f"{note.what}: {note.told}")
    assert "mappings[0]" in page.packages.told.text(), "where exactly stands nowhere"
    mapping = _on_disk(workspace, _MAPPING)
    (file,) = mapping["mappings"][0]["files"]
    file["sha256"] = "ab" * 32
    (workspace.path / _MAPPING).write_text(json.dumps(mapping), encoding="utf-8")
    place = workspace.path.joinpath(*PureWindowsPath(file["path"]).parts, file["filename"])
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"not the package")
    page.again()
    quiet(qtbot, page.desk)
    (wrong,) = [line for line in page.packages.rows.all_rows if line.what.endswith(".exe")]
    assert "another hash" in wrong.told


def test_the_doctor_looks_at_this_computer(page: SettingsPage, qtbot: QtBot) -> None:
    page.tabs.setCurrentIndex(4)
    until(qtbot, lambda: page.doctor.states.state == "content")
    assert {"version", "clock", "database"} <= {check.name for check in page.doctor.rows.all_rows}


def test_on_the_smallest_screen_nobody_scrolls_a_form_aside(housed: SettingsPage, window: Window, qtbot: QtBot) -> None:
    window.resize(683, 384)
    for name in NAMES:
        form = _turn_to(housed, name, qtbot)
        _settle()
        assert form.area.horizontalScrollBar().maximum() == 0, name
        for table in form.tables.values():
            table.add_entry(next(iter(table._table.kinds)))
            inner = form.dialog
            inner.resize(640, 340)
            _settle()
            assert inner.form.area.horizontalScrollBar().maximum() == 0, table.path
            inner.reject()


def test_a_setting_asks_for_the_same_room_at_once_in_whatever_width_it_was_put(
    page: SettingsPage, qtbot: QtBot
) -> None:
    """One that asks now for more, now for less, keeps a form moving for ever."""
    _turn_to(page, _POLICY, qtbot)
    for path, row in _form(page).rows.items():
        least = row.minimumSizeHint().width()
        for width in (*range(396, 410), 700, 402):
            row.resize(width, row.height())
            assert row.minimumSizeHint().width() == least, (path, width)


def _settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def _doctor(page: SettingsPage, qtbot: QtBot) -> Doctor:
    page.tabs.setCurrentIndex(4)
    until(qtbot, lambda: page.doctor.states.state == "content")
    return page.doctor


def _result_of(doctor: Doctor, name: str) -> CheckResult | None:
    return next((one.result for one in doctor.rows.all_rows if (one.name, one.subject) == (name, "all runs")), None)


def test_a_sentence_is_read_whole_where_there_is_room_beside_it(page: SettingsPage, qtbot: QtBot) -> None:
    _turn_to(page, _POLICY, qtbot)
    about, name = _row(page, "description").entry, _row(page, "name").entry
    said = "What is allowed on every host that has no other policy, all year round, by day."
    about.show_value(said)
    part = about.part
    assert isinstance(part, QLineEdit)
    until(qtbot, lambda: part.width() > part.fontMetrics().horizontalAdvance(said) + 12)
    assert name.width() == WIDE, "others stand below each other as they were"


def test_the_journal_is_verified_and_what_is_cut_off_is_told(page: SettingsPage, qtbot: QtBot) -> None:
    doctor = _doctor(page, qtbot)
    keep_the_run(database := open_database(page.desk.workspace.database))
    doctor.verify.click()
    until(qtbot, lambda: _result_of(doctor, "journal") is CheckResult.PASSED)
    assert doctor.grid.current.found == "1 of 1 chains are"
    copy = RunFolder(page.desk.workspace.run_folder(RUN))
    (copy.path / "Logs").mkdir(parents=True)
    with database.read() as connection:
        copy.write_journal((*journal.lines(connection, RUN), "{}"))
    database.close()
    doctor.verify.click()
    until(qtbot, lambda: _result_of(doctor, "journal") is CheckResult.FAILED)
    assert any("lines were cut off" in one.found for one in doctor.rows.all_rows if one.subject == RUN)
    assert {"version", "clock"} <= {check.name for check in doctor.rows.all_rows}, "the computer's checks are gone"


def test_the_tables_are_rebuilt_once_that_is_typed_and_while_no_run_goes_on(page: SettingsPage, qtbot: QtBot) -> None:
    doctor = _doctor(page, qtbot)
    keep_the_run(database := open_database(page.desk.workspace.database))
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE hotfix_targets SET status = 'success' WHERE host = 'GLOBEX01'")
    database.close()
    page.desk.set_runs((RunLine("run-1", "plan", "d" * 64, "olga", "", AT, None, None, True, ()),))
    assert not doctor.rebuild.isEnabled()
    assert "A run goes on" in doctor.rebuild.toolTip()
    page.desk.set_runs(())
    doctor.rebuild.click()
    assert doctor.dialog is not None
    assert not doctor.dialog.yes.isEnabled()
    doctor.dialog.typed.setText("rebuild")
    doctor.dialog.yes.click()
    page.desk.set_runs(())
    assert doctor.rebuild.toolTip() == "The tables are being made anew.", "a second one was offered meanwhile"
    with qtbot.waitSignal(page.desk.facts_changed):
        until(qtbot, lambda: _result_of(doctor, "tables") is CheckResult.WARNED)
    assert doctor.rebuild.isEnabled()
    assert doctor.grid.current.found == "1 row was different, and is right"
    assert any("GLOBEX01" in one.subject for one in doctor.rows.all_rows)


def test_no_tables_are_rebuilt_once_a_run_has_begun_while_that_was_asked(page: SettingsPage, qtbot: QtBot) -> None:
    doctor = _doctor(page, qtbot)
    doctor.rebuild.click()
    assert doctor.dialog is not None
    page.desk.set_runs((RunLine("run-1", "plan", "d" * 64, "olga", "", AT, None, None, True, ()),))
    doctor.dialog.typed.setText("rebuild")
    with qtbot.waitSignal(page.desk.said) as said:
        doctor.dialog.yes.click()
    assert said.args == ["A run goes on and writes: wait for its end."]
    assert not page.desk.jobs.going


def test_changes_are_thrown_away_only_once_that_is_confirmed(page: SettingsPage, qtbot: QtBot) -> None:
    part = page.configuration
    _turn_to(page, _TARGETS, qtbot)
    part.as_text.click()
    read = part.text.toPlainText()
    part.text.setPlainText(read + "\n")
    for answer in ("stay", "throw_away"):
        part.back.click()
        assert part.dialog is not None
        assert not part.dialog.save.isVisible()
        assert part.text.toPlainText() == read + "\n", "what was typed went before anybody said so"
        getattr(part.dialog, answer).click()
    until(qtbot, lambda: part.text.toPlainText() == read)
    assert part.unsaved == ()


def test_every_part_has_a_name_and_is_reached_by_keys(housed: SettingsPage, window: Window, qtbot: QtBot) -> None:
    for number in range(housed.tabs.count()):
        housed.tabs.setCurrentIndex(number)
        quiet(qtbot, window.desk)
    assert unnamed(housed) == []
    housed.tabs.setCurrentIndex(0)
    press(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert housed.configuration.seek.hasFocus()
