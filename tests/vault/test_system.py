"""The system's vault is taken only where it is one."""

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.null import Keyring as Forgetting

from core.model.failure import Cause, Failure
from core.model.secret import Credential, Secret
from core.vault.system import SystemVault, has_system_vault


class _Readable(Forgetting):
    """As keyrings.alt brings it: a file that everybody of this account can read."""


_Readable.__module__ = "keyrings.alt.file"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.mark.parametrize("backend", [_Readable, Forgetting])
def test_what_keeps_nothing_safe_is_no_vault_and_gets_no_secret(backend: type[KeyringBackend]) -> None:
    keyring.set_keyring(backend())
    assert not has_system_vault()
    refused = SystemVault().put("os", Credential("olga", Secret("pa55")))
    assert isinstance(refused, Failure)
    assert (refused.cause, "no safe place" in refused.detail) == (Cause.NO_CREDENTIAL, True)
    assert "DRYDOCK_VAULT_PASSPHRASE" in refused.hint
    assert isinstance(SystemVault().get("os"), Failure)
