"""A window in a process of its own: says "up" when it is painted. "bare" is one with nothing but a table."""

import os
import sys
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"


def main(which: str, folder: Path) -> None:
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    window = bare() if which == "bare" else ours(application, folder)
    window.resize(1280, 720)  # type: ignore[attr-defined]
    window.show()  # type: ignore[attr-defined]
    window.grab()  # type: ignore[attr-defined]
    print("up", flush=True)
    # Without a farewell: what is measured ends here.
    os._exit(0)


def bare() -> object:
    from PySide6.QtWidgets import QMainWindow, QTableWidget

    window = QMainWindow()
    window.setCentralWidget(QTableWidget(20, 8))
    return window


def ours(application: object, folder: Path) -> object:
    """As gui.main does it."""
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from core.app.place import Workspace
    from gui.main import Face

    assert isinstance(application, QApplication)
    face = Face(application, QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat), folder)
    face.open(Workspace(folder))
    return face.window


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.gettempdir()))
