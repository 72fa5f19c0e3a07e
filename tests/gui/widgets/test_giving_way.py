"""Where a page is low its parts give way to the rows of its table, and come back with the room."""

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.folding import Folding
from gui.widgets.giving_way import GivingWay
from gui.widgets.text import down

_WORDS = "3 patched and verified, 1 failed, 2 left as they are because their backups are too old for the policy."


def _page(qtbot: QtBot, told: list[bool]) -> tuple[GivingWay, Folding, QWidget]:
    words, rows = Folding(two_rows=True), QWidget()
    column = down(words)
    column.addWidget(rows, 1)
    page = GivingWay(column, 200, (words,), told.append)
    qtbot.addWidget(page)
    words.say(_WORDS)
    page.resize(300, 400)
    page.show()
    QApplication.processEvents()
    return page, words, rows


def test_on_a_low_page_words_take_one_row_and_are_said_beside_the_pointer(qtbot: QtBot) -> None:
    told: list[bool] = []
    page, words, rows = _page(qtbot, told)
    assert words.text() == _WORDS
    assert told == []
    page.resize(300, 190)
    QApplication.processEvents()
    assert words.text().endswith("…")
    assert words.toolTip() == _WORDS
    assert rows.height() > 160
    page.resize(300, 180)
    page.resize(300, 400)
    QApplication.processEvents()
    assert told == [True, False], "it is told once for each turn"
    assert words.text() == _WORDS


def test_words_that_come_and_go_hold_two_rows_so_that_nothing_moves(qtbot: QtBot) -> None:
    _, words, rows = _page(qtbot, [])
    words.say("One row is enough for it.")
    QApplication.processEvents()
    before = rows.y()
    words.say("")
    QApplication.processEvents()
    assert rows.y() == before
