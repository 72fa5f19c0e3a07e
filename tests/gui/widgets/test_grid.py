"""A table without rows says why, and its frame stands around it whether it has the keyboard or not."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.models.table import Column, Rows
from gui.widgets.fitting import fitted
from gui.widgets.grid import Grid


@pytest.fixture
def grid(qtbot: QtBot, dressed: QApplication) -> Grid:
    rows: Rows[str] = Rows(None, (Column("Host", lambda name: name),), lambda name: name)
    made = Grid("Hosts", rows, "No run has touched it.")
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show()
    return made


def test_a_table_that_has_no_rows_says_so(grid: Grid) -> None:
    assert grid.nothing == "No run has touched it."
    grid.rows.set_rows(["SQL01"])
    assert grid.nothing == ""


def test_a_filter_that_hides_every_row_is_named_as_the_reason(grid: Grid) -> None:
    grid.rows.set_rows(["SQL01"])
    grid.rows.set_filter("nowhere")
    assert grid.nothing == "No row fits the filter."


def test_rows_do_not_move_nor_cover_the_frame_when_the_table_gets_the_keyboard(grid: Grid) -> None:
    before = grid.viewport().geometry()
    grid.setFocus()
    grid.style().unpolish(grid)
    grid.style().polish(grid)
    QApplication.processEvents()
    assert grid.viewport().geometry() == before
    assert before.left() >= 2, "the frame of two pixels has no room"


def test_where_there_is_no_room_every_title_can_still_be_read(qtbot: QtBot, dressed: QApplication) -> None:
    titles = ("Host", "Patches", "Assessed", "Patched", "Tenant")
    columns = tuple(Column(title, lambda name: name, width=140) for title in titles)
    rows: Rows[str] = Rows(None, columns, lambda name: name)
    grid = Grid("Hosts", rows)
    qtbot.addWidget(grid)
    grid.resize(200, 200)
    grid.show()
    QApplication.processEvents()
    header = grid.horizontalHeader()
    for number, title in enumerate(titles):
        assert header.sectionSize(number) >= grid.fontMetrics().horizontalAdvance(title) + 12
        assert number == 0 or header.sectionSize(number) < 140


def test_columns_that_give_way_fit_to_the_pixel() -> None:
    """One pixel too much would call for a scroll bar."""
    columns = [(101, 50), (103, 50), (107, 50), (109, 50)]
    assert all(sum(fitted(columns, room)) <= room for room in range(200, 420))
