"""A vault in an encrypted file, for PCs without one of the system's: the passphrase comes from the environment."""

import base64
import json
import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import ValidationError

from core.model.failure import Cause, Failure
from core.model.secret import Credential, Secret
from core.vault.form import Kept

PASSPHRASE_VARIABLE = "DRYDOCK_VAULT_PASSPHRASE"  # noqa: S105 - the name of a variable
_SCRYPT = {"n": 2**15, "r": 8, "p": 1}
_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32
_PURPOSE = b"drydock vault 1"


class EncryptedVault:
    """The Vault port over one file. Names are encrypted like the passwords."""

    def __init__(self, path: Path, passphrase: Secret) -> None:
        self._path = path
        self._passphrase = passphrase

    def get(self, reference: str) -> Credential | Failure:
        kept = self._open()
        if isinstance(kept, Failure):
            return kept
        found = kept.get(reference)
        if found is None:
            hint = f'put "{reference}" into the vault'
            return Failure(Cause.NO_CREDENTIAL, f'the vault has no credential "{reference}"', hint)
        try:
            return Kept.model_validate(found).credential
        except ValidationError:
            detail = f'the vault\'s entry "{reference}" has not the form of a credential'
            return Failure(Cause.NO_CREDENTIAL, detail)

    def names(self) -> tuple[str, ...] | Failure:
        kept = self._open()
        return kept if isinstance(kept, Failure) else tuple(sorted(kept))

    def put(self, reference: str, credential: Credential) -> Failure | None:
        kept = self._open()
        if isinstance(kept, Failure):
            return kept
        return self._write({**kept, reference: Kept.of(credential).model_dump()})

    def forget(self, reference: str) -> Failure | None:
        kept = self._open()
        if isinstance(kept, Failure):
            return kept
        if reference not in kept:
            return Failure(Cause.NO_CREDENTIAL, f'the vault has no credential "{reference}"')
        return self._write({name: entry for name, entry in kept.items() if name != reference})

    def _open(self) -> dict[str, Any] | Failure:
        if not self._path.exists():
            return {}
        try:
            sealed = json.loads(self._path.read_text(encoding="utf-8"))
            salt, nonce, content = (base64.b64decode(sealed[part]) for part in ("salt", "nonce", "content"))
            plain = AESGCM(self._key(salt)).decrypt(nonce, content, _PURPOSE)
        except InvalidTag:
            hint = f"is {PASSPHRASE_VARIABLE} the one it was made with?"
            return Failure(Cause.NO_CREDENTIAL, f"{self._path.name} cannot be opened with this passphrase", hint)
        except (OSError, ValueError, KeyError, TypeError):
            return Failure(Cause.NO_CREDENTIAL, f"{self._path.name} is not a vault, or is damaged")
        document: dict[str, Any] = json.loads(plain)
        return document

    def _write(self, entries: dict[str, Any]) -> Failure | None:
        """A new salt and nonce each time; the file is replaced in one move and never has wider rights."""
        salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
        content = AESGCM(self._key(salt)).encrypt(nonce, json.dumps(entries).encode(), _PURPOSE)
        parts = {"salt": salt, "nonce": nonce, "content": content}
        document = {"schema_version": 1, **{name: base64.b64encode(part).decode() for name, part in parts.items()}}
        new = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new.unlink(missing_ok=True)
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - opened by its descriptor
                json.dump(document, file)
            new.replace(self._path)
        except OSError as trouble:
            return Failure(Cause.NO_CREDENTIAL, f"{self._path.name} cannot be written: {trouble.strerror}")
        return None

    def _key(self, salt: bytes) -> bytes:
        return Scrypt(salt=salt, length=_KEY_BYTES, **_SCRYPT).derive(self._passphrase.reveal().encode())
