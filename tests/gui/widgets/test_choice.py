"""Whoever scrolls through a form scrolls: no field under the pointer is changed by it."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.widgets.choice import ChoiceBox, Moment

_AT = QPointF(10, 10)


@pytest.mark.parametrize("made", [ChoiceBox, Moment])
def test_the_wheel_changes_no_field_and_is_left_to_the_form(qtbot: QtBot, made: type[ChoiceBox] | type[Moment]) -> None:
    field = made()
    qtbot.addWidget(field)
    if isinstance(field, ChoiceBox):
        field.addItems(["https", "http"])
    field.show()
    field.setFocus()
    before = _value(field)
    none, down = QPoint(), QPoint(0, -120)
    still = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    turned = QWheelEvent(_AT, field.mapToGlobal(_AT), none, down, *still, False)
    QApplication.sendEvent(field, turned)
    assert _value(field) == before
    assert not turned.isAccepted(), "the form that it stands in would not scroll"


def _value(field: ChoiceBox | Moment) -> object:
    return field.currentText() if isinstance(field, ChoiceBox) else field.dateTime()
