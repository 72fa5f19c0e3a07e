"""Before changes go that nobody saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialog, QWidget

from gui.language import tr
from gui.widgets.text import across, boxed, button, down, label


class Unsaved(QDialog):
    """Save where that is meant to be possible, throw away, or stay."""

    def __init__(
        self,
        names: Sequence[str],
        save: Callable[[], object] | None,
        throw_away: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Not saved yet"))
        self.setMinimumWidth(460)
        words = tr("Changed, and not saved: {names}", names=", ".join(names))
        title = tr("Throw the changes away?") if save is None else tr("Save the changes first?")
        self.save = button(tr("&Save"), lambda: self._choose(save), "primary")
        self.save.setVisible(save is not None)
        self.throw_away = button(tr("&Throw away"), lambda: self._choose(throw_away), "danger")
        self.stay = button(tr("Stay &here"), self.reject)
        (self.stay if save is None else self.save).setDefault(True)
        buttons = boxed(across(None, self.stay, self.throw_away, self.save))
        self.setLayout(down(label(title, "heading"), label(words, wrap=True), buttons, edge=16))

    def _choose(self, do: Callable[[], object] | None) -> None:
        self.accept()
        if do is not None:
            do()
