"""Runs: their history, one of them down to a step and its output, and what may be asked of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from core.app.run_sheet import run_sheet_of
from core.app.runs import RunLine
from core.app.workspace import Workspace, make_workspace
from core.model.diagnostics import DiagnosticText
from core.model.events import DiagnosticsTaken, Event, JobEnded
from core.model.history import Visit
from core.model.host import Place, host_named
from core.model.ids import folder_name
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.selection import Selection
from core.model.state import TargetState
from core.runfolder.folder import RunFolder
from core.store import plans
from core.store.database import open_database
from core.store.recorder import RunRecorder
from gui.desk import Errand, Room
from gui.models.table import Column
from gui.pages.fleet.visits import visit_columns
from gui.pages.runs.host_sheet import HostSheet
from gui.pages.runs.kept_text import KeptText
from gui.pages.runs.lines import HostLine, host_columns, in_facts
from gui.pages.runs.page import RunsPage
from gui.pages.runs.run_sheet import RunSheetView
from gui.window import Window
from tests.conftest import HandClock
from tests.gui.driving import LIMIT_MS, press, quiet, unnamed, until
from tests.reports.stories import mixed_plan, mixed_story, seen_again
from tests.reports.stories import told as report_of
from tests.samples import AT, AUTHORISATION, RUN

Line = TypeVar("Line")
_LOG = "Login failed for user 'sa'\n"
_OUTPUT = "Overall summary:\n  Final result:  Failed: see details below\n"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, written once: a host is patched, one deferred, one failed, of one nobody knows how it stands."""
    made = make_workspace(tmp_path_factory.mktemp("written") / "workspace")
    plan, database = mixed_plan(), open_database(made.database)
    folder = RunFolder(made.run_folder(RUN))
    key = folder.keep(_OUTPUT)
    plans.keep_plan(database, plan)
    plans.keep_authorisation(database, replace(AUTHORISATION, plan_id=plan.id, plan_digest=plan.digest))
    clock = HandClock()
    recorder = RunRecorder(database, RUN, 1, clock, lambda _: None)
    *story, last = mixed_story().entries
    for entry in (*story, replace(last, event=_collected(folder.keep(_LOG))), last):
        clock.at = entry.at
        body = entry.event.body
        kept = replace(body, output_sha256=key) if isinstance(body, JobEnded) else body
        recorder.record((replace(entry.event, body=kept),))
    database.close()
    return made.path


@pytest.fixture
def told(written: Path, workspace: Workspace) -> Workspace:
    shutil.copytree(written, workspace.path, dirs_exist_ok=True)
    return workspace


@pytest.fixture
def page(told: Workspace, window: Window, qtbot: QtBot) -> RunsPage:
    window.desk.go(Room.RUNS)
    found = window.pages[Room.RUNS]
    assert isinstance(found, RunsPage)
    until(qtbot, lambda: found.rows.total == 1)
    return found


@pytest.fixture
def run(page: RunsPage, qtbot: QtBot) -> RunSheetView:
    page.open_run(RUN)
    until(qtbot, lambda: page.view.states.state == "content")
    return page.view


@pytest.fixture
def host(run: RunSheetView) -> HostSheet:
    run.open_host("GLOBEX01")
    return run.host_sheet


def _collected(key: str) -> Event:
    log = DiagnosticText("errorlog", "C:\\Logs\\ERRORLOG", key, len(_LOG), cut=True, redactions=2)
    taken = DiagnosticsTaken("partial", True, (log,), ("event log: no answer",))
    return Event(taken, "GLOBEX01", Phase.DIAGNOSTICS)


def _opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What would be shown by the desktop's own programs."""
    opened: list[Path] = []

    def take(url: QUrl) -> bool:
        opened.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    return opened


def _many(count: int) -> tuple[RunLine, ...]:
    return tuple(
        RunLine(
            f"{number:08x}-run", f"plan-{number}", f"{number:064x}", "amy" if number % 2 else "bob", f"CHG{number}",
            AT - timedelta(hours=number), AT - timedelta(hours=number, minutes=-30), Outcome.SUCCEEDED, False,
            ((TargetState.SUCCESS, 3), (TargetState.FAILED, number % 3)),
        )
        for number in range(count)
    )  # fmt: skip


