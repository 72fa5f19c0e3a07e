"""Ticks stand in columns: as many as there is room for, and under each other where there is none."""

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.columns import Columns
from gui.widgets.text import boxed, down, label

_WORDS = ("CU", "GDR", "Security updates of the system", "Drivers", "Feature packs")


class Ticks:
    def __init__(self, qtbot: QtBot) -> None:
        self.boxes = [QCheckBox(words) for words in _WORDS]
        self.below = label("what stands below")
        self.page: QWidget = boxed(down(Columns(self.boxes), self.below, None))
        qtbot.addWidget(self.page)
        self.page.resize(2000, 300)
        self.page.show()
        self.widest = max(one.sizeHint().width() for one in self.boxes)

    def widen_to(self, width: int) -> None:
        self.page.resize(width, 300)
        QApplication.processEvents()

    @property
    def per_row(self) -> int:
        return sum(one.y() == self.boxes[0].y() for one in self.boxes)


@pytest.fixture
def ticks(qtbot: QtBot) -> Ticks:
    return Ticks(qtbot)


def test_there_are_as_many_columns_as_fit(ticks: Ticks) -> None:
    found = []
    for width in (2000, 4 * ticks.widest, 3 * ticks.widest, 2 * ticks.widest, ticks.widest):
        ticks.widen_to(width)
        found.append(ticks.per_row)
        assert all(one.width() >= one.sizeHint().width() for one in ticks.boxes)
        assert all(one.geometry().right() < width for one in ticks.boxes)
    assert found == [5, 3, 2, 1, 1]


def test_what_stands_below_is_never_covered(ticks: Ticks) -> None:
    for width in (2000, ticks.widest):
        ticks.widen_to(width)
        assert ticks.below.y() >= max(one.geometry().bottom() for one in ticks.boxes)


def test_ticks_of_a_column_stand_under_each_other(ticks: Ticks) -> None:
    ticks.widen_to(3 * ticks.widest)
    assert ticks.boxes[0].x() == ticks.boxes[2].x() == ticks.boxes[4].x()
    assert ticks.boxes[1].x() == ticks.boxes[3].x()
