"""Asks why; and for what cannot be taken back, has its name typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from gui.language import tr
from gui.widgets.allowing import allow
from gui.widgets.text import across, boxed, button, down, label


class Reason(QDialog):
    """Says what will happen, and does it with the reason once everything is filled in."""

    def __init__(
        self,
        title: str,
        consequence: str,
        do: Callable[[str], object],
        to_type: str = "",
        asked_for: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(460)
        self._do, self._to_type = do, to_type
        self.reason = QLineEdit()
        asked = asked_for or tr("Why? The journal and every report name it.")
        self.reason.setAccessibleName(asked)
        self.typed = QLineEdit()
        wanted = tr("Type {words} to confirm", words=to_type)
        self.typed.setAccessibleName(wanted)
        wish = label(wanted, "muted")
        if not to_type:
            self.typed.hide()
            wish.hide()
        self.yes = button(title, self._confirm, "danger" if to_type else "primary")
        self.yes.setDefault(True)
        no = button(tr("Cancel"), self.reject)
        words = label(consequence, wrap=True)
        buttons = boxed(across(None, no, self.yes))
        self.setLayout(
            down(label(title, "heading"), words, label(asked, "muted"), self.reason, wish, self.typed, buttons, edge=16)
        )
        self.reason.textChanged.connect(self._check)
        self.typed.textChanged.connect(self._check)
        self._check()

    def _check(self) -> None:
        confirmed = not self._to_type or self.typed.text().strip() == self._to_type
        missing = [] if self.reason.text().strip() else [tr("a reason")]
        if not confirmed:
            missing.append(tr('the words "{words}", typed', words=self._to_type))
        allow(self.yes, tr("Still missing: {parts}", parts=", ".join(missing)) if missing else "")

    def _confirm(self) -> None:
        self.accept()
        self._do(self.reason.text().strip())
