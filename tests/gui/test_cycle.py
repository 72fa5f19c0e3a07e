"""The whole patch cycle in the window, against a practice fleet over real protocols."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.app import practice
from core.app.runs import list_runs
from core.app.workspace import Workspace
from core.model.outcome import Outcome
from core.model.signs import Light, Signs
from core.model.state import TargetState
from core.practice.spec.fault import FaultSpec
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.scenario import Scenario
from core.practice.spec.server import ServerSpec
from gui.desk import Desk, Room
from gui.dialogs.confirm import Confirm
from gui.dialogs.reason import Reason
from gui.main import Face
from gui.pages.cycle.page import CyclePage
from gui.pages.overview import OverviewPage
from gui.pages.runs.page import RunsPage
from gui.window import Window
from tests.gui.driving import hold_alt, press, quiet, tab_to, type_into, unnamed, until, use

_ASKED = ("ASKED1", "ASKED2", "ASKED3", "ASKED4")
_BEHIND = (InstanceSpec(build="15.0.4385.2"),)


def _server(name: str, *faults: FaultSpec) -> ServerSpec:
    return ServerSpec(name=name, instances=_BEHIND, faults=faults)


def _scenario() -> Scenario:
    return Scenario(
        time_scale=2000,
        servers=(
            _server("GOOD"),
            _server("CUT", FaultSpec(when="install", kind="drop_network")),
            _server("FAILS", FaultSpec(when="install", kind="installer_exit", code=1603)),
            _server("GONE", FaultSpec(when="connect", kind="refuse")),
            _server("KEYS"),
            _server("KILLED"),
            _server("LATER"),
            _server("ASKED1"),
            _server("ASKED2"),
            _server("ASKED3"),
            _server("ASKED4"),
            _server("BROKEN", FaultSpec(when="install", kind="installer_exit", code=1603, times=1)),
        ),
    )


class _Fleet:
    def __init__(self, ready: practice.Practice) -> None:
        self.workspace = Workspace(ready.workspace)
        self._ready = ready

    def tell(self, **command: object) -> None:
        answer = practice.tell(self._ready.control, dict(command))
        assert answer["ok"], answer

    def started(self, host: str) -> int:
        """How often an installer was started there, by the fleet's own ledger."""
        lines = [json.loads(line) for line in self._ready.ledger.read_text(encoding="utf-8").splitlines()]
        return sum(line["host"] == host and line["kind"] == "installer_start" for line in lines)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Fleet]:
    running = _Fleet(practice.start(tmp_path_factory.mktemp("gui") / "workspace", _scenario()))
    _without_system_updates(running.workspace)
    yield running
    practice.stop(running.workspace)


def _without_system_updates(workspace: Workspace) -> None:
    """These tests are about the window: hosts need not search for updates each time they are asked."""
    path = workspace.path / "config" / "policies" / "default.json"
    policy = json.loads(path.read_text(encoding="utf-8"))
    policy.setdefault("updates", {}).setdefault("os", {})["enabled"] = False
    path.write_text(json.dumps(policy), encoding="utf-8")


def _opened(fleet: _Fleet, settings: QSettings, qtbot: QtBot) -> tuple[Window, CyclePage]:
    """In the patch cycle, once it has seen whether a run goes on."""
    window = Window(Desk(fleet.workspace, practice=True, settings=settings))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    page = window.pages[Room.CYCLE]
    assert isinstance(page, CyclePage)
    window.desk.go(Room.CYCLE)
    until(qtbot, lambda: bool(window.desk.runs) or not list_runs(fleet.workspace))
    return window, page


@pytest.fixture(autouse=True)
def _no_run_goes_on(fleet: _Fleet, qtbot: QtBot) -> Iterator[None]:
    """The end of a run is shown before the database has it: the next window would still find it going on."""
    yield
    fleet.tell(do="go_on")
    until(qtbot, lambda: not any(run.driven for run in list_runs(fleet.workspace)))


