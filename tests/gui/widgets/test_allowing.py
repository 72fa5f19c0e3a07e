"""What cannot be pressed says why; what is taken away hands the keyboard to the main part, not to its neighbour."""

import re
from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

import gui
from gui.widgets.allowing import allow
from gui.widgets.keyboard import lead, show_if
from gui.widgets.text import across, boxed, button
from tests.gui.driving import in_focus

_GUI = Path(gui.__file__).parent


def test_what_may_not_be_pressed_says_why_and_its_own_hint_comes_back(qtbot: QtBot) -> None:
    made = button("Save", lambda: None, hint="Writes the file")
    qtbot.addWidget(made)
    allow(made, "nothing was changed")
    assert not made.isEnabled()
    assert made.toolTip() == made.accessibleDescription() == "nothing was changed"
    allow(made, "it is being proven")
    assert made.toolTip() == "it is being proven"
    allow(made)
    assert made.isEnabled()
    assert made.toolTip() == "Writes the file"
    assert made.accessibleDescription() == ""


def test_a_new_hint_takes_the_place_of_the_old_one(qtbot: QtBot) -> None:
    made = button("Retry", lambda: None, hint="old")
    qtbot.addWidget(made)
    allow(made, "not yet", hint="new")
    allow(made)
    assert made.toolTip() == "new"


def test_the_keyboard_goes_to_the_main_part_and_not_to_the_button_beside(qtbot: QtBot) -> None:
    main, resume, stop = QLineEdit(), button("Resume", lambda: None), button("Stop", lambda: None, "danger")
    page = boxed(across(resume, stop, main))
    lead(page, main)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    resume.setFocus()
    allow(resume, "it is being resumed")
    assert in_focus() is main, "Space would stop the run"
    allow(resume)
    resume.setFocus()
    show_if(resume, False)
    assert in_focus() is main, "Space would stop the run"


def test_who_is_not_in_the_way_keeps_the_keyboard(qtbot: QtBot) -> None:
    one, other = button("One", lambda: None), button("Other", lambda: None)
    page = boxed(across(one, other))
    lead(page, QWidget(page))
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    other.setFocus()
    allow(one, "not now")
    assert in_focus() is other


def test_nothing_is_switched_off_in_another_way() -> None:
    """Else it could be dead without a word."""
    elsewhere = [
        f"{path.relative_to(_GUI)}: {line.strip()}"
        for path in _GUI.rglob("*.py")
        if path.name != "allowing.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"setEnabled|setDisabled|enabled=False", line)
    ]
    assert elsewhere == []
