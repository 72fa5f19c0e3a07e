"""Hands a file or folder to the desktop's own program, and never leaves anybody without a word of where it lies."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from gui.desk import Desk
from gui.jobs import Trouble
from gui.language import tr


def show_outside(desk: Desk, path: Path) -> None:
    """What the desktop does with it nobody here can know: that it was handed over is all that is said."""
    if not path.exists():
        remedy = tr("Somebody moved or removed it. Make it again.")
        desk.show_trouble(Trouble(tr("{name} is not there any more", name=path.name), (str(path),), remedy))
    elif QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        desk.say(tr("Handed to this computer's own program: {path}", path=path))
    else:
        remedy = tr("It lies there all the same. Copy the path, or take it to a computer that can show it.")
        title = tr("No program on this computer opens {name}", name=path.name)
        desk.show_trouble(Trouble(title, (str(path),), remedy))
