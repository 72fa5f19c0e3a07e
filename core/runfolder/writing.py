"""Writes a file so that a reader, or a crash, finds the old or the new one and never half of it."""

import os
import uuid
from pathlib import Path


def replace_file(path: Path, text: str, *, durable: bool = True) -> None:
    """Two threads may replace the same file at once: each writes aside under a name of its own. What is gone with the
    next moment need not be on the disk before one goes on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}.new")
    try:
        with new.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