def test_on_a_usual_screen_a_runs_id_is_read_whole(page: RunsPage, window: Window, qtbot: QtBot) -> None:
    """Whoever writes it down for somebody else must not have to guess its end."""
    (line,) = page.rows.all_rows
    name = "01a20075-b297-7120-9643-b3ff7456d{:03}"
    window.desk.set_runs(tuple(replace(line, run_id=name.format(number)) for number in range(60)))
    window.resize(1366, 768)
    grid, last = page.grid, len(page.rows.columns) - 1
    until(qtbot, grid.verticalScrollBar().isVisible)
    words = page.rows.columns[last].text(page.rows.all_rows[0])
    assert words == name.format(0)
    assert grid.columnWidth(last) >= grid.fontMetrics().horizontalAdvance(words) + 12
    assert grid.horizontalScrollBar().maximum() == 0


def test_at_double_size_a_runs_date_and_time_are_read_whole_without_scrolling_aside(
    page: RunsPage, window: Window, qtbot: QtBot
) -> None:
    (line,) = page.rows.all_rows
    window.desk.set_runs(tuple(replace(line, run_id=str(number)) for number in range(60)))
    window.resize(960, 540)
    grid = page.grid
    until(qtbot, grid.verticalScrollBar().isVisible)
    until(qtbot, lambda: grid.horizontalScrollBar().maximum() == 0)
    words = page.rows.columns[0].text(page.rows.all_rows[0])
    assert grid.columnWidth(0) >= grid.fontMetrics().horizontalAdvance(words) + 12


def test_without_a_run_the_way_to_the_first_is_told(window: Window, qtbot: QtBot) -> None:
    page = window.pages[Room.RUNS]
    assert isinstance(page, RunsPage)
    until(qtbot, lambda: page.states.state == "empty")
    assert "when an authorised plan is deployed" in page.states.said


def test_a_run_in_a_line_says_how_it_ended_for_how_many_and_by_whom(page: RunsPage) -> None:
    shown = [column.text(page.rows.all_rows[0]) for column in page.rows.columns]
    assert shown[1:5] == ["failed, in part unknown", "4", "1", "2"]
    assert AUTHORISATION.change in shown
    assert mixed_plan().digest[:12] in shown


def test_took_means_the_runs_own_work_and_no_later_look() -> None:
    story = seen_again(mixed_story())
    record, report = story.record.target("GLOBEX02"), report_of(story)
    (told,) = (one for one in report.hosts if one.host == record.host)
    assert _took(host_columns(), HostLine(record, told, blocked=False, titles={})) == "7 min 00 s"
    visit = Visit(
        RUN, record.host, record.state, None, "olga", AT, record.started_at, record.ended_at, record.worked_until
    )
    assert _took(visit_columns(dict), visit) == "7 min 00 s"


def _took(columns: tuple[Column[Line], ...], line: Line) -> str:
    (took,) = (one for one in columns if one.title == "Took")
    return took.text(line)


def test_thousands_of_runs_are_filtered_and_sorted(page: RunsPage, window: Window) -> None:
    window.desk.set_runs(_many(10_000))
    page.filter.set_text("chg77 amy")
    assert {"CHG77" in run.change for run in page.rows.shown_rows} == {True}
    assert {run.operator for run in page.rows.shown_rows} == {"amy"}
    page.filter.set_text("")
    page.grid.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    assert page.rows.shown_rows[0].count(TargetState.FAILED) == 2
    assert page.rows.shown_count == 10_000


