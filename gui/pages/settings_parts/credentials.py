"""The vault: names are shown, passwords never."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QFormLayout, QLineEdit, QListWidget, QWidget

from core.app import secrets
from core.model.secret import Credential, Secret
from gui.desk import Desk
from gui.dialogs.reason import Reason
from gui.language import tr
from gui.widgets.states import States
from gui.widgets.text import across, boxed, button, down, label


class Credentials(QWidget):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.names = QListWidget()
        self.names.setAccessibleName(tr("Credentials in the vault"))
        add = button(tr("&Put one in"), self.ask, "primary")
        self.forget_one = button(tr("&Forget"), self._ask_forget, "danger")
        words = label(
            tr("The configuration names a credential (credential_ref); the vault of this computer holds it."),
            "muted",
            wrap=True,
        )
        self.states = States(boxed(down(words, self.names, boxed(across(add, self.forget_one, None)))))
        self.setLayout(down(self.states))
        self.names.currentRowChanged.connect(lambda row: self.forget_one.setEnabled(row >= 0))

    def enter(self) -> None:
        self.look()

    def look(self) -> None:
        job = self._desk.jobs.start(
            tr("Asking the vault"),
            lambda _: secrets.names(),
            self._show,
            lambda trouble: self.states.show_trouble(trouble, self.look),
        )
        if self.states.state != "content":
            self.states.show_waiting(job)

    def ask(self) -> None:
        self.dialog = CredentialDialog(self._desk, self)
        self.dialog.accepted.connect(self.look)
        self.dialog.open()

    def _show(self, names: tuple[str, ...]) -> None:
        self.names.clear()
        self.names.addItems(list(names))
        self.forget_one.setEnabled(False)
        if names:
            self.states.show_content()
        else:
            self.states.show_empty(
                tr("The vault is empty"),
                tr("In a domain nothing needs to be stored: your own account is used. Put in what needs a password."),
                (tr("Put one in"), self.ask),
            )

    def _ask_forget(self) -> None:
        row = self.names.currentRow()
        if row < 0:
            return
        name = self.names.item(row).text()
        self.reason = Reason(
            tr("Forget {name}", name=name),
            tr("Whoever needs it is refused until it is put in again."),
            lambda _: self._forget(name),
            name,
            tr("Why?"),
            self,
        )
        self.reason.open()

    def _forget(self, name: str) -> None:
        self._desk.jobs.start(
            tr("Forgetting {name}", name=name),
            lambda _: secrets.forget(name),
            lambda _: self.look(),
            self._desk.show_trouble,
        )


class CredentialDialog(QDialog):
    """Name, account and password of one credential."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setWindowTitle(tr("Put a credential into the vault"))
        self.setMinimumWidth(420)
        self.reference, self.account, self.password = QLineEdit(), QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        form = QFormLayout()
        for edit, name in (
            (self.reference, tr("Name, as the configuration says it")),
            (self.account, tr("Account")),
            (self.password, tr("Password")),
        ):
            edit.setAccessibleName(name)
            edit.textChanged.connect(self._check)
            form.addRow(name, edit)
        self.yes = button(tr("Put it in"), self._put, "primary")
        self.yes.setDefault(True)
        self._trouble = label("", wrap=True)
        self.setLayout(
            down(boxed(form), self._trouble, boxed(across(None, button(tr("Cancel"), self.reject), self.yes)), edge=16)
        )
        self._check()

    def _check(self) -> None:
        self.yes.setEnabled(all(edit.text().strip() for edit in (self.reference, self.account, self.password)))

    def _put(self) -> None:
        """The field is emptied at once: the password stays nowhere in the window."""
        name = self.reference.text().strip()
        credential = Credential(self.account.text().strip(), Secret(self.password.text()))
        self.password.clear()
        self._desk.jobs.start(
            tr("Putting {name} into the vault", name=name),
            lambda _: secrets.put(name, credential),
            lambda _: self.accept(),
            lambda trouble: self._trouble.setText(trouble.text),
        )
