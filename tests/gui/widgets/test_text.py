"""A button does what its words say, also for somebody who uses keys."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from gui.widgets.text import across, button
from tests.gui.driving import press


def test_enter_presses_the_button_that_has_the_keyboard_and_not_the_one_that_the_dialog_is_for(qtbot: QtBot) -> None:
    """Whoever stands on Cancel and presses Enter has not confirmed anything."""
    pressed: list[str] = []
    dialog = QDialog()
    cancel = button("Cancel", lambda: pressed.append("cancel"))
    go = button("Withdraw the host", lambda: pressed.append("withdraw"))
    go.setDefault(True)
    dialog.setLayout(across(cancel, go))
    qtbot.addWidget(dialog)
    dialog.show()
    cancel.setFocus()
    press(cancel, Qt.Key.Key_Return)
    assert pressed == ["cancel"]
    go.setFocus()
    press(go, Qt.Key.Key_Enter)
    assert pressed == ["cancel", "withdraw"]
