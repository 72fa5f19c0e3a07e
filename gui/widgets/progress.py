"""A thin bar that fills with parts, each in its tone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Tone, tokens

_HEIGHT = 6


class Progress(QWidget):
    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._parts: tuple[tuple[int, Tone], ...] = ()
        self._total = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: Sequence[tuple[int, Tone]], total: int) -> None:
        self._parts, self._total = tuple(parts), total
        done = sum(count for count, _ in parts)
        self.setAccessibleName(f"{self._name}: {done} / {total}")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens().quiet_back))
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        left = 0.0
        for count, tone in self._parts:
            if count and self._total:
                width = self.width() * count / self._total
                painter.setBrush(tokens().tone(tone))
                painter.drawRoundedRect(QRectF(left, 0, width, self.height()), 3, 3)
                left += width
        painter.end()
