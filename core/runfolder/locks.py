"""Locks of the operating system: they fall when their process ends, however it ends."""

import json
import os
import platform
import threading
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from core.model.failure import Cause, Failure
from core.model.host import Place
from core.model.ids import folder_name
from core.ports import Clock
from core.runfolder.writing import replace_file

_GLANCE_SECONDS = 2.0
_INSTANT_SECONDS, _BETWEEN_SECONDS = 0.03, 0.01
_TIME_TO_LIVE = timedelta(hours=12)


class RunLock:
    """Held by the one process that drives a run."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(folder / "run.lock")

    def take(self, patience: float = _GLANCE_SECONDS) -> bool:
        """Waits a moment by default: whoever only looks whether the run is driven holds the lock for an instant."""
        try:
            self._lock.acquire(timeout=patience, poll_interval=_BETWEEN_SECONDS)
        except Timeout:
            return False
        return True

    def release(self) -> None:
        self._lock.release()


def is_driven(folder: Path) -> bool:
    """Whether a process drives the run now. Whoever only looks lets go within an instant: a run that was broken off
    must not seem to go on because of two who look at it."""
    lock = RunLock(folder)
    if not lock.take(patience=_INSTANT_SECONDS):
        return True
    lock.release()
    return False


class DeviceLocks:
    """The HostLocks port: a lock a host, with a file beside it that says who has it."""

    def __init__(self, state_folder: Path, places: dict[str, Place], run_id: str, operator: str, clock: Clock) -> None:
        self._state_folder = state_folder
        self._places = places
        self._run_id = run_id
        self._operator = operator
        self._clock = clock
        self._held: dict[str, FileLock] = {}
        self._guard = threading.Lock()

    def take(self, host: str) -> Failure | None:
        folder = device_folder(self._state_folder, self._places[host], host)
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "device.lock", thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            detail = f"{host} is locked on this PC by {_holder(folder)}"
            return Failure(Cause.LOCKED, detail, "wait until that run has ended")
        with self._guard:
            self._held[host] = lock
        description = self._description(host, self._clock.now())
        replace_file(folder / "lock.json", json.dumps(description, indent=2) + "\n")
        return None

    def release(self, host: str) -> None:
        with self._guard:
            lock = self._held.pop(host, None)
        if lock is not None:
            (device_folder(self._state_folder, self._places[host], host) / "lock.json").unlink(missing_ok=True)
            lock.release()

    def _description(self, host: str, at: datetime) -> dict[str, object]:
        return {
            "schema_version": 1,
            "owner": self._operator,
            "host": platform.node(),
            "device": host,
            "pid": os.getpid(),
            "RunId": self._run_id,
            "acquiredUtc": at.isoformat().replace("+00:00", "Z"),
            "timeToLiveSeconds": int(_TIME_TO_LIVE.total_seconds()),
        }


def device_folder(state_folder: Path, place: Place, host: str) -> Path:
    parts = ("Tenants", place.tenant), ("Clients", place.client), ("Sites", place.site), ("Devices", host)
    folder = state_folder
    for kind, name in parts:
        folder = folder / kind / folder_name(name)
    return folder


def _holder(folder: Path) -> str:
    try:
        told = json.loads((folder / "lock.json").read_text(encoding="utf-8"))
        return f"run {told['RunId']} of {told['owner']} since {told['acquiredUtc']}"
    except (OSError, ValueError, KeyError):
        return "another run"
