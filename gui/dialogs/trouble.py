"""Trouble that came up beside what is shown: it can be read, copied and put away."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from gui.jobs import Trouble
from gui.language import tr
from gui.widgets.states import TroublePanel
from gui.widgets.text import across, boxed, button, down


class TroubleDialog(QDialog):
    def __init__(self, trouble: Trouble, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(trouble.title)
        self.resize(620, 320)
        self.panel = TroublePanel()
        self.panel.say(trouble, None)
        self.setLayout(down(self.panel, boxed(across(None, button(tr("Close"), self.reject, "primary"), edge=12))))
