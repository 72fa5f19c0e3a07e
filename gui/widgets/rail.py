"""The left rail: one place a page, with a picture and a word; on a narrow window the picture alone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QWidget

from gui.language import tr
from gui.widgets.icons import icon
from gui.widgets.text import down

_WIDE, _NARROW = 148, 54


class Rail(QWidget):
    chosen = Signal(str)

    def __init__(self, places: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """Each place is its key, which names its picture too, and its title."""
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        self._places = down(gap=2, edge=8)
        self.setLayout(self._places)
        for number, (key, title) in enumerate(places, start=1):
            self._add(key, title, number)
        self._places.addStretch(1)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        self.setFixedWidth(_NARROW if narrow else _WIDE)
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for button in self._buttons.values():
            button.setToolButtonStyle(style)

    def show_chosen(self, key: str) -> None:
        self._buttons[key].setChecked(True)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Pictures are drawn in the colour of the text, which changes with the look."""
        if event.type() is QEvent.Type.PaletteChange:
            for key, button in self._buttons.items():
                button.setIcon(icon(key))
        super().changeEvent(event)

    def _add(self, key: str, title: str, number: int) -> None:
        made = QToolButton()
        made.setObjectName("place")
        made.setText(title)
        made.setIcon(icon(key))
        made.setIconSize(QSize(18, 18))
        made.setCheckable(True)
        made.setAccessibleName(title)
        made.setToolTip(tr("{title} (Alt+{n})", title=title, n=number))
        made.setShortcut(f"Alt+{number}")
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(made)
        self._buttons[key] = made
        self._places.addWidget(made)
