"""The system's own notification, where it has a tray; a remote desktop or a bare screen may have none."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QStyle, QSystemTrayIcon

from gui.language import tr


class Tray(QObject):
    """There for as long as there may be something to tell."""

    clicked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None

    def show_icon(self) -> bool:
        """Whether the system takes notifications now: a tray may come and go with a session."""
        if self._icon is None and QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            self._icon = QSystemTrayIcon(_picture(), self)
            self._icon.setToolTip(tr("Drydock"))
            self._icon.messageClicked.connect(self.clicked)
            self._icon.activated.connect(lambda _reason: self.clicked.emit())
            self._icon.show()
        return self._icon is not None

    def tell(self, title: str, text: str, bad: bool) -> None:
        if self._icon is not None:
            kinds = QSystemTrayIcon.MessageIcon
            self._icon.showMessage(title, text, kinds.Warning if bad else kinds.Information)

    def hide(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon = None


def _picture() -> QIcon:
    """The application's; where it wears none, the system's for a computer."""
    own = QApplication.windowIcon()
    return own if not own.isNull() else QApplication.style().standardIcon(QStyle.StandardPixmap.SP_ComputerIcon)
