"""The system's vault: Credential Manager on Windows, Secret Service on Linux, by keyring."""

import json
from collections.abc import Callable

import keyring
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.backends.null import Keyring as Forgetting
from keyring.errors import KeyringError, NoKeyringError
from pydantic import TypeAdapter, ValidationError

from core.model.failure import Cause, Failure
from core.model.secret import Credential
from core.vault.encrypted import PASSPHRASE_VARIABLE
from core.vault.form import Kept

_SERVICE = "drydock"
# Vaults cannot be listed everywhere, so the names are kept in an entry of their own.
_NAMES = "drydock: names"
_NAME_LIST: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])


def has_system_vault() -> bool:
    backend = _first(keyring.get_keyring())
    return not isinstance(backend, NoKeyring) and not _keeps_nothing_safe(backend)


def _first(backend: KeyringBackend) -> KeyringBackend:
    """Where several are chained, the first one takes what is put in."""
    return next(iter(backend.backends), backend) if isinstance(backend, ChainerBackend) else backend


def _keeps_nothing_safe(backend: KeyringBackend) -> bool:
    """Files with readable or barely hidden passwords come with keyrings.alt; another kind forgets all."""
    return isinstance(backend, Forgetting) or type(backend).__module__.startswith("keyrings.alt")


class SystemVault:
    """The Vault port over the system's vault."""

    def get(self, reference: str) -> Credential | Failure:
        kept = _read(reference)
        if isinstance(kept, Failure):
            return kept
        hint = f'put "{reference}" into the vault'
        if kept is None:
            return Failure(Cause.NO_CREDENTIAL, f'the vault has no credential "{reference}"', hint)
        try:
            return Kept.model_validate_json(kept).credential
        except ValidationError:
            detail = f'the vault\'s entry "{reference}" has not the form of a credential'
            return Failure(Cause.NO_CREDENTIAL, detail, hint)

    def names(self) -> tuple[str, ...] | Failure:
        kept = _read(_NAMES)
        if kept is None or isinstance(kept, Failure):
            return kept or ()
        try:
            return _NAME_LIST.validate_json(kept)
        except ValidationError:
            return Failure(Cause.NO_CREDENTIAL, "the vault's list of names cannot be read")

    def put(self, reference: str, credential: Credential) -> Failure | None:
        return _write(reference, Kept.of(credential).model_dump_json()) or self._rename(lambda all_: all_ | {reference})

    def forget(self, reference: str) -> Failure | None:
        found = self.get(reference)
        if isinstance(found, Failure):
            return found
        try:
            keyring.delete_password(_SERVICE, reference)
        except KeyringError as trouble:
            return _closed(trouble)
        return self._rename(lambda all_: all_ - {reference})

    def _rename(self, change: Callable[[set[str]], set[str]]) -> Failure | None:
        names = self.names()
        return names if isinstance(names, Failure) else _write(_NAMES, json.dumps(sorted(change(set(names)))))


def _refused() -> Failure | None:
    backend = _first(keyring.get_keyring())
    if not _keeps_nothing_safe(backend):
        return None
    name = type(backend).__name__
    hint = f"remove {name} from this PC's Python, or set {PASSPHRASE_VARIABLE} to keep credentials in an encrypted file"
    return Failure(Cause.NO_CREDENTIAL, "this PC's keyring is no safe place for a credential", hint)


def _read(key: str) -> str | Failure | None:
    refused = _refused()
    if refused is not None:
        return refused
    try:
        return keyring.get_password(_SERVICE, key)
    except KeyringError as trouble:
        return _closed(trouble)


def _write(key: str, text: str) -> Failure | None:
    refused = _refused()
    if refused is not None:
        return refused
    try:
        keyring.set_password(_SERVICE, key, text)
    except KeyringError as trouble:
        return _closed(trouble)
    return None


def _closed(trouble: KeyringError) -> Failure:
    if isinstance(trouble, NoKeyringError):
        hint = f"start its keyring; or set {PASSPHRASE_VARIABLE} before Drydock starts, for an encrypted file"
        return Failure(Cause.NO_CREDENTIAL, "this system has no vault", hint)
    hint = "unlock the vault, or start the service that holds it"
    return Failure(Cause.NO_CREDENTIAL, "the vault is locked or does not answer", hint)
