"""The vault: names are shown, passwords never."""

from __future__ import annotations

from PySide6.QtWidgets import QListWidget, QWidget

from core.app import secrets
from gui.desk import Desk
from gui.dialogs.credential import CredentialDialog
from gui.dialogs.reason import Reason
from gui.language import tr
from gui.widgets.allowing import allow
from gui.widgets.keyboard import lead
from gui.widgets.states import States
from gui.widgets.text import across, boxed, button, down, label


class Credentials(QWidget):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._asked = False
        self.names = QListWidget()
        self.names.setAccessibleName(tr("Credentials in the vault"))
        add = button(tr("&Put one in"), self.ask, "primary")
        self.forget_one = button(tr("&Forget"), self._ask_forget, "danger")
        words = label(
            tr("The configuration names a credential (credential_ref); the vault of this computer holds it."),
            "muted",
            wrap=True,
        )
        self.states = States(boxed(down(words, self.names, boxed(across(add, self.forget_one, None)))), self.names)
        self.setLayout(down(self.states))
        lead(self, self.states)
        self.names.currentRowChanged.connect(self._choose)
        self._choose(-1)

    def enter(self) -> None:
        self.look()

    def look(self) -> None:
        """In practice the vault of this computer is not asked: its credentials are not those of the practice fleet."""
        if self._desk.practice:
            self.states.show_empty(
                tr("The practice fleet brings its own credentials"),
                tr("None of yours is asked for or used. In earnest, the vault of this computer holds them."),
            )
            return
        job = self._desk.jobs.start(
            tr("Asking the vault"),
            lambda _: secrets.names(),
            self._show,
            lambda trouble: self.states.show_trouble(trouble, self.look),
        )
        if not self._asked or self.states.state != "content":
            self.states.show_waiting(job)
        self._asked = True

    def ask(self) -> None:
        self.dialog = CredentialDialog(self._desk, "", self)
        self.dialog.accepted.connect(self.look)
        self.dialog.open()

    def _show(self, names: tuple[str, ...]) -> None:
        self.names.clear()
        self.names.addItems(list(names))
        self._choose(-1)
        if names:
            self.states.show_content()
        else:
            self.states.show_empty(
                tr("The vault is empty"),
                tr("In a domain nothing needs to be stored: your own account is used. Put in what needs a password."),
                (tr("Put one in"), self.ask),
            )

    def _choose(self, row: int) -> None:
        allow(self.forget_one, "" if row >= 0 else tr("Choose a credential first."))

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
