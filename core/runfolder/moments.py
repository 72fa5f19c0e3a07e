"""How far each host's transfer is, in a file beside the run's lock: for those who watch, no part of its story."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.model.transfer import Moment, Progress
from core.ports import Clock
from core.runfolder.writing import replace_file

_FILE = "progress.json"
_VERSION = 1
# Of one host; nobody reads faster, and a transfer must not wait for its own picture.
_PAUSE = timedelta(seconds=1)
# Who has shown nothing for so long is done with it: of a thousand hosts few are on their way at once.
_KEPT = timedelta(minutes=1)


class Moments:
    """Written by the process that drives the run, from the threads that work on its hosts."""

    def __init__(self, state: Path, clock: Clock) -> None:
        self._path, self._clock = state / _FILE, clock
        self._guard = threading.Lock()
        self._shown: dict[str, Moment] = {}
        # What a process that was killed left there goes on no more.
        self.clear()

    def show(self, progress: Progress) -> None:
        """That somebody may watch must never hurt the run: a disk that is full tells its own troubles elsewhere."""
        now = self._clock.now()
        with self._guard:
            before = self._shown.get(progress.host)
            if before is not None and before.progress.doing == progress.doing and now - before.at < _PAUSE:
                return
            self._shown = {host: one for host, one in self._shown.items() if now - one.at < _KEPT}
            self._shown[progress.host] = Moment(progress, now)
            try:
                replace_file(self._path, self._text(), durable=False)
            except OSError:
                return

    def clear(self) -> None:
        with self._guard:
            try:
                self._path.unlink(missing_ok=True)
            except OSError:
                return

    def _text(self) -> str:
        moments = [{"at": one.at.isoformat(), **asdict(one.progress)} for one in self._shown.values()]
        return json.dumps({"schema_version": _VERSION, "moments": moments})


class MomentsSeen:
    """What was written since one last looked."""

    def __init__(self, state: Path) -> None:
        self._path = state / _FILE
        self._told: dict[str, Moment] = {}

    def fresh(self) -> tuple[Moment, ...]:
        """Nothing, where there is no file, or one that another version of Drydock wrote."""
        found = tuple(one for one in _read(self._path) if self._told.get(one.progress.host) != one)
        self._told |= {one.progress.host: one for one in found}
        return found


def _read(path: Path) -> tuple[Moment, ...]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["schema_version"] != _VERSION:
            return ()
        return tuple(map(_moment, document["moments"]))
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _moment(one: Mapping[str, Any]) -> Moment:
    said = dict(one)
    at = datetime.fromisoformat(said.pop("at"))
    return Moment(Progress(**said), at)
