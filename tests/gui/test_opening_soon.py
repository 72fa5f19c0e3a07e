"""A window is painted before what takes long is loaded: Qt's own names take a good part of that time."""

import os
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import os, sys
from pathlib import Path
from PySide6 import QtCore
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from core.app.place import Workspace
from gui.main import Face

folder = Path(sys.argv[1])
application = QApplication([])
face = Face(application, QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat), folder)
face.open(Workspace(folder))
face.window.show()
face.window.grab()
print(sorted({"Qt", "QSettings"} & set(vars(QtCore))), flush=True)
os._exit(0)
"""


def test_the_window_is_painted_without_qts_namespace(tmp_path: Path) -> None:
    """A class is there once somebody asked for it, as QSettings is."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    told = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(tmp_path)], stdout=subprocess.PIPE, env=environment, check=True, text=True
    )
    assert told.stdout.strip() == "['QSettings']"
