"""Sentences that take the rows they need; folded they take one, and the whole of them is said beside the pointer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class Folding(QLabel):
    def __init__(self, kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(kind)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        # In one row its words would be what keeps the window from becoming narrower.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.words = ""
        self._folded = False

    def say(self, words: str) -> None:
        if words != self.words:
            self.words = words
            self.setAccessibleName(words)
            self._fit()

    def fold(self, folded: bool) -> None:
        self._folded = folded
        self.setWordWrap(not folded)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        fitting = self.words
        if self._folded:
            fitting = self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, self.width())
        self.setText(fitting)
        self.setToolTip("" if fitting == self.words else self.words)
