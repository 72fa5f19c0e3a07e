"""The practice fleet's credentials: a generated file that only its owner may read."""

import json
import os
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from core.model.failure import Cause, Failure
from core.model.secret import Credential
from core.vault.form import Kept

_FORM = TypeAdapter(dict[str, Kept])

FILE = "config/practice_credentials.json"


class PracticeVault:
    """The Secrets port over the generated file. Never used for addresses outside loopback."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, reference: str) -> Credential | Failure:
        hint = "start the practice fleet anew: that makes the file anew"
        try:
            if os.name == "posix" and self._path.stat().st_mode & 0o077:
                detail = f"{self._path.name} may be read by others"
                return Failure(Cause.NO_CREDENTIAL, detail, f"chmod 600 it, or {hint}")
            kept = _FORM.validate_json(self._path.read_bytes())
        except OSError as trouble:
            return Failure(Cause.NO_CREDENTIAL, f"{self._path.name} cannot be read: {trouble.strerror}", hint)
        except ValidationError:
            return Failure(Cause.NO_CREDENTIAL, f"{self._path.name} is not as it was written", hint)
        if reference not in kept:
            return Failure(Cause.NO_CREDENTIAL, f'{self._path.name} has no credential "{reference}"', hint)
        return kept[reference].credential


def write_credentials(path: Path, credentials: dict[str, Credential]) -> None:
    """Replaces the file; it never exists with wider rights."""
    document = {
        reference: {"username": one.username, "password": one.password.reveal()}
        for reference, one in credentials.items()
    }
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - opened by its descriptor
        json.dump(document, file, indent=2)
