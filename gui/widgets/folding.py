"""Sentences that take the rows they need; folded they take one, and the whole of them is said beside the pointer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_TWO_ROWS = 34


class Folding(QLabel):
    """Where its words change often, it holds two rows for them, so that nothing else moves."""

    def __init__(self, kind: str = "", parent: QWidget | None = None, *, two_rows: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName(kind)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        # In one row its words would be what keeps the window from becoming narrower.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.words = ""
        self._folded = False
        self._two_rows = two_rows
        self._hold()

    def say(self, words: str) -> None:
        if words != self.words:
            self.words = words
            self.setAccessibleName(words)
            self._fit()

    def give_way(self, low: bool) -> None:
        self._folded = low
        self.setWordWrap(not low)
        self._hold()
        self._fit()

    def hold_rows(self, two_rows: bool) -> None:
        self._two_rows = two_rows
        self._hold()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def _hold(self) -> None:
        self.setMinimumHeight(_TWO_ROWS if self._two_rows and not self._folded else 0)

    def _fit(self) -> None:
        fitting = self.words
        if self._folded:
            fitting = self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, self.width())
        self.setText(fitting)
        self.setToolTip("" if fitting == self.words else self.words)
