"""Puts an account into this computer's vault. The password is seen by nobody and kept nowhere else."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QFormLayout, QLineEdit, QWidget

from core.app import secrets
from core.model.secret import Credential, Secret
from gui.desk import Desk
from gui.jobs import Trouble
from gui.language import tr
from gui.widgets.allowing import allow
from gui.widgets.text import across, boxed, button, down, label


class CredentialDialog(QDialog):
    def __init__(self, desk: Desk, reference: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("A credential for the vault"))
        self._desk = desk
        self.reference = _line(reference, tr("Name of the credential"))
        self.account = _line("", tr("Account"))
        self.password = _line("", tr("Password"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.trouble = label("", "bad", wrap=True)
        form = QFormLayout()
        form.addRow(tr("Name"), self.reference)
        form.addRow(tr("Account"), self.account)
        form.addRow(tr("Password"), self.password)
        self.keep = button(tr("Put into the vault"), self._put, "primary")
        self.keep.setDefault(True)
        words = tr("Targets name a credential by its name; the account and its password stay in the vault.")
        buttons = across(None, button(tr("Cancel"), self.reject), self.keep)
        self.setLayout(down(label(words, "muted", wrap=True), boxed(form), self.trouble, None, buttons, edge=16))
        self.resize(460, 260)
        for one in (self.reference, self.account, self.password):
            one.textChanged.connect(self._check)
        self._check()

    def _check(self) -> None:
        fields = (self.reference, self.account, self.password)
        missing = ", ".join(one.accessibleName() for one in fields if not one.text().strip())
        allow(self.keep, tr("Still missing: {parts}", parts=missing) if missing else "")

    def _put(self) -> None:
        reference = self.reference.text().strip()
        credential = Credential(self.account.text().strip(), Secret(self.password.text()))
        self.password.clear()
        self._desk.jobs.start(
            tr("Putting {name} into the vault", name=reference),
            lambda _: secrets.put(reference, credential),
            lambda _: self._kept(reference),
            self._fail,
        )

    def _kept(self, reference: str) -> None:
        self._desk.say(tr("{name} is in the vault", name=reference))
        self.accept()

    def _fail(self, trouble: Trouble) -> None:
        """Words that wrap take their height from the fields, unless the window gives it."""
        self.trouble.setText(trouble.text)
        self.resize(self.width(), max(self.height(), self.heightForWidth(self.width())))
        self.password.setFocus()


def _line(text: str, name: str) -> QLineEdit:
    made = QLineEdit(text)
    made.setAccessibleName(name)
    return made
