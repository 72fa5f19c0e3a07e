"""python -m tests.gui.victim WORKSPACE SETTINGS HOST: a window that is a process of its own, deploys and is killed.

Says the run's id once its installer is asked for, and then only goes on looking at it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from core.app.workspace import Workspace
from gui.desk import Desk, Room
from gui.pages.cycle.page import CyclePage
from gui.window import Window
from tests.gui.driving import LIMIT_MS


def main(workspace: Path, settings: Path, host: str) -> None:
    application = QApplication([])
    desk = Desk(Workspace(workspace), practice=True, settings=QSettings(str(settings), QSettings.Format.IniFormat))
    window = Window(desk)
    window.show()
    desk.go(Room.CYCLE)
    page = window.pages[Room.CYCLE]
    assert isinstance(page, CyclePage)
    _until(lambda: page.scope.rows.total > 0)
    page.scope.choose((host,))
    page.stepper.go_on()
    _until(lambda: page.assess.ready)
    page.stepper.go_on()
    _until(lambda: page.review.ready)
    page.stepper.go_on()
    _until(lambda: page.stepper.current == 3)
    page.authorise.reason.setText("a window that will be killed")
    page.authorise.typed.setText(page.authorise.wanted)
    page.stepper.go_on()
    _until(lambda: page.stepper.current == 4)
    page.deploy.begin()
    _until(lambda: "asks for the installer" in page.deploy.view.log.text)
    print(page.deploy.view.run_id, flush=True)
    application.exec()


def _until(true: Callable[[], bool]) -> None:
    """Up to a limit: whoever waits for this process learns that it came no further."""
    loop = QEventLoop()
    turn = QTimer(loop)
    turn.timeout.connect(lambda: loop.quit() if true() else None)
    turn.start(20)
    QTimer.singleShot(LIMIT_MS, loop, loop.quit)
    loop.exec()
    assert true()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
