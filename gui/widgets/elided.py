"""A line of words that gives way where there is no room; the whole of it is said beside the pointer."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_LEAST = 48


class Elided(QLabel):
    """One row high, however long its words are. The status bar has some, and Qt's own names take long to come: they are
    asked for only where words have to give way, or could be taken for markup."""

    def __init__(self, words: str = "", kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(kind)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._placed = False
        self.words = ""
        self.say(words)

    def say(self, words: str) -> None:
        if words != self.words:
            self.words = words
            self.setAccessibleName(words)
            self._take_literally(words)
            self.updateGeometry()
            self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        self.ensurePolished()
        return QSize(self.fontMetrics().horizontalAdvance(self.words) + 1, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        whole = self.sizeHint()
        return QSize(min(_LEAST, whole.width()), whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._placed = True
        self._fit()

    def _take_literally(self, words: str) -> None:
        if "<" in words:
            from PySide6.QtCore import Qt

            self.setTextFormat(Qt.TextFormat.PlainText)

    def _fit(self) -> None:
        """Before it has its place nobody knows how much fits."""
        fitting = self.words
        if self._placed and self.fontMetrics().horizontalAdvance(self.words) > self.width():
            from PySide6.QtCore import Qt

            fitting = self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, self.width())
        self.setText(fitting)
        self.setToolTip("" if fitting == self.words else self.words)
