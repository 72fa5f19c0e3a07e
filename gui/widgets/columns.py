"""Parts in as many columns as there is room for, each as wide as the widest of them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

_ASIDE, _BELOW = 16, 6


class Columns(QLayout):
    """With less room they become fewer, and it becomes higher; nobody has to scroll aside for it."""

    def __init__(self, parts: Iterable[QWidget]) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        for part in parts:
            self.addWidget(part)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's name
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, number: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        return self._items[number] if 0 <= number < len(self._items) else None

    def takeAt(self, number: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        return self._items.pop(number) if 0 <= number < len(self._items) else None

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        rows = -(-len(self._items) // self._fitting(width))
        return rows * (self._part.height() + _BELOW) - _BELOW

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All in one row, if there were room for it."""
        part, number = self._part, len(self._items)
        return QSize(number * (part.width() + _ASIDE) - _ASIDE, part.height())

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        return self._part

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802 - Qt's name
        super().setGeometry(rect)
        part, columns = self._part, self._fitting(rect.width())
        for number, item in enumerate(self._items):
            row, column = divmod(number, columns)
            aside = QPoint(column * (part.width() + _ASIDE), row * (part.height() + _BELOW))
            item.setGeometry(QRect(rect.topLeft() + aside, QSize(min(part.width(), rect.width()), part.height())))

    def _fitting(self, width: int) -> int:
        return max(1, min(len(self._items), (width + _ASIDE) // (self._part.width() + _ASIDE)))

    @property
    def _part(self) -> QSize:
        """As large as the largest."""
        largest = QSize()
        for item in self._items:
            largest = largest.expandedTo(item.sizeHint())
        return largest
