"""The build reference in the settings: what it knows and how old it is; a newer one is shown before it is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.app.builds import known
from core.app.workspace import Workspace
from gui.desk import Desk
from gui.pages.settings.reference import BuildReference, _age
from tests.gui.driving import button, quiet, unexplained, unnamed, until

_EXCERPT = Path(__file__).parents[2] / "data" / "community_excerpt.json"


@pytest.fixture
def page(workspace: Workspace, settings: QSettings, dressed: QApplication, qtbot: QtBot) -> Iterator[BuildReference]:
    desk = Desk(workspace, practice=False, settings=settings)
    made = BuildReference(desk)
    desk.setParent(made)
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    made.enter()
    yield made
    quiet(qtbot, desk)


def _file() -> str:
    return "config/build_reference.json"


def _excerpt_of(day: str, folder: Path) -> Path:
    document = json.loads(_EXCERPT.read_text(encoding="utf-8"))
    document["LastUpdated"] = f"{day}T00:00:00"
    file = folder / "index.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def test_what_the_reference_knows_is_told_by_version_and_with_its_day(
    page: BuildReference, workspace: Workspace, qtbot: QtBot
) -> None:
    until(qtbot, lambda: page.states.state == "content")
    found = known(workspace)
    assert page.summary.text() == f"{found.builds} builds, as of {found.as_of}"
    assert [one.name for one in page.rows.all_rows][:2] == ["2025", "2022"]
    row = page.rows.row_with("2019")
    assert row is not None
    assert row.newest.startswith("CU")
    assert unnamed(page) == []


@pytest.mark.parametrize(
    ("day", "words"), [(date(2026, 7, 1), "15 days old"), (date(2026, 1, 1), "196 days old: take in a newer one")]
)
def test_an_old_one_says_that_it_is(day: date, words: str) -> None:
    assert _age(day, date(2026, 7, 16))[0] == words


def test_a_newer_one_is_shown_first_and_written_when_told(
    page: BuildReference, workspace: Workspace, tmp_path: Path, qtbot: QtBot
) -> None:
    before = (workspace.path / _file()).read_bytes()
    page.take_in(_excerpt_of("2031-02-03", tmp_path))
    dialog = page.dialog
    assert not dialog.write.isEnabled()
    until(qtbot, dialog.write.isEnabled)
    assert "as of 2031-02-03" in dialog.summary.text()
    assert dialog.rows.total
    assert not dialog.older.isVisible()
    assert (workspace.path / _file()).read_bytes() == before
    assert unnamed(dialog) == unexplained(dialog) == []
    dialog.write.click()
    until(qtbot, lambda: "as of 2031-02-03" in page.summary.text())
    assert known(workspace).as_of == date(2031, 2, 3)


def test_an_older_one_says_what_would_be_lost_and_is_written_only_on_purpose(
    page: BuildReference, workspace: Workspace, tmp_path: Path, qtbot: QtBot
) -> None:
    page.take_in(_excerpt_of("2001-02-03", tmp_path))
    dialog = page.dialog
    until(qtbot, dialog.write.isEnabled)
    assert "older than the present reference" in dialog.older.text()
    assert "would be lost" in dialog.older.text()
    button(dialog, "Write the older one all the same").click()
    until(qtbot, lambda: known(workspace).as_of == date(2001, 2, 3))
    quiet(qtbot, page._desk)


def test_a_file_that_is_none_is_told_with_its_faults_and_changes_nothing(
    page: BuildReference, workspace: Workspace, tmp_path: Path, qtbot: QtBot
) -> None:
    before = (workspace.path / _file()).read_bytes()
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"LastUpdated": "yesterday", "Data": []}', encoding="utf-8")
    page.take_in(wrong)
    dialog = page.dialog
    until(qtbot, lambda: dialog.states.state == "trouble")
    assert "LastUpdated" in dialog.states.said
    assert not dialog.write.isEnabled()
    assert "could not be taken in" in dialog.write.toolTip()
    assert (workspace.path / _file()).read_bytes() == before


def test_a_reference_that_is_broken_offers_to_take_in_another(
    page: BuildReference, workspace: Workspace, qtbot: QtBot
) -> None:
    until(qtbot, lambda: page.states.state == "content")
    (workspace.path / _file()).write_text("{", encoding="utf-8")
    page.look()
    until(qtbot, lambda: page.states.state == "trouble")
    assert button(page, "Take in a newer one…").isEnabled()
