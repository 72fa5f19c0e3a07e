"""The left rail: one place a page, with a picture and a word; on a narrow window the picture alone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QWidget

from gui.language import tr
from gui.widgets.icons import icon
from gui.widgets.text import down

_WIDE, _NARROW = 148, 54
# Of Qt.ToolButtonStyle: Qt's namespace of constants takes a tenth of the time until the window is there.
_PICTURE_ALONE, _PICTURE_AND_WORD = 0, 2


class Rail(QFrame):
    chosen = Signal(str)

    def __init__(self, places: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """Each place is its key, which names its picture too, and its title."""
        super().__init__(parent)
        self.setObjectName("rail")
        self._group = QButtonGroup(self)
        self._drawn = False
        self._buttons: dict[str, QToolButton] = {}
        self._places = down(gap=2, edge=8)
        self.setLayout(self._places)
        for number, (key, title) in enumerate(places, start=1):
            self._add(key, title, number)
        self._places.addStretch(1)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        self.setFixedWidth(_NARROW if narrow else _WIDE)
        for button in self._buttons.values():
            button.setProperty("toolButtonStyle", _PICTURE_ALONE if narrow else _PICTURE_AND_WORD)

    def show_chosen(self, key: str) -> None:
        self._buttons[key].setChecked(True)

    def complete(self) -> None:
        """Pictures and keys, once the words are seen: what they load takes a tenth of the way there."""
        for number, button in enumerate(self._buttons.values(), start=1):
            button.setShortcut(f"Alt+{number}")
        self._draw()

    def _draw(self) -> None:
        self._drawn = True
        for key, button in self._buttons.items():
            button.setIcon(icon(key))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Pictures are drawn in the colour of the text, which changes with the look."""
        if self._drawn and event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _add(self, key: str, title: str, number: int) -> None:
        made = QToolButton()
        made.setObjectName("place")
        made.setText(title)
        made.setIconSize(QSize(18, 18))
        made.setCheckable(True)
        made.setAccessibleName(title)
        made.setToolTip(tr("{title} (Alt+{n})", title=title, n=number))
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(made)
        self._buttons[key] = made
        self._places.addWidget(made)
