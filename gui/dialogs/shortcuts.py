"""F1: the keys that hold now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from gui.language import tr
from gui.widgets.text import across, boxed, button, down, label


class Shortcuts(QDialog):
    def __init__(self, keys: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        for line, (key, what) in enumerate(keys):
            grid.addWidget(label(key, "strong"), line, 0)
            grid.addWidget(label(what), line, 1)
        close = button(tr("Close"), self.reject, "primary")
        close.setDefault(True)
        self.setLayout(down(boxed(grid), None, across(None, close), gap=12, edge=16))
