"""Where the keyboard goes by itself: to the main part of what is shown, never to a button that happens to come next."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QApplication, QWidget

# Qt's own focus proxies are for one compound input: around many, the tab key goes in circles between few of them.
_MAIN = "main"
# What Qt calls Qt.FocusPolicy.StrongFocus: its namespace of constants takes a tenth of the time until the window is
# there.
_STRONG_FOCUS = 11


def lead(around: QWidget, main: QWidget) -> None:
    """The main part of it, from now on. That may have one of its own."""
    around.setProperty(_MAIN, main)


def main_part(around: QWidget) -> QWidget:
    inner = cast("QWidget | None", around.property(_MAIN))
    return around if inner is None else main_part(inner)


def give_keyboard(around: QWidget) -> None:
    main_part(around).setFocus()


def hold_keyboard(panel: QWidget, name: str) -> None:
    """It can be read with the keyboard, and a key that is pressed there does nothing."""
    panel.setAccessibleName(name)
    panel.setProperty("focusPolicy", _STRONG_FOCUS)


def show_if(shown: QWidget, wanted: bool) -> None:
    if not wanted:
        step_aside(shown)
    shown.setVisible(wanted)


def step_aside(leaving: QWidget) -> None:
    """What is taken away hands the keyboard to the main part of what is around: left to Qt it goes to what comes next,
    be it a button that stops a run."""
    focused = QApplication.focusWidget()
    if focused is None or not (focused is leaving or leaving.isAncestorOf(focused)):
        return
    above = leaving.parentWidget()
    while above is not None:
        main = main_part(above)
        if main is not above and main.isVisible() and main.isEnabled() and not leaving.isAncestorOf(main):
            main.setFocus()
            return
        above = above.parentWidget()
