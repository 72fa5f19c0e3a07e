"""What tests do with a window: wait until it is quiet, press keys, find parts by what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPushButton, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from gui.desk import Desk

Part = TypeVar("Part", bound=QWidget)

# Nobody waits so long where all is well: a PC that is slow and busy is not what these tests are about.
LIMIT_MS = 150_000
_MOST_TABS = 60


def until(qtbot: QtBot, true: Callable[[], bool], limit_ms: int = LIMIT_MS) -> None:
    qtbot.waitUntil(true, timeout=limit_ms)


def quiet(qtbot: QtBot, desk: Desk) -> None:
    """Until nothing is awaited any more."""
    until(qtbot, lambda: not desk.jobs.going)


def in_focus() -> QWidget:
    """What has the keyboard."""
    found = QApplication.focusWidget()
    assert found is not None, "nothing has the keyboard"
    return found


def press(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, held)


def hold_alt(qtbot: QtBot, window: QWidget, key: Qt.Key, then: Callable[[], bool]) -> None:
    """An underlined letter, and what comes of it."""
    press(window, key, Qt.KeyboardModifier.AltModifier)
    until(qtbot, then)


def type_into(widget: QWidget, words: str) -> None:
    """ASCII only: Qt's test library aborts on anything else."""
    QTest.keyClicks(widget, words)


def tab_to(name: str, back: bool = False) -> QWidget:
    """With the tab key from part to part, as somebody without a mouse does; fails if that never comes there."""
    key = Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab
    seen: list[str] = []
    for _ in range(_MOST_TABS):
        # What was just made is shown, and takes its place in the row, on the loop's next turn.
        QApplication.processEvents()
        at = QApplication.focusWidget()
        assert at is not None, "nothing has the keyboard"
        if at.accessibleName() == name:
            return at
        seen.append(at.accessibleName())
        press(at, key)
    raise AssertionError(f'the tab key does not lead to "{name}"; it leads to {dict.fromkeys(seen)}')


def use(name: str) -> None:
    """Goes to a button and presses it, by keys."""
    press(tab_to(name), Qt.Key.Key_Space)


def button(top: QWidget, words: str) -> QPushButton:
    """The one visible button that says so. What was just made is shown on the loop's next turn."""
    QApplication.processEvents()
    found = [one for one in top.findChildren(QPushButton) if one.accessibleName() == words and one.isVisible()]
    assert len(found) == 1, f'{len(found)} buttons say "{words}"'
    return found[0]


def unexplained(top: QWidget) -> list[str]:
    """Buttons that are seen, cannot be pressed, and do not say why. What Qt puts into its own parts is left out."""
    return [
        one.accessibleName() or one.text()
        for one in top.findChildren(QAbstractButton)
        if one.isVisible()
        and not one.isEnabled()
        and not isinstance(one.parentWidget(), QLineEdit | QTabBar)
        and not (one.property("why_not") and one.toolTip() and one.accessibleDescription())
    ]


def stops(widget: QWidget) -> bool:
    """Whether a key that is pressed on it ends something, or begins what cannot be taken back."""
    fatal = widget.objectName() == "danger" or widget.accessibleName().startswith(("Stop", "Start"))
    return fatal and isinstance(widget, QAbstractButton)


def _text(widget: QWidget) -> str:
    said = getattr(widget, "text", "")
    return str(said() if callable(said) else said)


def unnamed(top: QWidget) -> list[str]:
    """Widgets that can take the keyboard and have no name for a screen reader."""
    return [
        f"{type(one).__name__} {one.objectName()}"
        for one in (top, *top.findChildren(QWidget))
        if one.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not one.objectName().startswith("qt_")
        and not (one.accessibleName() or _text(one) or one.windowTitle())
    ]
