"""The Secrets port: the practice fleet's file and the system's vault keep the same promises."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from core.model.failure import Cause, Failure
from core.model.secret import Credential, Secret
from core.ports import Secrets
from core.vault.practice import PracticeVault, write_credentials
from core.vault.system import SystemVault

_KNOWN = {"os": Credential("CORP\\olga", Secret("pa55-Wörd")), "sql": Credential("sa", Secret('"quoted"'))}


class _MemoryKeyring(KeyringBackend):
    """A system's vault in memory, which may be locked."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def system_keyring() -> Iterator[_MemoryKeyring]:
    before, memory = keyring.get_keyring(), _MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def _practice(tmp_path: Path, _keyring: _MemoryKeyring) -> Secrets:
    write_credentials(tmp_path / "practice_credentials.json", _KNOWN)
    return PracticeVault(tmp_path / "practice_credentials.json")


def _system(_tmp_path: Path, system_keyring: _MemoryKeyring) -> Secrets:
    for reference, one in _KNOWN.items():
        text = json.dumps({"username": one.username, "password": one.password.reveal()})
        system_keyring.set_password("drydock", reference, text)
    return SystemVault()


@pytest.fixture(params=[_practice, _system], ids=["practice", "system"])
def secrets(request: pytest.FixtureRequest, tmp_path: Path, system_keyring: _MemoryKeyring) -> Secrets:
    make: Callable[[Path, _MemoryKeyring], Secrets] = request.param
    return make(tmp_path, system_keyring)


@pytest.mark.parametrize("reference", _KNOWN)
def test_a_known_reference_brings_its_credential(secrets: Secrets, reference: str) -> None:
    found = secrets.get(reference)
    assert isinstance(found, Credential)
    assert found.username == _KNOWN[reference].username
    assert found.password.reveal() == _KNOWN[reference].password.reveal()


@pytest.mark.parametrize("reference", ["", "OS", "nobody", "os "])
def test_an_unknown_reference_is_a_failure_that_names_it(secrets: Secrets, reference: str) -> None:
    refused = secrets.get(reference)
    assert isinstance(refused, Failure)
    assert refused.cause is Cause.NO_CREDENTIAL
    assert f'"{reference}"' in refused.detail
    assert refused.hint


def test_a_locked_vault_is_a_failure_with_a_hint(system_keyring: _MemoryKeyring) -> None:
    system_keyring.locked = True
    refused = SystemVault().get("os")
    assert isinstance(refused, Failure)
    assert "unlock" in refused.hint


@pytest.mark.parametrize("kept", ["pa55", "[]", '{"username": "x"}', '{"username": "x", "password": {"a": "pa55"}}'])
def test_an_entry_of_another_form_is_a_failure_that_does_not_tell_it(system_keyring: _MemoryKeyring, kept: str) -> None:
    system_keyring.set_password("drydock", "os", kept)
    refused = SystemVault().get("os")
    assert isinstance(refused, Failure)
    assert "pa55" not in repr(refused)
    assert "into the vault" in refused.hint
