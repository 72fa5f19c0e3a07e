"""The sample workspace, whole or with something changed."""

import json
from pathlib import Path
from typing import Any

from core.model.fault import Fault, RefusedError
from core.settings.workspace import FILES, Settings, read_settings

_ROOT = Path(__file__).parents[2]


def contents() -> dict[str, bytes | Fault]:
    return {name: (_ROOT / name).read_bytes() for name in FILES}


def document(name: str) -> Any:
    return json.loads((_ROOT / name).read_text(encoding="utf-8"))


def changed(name: str, changes: dict[str, Any]) -> bytes:
    """The sample with the values at some paths ("targets.0.server") replaced."""
    whole = document(name)
    for path, value in changes.items():
        *above, last = path.split(".")
        place = whole
        for key in above:
            place = place[int(key)] if isinstance(place, list) else place[key]
        place[last] = value
    return json.dumps(whole).encode()


def read(files: dict[str, bytes | Fault]) -> Settings:
    """The sample workspace with these files instead; of other files there are none."""
    return read_settings({**contents(), **files}, present=lambda _: False)


def faults(files: dict[str, bytes | Fault]) -> list[str]:
    try:
        read(files)
    except RefusedError as refused:
        return [str(fault) for fault in refused.faults]
    return []