def test_the_scope_holds_for_the_list_of_runs_too(page: RunsPage, window: Window, qtbot: QtBot) -> None:
    hosts = tuple(replace(host_named(name), place=Place(tenant)) for name, tenant in (("A", "acme"), ("B", "globex")))
    window.desk.set_hosts(hosts)
    runs = [replace(run, names=frozenset({"A" if number % 2 else "B"})) for number, run in enumerate(_many(10))]
    window.desk.set_runs(tuple(runs))
    window.desk.set_scope(Selection(tenants=("acme",)))
    assert {name for run in page.rows.shown_rows for name in run.names} == {"A"}
    assert page.rows.shown_count == 5
    window.desk.set_scope(Selection(tenants=("nobody",)))
    assert page.states.state == "empty"
    assert "None of the 10 runs" in page.states.said
    window.desk.set_scope(Selection())
    assert page.rows.shown_count == 10
    quiet(qtbot, window.desk)


def test_a_search_for_a_kb_shows_the_runs_that_had_it(page: RunsPage, window: Window) -> None:
    window.desk.set_runs((replace(_many(1)[0], kbs=frozenset({"5054833"})), *_many(5)[1:]))
    window.desk.go(Room.RUNS, Errand(search="KB5054833"))
    assert page.rows.shown_count == 1
    window.desk.set_runs((replace(_many(1)[0], names=frozenset({"SQL-HQ-01"})), *_many(5)[1:]))
    window.desk.go(Room.RUNS, Errand(search="sql-hq-01"))
    assert page.rows.shown_count == 1


def test_what_is_chosen_stays_chosen_when_another_run_begins(page: RunsPage, window: Window) -> None:
    window.desk.set_runs(_many(5)[1:])
    page.grid.choose(_many(5)[3].run_id)
    window.desk.set_runs(_many(5))
    assert page.grid.current == _many(5)[3]


def test_a_run_is_opened_down_to_a_host_and_left_by_keys_alone(page: RunsPage, qtbot: QtBot) -> None:
    page.grid.setFocus()
    press(page.grid, Qt.Key.Key_Down)
    press(page.grid, Qt.Key.Key_Return)
    view = page.view
    until(qtbot, lambda: view.states.state == "content" and view.host_grid.hasFocus())
    press(view.host_grid, Qt.Key.Key_Return)
    assert view.host_sheet.isVisible()
    assert view.host_sheet.name.words == view.hosts.shown_rows[0].host
    press(view.host_sheet.step_grid, Qt.Key.Key_Escape)
    assert view.host_grid.isVisible()
    press(view.host_grid, Qt.Key.Key_Escape)
    assert page.grid.isVisible()
    assert page.grid.current.run_id == RUN


def test_nothing_on_a_runs_pages_is_without_a_name(page: RunsPage, host: HostSheet) -> None:
    assert unnamed(page) == []


def test_what_needs_somebody_stands_first_with_reason_and_remedy(run: RunSheetView) -> None:
    assert [line.host for line in run.hosts.shown_rows] == ["GLOBEX01", "GLOBEX02", "ACME02", "ACME01"]
    assert "setup ended with 1648" in run.detail.text()
    assert "To do: look at the summary" in run.detail.text()
    assert [line.left.host for line in run.left.all_rows][:3] == ["ACME09", "GLOBEX08", "STRAY"]


def test_a_run_that_is_not_there_is_said_with_a_way_back(page: RunsPage, qtbot: QtBot) -> None:
    page.open_run("ffffffff-none")
    until(qtbot, lambda: page.view.states.state == "trouble")
    assert "there is no such run" in page.view.states.said
    press(page.view.states, Qt.Key.Key_Escape)
    assert page.grid.isVisible()


def test_somebody_comes_for_a_host_of_a_run(page: RunsPage, window: Window, qtbot: QtBot) -> None:
    window.desk.go(Room.RUNS, Errand(run=RUN, host="GLOBEX02"))
    until(qtbot, page.view.host_sheet.isVisible)
    assert page.view.host_sheet.name.words == "GLOBEX02"


def test_a_step_is_told_in_full_with_what_its_installer_wrote(host: HostSheet, qtbot: QtBot) -> None:
    until(qtbot, lambda: _OUTPUT in host.text.toPlainText())
    words = host.text.toPlainText()
    assert "What went wrong: setup ended with 1648" in words
    assert "Exit code 1648 means: does not apply" in words
    assert "To do: look at the summary" in words
    assert "ATTENTION" not in words


