"""What a device keeps beyond a run: that a restart is due, and the account of those that came."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from core.model.document import to_document
from core.model.facts import BootMarks
from core.model.host import Place
from core.runfolder.locks import device_folder
from core.runfolder.writing import replace_file

_DUE = "reboot-required.json"
_MOST_CONSUMED = 50


class DeviceNotes:
    """One device's reboot-required.json and its consumed copies. Written by whoever holds the device's lock."""

    def __init__(self, state_folder: Path, place: Place, host: str) -> None:
        self._folder = device_folder(state_folder, place, host)
        self._host = host

    def restart_due(self, run_id: str, why: str, marks: BootMarks | None, at: datetime) -> None:
        """Marks are those of the boot that is to end; without them any later look at the host has to tell."""
        document = {
            "schema_version": 1,
            "device": self._host,
            "RunId": run_id,
            "reason": why,
            "requestedUtc": _time(at),
            "boot": None if marks is None else to_document(marks),
        }
        self._write(_DUE, document)

    def booted(self, marks: BootMarks, run_id: str, at: datetime) -> None:
        """Consumes the note if this is another boot than the one that was to end."""
        due = self._due()
        if due is None or (due.get("boot") or {}).get("boot_id") == marks.boot_id:
            return
        seen = {"consumedUtc": _time(at), "consumedByRunId": run_id, "bootAfter": to_document(marks)}
        self._write(f"reboot-required.consumed.{at:%Y%m%dT%H%M%S%f}Z.json", due | seen)
        (self._folder / _DUE).unlink(missing_ok=True)
        self._forget_oldest()

    def _due(self) -> dict[str, Any] | None:
        """None for a note that somebody spoilt: it proves nothing either way."""
        try:
            found = json.loads((self._folder / _DUE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def _forget_oldest(self) -> None:
        consumed = sorted(self._folder.glob("reboot-required.consumed.*.json"))
        for path in consumed[:-_MOST_CONSUMED]:
            path.unlink(missing_ok=True)

    def _write(self, name: str, document: dict[str, Any]) -> None:
        replace_file(self._folder / name, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
