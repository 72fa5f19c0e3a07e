"""secret, doctor and journal, as an operator types them."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.core import load_keyring

from core.app.workspace import make_workspace
from tests.cli.drydock import drydock


@pytest.fixture(autouse=True)
def _no_system_vault() -> Iterator[None]:
    """A PC without a vault of the system's own."""
    before = keyring.get_keyring()
    keyring.set_keyring(load_keyring("keyring.backends.fail.Keyring"))
    yield
    keyring.set_keyring(before)


@pytest.fixture
def _passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase for the encrypted file."""
    monkeypatch.setenv("DRYDOCK_VAULT_PASSPHRASE", "correct horse")


@pytest.mark.usefixtures("_passphrase")
def test_a_credential_goes_in_is_listed_by_name_and_goes_out_again(tmp_path: Path) -> None:
    said = drydock(
        "secret", "set", "os", "--username", "LAB\\dba", "--password-stdin", cwd=tmp_path, given="pa55-word\n"
    )
    assert (said.code, "pa55-word" in said.out + said.err) == (0, False)
    assert drydock("secret", "list", cwd=tmp_path).out == "os\n"
    assert drydock("secret", "forget", "os", cwd=tmp_path).code == 0
    assert drydock("secret", "list", cwd=tmp_path).out == "the vault is empty\n"


@pytest.mark.usefixtures("_passphrase")
def test_an_empty_password_and_an_unknown_name_are_refused(tmp_path: Path) -> None:
    assert drydock("secret", "set", "os", "--username", "x", "--password-stdin", cwd=tmp_path, given="\n").code == 2
    refused = drydock("secret", "forget", "nothing", "--json", cwd=tmp_path)
    assert (refused.code, refused.codes) == (2, ["no_credential"])


def test_without_any_vault_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRYDOCK_VAULT_PASSPHRASE", raising=False)
    refused = drydock("secret", "list", cwd=tmp_path)
    assert refused.code == 2
    assert "DRYDOCK_VAULT_PASSPHRASE" in refused.err


def test_the_doctor_looks_at_everything_and_says_whether_this_pc_is_ready(tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "w").path
    said = drydock("doctor", "--json", "--workspace", str(made), cwd=tmp_path)
    names = [check["name"] for check in said.document["data"]["checks"]]
    assert names == ["version", "clock", "ODBC", "display", "disk", "database", "files", "Kerberos", "vault"]
    assert said.code == (0 if said.document["data"]["ready"] else 1)


def test_the_doctor_notices_a_database_that_is_none(tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "w").path
    (made / "output" / "history.db").write_text("not a database, but long enough to be taken for one" * 50)
    said = drydock("doctor", "--json", "--workspace", str(made), cwd=tmp_path)
    assert said.code == 1
    assert said.document["ok"] is False


def test_an_empty_journal_verifies_and_rebuilds(tmp_path: Path) -> None:
    made = str(make_workspace(tmp_path / "w").path)
    assert drydock("journal", "verify", "--workspace", made, cwd=tmp_path).code == 0
    assert drydock("journal", "rebuild", "--workspace", made, cwd=tmp_path).code == 0
