"""No screen, no settings of whoever runs the tests, and a workspace to show."""

import gc
import os
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={Path(__file__).parents[1] / 'data' / 'screen.json'}"

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.app.workspace import Workspace, make_workspace
from gui.desk import Desk
from gui.garbage import Sweeper
from gui.theme import is_dark, wear
from gui.window import Window
from tests.gui.driving import LIMIT_MS, quiet


@pytest.fixture(autouse=True, scope="session")
def _swept(qapp: QApplication) -> Iterator[None]:
    """As in the product: no thread but this one ends a widget."""
    Sweeper(qapp)
    yield
    gc.enable()


@pytest.fixture
def dressed(qapp: QApplication) -> QApplication:
    """In the light look. To put it on anew would dress every widget that earlier tests left behind."""
    if is_dark() or not qapp.styleSheet():
        wear(qapp, dark=False)
    return qapp


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The sample configuration."""
    return make_workspace(tmp_path / "workspace")


@pytest.fixture
def window(qtbot: QtBot, dressed: QApplication, workspace: Workspace, settings: QSettings) -> Iterator[Window]:
    shown = Window(Desk(workspace, practice=False, settings=settings))
    qtbot.addWidget(shown)
    with qtbot.waitActive(shown, timeout=LIMIT_MS):
        shown.show()
        shown.activateWindow()
    yield shown
    quiet(qtbot, shown.desk)
