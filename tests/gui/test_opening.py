"""Whoever presses "open" and sees no window must read why, and where the file lies."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QUrl
from PySide6.QtGui import QDesktopServices

from core.app.workspace import Workspace
from gui.desk import Desk
from gui.jobs import Trouble
from gui.opening import show_outside


@pytest.fixture
def desk(workspace: Workspace, settings: QSettings) -> Desk:
    return Desk(workspace, practice=False, settings=settings)


@pytest.fixture
def told(desk: Desk) -> list[Trouble]:
    told: list[Trouble] = []
    desk.troubled.connect(told.append)
    return told


def _desktop(monkeypatch: pytest.MonkeyPatch, *, opens: bool) -> list[QUrl]:
    handed: list[QUrl] = []

    def take(url: QUrl) -> bool:
        handed.append(url)
        return opens

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    return handed


@pytest.fixture
def report(tmp_path: Path) -> Path:
    made = tmp_path / "final-report.html"
    made.touch()
    return made


def test_what_no_program_opens_is_told_with_its_path(
    desk: Desk, told: list[Trouble], report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _desktop(monkeypatch, opens=False)
    show_outside(desk, report)
    (trouble,) = told
    assert "No program" in trouble.title
    assert str(report) in trouble.text


def test_what_is_handed_to_the_desktop_is_named(
    desk: Desk, told: list[Trouble], report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    desk.said.connect(said.append)
    handed = _desktop(monkeypatch, opens=True)
    show_outside(desk, report)
    assert [Path(url.toLocalFile()) for url in handed] == [report]
    assert str(report) in said[0]
    assert not told


def test_what_was_removed_meanwhile_is_not_handed_over(
    desk: Desk, told: list[Trouble], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = _desktop(monkeypatch, opens=True)
    show_outside(desk, tmp_path / "gone.xlsx")
    assert not handed
    assert "not there any more" in told[0].title
