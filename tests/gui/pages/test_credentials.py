"""The vault from the window: what is put in is used, listed by its name, and seen by nobody; and the way to a host."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core.app import composition
from core.app.target_editing import open_book
from core.app.workspace import Workspace
from core.model.check import CheckResult
from core.model.host import Host, Remoting
from core.model.secret import Credential
from gui.desk import Desk
from gui.dialogs.connection import ConnectionTest
from gui.dialogs.credential import CredentialDialog
from gui.dialogs.target import TargetDialog
from gui.pages.settings.credentials import Credentials
from tests.gui.driving import button, quiet, unnamed, until

_PASSWORD = "Tr0ub4dor-and-3"


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The encrypted file, as where the system has no vault of its own: nobody's real vault is touched."""
    monkeypatch.setattr("core.vault.system.has_system_vault", lambda: False)
    monkeypatch.setenv("DRYDOCK_VAULT_PASSPHRASE", "only for this test")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def desk(workspace: Workspace, settings: QSettings, dressed: QApplication, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(workspace, practice=False, settings=settings)
    yield made
    quiet(qtbot, made)


@pytest.fixture
def page(vault: None, desk: Desk, qtbot: QtBot) -> Credentials:
    shown = Credentials(desk)
    qtbot.addWidget(shown)
    shown.show()
    shown.enter()
    until(qtbot, lambda: shown.states.state in ("empty", "content"))
    return shown


def _told(top: QWidget) -> str:
    """Every word that the part shows, or could copy."""
    labels = [one.text() for one in top.findChildren(QLabel)]
    lines = [one.displayText() for one in top.findChildren(QLineEdit)]
    return "\n".join((*labels, *lines))


def test_an_empty_vault_says_when_one_is_needed(page: Credentials) -> None:
    assert page.states.state == "empty"
    assert "In a domain nothing needs to be stored" in page.states.said


def test_a_credential_is_put_in_listed_by_name_and_forgotten(page: Credentials, qtbot: QtBot) -> None:
    page.ask()
    dialog = page.dialog
    assert unnamed(dialog) == []
    dialog.reference.setText("lab-windows")
    dialog.account.setText("LAB\\dba")
    assert not dialog.keep.isEnabled()
    dialog.password.setText(_PASSWORD)
    assert _PASSWORD not in _told(dialog)
    dialog.keep.click()
    assert dialog.password.text() == "", "the password is kept in the dialog"
    until(qtbot, lambda: page.names.count() == 1)
    assert [page.names.item(row).text() for row in range(page.names.count())] == ["lab-windows"]
    found = composition.vault().get("lab-windows")
    assert isinstance(found, Credential)
    assert (found.username, found.password.reveal()) == ("LAB\\dba", _PASSWORD)
    assert _PASSWORD not in _told(page)
    page.names.setCurrentRow(0)
    button(page, "Forget").click()
    page.reason.reason.setText("it was changed")
    page.reason.typed.setText("lab-windows")
    page.reason.yes.click()
    until(qtbot, lambda: page.states.state == "empty")
    assert composition.vault().names() == ()


def test_in_practice_nobody_is_sent_to_a_vault_that_is_not_used(
    workspace: Workspace,
    settings: QSettings,
    dressed: QApplication,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.app.secrets.names", lambda: pytest.fail("the vault was asked"))
    desk = Desk(workspace, practice=True, settings=settings)
    shown = Credentials(desk)
    qtbot.addWidget(shown)
    shown.enter()
    assert "brings its own credentials" in shown.states.said
    assert desk.jobs.going == ()
    quiet(qtbot, desk)


def test_the_way_to_a_host_is_told_step_by_step(desk: Desk, qtbot: QtBot) -> None:
    with socket.socket() as free:
        free.bind(("127.8.7.4", 0))
        port = free.getsockname()[1]
    host = Host("SQL01", "127.8.7.4", Remoting("http", port, "negotiate", None, None))
    dialog = ConnectionTest(desk, host)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.states.state == "waiting"
    until(qtbot, lambda: dialog.states.state == "content")
    results = {check.name: check for check in dialog.rows.all_rows}
    assert results["TCP"].result is CheckResult.FAILED
    assert "refused" in results["TCP"].found
    assert all(check.result is CheckResult.UNKNOWN for check in dialog.rows.all_rows[2:]), "said without being tried"
    assert "Enable-PSRemoting" in dialog.told.text(), "what to do stands where the column has no room"
    assert unnamed(dialog) == []


def test_what_is_put_into_the_vault_from_a_target_becomes_its_account(vault: None, desk: Desk, qtbot: QtBot) -> None:
    target = TargetDialog(desk, open_book(desk.workspace), None)
    qtbot.addWidget(target)
    target.show()
    button(target, "Credential…").click()
    asked = target.findChild(CredentialDialog)
    assert asked is not None
    for field, words in ((asked.reference, "night"), (asked.account, "ACME\\patching"), (asked.password, _PASSWORD)):
        field.setText(words)
    asked.keep.click()
    account = target.inputs["os_credential_ref"]
    assert isinstance(account, QLineEdit)
    until(qtbot, lambda: account.text() == "night")
    assert _PASSWORD not in _told(target)
