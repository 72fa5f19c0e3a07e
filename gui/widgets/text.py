"""Labels, buttons and boxes, named for those who cannot see them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

# What has many lines takes the room that the others leave.
# What Qt calls Qt.TextFormat.PlainText: its namespace of constants takes a tenth of the time until the window is there.
_PLAIN_TEXT = 0

_GROWING = (QAbstractScrollArea, QSplitter, QStackedWidget, QTabWidget)


class _Button(QPushButton):
    """Enter presses the button that has the keyboard. Left to Qt, it would press the one that a dialog is for, also
    for somebody who stands on Cancel."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.text() == "\r" and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


def label(text: str = "", kind: str = "", wrap: bool = False) -> QLabel:
    """Kinds are those of the style sheet: title, heading, strong, muted, figure."""
    made = QLabel(text)
    made.setObjectName(kind)
    made.setProperty("textFormat", _PLAIN_TEXT)
    made.setWordWrap(wrap)
    return made


def button(text: str, pressed: Callable[[], object], kind: str = "", hint: str = "") -> QPushButton:
    """Kinds are those of the style sheet: primary, danger, link."""
    made = _Button(text)
    made.setObjectName(kind)
    made.setAccessibleName(text.replace("&", ""))
    made.setToolTip(hint)
    made.setAutoDefault(False)
    made.clicked.connect(lambda _checked: pressed())
    return made


def across(*parts: QWidget | QLayout | None, gap: int = 8, edge: int = 0) -> QHBoxLayout:
    """None is a place that grows."""
    row = QHBoxLayout()
    fill(row, parts, gap, edge)
    return row


def down(*parts: QWidget | QLayout | None, gap: int = 8, edge: int = 0) -> QVBoxLayout:
    """None is a place that grows."""
    column = QVBoxLayout()
    fill(column, parts, gap, edge)
    return column


def under_tabs(*parts: QWidget | QLayout | None) -> QVBoxLayout:
    """A tab's page, a little below the line under its name."""
    column = down(*parts)
    column.setContentsMargins(0, 8, 0, 0)
    return column


def boxed(layout: QLayout, kind: str = "") -> QWidget:
    made = QWidget()
    made.setObjectName(kind)
    made.setLayout(layout)
    return made


def card(layout: QLayout, edge: int = 12) -> QFrame:
    made = QFrame()
    made.setObjectName("card")
    layout.setContentsMargins(edge, edge, edge, edge)
    made.setLayout(layout)
    return made


def scrolled(body: QWidget, name: str) -> QScrollArea:
    """What does not fit on a small screen can be scrolled to."""
    from PySide6.QtCore import Qt

    area = QScrollArea()
    area.setAccessibleName(name)
    area.setWidgetResizable(True)
    body.setObjectName("body")
    area.setWidget(body)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def fill(layout: QBoxLayout, parts: tuple[QWidget | QLayout | None, ...], gap: int, edge: int) -> None:
    layout.setSpacing(gap)
    layout.setContentsMargins(edge, edge, edge, edge)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, QWidget):
            layout.addWidget(part, 1 if isinstance(part, _GROWING) else 0)
        else:
            layout.addLayout(part)
