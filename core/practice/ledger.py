"""The fleet's own account of what happened, written before anybody is answered. The product can't read it."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TextIO, get_args

Kind = Literal[
    "login",
    "script",
    "file",
    "search",
    "job_start",
    "installer_start",
    "installer_end",
    "update",
    "reboot",
    "reboot_cancelled",
    "boot",
    "fault",
    "refused",
    "role",
    "services",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

Note = Callable[[datetime, str, Kind, dict[str, Any]], None]


class Ledger:
    """JSON lines in a file, flushed line by line."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: TextIO = path.open("a", encoding="utf-8", buffering=1)

    def note(self, at: datetime, host: str, kind: Kind, detail: dict[str, Any]) -> None:
        line = {"time": at.isoformat().replace("+00:00", "Z"), "host": host, "kind": kind, "detail": detail}
        self._file.write(json.dumps(line) + "\n")

    def close(self) -> None:
        self._file.close()
