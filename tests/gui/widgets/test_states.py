"""What a page shows instead of its content, and where the keyboard is then: never on a button that stops something."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.jobs import Jobs, Trouble
from gui.widgets.keyboard import give_keyboard
from gui.widgets.states import States
from gui.widgets.text import boxed, button, down
from tests.gui.driving import button as button_of
from tests.gui.driving import in_focus, unnamed


@pytest.fixture
def main() -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName("The main part")
    return made


@pytest.fixture
def states(qtbot: QtBot, main: QLineEdit) -> Iterator[States]:
    made = States(boxed(down(button("Stop it all", lambda: None, "danger"), main)), main)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    yield made


@pytest.fixture
def jobs(states: States) -> Iterator[Jobs]:
    made = Jobs(states)
    yield made
    made.stop_all()


def _wait(states: States, jobs: Jobs) -> None:
    states.show_waiting(jobs.start("Reading the runs", threading.Event.wait, lambda _: None, lambda _: None))


def test_while_something_is_awaited_a_key_stops_nothing(states: States, jobs: Jobs) -> None:
    _wait(states, jobs)
    give_keyboard(states)
    assert in_focus().accessibleName() == "Reading the runs"
    assert unnamed(states) == []


def test_what_the_status_bar_stops_is_not_awaited_any_more(states: States, jobs: Jobs) -> None:
    """It counted the seconds of a work that nobody did."""
    stopped: list[bool] = []
    job = jobs.start("Reading the runs", threading.Event.wait, lambda _: None, lambda _: None)
    states.show_waiting(job, lambda: stopped.append(True))
    job.stop()
    assert stopped == [True]


def test_to_stop_waiting_is_told_once(states: States, jobs: Jobs) -> None:
    stopped: list[bool] = []
    job = jobs.start("Reading the runs", threading.Event.wait, lambda _: None, lambda _: None)
    states.show_waiting(job, lambda: stopped.append(True))
    button_of(states, "Stop waiting").click()
    assert stopped == [True]
    assert not job.running


def test_what_was_awaited_takes_the_keyboard_over_when_it_is_there(states: States, jobs: Jobs, main: QLineEdit) -> None:
    give_keyboard(states)
    assert in_focus() is main
    _wait(states, jobs)
    assert in_focus().accessibleName() == "Reading the runs"
    states.show_content()
    assert in_focus() is main


def test_an_empty_page_and_a_trouble_are_read_before_anything_is_pressed(states: States) -> None:
    give_keyboard(states)
    states.show_empty("No run so far", "Begin one.", ("Begin", lambda: None))
    assert in_focus().accessibleName() == "No run so far. Begin one."
    states.show_trouble(Trouble("It was refused", ("line 3",)), lambda: None)
    assert in_focus().accessibleName() == "What happened"


def test_who_is_elsewhere_in_the_content_stays_there(states: States, main: QLineEdit) -> None:
    states.show_content()
    beside = states.findChild(type(button("", lambda: None)))
    assert beside is not None
    beside.setFocus()
    states.show_content()
    assert in_focus() is beside


def test_a_trouble_that_is_told_twice_offers_each_way_once(qtbot: QtBot) -> None:
    states = States(QWidget())
    qtbot.addWidget(states)
    states.show()
    pressed: list[int] = []
    for number in (1, 2):
        way = ("Elsewhere", partial(pressed.append, number))
        states.show_trouble(Trouble("This was refused", ("no",)), None, way)
        button_of(states, "Elsewhere").click()
    assert pressed == [1, 2]
    shown = [one for one in states.findChildren(QPushButton) if one.isVisible()]
    assert sorted(one.accessibleName() for one in shown) == ["Copy", "Elsewhere"]