def test_of_a_text_that_does_not_wrap_the_hash_is_short_and_whole_beside_the_pointer_and_to_be_copied(
    window: Window, qtbot: QtBot
) -> None:
    key = "0123456789abcdef" * 4
    text, output = KeptText(window.desk, "log", wraps=False), KeptText(window.desk, "output")
    for one in (text, output):
        qtbot.addWidget(one)
        one.show_text("setup's log", RUN, key)
    assert f"SHA-256 {key[:12]}…" in text.toPlainText()
    assert key in text.toolTip()
    assert f"SHA-256 {key}" in output.toPlainText()
    copy = next(one for one in text.menu().actions() if one.text() == "Copy the SHA-256")
    copy.trigger()
    assert QGuiApplication.clipboard().text() == key
    text.show_text("nothing was kept")
    assert text.toolTip() == ""
    assert all(one.text() != "Copy the SHA-256" for one in text.menu().actions())
    quiet(qtbot, window.desk)


def test_on_a_large_screen_the_room_goes_to_what_a_step_said(host: HostSheet, window: Window, qtbot: QtBot) -> None:
    window.resize(1366, 768)
    until(qtbot, lambda: host.step_grid.width() > 560)
    steps, text = host.step_grid.width(), host.text.width()
    window.resize(1900, 1000)
    until(qtbot, lambda: host.text.width() > text + 500)
    assert host.step_grid.width() <= steps + 20
    window.resize(683, 384)
    until(qtbot, lambda: host.step_grid.width() < 400)
    assert host.text.width() > 240, "on the smallest screen nothing was left of what a step said"


def test_output_that_was_changed_since_is_said_to_be(told: Workspace, host: HostSheet, qtbot: QtBot) -> None:
    until(qtbot, lambda: _OUTPUT in host.text.toPlainText())
    key = sha256(_OUTPUT.encode()).hexdigest()
    file = RunFolder(told.run_folder(RUN)).path / "Artifacts" / "Output" / f"{key}.txt"
    file.write_text("Final result: Passed\n", encoding="utf-8")
    host.text.forget()
    host.step_grid.choose("2")
    host.step_grid.choose("1")
    until(qtbot, lambda: "Final result: Passed" in host.text.toPlainText())
    assert "ATTENTION: this file was changed since" in host.text.toPlainText()


def test_the_hosts_own_times_are_said_to_be_shown_by_this_computers_clock(host: HostSheet) -> None:
    """Its Summary.txt, in the same text, has them by its own."""
    assert "As the host measured it, by this computer's clock: 2" in host.text.toPlainText()


def test_no_short_fact_is_broken_over_two_lines() -> None:
    long = "by amy at desk: " + "monthly patching " * 4
    assert in_facts(("took 8 s", long)) == f"took\N{NO-BREAK SPACE}8\N{NO-BREAK SPACE}s  ·  {long}"


def test_a_proven_restart_is_told_with_both_starts(run: RunSheetView) -> None:
    run.open_host("ACME01")
    run.host_sheet.step_grid.choose("2")
    assert "The restart is proven" in run.host_sheet.text.toPlainText()


def test_collected_logs_are_read_and_what_is_missing_is_said(host: HostSheet, qtbot: QtBot) -> None:
    host.tabs.setCurrentWidget(host.diagnostics)
    until(qtbot, lambda: _LOG in host.diagnostics.text.toPlainText())
    words = host.diagnostics.text.toPlainText()
    assert "C:\\Logs\\ERRORLOG" in words
    assert "2 secrets were blacked out" in words
    assert "It was longer" in words
    assert "event log: no answer" in host.diagnostics.told.text()
    assert host.diagnostics.text.lineWrapMode() is QPlainTextEdit.LineWrapMode.NoWrap


def test_the_case_text_names_run_host_reason_and_journal(host: HostSheet, run: RunSheetView) -> None:
    host.copy.click()
    text = QGuiApplication.clipboard().text()
    for part in (RUN, mixed_plan().digest, "GLOBEX01 failed", "look at the summary", "Exit code 1648"):
        assert part in text
    run.close_host()
    run.copy.click()
    assert "Nobody knows how GLOBEX02 stands" in QGuiApplication.clipboard().text()


