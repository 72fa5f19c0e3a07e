"""A column around a table that one came for: where the screen is low, all else in it gives way to the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

_GAP, _TIGHT = 8, 2


class Part(Protocol):
    def give_way(self, low: bool) -> None: ...


class GivingWay(QWidget):
    """What a page does besides, it is called for."""

    def __init__(
        self, column: QVBoxLayout, below: int, parts: tuple[Part, ...], also: Callable[[bool], None] | None = None
    ) -> None:
        super().__init__()
        self.low = False
        self._column, self._below, self._parts, self._also = column, below, parts, also
        self.setLayout(column)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        low = event.size().height() < self._below
        if low is self.low:
            return
        self.low = low
        self._column.setSpacing(_TIGHT if low else _GAP)
        for part in self._parts:
            part.give_way(low)
        if self._also is not None:
            self._also(low)
