"""A host's sheet: where it stands, how far its instances are behind, what is pending and was done, and its block."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from core.app.assess import Assessment
from core.app.workspace import Workspace
from core.model.facts import OsUpdate
from core.model.failure import Cause, Failure
from core.model.host import host_named
from core.model.selection import Selection
from core.ports import Stop
from core.store import facts as fact_store
from core.store.database import open_database
from gui.desk import Errand, Room
from gui.pages.fleet import asset
from gui.pages.fleet.asset import AssetSheet
from gui.pages.fleet.page import FleetPage
from gui.times import lately
from gui.window import Window
from tests.app.test_report import keep_the_run
from tests.gui.driving import LIMIT_MS, button, quiet, unnamed, until
from tests.gui.silent import fail_to_assess
from tests.samples import OLD, RUN, facts

_HOSTS = ("GLOBEX01", "ACME01", "NEVER")


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """GLOBEX01 failed in a run and is blocked since; it was assessed an hour ago."""
    targets = [{"id": name, "server": name} for name in _HOSTS]
    (workspace.config / "sql_targets.json").write_text(json.dumps({"targets": targets}), encoding="utf-8")
    database = open_database(workspace.database)
    keep_the_run(database)
    seen = facts("GLOBEX01", at=datetime.now(UTC) - timedelta(hours=1))
    update = OsUpdate(
        "0b8e", "Cumulative Update for Windows", "5044281", severity="critical", classification="security",
        size_bytes=400 << 20, released=seen.collected_at.date() - timedelta(days=60),
    )  # fmt: skip
    fact_store.keep(database, replace(seen, updates=(update,)))
    database.close()
    return workspace


@pytest.fixture
def page(window: Window, qtbot: QtBot) -> FleetPage:
    window.desk.go(Room.FLEET)
    found = window.pages[Room.FLEET]
    assert isinstance(found, FleetPage)
    until(qtbot, lambda: found.rows.total == len(_HOSTS))
    return found


@pytest.fixture
def sheet(page: FleetPage, qtbot: QtBot) -> AssetSheet:
    page.open_sheet("GLOBEX01")
    until(qtbot, lambda: page.sheet.states.state == "content")
    return page.sheet


def test_a_sheet_that_is_come_back_to_tells_what_was_learned_meanwhile(
    page: FleetPage, window: Window, workspace: Workspace, qtbot: QtBot
) -> None:
    page.open_sheet("NEVER")
    until(qtbot, lambda: page.sheet.states.state == "empty")
    window.desk.go(Room.RUNS)
    database = open_database(workspace.database)
    fact_store.keep(database, facts("NEVER", at=datetime.now(UTC)))
    database.close()
    window.desk.go(Room.FLEET)
    until(qtbot, lambda: page.sheet.states.state == "content")
    assert "never assessed" not in page.sheet.why.text()


def test_a_host_that_did_not_answer_says_why_and_what_to_do(
    page: FleetPage, window: Window, workspace: Workspace, qtbot: QtBot
) -> None:
    at = fail_to_assess(workspace, "NEVER")
    window.desk.facts_changed.emit()
    said = f"could not be assessed at {lately(at)}: connection refused (is WinRM on?)"
    until(qtbot, lambda: said in [line.why for line in page.rows.all_rows])
    page.open_sheet("NEVER")
    until(qtbot, lambda: page.sheet.states.state == "trouble")
    assert all(words in page.sheet.states.said for words in ("NEVER", "connection refused", "is WinRM on?"))


def test_a_sheet_whose_facts_are_older_than_a_look_that_failed_shows_both(
    page: FleetPage, workspace: Workspace, qtbot: QtBot
) -> None:
    fail_to_assess(workspace, "GLOBEX01")
    page.open_sheet("GLOBEX01")
    until(qtbot, lambda: page.sheet.states.state == "content")
    assert "connection refused" in page.sheet.why.text()
    assert "what is shown is from 60 min ago" in page.sheet.why.text()
    assert page.sheet.known.total


def test_an_assessment_that_fails_is_told_first_and_what_was_known_is_a_click_away(
    page: FleetPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def assess(_workspace: Workspace, _selection: Selection, stop: Stop) -> tuple[Assessment, ...]:
        fail_to_assess(workspace, "GLOBEX01")
        failure = Failure(Cause.UNREACHABLE, "connection refused", "is WinRM on?")
        return (Assessment(host_named("GLOBEX01"), failure),)

    monkeypatch.setattr(asset, "assess", assess)
    page.open_sheet("GLOBEX01")
    until(qtbot, lambda: page.sheet.states.state == "content")
    button(page.sheet, "Assess now").click()
    until(qtbot, lambda: page.sheet.states.state == "trouble")
    assert "connection refused" in page.sheet.why.text()
    button(page.sheet, "What was known before").click()
    assert page.sheet.states.state == "content"


def test_a_block_is_told_with_its_reason_once_and_leads_to_its_run(
    sheet: AssetSheet, window: Window, qtbot: QtBot
) -> None:
    assert sheet.block.isVisible()
    above = sheet.why.text() + sheet.block_words.text()
    assert above.count("setup ended with 1648") == 1
    assert above.count("until somebody unblocks it") == 1
    sheet.its_run.click()
    assert window.room is Room.RUNS
    quiet(qtbot, window.desk)


def test_a_host_is_unblocked_with_a_reason_once_its_name_is_typed(sheet: AssetSheet, qtbot: QtBot) -> None:
    sheet.unblock.click()
    sheet.reason.reason.setText("disk replaced")
    assert not sheet.reason.yes.isEnabled()
    sheet.reason.typed.setText("GLOBEX01")
    sheet.reason.yes.click()
    until(qtbot, lambda: not sheet.block.isVisible())


def test_a_lock_is_cleared_only_where_the_host_says_that_nobody_is_at_work(
    sheet: AssetSheet, window: Window, qtbot: QtBot
) -> None:
    sheet.ask_unlock()
    sheet.reason.reason.setText("its run is gone")
    sheet.reason.typed.setText("GLOBEX01")
    with qtbot.waitSignal(window.desk.troubled, timeout=LIMIT_MS) as troubled:
        sheet.reason.yes.click()
    assert troubled.args is not None
    assert "GLOBEX01" in troubled.args[0].text


def test_the_block_of_one_host_is_not_shown_on_the_next(sheet: AssetSheet, page: FleetPage, qtbot: QtBot) -> None:
    page.open_sheet("ACME01")
    assert not sheet.block.isVisible()
    until(qtbot, lambda: sheet.states.state == "content")
    assert not sheet.block.isVisible()


def test_the_sheet_tells_builds_patches_past_and_facts(sheet: AssetSheet) -> None:
    (level,) = sheet.instances.all_rows
    told = [column.text(level) for column in sheet.instances.columns]
    assert told[1] == f"2019 CU28 ({OLD})"
    assert told[3] not in ("", "not known", "nothing"), "how far it is behind is not said"
    assert any("5044281" in name and "critical" in words for name, words in sheet.pending.all_rows)
    (visit,) = sheet.visits.all_rows
    assert visit.run_id == RUN
    assert "setup ended with 1648" in str(visit.error)
    assert {"System", "Disk C:", "Waits for a restart"} <= {name for name, _ in sheet.known.all_rows}
    assert unnamed(sheet) == []


def test_a_host_that_left_the_inventory_is_said_to_be_unknown(page: FleetPage, window: Window, qtbot: QtBot) -> None:
    window.desk.go(Room.FLEET, Errand(host="STRANGER"))
    until(qtbot, lambda: page.sheet.states.state == "trouble")
    assert "STRANGER" in page.sheet.states.said