def test_a_note_is_in_the_journal_and_on_the_sheet(host: HostSheet, told: Workspace, qtbot: QtBot) -> None:
    host.note.click()
    assert not host.dialog.yes.isEnabled()
    host.dialog.reason.setText("vendor called, case 4711")
    host.dialog.yes.click()
    until(qtbot, lambda: any("case 4711" in words for _, words in host.known.all_rows))
    assert "case 4711" in " ".join(run_sheet_of(told, RUN).record.target("GLOBEX01").notes)


def test_unblocking_has_the_hosts_name_typed_and_lets_what_failed_be_retried(
    host: HostSheet, run: RunSheetView, qtbot: QtBot
) -> None:
    assert host.blocked.text == "patch-blocked"
    assert not run.retry.isEnabled()
    host.free.click()
    host.dialog.reason.setText("disk replaced")
    assert not host.dialog.yes.isEnabled()
    host.dialog.typed.setText("GLOBEX01")
    host.dialog.yes.click()
    until(qtbot, run.retry.isEnabled)
    assert host.blocked.text == ""
    assert not host.free.isVisible()


def test_reports_are_made_once_and_opened(
    run: RunSheetView, monkeypatch: pytest.MonkeyPatch, window: Window, qtbot: QtBot
) -> None:
    opened = _opened(monkeypatch)
    run.html.click()
    assert not run.excel.isEnabled()
    until(qtbot, lambda: len(opened) == 1)
    quiet(qtbot, window.desk)
    run.excel.click()
    run.json.click()
    assert [one.suffix for one in opened] == [".html", ".xlsx", ".json"]
    assert all(one.is_file() for one in opened)
    run.folder.click()
    assert opened[-1].name == RUN


def test_while_one_tenant_is_looked_at_its_own_report_is_opened(
    run: RunSheetView, monkeypatch: pytest.MonkeyPatch, window: Window, qtbot: QtBot
) -> None:
    """Also where the whole run's lies there already."""
    opened = _opened(monkeypatch)
    run.html.click()
    until(qtbot, lambda: len(opened) == 1)
    quiet(qtbot, window.desk)
    window.desk.set_scope(Selection(tenants=("acme",)))
    assert run.whose.text() == "Reports of acme"
    run.html.click()
    until(qtbot, lambda: len(opened) == 2)
    assert opened[1].parent.name == folder_name("acme")
    assert "globex" not in opened[1].read_text("utf-8").lower()


def test_the_year_and_the_trend_are_of_all_or_of_the_one_tenant_of_the_scope(
    page: RunsPage, monkeypatch: pytest.MonkeyPatch, window: Window, qtbot: QtBot
) -> None:
    opened = _opened(monkeypatch)
    page.reports.year.click()
    assert not page.reports.trend.isEnabled()
    until(qtbot, lambda: len(opened) == 1)
    assert opened[0].parent.name == "Reports"
    window.desk.set_scope(Selection(tenants=("acme",)))
    assert "acme" in page.reports.whose.text()
    until(qtbot, page.reports.trend.isEnabled)
    page.reports.trend.click()
    until(qtbot, lambda: len(opened) == 2)
    assert opened[1].parent.name == folder_name("acme")
    assert "globex" not in opened[1].read_text("utf-8").lower()
    until(qtbot, page.reports.trend.isEnabled)
    window.desk.set_scope(Selection(tenants=("acme", "globex")))
    assert not page.reports.trend.isEnabled()
    window.desk.set_scope(Selection())
    window.desk.set_runs(())
    assert page.reports.year.toolTip() == "There was no run so far."


def test_a_run_is_refused_in_its_own_words(run: RunSheetView, window: Window, qtbot: QtBot) -> None:
    """The process itself says why: this workspace does not know the hosts."""
    assert run.resume.isVisible()
    with qtbot.waitSignal(window.desk.troubled, timeout=LIMIT_MS) as troubled:
        run.resume.click()
    assert "GLOBEX" in troubled.args[0].text
    until(qtbot, run.resume.isEnabled)
