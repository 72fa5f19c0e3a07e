"""What a page shows instead of its content; what is told anew takes the place of what was told before."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.jobs import Trouble
from gui.widgets.states import States
from tests.gui.driving import button


def test_a_trouble_that_is_told_twice_offers_each_way_once(qtbot: QtBot) -> None:
    states = States(QWidget())
    qtbot.addWidget(states)
    states.show()
    pressed: list[int] = []
    for number in (1, 2):
        way = ("Elsewhere", partial(pressed.append, number))
        states.show_trouble(Trouble("This was refused", ("no",)), None, way)
        button(states, "Elsewhere").click()
    assert pressed == [1, 2]
    shown = [one for one in states.findChildren(QPushButton) if one.isVisible()]
    assert sorted(one.accessibleName() for one in shown) == ["Copy", "Elsewhere"]
