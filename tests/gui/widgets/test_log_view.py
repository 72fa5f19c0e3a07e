"""A log that stays at its end while that is what one looks at."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.widgets.log_view import LogView


@pytest.fixture
def log(dressed: QApplication, qtbot: QtBot) -> LogView:
    made = LogView("Log")
    qtbot.addWidget(made)
    made.resize(300, 400)
    made.show()
    made.show_lines([f"line {number}" for number in range(100)])
    return made


def _is_at_end(log: LogView) -> bool:
    bar = log.verticalScrollBar()
    return bar.maximum() > 0 and bar.value() == bar.maximum()


def test_a_log_that_becomes_smaller_still_shows_its_end(log: LogView) -> None:
    assert _is_at_end(log)
    log.resize(300, 120)
    assert _is_at_end(log)


def test_what_came_while_it_was_hidden_is_what_it_shows(log: LogView) -> None:
    log.hide()
    log.add_lines([f"later {number}" for number in range(50)])
    log.resize(300, 120)
    log.show()
    QApplication.processEvents()
    assert _is_at_end(log)


def test_whoever_looks_at_earlier_lines_is_left_there(log: LogView) -> None:
    log.verticalScrollBar().setValue(10)
    log.resize(300, 120)
    log.add_lines(["news"])
    log.hide()
    log.show()
    assert log.verticalScrollBar().value() == 10


def test_a_long_line_is_elided_and_not_scrolled_aside(log: LogView) -> None:
    log.show_lines(["word " * 200, "short"])
    assert log.horizontalScrollBar().maximum() == 0
    assert log.visualRect(log.model().index(0, 0)).width() <= log.viewport().width()
