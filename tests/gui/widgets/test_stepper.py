"""One goes on when the step agrees, now or later; back is always possible, and nothing holds up the window."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.stepper import Answer, Step, Stepper


class _Asking(Step):
    """Answers when the test says so."""

    title, onward = "Ask", "On"
    asked: Answer | None = None

    def leave(self, answer: Answer) -> None:
        self.asked = answer


class _Last(Step):
    title = "Last"


@pytest.fixture
def steps(qtbot: QtBot) -> tuple[_Asking, Stepper]:
    first = _Asking()
    stepper = Stepper(QWidget(), (first, _Last()), QWidget())
    qtbot.addWidget(stepper)
    stepper.show()
    return first, stepper


def test_the_answer_may_come_later(steps: tuple[_Asking, Stepper]) -> None:
    first, stepper = steps
    stepper.go_on()
    assert stepper.current == 0
    assert not stepper.on_button.isEnabled()
    assert first.asked is not None
    first.asked(True)
    assert stepper.current == 1


def test_a_no_leaves_everything_as_it_was(steps: tuple[_Asking, Stepper]) -> None:
    first, stepper = steps
    stepper.go_on()
    assert first.asked is not None
    first.asked(False)
    assert stepper.current == 0
    assert stepper.on_button.isEnabled()


def test_an_answer_that_comes_after_another_way_was_taken_moves_nothing(steps: tuple[_Asking, Stepper]) -> None:
    first, stepper = steps
    stepper.go_on()
    stepper.go_to(1)
    stepper.back()
    stepper.go_to(1)
    assert first.asked is not None
    first.asked(True)
    assert stepper.current == 1


def test_a_step_that_was_not_reached_cannot_be_jumped_to(steps: tuple[_Asking, Stepper]) -> None:
    _, stepper = steps
    assert [name.isEnabled() for name in stepper.names] == [True, False]
    stepper.go_to(1)
    stepper.back()
    assert [name.isEnabled() for name in stepper.names] == [True, True]
    stepper.forget_after(0)
    assert [name.isEnabled() for name in stepper.names] == [True, False]


def test_where_there_is_no_room_the_steps_have_numbers_and_keep_their_names_for_a_screen_reader(
    steps: tuple[_Asking, Stepper], qtbot: QtBot
) -> None:
    _, stepper = steps
    stepper.resize(400, 300)
    qtbot.waitUntil(lambda: [one.text() for one in stepper.names] == ["1  Ask", "2"], timeout=5_000)
    assert stepper.names[1].accessibleName() == "Step 2, Last"
    stepper.resize(900, 500)
    qtbot.waitUntil(lambda: stepper.names[1].text() == "2  Last", timeout=5_000)


def test_on_a_low_screen_the_ways_back_and_on_stand_in_the_row_of_the_steps(
    steps: tuple[_Asking, Stepper], qtbot: QtBot
) -> None:
    """A page that shows hosts has that much more room for them."""
    first, stepper = steps
    stepper.go_to(1)
    stepper.back()
    stepper.resize(620, 500)
    qtbot.waitUntil(lambda: stepper.on_button.y() > 400, timeout=5_000)
    before = first.height()
    stepper.resize(620, 300)
    name = stepper.names[0]
    qtbot.waitUntil(lambda: abs(stepper.on_button.geometry().center().y() - name.geometry().center().y()) <= 2)
    assert stepper.on_button.isVisible()
    assert before - first.height() < 200, "it has lost more than the screen did"
    stepper.resize(620, 500)
    qtbot.waitUntil(lambda: first.height() == before, timeout=5_000)
