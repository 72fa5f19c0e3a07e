"""When a device's logs were fetched: the last fifty times, in a file of its own beside the device's lock."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from core.model.host import Place
from core.model.record import TargetRecord
from core.runfolder.locks import device_folder
from core.runfolder.writing import replace_file

_MOST_ENTRIES = 50


class DiagnosticsHistory:
    """diagnostics-run-history.json of one device."""

    def __init__(self, state_folder: Path, place: Place, host: str) -> None:
        self._path = device_folder(state_folder, place, host) / "diagnostics-run-history.json"

    @property
    def newest(self) -> datetime | None:
        """When logs were fetched last. A file that nobody can read holds nobody back."""
        times = []
        for entry in self._entries():
            try:
                times.append(datetime.fromisoformat(entry["collectedUtc"]))
            except (KeyError, TypeError, ValueError):
                continue
        return max((one for one in times if one.tzinfo is not None), default=None)

    def note(self, run_id: str, target: TargetRecord) -> None:
        """Once for each run, however often its folder is written. What was throttled is no new time."""
        taken, at = target.diagnostics, target.diagnosed_at
        if taken is None or at is None or not taken.texts:
            return
        others = [one for one in self._entries() if one.get("RunId") != run_id]
        entry = {
            "RunId": run_id,
            "device": target.host,
            "collectedUtc": at.isoformat().replace("+00:00", "Z"),
            "result": taken.result,
            "texts": len(taken.texts),
        }
        document = {"schema_version": 1, "entries": [*others, entry][-_MOST_ENTRIES:]}
        replace_file(self._path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")

    def _entries(self) -> list[dict[str, Any]]:
        try:
            document = json.loads(self._path.read_text(encoding="utf-8"))
            return [one for one in document["entries"] if isinstance(one, dict)]
        except (OSError, ValueError, KeyError, TypeError):
            return []
