"""Steps 1 to 4 of the patch cycle in every state: nothing there yet, being awaited, in trouble, and with many rows."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.app import composition
from core.app.authorise import authorise
from core.app.dry_run import DryRun, Rehearsed
from core.app.plan import keep
from core.app.review import reviewed
from core.app.runs import RunLine
from core.app.workspace import Workspace
from core.model.build import Build
from core.model.failure import Cause, Failure
from core.model.outcome import Outcome
from core.model.plan import PlanWarning
from core.model.selection import Selection
from core.model.state import TargetState
from core.store import facts as fact_store
from gui.desk import JUST_LOOK, Desk, Errand
from gui.dialogs.dry_run import DryRunDialog
from gui.jobs import Trouble
from gui.pages.cycle.page import CyclePage
from gui.pages.cycle.plan_words import comparison_in_words
from gui.times import day_and_time
from tests.gui.driving import button, press, quiet, unnamed, until
from tests.samples import AT, NEW, OLD, facts, plan

_MANY = 10_000


@pytest.fixture
def deaf() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.8.7.6", 0))
        listening.listen(8)
        yield listening.getsockname()[1]


@pytest.fixture
def workspace(workspace: Workspace, deaf: int) -> Workspace:
    """Nobody listens where CLOSED is; MUTE takes the call and is silent."""
    with socket.socket() as free:
        free.bind(("127.8.7.5", 0))
        closed = free.getsockname()[1]
    remoting = {"transport": "http", "auth": "negotiate"}
    places = (("CLOSED", "127.8.7.5", closed), ("MUTE", "127.8.7.6", deaf))
    targets = [
        {"id": name, "server": name, "metadata": {"ip_address": address}, "remoting": remoting | {"port": port}}
        for name, address, port in places
    ]
    (workspace.config / "sql_targets.json").write_text(json.dumps({"targets": targets}), encoding="utf-8")
    return workspace


@pytest.fixture
def page(qtbot: QtBot, dressed: QApplication, workspace: Workspace, settings: QSettings) -> Iterator[CyclePage]:
    shown = CyclePage(Desk(workspace, practice=False, settings=settings))
    shown.desk.setParent(shown)
    qtbot.addWidget(shown)
    shown.resize(1200, 700)
    shown.show()
    shown.enter(JUST_LOOK)
    yield shown
    shown.desk.jobs.stop_all()
    quiet(qtbot, shown.desk)


def _read_hosts(page: CyclePage) -> None:
    from core.app.targets import list_targets

    page.desk.set_hosts(list_targets(page.desk.workspace, Selection()))


def test_without_servers_the_way_to_the_first_is_told(page: CyclePage) -> None:
    assert page.scope.states.state == "empty"
    assert "No servers yet" in page.scope.states.said
    assert not page.scope.ready


def test_a_scope_without_hosts_is_not_a_fleet_without_servers(page: CyclePage) -> None:
    _read_hosts(page)
    page.desk.set_scope(Selection(tenants=("nobody",)))
    assert "No host in this scope" in page.scope.states.said


def test_a_run_that_begins_elsewhere_takes_nobody_away_from_what_he_chooses(page: CyclePage) -> None:
    _read_hosts(page)
    before = RunLine("run-1", "plan", "d" * 64, "olga", "", AT, AT, Outcome.SUCCEEDED, False, ())
    page.desk.set_runs((before,))
    page.scope.choose(("MUTE",))
    page.desk.set_runs((replace(before, run_id="run-2", ended_at=None, outcome=None, driven=True), before))
    page.enter(JUST_LOOK)
    assert page.stepper.current == 0
    assert page.scope.chosen == ("MUTE",)


@pytest.mark.parametrize(
    ("outcome", "driven", "found"),
    [(None, True, ["run-1"]), (None, False, ["run-1"]), (Outcome.SUCCEEDED, False, [])],
    ids=["goes on", "broken off", "ended"],
)
def test_a_window_that_comes_back_shows_what_has_not_ended(
    page: CyclePage, monkeypatch: pytest.MonkeyPatch, outcome: Outcome | None, driven: bool, found: list[str]
) -> None:
    """A run whose process died may have left servers in the middle of something."""
    entered: list[str] = []
    monkeypatch.setattr(page, "enter_run", entered.append)
    page.desk.set_runs((RunLine("run-1", "plan", "d" * 64, "olga", "", AT, None, outcome, driven, ()),))
    assert entered == found


def test_an_inventory_that_cannot_be_read_is_told_with_its_faults(page: CyclePage, qtbot: QtBot) -> None:
    page.desk.lose_hosts(Trouble("This was refused", ("config/sql_targets.json: line 3: a comma is missing",)))
    assert page.scope.states.state == "trouble"
    assert "line 3" in page.scope.states.said
    with qtbot.waitSignals([page.desk.inventory_changed, page.desk.sent]):
        button(page, "Try again").click()
        button(page, "To the settings").click()
    _read_hosts(page)
    assert page.scope.states.state == "content"


def test_what_is_known_of_a_host_stands_beside_it_before_it_is_assessed_anew(page: CyclePage, qtbot: QtBot) -> None:
    """The oldest build of its instances, and how old that knowledge is. Ticks stay as they are."""
    _read_hosts(page)
    page.scope.choose(("MUTE",))
    taken = facts("CLOSED", at=datetime.now(UTC) - timedelta(days=3))
    newer = replace(taken.instances[0], name="NEW", patch_level=Build.parse(NEW))
    with composition.open_database(page.desk.workspace) as database:
        fact_store.keep(database, replace(taken, instances=(newer, *taken.instances)))
    page.scope._has_looked = False
    page.desk.facts_changed.emit()
    columns = {one.title: one for one in page.scope.rows.columns}
    closed, mute = page.scope.rows.all_rows
    assert columns["Assessed"].text(mute) == "…", "nobody has looked yet"
    until(qtbot, lambda: columns["Assessed"].text(closed) == "3 days ago")
    assert columns["SQL Server"].text(closed) == f"2019 CU28 ({OLD}), oldest of 2"
    assert (columns["SQL Server"].text(mute), columns["Assessed"].text(mute)) == ("", "never")
    sort = columns["SQL Server"].key
    assert sort is not None
    assert sort(mute) < sort(closed)
    assert page.scope.chosen == ("MUTE",)


def test_many_hosts_are_ticked_and_filtered_at_once(page: CyclePage, workspace: Workspace) -> None:
    targets = [{"id": str(n), "server": f"H{n:05}", "tenant": f"t{n % 7}"} for n in range(_MANY)]
    (workspace.config / "sql_targets.json").write_text(json.dumps({"targets": targets}), encoding="utf-8")
    _read_hosts(page)
    button(page, "Tick all shown").click()
    assert len(page.scope.chosen) == _MANY
    button(page, "Untick all shown").click()
    page.scope.filter.set_text("t3")
    button(page, "Tick all shown").click()
    assert {int(name[1:]) % 7 for name in page.scope.chosen} == {3}
    assert page.stepper.on_button.isEnabled()


def test_who_does_not_answer_is_told_with_cause_and_remedy_and_can_be_asked_again(
    page: CyclePage, qtbot: QtBot
) -> None:
    _read_hosts(page)
    page.scope.choose(("CLOSED",))
    page.stepper.go_on()
    assert page.assess.is_asking
    until(qtbot, lambda: not page.assess.is_asking)
    (line,) = page.assess.rows.all_rows
    assert isinstance(line.result, Failure)
    assert line.result.cause is Cause.UNREACHABLE
    shown = [column.text(line) for column in page.assess.rows.columns]
    assert shown[1] == "failed"
    assert line.result.hint in shown
    assert not page.assess.ready
    button(page, "Try the failed again").click()
    assert page.assess.is_asking
    until(qtbot, lambda: not page.assess.is_asking)
    assert unnamed(page) == []


def test_a_refusal_to_ask_is_gone_when_the_hosts_are_asked_again(page: CyclePage, qtbot: QtBot) -> None:
    """Somebody went back, mended the scope, and came on again: what was refused before is no answer to that."""
    _read_hosts(page)
    page.course.choose(("NOWHERE",))
    page.stepper.go_to(1)
    until(qtbot, lambda: page.assess.states.state == "trouble")
    page.stepper.back()
    page.scope.choose(("CLOSED",))
    page.stepper.go_on()
    assert page.assess.is_asking
    assert page.assess.states.state == "content"
    until(qtbot, lambda: not page.assess.is_asking)
    assert page.assess.grid.current.host == "CLOSED", "the one that failed is not explained"


def test_nothing_is_ticked_that_nobody_meant(page: CyclePage) -> None:
    """One key too many must not reach for the whole fleet."""
    _read_hosts(page)
    assert not page.scope.chosen
    on = page.stepper.on_button
    assert not on.isEnabled()
    assert "No host is ticked" in on.toolTip()
    press(page.scope.grid, Qt.Key.Key_Return)
    page.stepper.go_on()
    assert page.stepper.current == 0
    page.scope.choose(("MUTE",))
    assert on.isEnabled()
    _read_hosts(page)
    assert page.scope.chosen == ("MUTE",), "what was ticked is gone when the list is read anew"
    page.begin_anew()
    assert not page.scope.chosen


def test_a_scope_that_was_chosen_on_top_is_ticked_and_the_whole_fleet_is_not(page: CyclePage) -> None:
    _read_hosts(page)
    page.desk.set_scope(Selection(servers=("CLOSED",)))
    assert page.scope.chosen == ("CLOSED",)
    page.desk.set_scope(Selection())
    assert not page.scope.chosen


def test_hosts_that_are_handed_on_from_the_fleet_are_ticked_and_no_others(page: CyclePage) -> None:
    _read_hosts(page)
    page.enter(Errand(hosts=("CLOSED",)))
    assert page.scope.chosen == ("CLOSED",)


def test_asking_is_stopped_while_a_host_is_silent(page: CyclePage, qtbot: QtBot) -> None:
    _read_hosts(page)
    button(page, "Tick all shown").click()
    page.stepper.go_on()
    until(qtbot, lambda: isinstance(_result(page, "CLOSED"), Failure))
    assert _result(page, "MUTE") is None
    assert page.desk.jobs.going[0].what == "Asking 2 hosts what they are"
    button(page, "Stop asking").click()
    told = _result(page, "MUTE")
    assert isinstance(told, Failure)
    assert told.cause is Cause.CANCELLED
    assert page.assess.rows.shown_rows[0].result is not None


def _result(page: CyclePage, host: str) -> object:
    line = page.assess.rows.row_with(host)
    assert line is not None
    return line.result


def test_a_plan_that_cannot_be_made_says_why_and_is_made_once_that_is_mended(
    page: CyclePage, workspace: Workspace, qtbot: QtBot
) -> None:
    path = workspace.config / "hotfix_mapping.json"
    good = path.read_text(encoding="utf-8")
    _read_hosts(page)
    path.write_text(good.replace('"mappings"', '"mapings"'), encoding="utf-8")
    page.course.choose(("CLOSED",))
    page.stepper.go_to(2)
    assert page.review.is_planning
    assert page.review.states.state == "waiting"
    until(qtbot, lambda: page.review.states.state == "trouble")
    assert 'did you mean "mappings"' in page.review.states.said
    path.write_text(good, encoding="utf-8")
    page.course.assess({"CLOSED": Failure(Cause.UNREACHABLE, "nobody answered", "start it")})
    button(page, "Try again").click()
    until(qtbot, lambda: page.review.states.state == "content")
    assert page.review.findings.verdict.text == "NO GO"
    assert not page.review.ready
    assert any("nobody answered" in line.reason for line in page.review.left.all_rows)


def test_a_plan_of_thousands_of_hosts_is_grouped_filtered_and_led_through(page: CyclePage, qtbot: QtBot) -> None:
    names = [f"H{n:05}" for n in range(5_000)]
    shown = reviewed(page.desk.workspace, plan(*names))
    page.review.show_plan(shown)
    assert page.review.hosts.shown_count == len(names)
    assert page.review.hosts.has_groups
    page.review.filter.set_text("H04999")
    assert page.review.hosts.shown_count == 1
    page.review.host_grid.choose("H04999")
    assert "Restart, prove it" in page.review.steps.text
    assert "cannot be taken back" not in page.review.steps.text
    assert page.review.tabs.tabText(0).endswith("5000")


def test_what_a_plan_shows_is_explained_where_one_points_at_it(page: CyclePage) -> None:
    page.review.show_plan(reviewed(page.desk.workspace, plan("SQL01")))
    assert "fingerprint: it changes when anything in the plan changes" in page.review.digest.toolTip()
    told = page.review.totals.toolTip()
    assert "earlier runs" in told
    assert "steps here are known from earlier runs." in told
    assert "at a time, wave after wave" in told


def test_the_plan_is_compared_with_the_last_one_that_was_kept(page: CyclePage, workspace: Workspace) -> None:
    assert "There is no earlier plan" in comparison_in_words(reviewed(workspace, plan("STAYS")))
    keep(workspace, plan("STAYS", "GOES"))
    second = plan("STAYS", "COMES")
    stricter = replace(second.rules, failures_allowed=7)
    fresh = replace(second, id="019ca000-0000-7000-8000-00000000000b", rules=stricter)
    page.review.show_plan(reviewed(workspace, fresh))
    told = page.review.comparison.toPlainText()
    assert "    − GOES" in told
    assert "    + COMES" in told
    assert "Rules" in told, "a rule that changed is not told"
    assert "STAYS" not in told.partition("Waves")[0], "what is the same is told as different"
    assert page.review.tabs.tabText(4).endswith("●")
    last = plan("STAYS", "GOES")
    begun = f"Compared with the last plan: {last.id[:13]}, made {day_and_time(last.made_at)}, authorised by "
    assert told.startswith(f"{begun}nobody.")
    assert last.id not in told
    assert last.id in page.review.comparison.toolTip()
    authorise(workspace, last.id, "monthly patching", None, None)
    who = page.desk.identity.operator
    assert comparison_in_words(reviewed(workspace, fresh)).startswith(f"{begun}{who}.")


def test_an_authorisation_that_would_have_expired_already_cannot_be_given(page: CyclePage) -> None:
    page.course.reviewed = reviewed(page.desk.workspace, plan("CLOSED"))
    page.stepper.go_to(3)
    step = page.authorise
    step.reason.setText("a test")
    step.typed.setText(step.wanted)
    assert step.ready
    step.expires.setDateTime(step.expires.dateTime().addYears(-10))
    assert step.missing.text() == "Still missing: an end that is still to come"
    assert not page.stepper.on_button.isEnabled()
    step.limited.setChecked(False)
    assert step.ready


def _rehearsing(page: CyclePage) -> DryRunDialog:
    made = plan("CLOSED", "MUTE")
    keep(page.desk.workspace, made)
    page.course.reviewed = reviewed(page.desk.workspace, made)
    page.stepper.go_to(3)
    page.authorise.rehearse.click()
    assert isinstance(page.authorise.dialog, DryRunDialog)
    return page.authorise.dialog


def test_a_dry_run_tells_each_host_as_it_was_looked_at_and_is_stopped_in_the_middle(
    page: CyclePage, qtbot: QtBot
) -> None:
    """Before anybody has signed. Of a host that was not looked at nothing is told."""
    asked = _rehearsing(page)
    until(qtbot, lambda: asked.rows.total == 1)
    (row,) = asked.rows.all_rows
    assert (row.host, row.would_end) == ("CLOSED", TargetState.FAILED)
    assert asked.rows.columns[1].text(row) == "be: failed"
    assert asked.stop.isEnabled()
    asked.stop.click()
    until(qtbot, lambda: not page.desk.jobs.going)
    assert asked.told.text() == "1 of 2 hosts looked at  ·  0 would begin  ·  1 would not  ·  stopped"
    assert not asked.stop.isEnabled()
    assert asked.again.isEnabled()
    assert unnamed(asked) == []
    asked.reject()


def test_what_a_dry_run_found_is_told_whole(page: CyclePage, qtbot: QtBot) -> None:
    asked = _rehearsing(page)
    held = Failure(Cause.NO_BACKUP, "its last full backup is 3 days old", "back it up")
    hosts = (Rehearsed("CLOSED", TargetState.BLOCKED, held), Rehearsed("MUTE", would_do=("would install CU32",)))
    asked.stop.click()
    asked._show(DryRun("plan", hosts, ("the plan is not authorised",)))
    assert asked.told.text().startswith("2 of 2 hosts looked at  ·  1 would begin  ·  1 would not")
    assert asked.remarks.text() == "the plan is not authorised"
    assert asked.grid.current.host == "CLOSED"
    assert asked.detail.toPlainText() == "its last full backup is 3 days old\nTo do: back it up"
    asked.grid.choose("MUTE")
    assert asked.detail.toPlainText() == "would install CU32"
    assert [asked.rows.columns[1].text(one) for one in asked.rows.all_rows] == ["be: held", "begin"]
    asked.reject()


def test_whoever_signs_sees_the_verdict_and_which_hosts_are_held(page: CyclePage) -> None:
    held = PlanWarning("old_backup", "CLOSED", "its last backup is 3 days old")
    page.course.reviewed = reviewed(page.desk.workspace, replace(plan("CLOSED"), warnings=(held,)))
    page.stepper.go_to(3)
    assert page.authorise.verdict.text == "GO, with hosts held"
    assert ": CLOSED" in page.authorise.held_words.text()


def test_what_is_filled_in_to_sign_stands_in_line(page: CyclePage) -> None:
    page.resize(1700, 900)
    page.course.reviewed = reviewed(page.desk.workspace, plan("CLOSED"))
    page.stepper.go_to(3)
    QApplication.processEvents()
    step = page.authorise
    ends = {one.mapTo(step, one.rect().topRight()).x() for one in (step.change, step.reason, step.expires, step.typed)}
    assert len(ends) == 1
    box, date = (one.mapTo(step, one.rect().center()).y() for one in (step.limited, step.expires))
    assert abs(box - date) <= 2


def test_what_is_not_kept_is_not_authorised_and_the_refusal_can_be_left(page: CyclePage, qtbot: QtBot) -> None:
    page.course.reviewed = reviewed(page.desk.workspace, plan("CLOSED"))
    page.stepper.go_to(3)
    assert page.authorise.missing.text() == f'Still missing: a reason, the words "{page.authorise.wanted}", typed'
    page.authorise.reason.setText("a test")
    assert "a reason" not in page.authorise.missing.text()
    page.authorise.typed.setText(page.authorise.wanted)
    assert page.authorise.missing.text() == ""
    page.stepper.go_on()
    until(qtbot, lambda: page.authorise.states.state == "trouble")
    assert page.stepper.current == 3
    button(page, "Try again").click()
    assert page.authorise.states.state == "content"
    assert page.authorise.reason.text() == "a test", "what was typed is gone"


def _run(run_id: str, plan_id: str) -> RunLine:
    return RunLine(run_id, plan_id, "d" * 64, "olga", "", AT, AT, Outcome.SUCCEEDED, False, ())


def _starting(page: CyclePage, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """At the fifth step, while the run's process is being started; it has begun once the event is set."""
    begun = threading.Event()

    def launch(_workspace: Workspace, _arguments: tuple[str, ...]) -> str:
        begun.wait(60)
        return "run-1"

    monkeypatch.setattr("gui.pages.cycle.deploy.launch", launch)
    page.desk.set_runs((_run("run-0", "another"),))
    page.course.reviewed = reviewed(page.desk.workspace, plan("CLOSED"))
    page.stepper.go_to(4)
    page.deploy.begin()
    assert page.deploy.waiting.state == "waiting"
    return begun


def test_whoever_stops_waiting_for_a_run_is_not_told_that_nothing_was_begun(
    page: CyclePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process starts all the same: servers are patched that somebody believes to be safe."""
    begun = _starting(page, monkeypatch)
    button(page.deploy.waiting, "Stop waiting").click()
    assert "may begin all the same" in page.deploy.waiting.said
    page.deploy.enter()
    assert "may begin all the same" in page.deploy.waiting.said, "forgotten as soon as somebody looks elsewhere"

    page.desk.set_runs((_run("run-1", plan("CLOSED").id), _run("run-0", "another")))
    assert (page.course.run_id, page.deploy.view.run_id) == ("run-1", "run-1")
    begun.set()


def test_a_run_that_is_being_started_is_not_offered_to_be_started_after_a_look_elsewhere(
    page: CyclePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = _starting(page, monkeypatch)
    page.enter(JUST_LOOK)
    assert page.deploy.waiting.state == "waiting"
    begun.set()
