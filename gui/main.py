"""Starts the window: finds the workspace, or offers the first start."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QApplication, QMainWindow

from core.app.place import Workspace, find_workspace, is_practice
from core.model.fault import RefusedError
from gui.garbage import Sweeper
from gui.language import tr
from gui.theme import follows_dark, wear
from gui.widgets.icons import badge

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

# What loads much is imported where it is needed: from a Face on nobody collects garbage while modules are loaded.


class Face(QObject):
    """One window at a time: the first start's, or a workspace's."""

    def __init__(self, application: QApplication, settings: QSettings, practice_folder: Path) -> None:
        super().__init__(application)
        self._settings = settings
        self._practice_folder = practice_folder
        self.window: QMainWindow | None = None
        Sweeper(self)
        look = settings.value("look")
        wear(application, follows_dark(application) if look is None else look == "dark")

    def welcome(self, *, practise: bool = False, missing: Path | None = None) -> None:
        """Missing: the folder that was meant, where there is no workspace."""
        from gui.dialogs.first_start import FirstStart
        from gui.jobs import Jobs

        window = QMainWindow()
        window.setWindowTitle(tr("Drydock"))
        first = FirstStart(Jobs(window), self._practice_folder)
        first.opened.connect(self.open)
        window.setCentralWidget(first)
        window.resize(1100, 640)
        self._turn(window)
        if practise:
            first.practise()
        elif missing is not None:
            first.open_folder(missing)

    def open(self, workspace: Workspace) -> None:
        from gui.desk import Desk
        from gui.window import Window

        self._settings.setValue("workspace", str(workspace.path))
        desk = Desk(workspace, is_practice(workspace), self._settings)
        window = Window(desk)
        window.leave.connect(self.welcome)
        self._turn(window)

    def _turn(self, window: QMainWindow) -> None:
        before, self.window = self.window, window
        window.show()
        if before is not None:
            before.close()
            before.deleteLater()


def remembered(settings: QSettings, named: Path | None) -> Workspace | None:
    """The one that was named, else the one that every command would find, else the last one."""
    try:
        return find_workspace(named)
    except RefusedError:
        last = last_workspace(settings)
    try:
        return find_workspace(last) if last and named is None else None
    except RefusedError:
        return None


def last_workspace(settings: QSettings) -> Path | None:
    last = settings.value("workspace")
    return Path(str(last)) if last else None


def practice_folder(named: Path | None, *, practise: bool) -> Path:
    """A folder that somebody named to open his own workspace is not filled with imaginary servers."""
    from platformdirs import user_data_path

    own = named if practise else None
    return own or user_data_path("drydock", appauthor=False) / "practice"


def settings_in() -> QSettings:
    """Those of the window, apart from those of the workspace, which others share."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "drydock", "window")


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    # What is drawn twice as large must stay sharp at 125 and 150 %, too.
    os.environ.setdefault("QT_SCALE_FACTOR_ROUNDING_POLICY", "PassThrough")
    # Task bars group windows, and name them, by what the program calls itself.
    application = QApplication(["drydock"])
    application.setApplicationName("Drydock")
    application.setApplicationDisplayName("Drydock")
    application.setDesktopFileName("drydock")
    application.setWindowIcon(badge())
    settings = settings_in()
    face = Face(application, settings, practice_folder(given.workspace, practise=given.practise))
    workspace = None if given.practise else remembered(settings, given.workspace)
    if workspace is None:
        face.welcome(practise=given.practise, missing=given.workspace or last_workspace(settings))
    else:
        face.open(workspace)
    return application.exec()


def _parser() -> argparse.ArgumentParser:
    import argparse

    parser = argparse.ArgumentParser(prog="drydock-gui", description="Drydock's window.")
    parser.add_argument("--workspace", type=Path, metavar="DIR", help="the workspace to open")
    parser.add_argument("--practise", action="store_true", help="start a fleet of imaginary servers, and open that")
    return parser
