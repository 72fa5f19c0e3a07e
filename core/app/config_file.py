"""One configuration file that the product writes: atomically, and only over what was read."""

import hashlib
import os
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

from core.model.fault import Fault, RefusedError
from core.settings.content import MOST_BYTES

_WAIT_SECONDS = 10


def read_bytes(name: str, path: Path) -> bytes | Fault:
    """The name is how people know the file."""
    if path.is_dir():
        return Fault(name, "is_a_folder", "this is a folder, but a file is needed; rename the folder")
    if path.exists() and not path.is_file():
        return Fault(name, "no_file", "this is no ordinary file; put the configuration file itself here")
    try:
        if path.stat().st_size > MOST_BYTES:
            return Fault(name, "too_large", "the file is larger than 64 MB; this is no configuration file")
        return path.read_bytes()
    except PermissionError:
        return Fault(name, "unreadable", "you may not read this file; ask for the right, or run as its owner")
    except OSError as trouble:
        return Fault(name, "unreadable", f"the file cannot be read: {trouble.strerror or trouble}")


def fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def replace(name: str, path: Path, content: bytes, over: str, lock: Path) -> None:
    """Writes where the file still has the fingerprint that the change was made from. Raises RefusedError else."""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(lock, timeout=_WAIT_SECONDS):
            now = read_bytes(name, path)
            if isinstance(now, Fault):
                raise RefusedError((now,))
            if fingerprint(now) != over:
                raise RefusedError((_changed(name),))
            _write(path, content)
    except Timeout:
        message = "somebody else is writing to it; try again in a moment"
        raise RefusedError((Fault(name, "locked", message),)) from None
    except OSError as trouble:
        message = f"the file cannot be written ({trouble.strerror or trouble}); it is as it was"
        raise RefusedError((Fault(name, "unwritable", message),)) from None


def _changed(name: str) -> Fault:
    message = "somebody changed the file in the meantime, so nothing was written; do it again to see what changes now"
    return Fault(name, "changed_meanwhile", message)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, with the rights that the file had."""
    real = path.resolve()
    descriptor, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(real.stat().st_mode & 0o777)
        temporary.replace(real)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
