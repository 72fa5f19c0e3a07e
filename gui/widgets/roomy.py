"""A page that is never squeezed below what can be read: what is left of it is scrolled to."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget


class Roomy(QScrollArea):
    """Qt's own way to fit a body asks for the room that it would like, and scrolls where there is enough to do with."""

    def __init__(self, body: QWidget, least: QSize, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body, self._least = body, least
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body.setObjectName("body")
        self.setWidget(body)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._body.resize(self.viewport().size().expandedTo(self._least))
