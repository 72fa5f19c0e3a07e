"""Identifiers: UUIDv7 for runs and plans, and folder names that every file system takes."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

_UNSAFE = re.compile(r"[^a-z0-9-]+")


def new_id(now: datetime, random: Random) -> str:
    """A UUIDv7: sorts by time, and is the same again for the same clock and seed."""
    from uuid import UUID

    value = int(now.timestamp() * 1000) << 80 | 0x7 << 76 | random.getrandbits(12) << 64 | 0b10 << 62
    return str(UUID(int=value | random.getrandbits(62)))


def folded(name: str) -> str:
    """The form in which names of hosts and instances are compared."""
    return unicodedata.normalize("NFC", name).casefold()


def folder_name(name: str) -> str:
    """A readable folder name that is safe everywhere (CON, trailing dots, HOST\\INST) and unique for the name."""
    from hashlib import sha256

    slug = _UNSAFE.sub("-", folded(name)).strip("-")[:40] or "x"
    return f"{slug}-{sha256(folded(name).encode()).hexdigest()[:8]}"
