"""Words are shortened where they do not fit, by what they need, and never more of them than need be."""

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.theme import wear
from gui.widgets.elided import Elided
from gui.widgets.terse import Terse
from gui.widgets.text import boxed, button, down
from tests.gui.driving import until


class Row:
    def __init__(self, qtbot: QtBot) -> None:
        self.first = button("&Stop after current steps…", lambda: None, "danger")
        self.second = button("Collect &diagnostics", lambda: None, "primary")
        self.third = button("Close", lambda: None)
        self.name = Elided("SQL-HQ-01", "title")
        self.row = Terse(self.name, None, self.first, self.second, self.third)
        self.row.shorten({self.first: "&Stop…", self.second: "&Diagnose"})
        self.page: QWidget = boxed(down(boxed(self.row), None))
        qtbot.addWidget(self.page)
        self.page.resize(1000, 60)
        self.page.show()

    def widen_to(self, width: int) -> None:
        self.page.resize(width, 60)
        QApplication.processEvents()

    @property
    def texts(self) -> list[str]:
        return [one.text() for one in (self.first, self.second)]

    @property
    def cut(self) -> list[str]:
        shown = [one for one in self.page.findChildren(QPushButton) if one.isVisible()]
        return [one.text() for one in shown if one.width() < one.minimumSizeHint().width()]


@pytest.fixture
def row(qtbot: QtBot) -> Row:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    wear(application, dark=False)
    made = Row(qtbot)
    until(qtbot, made.page.isVisible)
    return made


def test_whole_words_stand_exactly_as_long_as_they_fit(row: Row) -> None:
    whole = row.row.sizeHint().width()
    row.widen_to(whole)
    assert row.texts == ["&Stop after current steps…", "Collect &diagnostics"]
    assert row.cut == []
    row.widen_to(whole - 1)
    assert row.texts == ["&Stop…", "Collect &diagnostics"]
    assert row.cut == []


def test_no_button_is_cut_off_down_to_the_least_width_and_what_it_asks_for_does_not_change(row: Row) -> None:
    whole, least = row.row.sizeHint().width(), row.row.minimumSize().width()
    for width in range(whole + 4, least - 1, -7):
        row.widen_to(width)
        assert row.cut == [], width
        assert (row.row.sizeHint().width(), row.row.minimumSize().width()) == (whole, least)
    row.widen_to(least)
    assert row.cut == []
    assert row.texts == ["&Stop…", "&Diagnose"]
    row.widen_to(whole)
    assert row.texts == ["&Stop after current steps…", "Collect &diagnostics"]


def test_a_screen_reader_hears_whole_words(row: Row) -> None:
    row.widen_to(row.row.minimumSize().width())
    assert row.first.accessibleName() == "Stop after current steps…"
    row.row.say(row.name, "Run of 3 May, 14:07", "3 May")
    QApplication.processEvents()
    assert (row.name.words, row.name.accessibleName()) == ("3 May", "Run of 3 May, 14:07")


def test_what_is_hidden_takes_no_room_from_the_words_of_others(row: Row) -> None:
    row.widen_to(row.row.sizeHint().width() - 1)
    assert row.first.text() == "&Stop…"
    row.third.hide()
    QApplication.processEvents()
    assert row.first.text() == "&Stop after current steps…"


def test_a_longer_name_shortens_the_buttons_before_it_is_elided(row: Row) -> None:
    row.widen_to(row.row.sizeHint().width())
    row.name.say("SQL-HEADQUARTERS-01")
    QApplication.processEvents()
    assert row.first.text() == "&Stop…"
    assert row.name.text() == "SQL-HEADQUARTERS-01"


def test_new_words_are_measured_anew(row: Row) -> None:
    row.widen_to(row.row.sizeHint().width())
    row.row.say(row.second, "Collect &diagnostics of all hosts", "&Diagnose")
    QApplication.processEvents()
    assert row.texts == ["&Stop…", "Collect &diagnostics of all hosts"]
    assert row.second.accessibleName() == "Collect diagnostics of all hosts"


def test_what_a_page_asks_for_is_the_same_at_once_in_whatever_width_its_row_was_put(qtbot: QtBot) -> None:
    """A layout hears late that words within a layout of its own became others."""
    parts = [button("&Stop after current steps…", lambda: None), button("Collect &diagnostics", lambda: None)]
    terse = Terse(*parts, None)
    terse.shorten({parts[0]: "&Stop…", parts[1]: "&Diagnose"})
    page = boxed(down(terse, None))
    qtbot.addWidget(page)
    page.show()
    least = page.minimumSizeHint().width()
    for width in range(terse.sizeHint().width() + 4, least - 1, -3):
        page.resize(width, 60)
        assert page.minimumSizeHint().width() == least, width
