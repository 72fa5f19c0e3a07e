"""Where there is not room for all columns, the less important give way, and none beyond what can still be read."""

from collections.abc import Sequence

import pytest
from pytestqt.qtbot import QtBot

from gui.models.table import Column, Rows
from gui.widgets.fitting import fitted, least_width
from gui.widgets.grid import Grid
from tests.gui.driving import until


@pytest.mark.parametrize(
    ("columns", "room", "widths"),
    [
        (((100, 100), (200, 50)), 300, [100, 200]),
        (((100, 100), (200, 50)), 225, [100, 125]),
        (((100, 100), (200, 50), (200, 50)), 300, [100, 100, 100]),
        (((100, 100), (200, 50)), 20, [100, 50]),
        (((100, 100),), 20, [100]),
    ],
)
def test_what_is_missing_is_taken_from_what_can_be_spared(
    columns: Sequence[tuple[int, int]], room: int, widths: list[int]
) -> None:
    assert fitted(columns, room) == widths


@pytest.mark.parametrize(
    ("wanted", "room", "widths"),
    [
        ((100, 300, 100), 600, [100, 400, 100]),
        ((100, 300, 600), 1900, [100, 600, 1200]),
        ((100, 200), 600, [100, 200]),
    ],
)
def test_what_is_left_over_goes_to_sentences(wanted: Sequence[int], room: int, widths: list[int]) -> None:
    assert fitted([(one, one) for one in wanted], room) == widths


@pytest.mark.parametrize(
    ("room", "widths"),
    [
        (300, [100, 100, 100]),
        (340, [120, 120, 100]),
        (400, [130, 170, 100]),
        (600, [130, 200, 100]),
    ],
)
def test_without_sentences_what_is_left_over_goes_to_words_that_would_be_cut(room: int, widths: list[int]) -> None:
    assert fitted([(100, 100)] * 3, room, lambda: (130, 200, 60)) == widths


def test_what_names_the_row_keeps_its_width_and_no_column_vanishes() -> None:
    assert least_width(150, None, keeps=True) == 150
    assert least_width(300, None, keeps=False) == 180
    assert least_width(60, None, keeps=False) == 56
    assert least_width(100, 90, keeps=True) == 90


def test_a_table_fits_its_columns_to_the_room_there_is(qtbot: QtBot) -> None:
    columns: tuple[Column[str], ...] = (Column("Host", str, width=150), Column("Why", str, width=400, least=100))
    grid = Grid("Hosts", Rows(None, columns, str))
    qtbot.addWidget(grid)
    grid.resize(800, 200)
    grid.show()
    until(qtbot, lambda: grid.columnWidth(1) >= 400)
    grid.resize(320, 200)
    until(qtbot, lambda: grid.columnWidth(0) + grid.columnWidth(1) <= grid.viewport().width())
    assert grid.columnWidth(0) == 150


def test_words_are_not_cut_beside_empty_room(qtbot: QtBot) -> None:
    columns: tuple[Column[str], ...] = (
        Column("Version", str, width=110),
        Column("Description", lambda row: f"Security update for {row} SP3, KB5029186", width=110),
        Column("Restart", lambda _: "yes", width=110),
    )
    rows = Rows(None, columns, str)
    grid = Grid("Mapping", rows)
    qtbot.addWidget(grid)
    grid.resize(1200, 200)
    grid.show()
    rows.set_rows(["SQL Server 2016", "SQL Server 2017"])
    longest = grid.fontMetrics().horizontalAdvance(columns[1].text("SQL Server 2016"))
    until(qtbot, lambda: grid.columnWidth(1) > longest)
    grid.resize(340, 200)
    until(qtbot, lambda: sum(grid.columnWidth(one) for one in range(3)) <= grid.viewport().width())