@pytest.fixture
def shown_outside(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What would be shown by the desktop's own programs."""
    opened: list[Path] = []

    def take(url: QUrl) -> bool:
        opened.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    return opened


@pytest.fixture
def opened(
    fleet: _Fleet, settings: QSettings, dressed: QApplication, qtbot: QtBot
) -> Iterator[tuple[Window, CyclePage]]:
    window, page = _opened(fleet, settings, qtbot)
    yield window, page
    window.close()
    quiet(qtbot, window.desk)


def _to_plan(page: CyclePage, qtbot: QtBot, *hosts: str) -> None:
    until(qtbot, lambda: page.scope.rows.total > 0)
    page.scope.choose(hosts)
    page.stepper.go_on()
    _assessed(page, qtbot)
    page.stepper.go_on()
    until(qtbot, lambda: page.review.ready)


def _assessed(page: CyclePage, qtbot: QtBot) -> None:
    until(qtbot, lambda: not page.assess.is_asking)
    assert page.assess.ready, [line.result for line in page.assess.rows.all_rows]


def _to_deploy(page: CyclePage, qtbot: QtBot) -> None:
    page.stepper.go_on()
    until(qtbot, lambda: page.stepper.current == 3)
    page.authorise.reason.setText("a test")
    page.authorise.typed.setText(page.authorise.wanted)
    page.stepper.go_on()
    until(qtbot, lambda: page.stepper.current == 4)
    told = page.deploy.plan_words.text() + page.deploy.window_words.text() + page.deploy.granted_words.text()
    assert "restart" in told and "Authorised by" in told and "a test" in told, "what is about to begin is not told"
    page.deploy.begin()
    until(qtbot, lambda: page.deploy.view.rows.total > 0)


def _states(page: CyclePage) -> dict[str, TargetState]:
    return {row.host: row.record.state for row in page.deploy.view.rows.all_rows}


def test_a_cycle_with_faults_from_scope_to_reports(opened: tuple[Window, CyclePage], qtbot: QtBot) -> None:
    window, page = opened
    _to_plan(page, qtbot, "GOOD", "CUT", "FAILS", "GONE")
    said = {line.host: line for line in page.assess.rows.all_rows}
    assert "refused the connection" in str(said["GONE"].result)
    assert {line.host for line in page.review.hosts.all_rows} == {"GOOD", "CUT", "FAILS"}
    assert any(line.host == "GONE" and "refused" in line.reason for line in page.review.left.all_rows)
    page.review.host_grid.choose("CUT")
    assert "Restart, prove it" in page.review.steps.text
    assert unnamed(window) == []
    _to_deploy(page, qtbot)
    until(qtbot, lambda: page.deploy.ready)
    assert _states(page) == {
        "GOOD": TargetState.SUCCESS,
        "CUT": TargetState.SUCCESS,
        "FAILS": TargetState.FAILED,
    }
    assert page.deploy.view.rows.shown_rows[0].host == "FAILS", "the worst is not on top"
    page.deploy.view.grid.choose("CUT")
    assert "The line is lost" in page.deploy.view.log.text
    page.deploy.view.grid.choose("FAILS")
    assert "1603" in page.deploy.view.case_text()
    page.stepper.go_on()
    until(qtbot, lambda: page.results.view.states.state == "content")
    failed = page.results.view.rows.row_with("FAILS")
    assert failed is not None
    assert "1603" in failed.why
    page.results.view.make_reports()
    quiet(qtbot, window.desk)
    assert {path.suffix for path in page.results.view.files} >= {".xlsx", ".html"}
    assert all(path.is_file() for path in page.results.view.files)


def test_what_is_left_out_in_the_review_changes_the_digest_at_once_and_is_not_touched(
    opened: tuple[Window, CyclePage], qtbot: QtBot
) -> None:
    _, page = opened
    _to_plan(page, qtbot, "LATER", "KILLED")
    before = page.course.reviewed
    assert before is not None
    page.review.hosts.tick(("LATER",), on=False)
    assert not page.review.ready
    until(qtbot, lambda: page.review.ready)
    after = page.course.reviewed
    assert after is not None
    assert [one.host for one in after.plan.targets] == ["KILLED"]
    assert after.plan.digest != before.plan.digest
    assert before.plan.digest[:12] in page.review.changed.text
    page.review.updates.tick(("5054833",), on=False)
    until(qtbot, lambda: not page.review.is_planning)
    last = page.course.reviewed
    assert last is not None
    assert last.plan.targets == ()
    assert page.review.findings.verdict.text == "NO GO"
    assert not page.review.ready
    assert [line.kb for line in page.review.updates.all_rows] == ["5054833"], "it could not be taken in again"


def test_nothing_is_authorised_before_it_is_typed(opened: tuple[Window, CyclePage], qtbot: QtBot) -> None:
    _, page = opened
    _to_plan(page, qtbot, "LATER")
    page.stepper.go_on()
    until(qtbot, lambda: page.stepper.current == 3)
    page.authorise.reason.setText("a test")
    assert not page.authorise.ready
    page.authorise.typed.setText("patch 2 hosts")
    assert not page.authorise.ready
    page.stepper.go_on()
    assert page.stepper.current == 3
    page.authorise.typed.setText("patch 1 host")
    assert page.authorise.ready


def test_a_cycle_by_keyboard_alone_from_the_first_start_to_the_finished_report(
    fleet: _Fleet,
    settings: QSettings,
    qapp: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    shown_outside: list[Path],
) -> None:
    """No click, and nothing that is set behind the window's back: keys alone, as they are printed on F1."""
    face = Face(qapp, settings, tmp_path / "practice")
    face.welcome()
    first = face.window
    assert first is not None
    until(qtbot, first.isActiveWindow)
    _answer_folder_dialog(fleet.workspace.path)
    press(first, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
    until(qtbot, lambda: isinstance(face.window, Window))
    window = face.window
    assert isinstance(window, Window)
    qtbot.addWidget(window)
    until(qtbot, window.isActiveWindow)
    hold_alt(qtbot, window, Qt.Key.Key_3, lambda: window.room is Room.CYCLE)
    page = window.pages[Room.CYCLE]
    assert isinstance(page, CyclePage)
    until(qtbot, lambda: page.isVisible() and page.scope.rows.total == len(_scenario().servers))
    _scope_by_keys(window, page, qtbot)
    hold_alt(qtbot, window, Qt.Key.Key_A, lambda: page.stepper.current == 1)
    _assessed(page, qtbot)
    hold_alt(qtbot, window, Qt.Key.Key_P, lambda: page.stepper.current == 2)
    until(qtbot, lambda: page.review.ready)
    hold_alt(qtbot, window, Qt.Key.Key_X, lambda: bool(shown_outside))
    assert {one.suffix for one in shown_outside.pop().iterdir()} >= {".xlsx", ".html"}
    hold_alt(qtbot, window, Qt.Key.Key_U, lambda: page.stepper.current == 3)
    type_into(_focused(), "by keys")
    type_into(tab_to("The act, typed"), page.authorise.wanted)
    hold_alt(qtbot, window, Qt.Key.Key_A, lambda: page.stepper.current == 4)
    hold_alt(qtbot, window, Qt.Key.Key_S, lambda: page.deploy.is_begun)
    until(qtbot, lambda: page.deploy.ready)
    assert _states(page) == {"KEYS": TargetState.SUCCESS}
    hold_alt(qtbot, window, Qt.Key.Key_R, lambda: page.stepper.current == 5)
    until(qtbot, lambda: page.results.view.states.state == "content")
    hold_alt(qtbot, window, Qt.Key.Key_R, lambda: not page.results.view.report.isEnabled())
    until(qtbot, lambda: bool(page.results.view.files))
    use("final-report.html")
    until(qtbot, lambda: bool(shown_outside))
    assert "KEYS" in shown_outside.pop().read_text(encoding="utf-8")
    window.close()
    quiet(qtbot, window.desk)


def _scope_by_keys(window: Window, page: CyclePage, qtbot: QtBot) -> None:
    """None is in by itself: the one that is looked for is ticked."""
    assert not page.scope.chosen
    press(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    type_into(_focused(), "KEYS")
    until(qtbot, lambda: page.scope.rows.shown_count == 1)
    grid = tab_to("Hosts to be patched")
    press(grid, Qt.Key.Key_Down)
    press(grid, Qt.Key.Key_Space)
    assert page.scope.chosen == ("KEYS",)


def _focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def _answer_folder_dialog(folder: Path) -> None:
    """The dialog has a loop of its own: what is typed into it waits until it is there."""

    def answer() -> None:
        line = QApplication.focusWidget()
        if isinstance(QApplication.activeModalWidget(), QFileDialog) and isinstance(line, QLineEdit):
            type_into(line, str(folder))
            press(line, Qt.Key.Key_Return)
        else:
            QTimer.singleShot(20, answer)

    QTimer.singleShot(20, answer)


def test_window_and_runner_are_killed_in_the_middle_and_the_run_is_taken_up_again(
    fleet: _Fleet, settings: QSettings, dressed: QApplication, qtbot: QtBot
) -> None:
    """Both are processes of their own, and get no time for a farewell."""
    fleet.tell(do="hold", host="KILLED", at="installer_start")
    command = [sys.executable, "-m", "tests.gui.victim", str(fleet.workspace.path), settings.fileName(), "KILLED"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdout is not None
        run_id = victim.stdout.readline().strip()
        victim.kill()
    window, page = _opened(fleet, settings, qtbot)
    until(qtbot, lambda: page.deploy.view.driven)
    window.desk.go(Room.OVERVIEW)
    _kill_runner(fleet.workspace, run_id)
    overview = window.pages[Room.OVERVIEW]
    assert isinstance(overview, OverviewPage)
    until(qtbot, lambda: overview.concerns.row_with(run_id) is not None)
    assert overview.concerns.shown_rows[0].word == "broken off", "what was broken off does not stand first"
    assert [one.word for one in window.notices.told] == ["broken off"], "who looks at another page is not told"
    window.notices.act.click()
    assert not window.notices.told
    runs = window.pages[Room.RUNS]
    assert isinstance(runs, RunsPage)
    until(qtbot, lambda: runs.view.states.state == "content" and runs.view.resume.isVisible())
    runs.view.resume.click()
    view = page.deploy.view
    until(qtbot, lambda: view.run_id == run_id and view.driven)
    fleet.tell(do="go_on")
    until(qtbot, lambda: page.deploy.ready)
    assert _states(page) == {"KILLED": TargetState.SUCCESS}
    assert view.story is not None
    assert view.story.head.outcome is Outcome.SUCCEEDED
    assert "Taken up again" in "\n".join(view.story.log(None))
    assert fleet.started("KILLED") == 1, "the installer was started twice"
    until(qtbot, lambda: len(window.notices.told) == 1)
    assert "1 patched and verified" in window.notices.told[0].text
    window.close()
    quiet(qtbot, window.desk)


def test_a_run_is_asked_to_stop_and_a_window_that_comes_back_finds_it(
    fleet: _Fleet, settings: QSettings, dressed: QApplication, qtbot: QtBot
) -> None:
    window, page = _opened(fleet, settings, qtbot)
    fleet.tell(do="hold", host="LATER", at="installer_start")
    _to_plan(page, qtbot, "LATER")
    _to_deploy(page, qtbot)
    window.close()
    window, page = _opened(fleet, settings, qtbot)
    until(qtbot, lambda: page.stepper.current == 4 and page.deploy.view.driven)
    _ask(page, qtbot, page.deploy.view.asking.stop, "enough for today", "stop")
    until(qtbot, lambda: page.deploy.view.story is not None and page.deploy.view.story.head.stopped)
    fleet.tell(do="go_on")
    until(qtbot, lambda: page.deploy.ready)
    assert _states(page) == {"LATER": TargetState.SUCCESS}, "what ran was to be finished"
    window.close()
    quiet(qtbot, window.desk)


def test_all_that_may_be_asked_of_a_run_is_asked_in_the_window(
    opened: tuple[Window, CyclePage], fleet: _Fleet, qtbot: QtBot
) -> None:
    """Four hosts, three at a time: those at work are held where their installers begin, the fourth waits."""
    window, page = opened
    for host in _ASKED:
        fleet.tell(do="hold", host=host, at="installer_start")
    _to_plan(page, qtbot, *_ASKED)
    _to_deploy(page, qtbot)
    view = page.deploy.view
    asking = view.asking
    until(qtbot, lambda: "asks for the installer" in view.log.text)
    at_work = view.grid.current.host
    until(qtbot, lambda: list(_states(page).values()).count(TargetState.IN_PROGRESS) == 3)
    (waiting,) = (host for host, state in _states(page).items() if state is TargetState.PENDING)
    assert view.head.budget.text == "failures: 0 of 2 allowed"
    until(qtbot, lambda: _answers(page, at_work) == (Light.ANSWERS, Light.ANSWERS))
    until(qtbot, lambda: bool(_signs(page, at_work).error_logs))
    view.grid.choose(waiting)
    assert not asking.sheet.isHidden()
    said: list[str] = []
    window.desk.said.connect(said.append)
    _ask(page, qtbot, asking.pause, "the shop is open")
    until(qtbot, lambda: asking.pause.accessibleName() == "Go on")
    until(qtbot, lambda: any("nothing new is started until" in words for words in said))
    _ask(page, qtbot, asking.withdraw, "its owner asks for it", waiting)
    until(qtbot, lambda: _states(page)[waiting] is TargetState.CANCELLED)
    until(qtbot, lambda: not asking.withdraw.isEnabled())
    view.grid.choose(at_work)
    _ask(page, qtbot, asking.note, "watched by olga")
    until(qtbot, lambda: "watched by olga" in view.log.text)
    _press(asking.diagnose, qtbot)
    until(qtbot, lambda: "Its logs: collected" in view.log.text)
    until(qtbot, asking.diagnose.isEnabled)
    _press(asking.pause, qtbot)
    until(qtbot, lambda: asking.pause.accessibleName() == "Pause")
    fleet.tell(do="go_on")
    until(qtbot, lambda: page.deploy.ready)
    assert _states(page).pop(waiting) is TargetState.CANCELLED
    assert {state for host, state in _states(page).items() if host != waiting} == {TargetState.SUCCESS}
    view.grid.choose(at_work)
    _press(asking.diagnose, qtbot)
    until(qtbot, lambda: view.log.text.count("Its logs: collected") == 2)
    asking.sheet.click()
    runs = window.pages[Room.RUNS]
    assert isinstance(runs, RunsPage)
    until(qtbot, lambda: runs.view.host_sheet.diagnostics.rows.total > 0)
    quiet(qtbot, window.desk)


def test_what_failed_is_verified_again_unblocked_and_retried_from_the_results(
    opened: tuple[Window, CyclePage], qtbot: QtBot
) -> None:
    window, page = opened
    _to_plan(page, qtbot, "BROKEN")
    _to_deploy(page, qtbot)
    until(qtbot, lambda: page.deploy.ready)
    page.stepper.go_on()
    view = page.results.view
    until(qtbot, lambda: view.states.state == "content")
    assert not view.retry.isEnabled(), "a host that is patch-blocked was offered to be tried again"
    assert "Unblock" in view.retry.toolTip()
    heard: list[str] = []
    window.desk.said.connect(heard.append)
    _ask(page, qtbot, view.verify, "mended by hand")
    until(qtbot, lambda: "mended by hand" in " ".join(view.shown.status.record.requests if view.shown else ()))
    assert view.rows.all_rows[0].record.state is TargetState.FAILED, "a word was taken for a proof"
    assert "BROKEN was looked at again: failed" in heard
    _ask(page, qtbot, view.unblock, "the media is mended")
    until(qtbot, view.retry.isEnabled)
    assert not view.unblock.isEnabled()
    first = view.run_id
    view.retry.click()
    asked = view.dialog
    assert isinstance(asked, Confirm)
    assert page.stepper.current == 5, "one click too many began a run"
    asked.typed.setText("retry")
    asked.yes.click()
    until(qtbot, lambda: page.stepper.current == 4 and page.deploy.view.run_id != first)
    until(qtbot, lambda: page.deploy.ready)
    assert _states(page) == {"BROKEN": TargetState.SUCCESS}
    quiet(qtbot, window.desk)


def _ask(page: CyclePage, qtbot: QtBot, pressed: QPushButton, why: str, to_type: str = "") -> None:
    """Through the button, and the question that it opens."""
    _press(pressed, qtbot)
    (dialog,) = [one for one in page.window().findChildren(Reason) if one.isVisible()]
    dialog.reason.setText(why)
    dialog.typed.setText(to_type)
    dialog.yes.click()


def _press(pressed: QPushButton, qtbot: QtBot) -> None:
    """Once it may be: what may be asked of a run is shown anew once a second."""
    until(qtbot, pressed.isEnabled)
    pressed.click()


def _signs(page: CyclePage, host: str) -> Signs:
    row = page.deploy.view.rows.row_with(host)
    assert row is not None
    return row.signs or Signs()


def _answers(page: CyclePage, host: str) -> tuple[Light, Light]:
    signs = _signs(page, host)
    return signs.winrm, signs.sql


def _kill_runner(workspace: Workspace, run_id: str) -> None:
    """The run's own process, found by its command line, which names the plan."""
    (plan_id,) = (run.plan_id for run in list_runs(workspace) if run.run_id == run_id)
    wanted = [b"deploy", plan_id.encode()]
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if all(word in words for word in wanted):
            os.kill(int(entry.name), signal.SIGKILL)
            return
    raise AssertionError("no runner was found")
