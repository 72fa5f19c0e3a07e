"""Names what will happen, and to what; does it once its name is typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from gui.language import tr
from gui.widgets.allowing import allow
from gui.widgets.text import across, boxed, button, down, label


class Confirm(QDialog):
    def __init__(
        self, title: str, consequence: str, to_type: str, do: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(460)
        self._do, self._to_type = do, to_type
        self.typed = QLineEdit()
        wanted = tr("Type {words} to confirm", words=to_type)
        self.typed.setAccessibleName(wanted)
        self.yes = button(title, self._confirm, "danger")
        self.yes.setDefault(True)
        self.typed.textChanged.connect(self._check)
        self._check("")
        buttons = boxed(across(None, button(tr("Cancel"), self.reject), self.yes))
        said = label(consequence, wrap=True)
        self.setLayout(down(label(title, "heading"), said, label(wanted, "muted"), self.typed, buttons, edge=16))

    def _check(self, text: str) -> None:
        allow(self.yes, "" if text.strip() == self._to_type else tr('Type "{words}" first.', words=self._to_type))

    def _confirm(self) -> None:
        self.accept()
        self._do()
