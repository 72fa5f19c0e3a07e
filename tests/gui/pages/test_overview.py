"""Overview: how the fleet stands, what runs and what ran, what needs attention first, in each of its states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from core.app.assess import Assessment
from core.app.runs import RunLine
from core.app.workspace import Workspace
from core.evidence.compliance import Moment
from core.model.compliance import Compliance, ComplianceState, PatchLevel
from core.model.failure import Cause, Failure
from core.model.host import Place, host_named
from core.model.outcome import Outcome
from core.model.selection import Selection
from core.model.state import TargetState
from core.model.unanswered import Unanswered
from gui import sweep
from gui.desk import Desk, Errand, Room
from gui.pages import overview
from gui.pages.overview import OverviewPage
from gui.times import day_and_time
from gui.widgets.elided import Elided
from tests.gui.driving import button, quiet, unnamed, until
from tests.samples import AT

_STATES = (ComplianceState.COMPLIANT, ComplianceState.PENDING, ComplianceState.FAILED, ComplianceState.UNKNOWN)
_GOING = RunLine(
    "run-2", "plan", "d" * 64, "olga", "", AT, None, None, True, ((TargetState.PENDING, 3), (TargetState.SUCCESS, 1))
)
_ENDED = replace(_GOING, run_id="run-1", outcome=Outcome.PARTIAL, driven=False, ended_at=AT + timedelta(hours=1))


def _found(count: int) -> tuple[Compliance, ...]:
    return tuple(
        Compliance(f"SQL{number:05}", "acme", "retail", "hq", _STATES[number % 4], f"reason {number}", "Windows Server",
                   (PatchLevel("MSSQLSERVER", "15.0.4385.2", "15.0.4430.1"),))
        for number in range(count)
    )  # fmt: skip


@pytest.fixture
def desk(workspace: Workspace, settings: QSettings) -> Desk:
    return Desk(workspace, practice=False, settings=settings)


@pytest.fixture
def judged() -> list[tuple[Compliance, ...] | Exception]:
    """What the judges say next; judging itself is tested where it lives."""
    return [_found(8)]


@pytest.fixture
def page(
    desk: Desk,
    judged: list[tuple[Compliance, ...] | Exception],
    monkeypatch: pytest.MonkeyPatch,
    dressed: QApplication,
    qtbot: QtBot,
) -> Iterator[OverviewPage]:
    def compliance(
        _workspace: Workspace, _scope: Selection, _age: timedelta, _moment: Moment
    ) -> tuple[Compliance, ...]:
        said = judged[-1]
        if isinstance(said, Exception):
            raise said
        return said

    monkeypatch.setattr(overview, "compliance", compliance)
    made = OverviewPage(desk)
    qtbot.addWidget(made)
    made.resize(1200, 640)
    made.show()
    yield made
    quiet(qtbot, desk)


def _with_hosts(desk: Desk, page: OverviewPage, qtbot: QtBot) -> None:
    desk.set_hosts(tuple(replace(host_named(f"SQL{n:05}"), place=Place("acme", "retail", "hq")) for n in range(8)))
    until(qtbot, lambda: page.states.state == "content")


def _links(page: OverviewPage) -> list[QPushButton]:
    words = ("Watch", "Open the run")
    return [one for one in page.findChildren(QPushButton) if one.accessibleName().startswith(words) and one.isVisible()]


def test_without_a_server_the_way_to_the_first_is_told(page: OverviewPage) -> None:
    assert page.states.state == "empty"
    assert "No servers yet" in page.states.said


def test_while_the_fleet_is_judged_that_is_said(page: OverviewPage, desk: Desk, qtbot: QtBot) -> None:
    desk.set_hosts((host_named("SQL00001"),))
    assert page.states.state == "waiting"
    assert "Judging the fleet" in page.states.said
    until(qtbot, lambda: page.states.state == "content")


def test_a_fleet_that_cannot_be_judged_says_why(
    page: OverviewPage, desk: Desk, judged: list[tuple[Compliance, ...] | Exception], qtbot: QtBot
) -> None:
    judged.append(OSError("the disk is full"))
    desk.set_hosts((host_named("SQL00001"),))
    until(qtbot, lambda: page.states.state == "trouble")
    assert "the disk is full" in page.states.said


def test_a_scope_without_a_host_is_no_empty_fleet(page: OverviewPage, desk: Desk, qtbot: QtBot) -> None:
    _with_hosts(desk, page, qtbot)
    desk.set_scope(Selection(tenants=("nobody",)))
    assert page.states.state == "empty"
    assert "No host is in this scope" in page.states.said


def test_each_state_is_counted_and_leads_to_its_hosts(page: OverviewPage, desk: Desk, qtbot: QtBot) -> None:
    _with_hosts(desk, page, qtbot)
    link = page.counts[ComplianceState.FAILED]
    assert link.accessibleName() == "failed: 2"
    with qtbot.waitSignal(desk.sent) as sent:
        button(page, "failed: 2").click()
    assert sent.args == [Room.FLEET, Errand(state=ComplianceState.FAILED)]
    assert unnamed(page) == []


def test_a_host_that_was_never_asked_is_not_said_to_be_without_sql_server(page: OverviewPage) -> None:
    asked = replace(_found(1)[0], levels=(), assessed_at=AT)
    page._found = (asked, replace(asked, assessed_at=None))
    page._show_bars()
    assert page.bars.accessibleName() == "Hosts: no SQL Server: up to date 1; not assessed: up to date 1"


def test_where_nobody_was_asked_yet_the_first_step_is_offered_instead_of_a_list_of_unknowns(
    page: OverviewPage,
    desk: Desk,
    judged: list[tuple[Compliance, ...] | Exception],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    judged.append(tuple(replace(one, state=ComplianceState.UNKNOWN, levels=()) for one in _found(8)))
    _with_hosts(desk, page, qtbot)
    assert "No server has been asked yet" in page.attention.said
    asked: list[object] = []

    def assess(*what: object) -> tuple[Assessment, ...]:
        asked.append(what)
        return ()

    monkeypatch.setattr(sweep, "assess", assess)
    button(page, "Assess 8 hosts").click()
    until(qtbot, lambda: bool(asked))
    quiet(qtbot, desk)


def test_what_needs_attention_stands_in_order_with_the_way_to_mend_it(
    page: OverviewPage, desk: Desk, qtbot: QtBot
) -> None:
    _with_hosts(desk, page, qtbot)
    desk.set_runs((replace(_GOING, driven=False),))
    words = [one.word for one in page.concerns.shown_rows]
    assert words == ["broken off", "failed", "failed", "unknown", "unknown"]
    assert page.concerns.shown_rows[0].remedy == "take it up again"
    with qtbot.waitSignal(desk.sent) as sent:
        page.grid.opened.emit(page.concerns.shown_rows[0])
    assert sent.args == [Room.RUNS, Errand(run="run-2")]


def test_a_host_that_could_not_be_assessed_needs_attention_however_well_it_was(
    page: OverviewPage, desk: Desk, judged: list[tuple[Compliance, ...] | Exception], qtbot: QtBot
) -> None:
    silent = Unanswered("SQL00000", AT, Failure(Cause.UNREACHABLE, "connection refused", "is WinRM on?"))
    judged.append((replace(_found(1)[0], unanswered=silent),))
    _with_hosts(desk, page, qtbot)
    (concern,) = page.concerns.shown_rows
    assert (concern.what, concern.word) == ("SQL00000", "up to date")
    assert "the way to it" in concern.remedy


def test_a_run_in_progress_is_watched_and_the_last_ones_are_opened(
    page: OverviewPage, desk: Desk, qtbot: QtBot
) -> None:
    _with_hosts(desk, page, qtbot)
    desk.set_runs((_GOING, _ENDED))
    # What is new in a layout is shown in the next turn.
    until(qtbot, lambda: len(_links(page)) == 2)
    watch, past = _links(page)
    assert watch.text() == "Watch"
    with qtbot.waitSignal(desk.sent) as sent:
        watch.click()
    assert sent.args == [Room.CYCLE, Errand(run="run-2")]
    with qtbot.waitSignal(desk.sent) as sent:
        past.click()
    assert sent.args == [Room.RUNS, Errand(run="run-1")]


def test_when_runs_began_and_ended_is_told_by_the_calendar_and_does_not_grow_old(
    page: OverviewPage, desk: Desk, qtbot: QtBot
) -> None:
    _with_hosts(desk, page, qtbot)
    desk.set_runs((_GOING, _ENDED))
    until(qtbot, lambda: len(_links(page)) == 2)
    words = [one.words for one in page.findChildren(Elided)]
    assert f"1 of 4 hosts, since {day_and_time(_GOING.started_at)}" in words
    assert f"{day_and_time(_ENDED.ended_at or AT)}, 4 hosts" in words


def test_a_run_that_had_ended_is_not_said_to_have_gone_on_since_it_began(
    page: OverviewPage, desk: Desk, qtbot: QtBot
) -> None:
    _with_hosts(desk, page, qtbot)
    desk.set_runs((replace(_GOING, worked_until=AT),))
    until(qtbot, lambda: any(one.text() == "1 of 4 hosts, taken up again" for one in page.findChildren(QLabel)))


def test_ten_thousand_hosts_are_told(
    page: OverviewPage, desk: Desk, judged: list[tuple[Compliance, ...] | Exception], qtbot: QtBot
) -> None:
    judged.append(_found(10_000))
    _with_hosts(desk, page, qtbot)
    assert page.concerns.total == 5000
    assert page.counts[ComplianceState.PENDING].accessibleName() == "pending: 2,500"
