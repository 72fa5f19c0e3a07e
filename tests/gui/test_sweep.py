"""All hosts of the scope are assessed from the overview or the fleet: how far it is, who failed, and a way out."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.app.targets import list_targets
from core.app.workspace import Workspace
from core.model.selection import Selection
from gui.desk import Desk
from gui.jobs import Trouble
from gui.widgets.sweep_bar import SweepBar
from tests.gui.driving import button, quiet, unexplained, unnamed, until


@pytest.fixture
def workspace(workspace: Workspace) -> Iterator[Workspace]:
    """Nobody listens where CLOSED is; MUTE takes the call and is silent."""
    with socket.socket() as free, socket.socket() as deaf:
        free.bind(("127.8.7.15", 0))
        deaf.bind(("127.8.7.16", 0))
        deaf.listen(8)
        remoting = {"transport": "http", "auth": "negotiate"}
        targets = [
            {"id": name, "server": name, "metadata": {"ip_address": address}, "remoting": remoting | {"port": port}}
            for name, (address, port) in (("CLOSED", free.getsockname()), ("MUTE", deaf.getsockname()))
        ]
        (workspace.config / "sql_targets.json").write_text(json.dumps({"targets": targets}), encoding="utf-8")
        yield workspace


@pytest.fixture
def desk(workspace: Workspace, settings: QSettings, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(workspace, practice=False, settings=settings)
    made.set_hosts(list_targets(workspace, Selection()))
    yield made
    made.jobs.stop_all()
    quiet(qtbot, made)


@pytest.fixture
def bar(desk: Desk, dressed: QApplication, qtbot: QtBot) -> SweepBar:
    made = SweepBar(desk)
    qtbot.addWidget(made)
    made.resize(700, 40)
    made.show()
    return made


def test_the_scope_is_asked_and_who_fails_is_told_with_cause_and_remedy(
    bar: SweepBar, desk: Desk, qtbot: QtBot
) -> None:
    desk.set_scope(Selection(servers=("CLOSED",)))
    button(bar, "Assess all").click()
    assert not bar.begin.isEnabled()
    assert bar.begin.toolTip() == "The hosts are just being asked."
    with qtbot.waitSignal(desk.facts_changed, timeout=20_000):
        until(qtbot, lambda: not bar.sweep.is_going)
    until(qtbot, lambda: bar.told.words == "0 of 1 assessed, 1 could not be")
    assert unnamed(bar) == unexplained(bar) == []
    with qtbot.waitSignal(desk.troubled) as told:
        button(bar, "Why hosts could not be assessed").click()
    trouble = told.args[0]
    assert isinstance(trouble, Trouble)
    assert trouble.title == "1 host could not be assessed"
    assert "CLOSED: " in trouble.lines[0]
    assert "refused the connection" in trouble.lines[0]


def test_it_is_stopped_and_what_was_said_stays(bar: SweepBar, desk: Desk, qtbot: QtBot) -> None:
    bar.begin.click()
    until(qtbot, lambda: "CLOSED" in bar.sweep.failures)
    button(bar, "Stop asking").click()
    assert bar.told.words == "0 of 2 assessed, 1 could not be, then stopped"
    assert bar.begin.isEnabled()
    assert not desk.jobs.going


def test_two_pages_show_the_same_one(bar: SweepBar, desk: Desk, qtbot: QtBot) -> None:
    other = SweepBar(desk)
    qtbot.addWidget(other)
    bar.begin.click()
    assert not other.begin.isEnabled()
    other.sweep.stop()
    assert bar.begin.isEnabled()


def test_without_a_host_there_is_nobody_to_ask_and_that_is_said(bar: SweepBar, desk: Desk) -> None:
    desk.set_scope(Selection(tenants=("nobody",)))
    assert not bar.begin.isEnabled()
    assert "no host in the scope" in bar.begin.toolTip()
