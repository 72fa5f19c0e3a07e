"""A property that the style sheet knows: what wears it is dressed anew when it changes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def dress(worn: QWidget, name: str, value: str) -> None:
    if worn.property(name) != value:
        worn.setProperty(name, value)
        worn.style().unpolish(worn)
        worn.style().polish(worn)
