"""What cannot be pressed says why, to the eye and to a screen reader."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.widgets.keyboard import step_aside

_HINT, _WHY_NOT = "hint", "why_not"


def allow(pressed: QWidget, why_not: str = "", hint: str | None = None) -> None:
    """With a reason it is switched off and says it; without one it is switched on. What it says of itself while it is
    on comes back by itself; a new hint takes its place."""
    if hint is not None or pressed.property(_HINT) is None:
        pressed.setProperty(_HINT, pressed.toolTip() if hint is None else hint)
    elif pressed.property(_WHY_NOT) == why_not:
        return
    pressed.setProperty(_WHY_NOT, why_not)
    if why_not:
        step_aside(pressed)
    pressed.setEnabled(not why_not)
    pressed.setToolTip(why_not or str(pressed.property(_HINT)))
    pressed.setAccessibleDescription(why_not)
