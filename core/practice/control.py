"""The fleet's control socket: JSON lines in, JSON lines out."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.practice.fleet import Fleet
from core.practice.host import power
from core.practice.ledger import KINDS
from core.practice.spec.fault import FaultSpec
from core.practice.spec.server import ServerSpec
from core.settings.reading import read_document

# What can be asked for, with the keys beside it. Those of a fault are as in a scenario.
_KEYS: dict[str, tuple[str, ...]] = {
    "fault": (),
    "clear": ("host",),
    "hold": ("host", "at"),
    "go_on": ("host",),
    "crash": ("host",),
    "fail_over": ("group", "to"),
    "state": (),
    "stop": (),
}
_NO_HOST = "no such host"
# The longest path that a socket of this kind may have on every system.
_LONGEST_SOCKET_PATH = 100

Said = dict[str, Any]


class Control:
    """Listens on a Unix socket that only its owner may use; on Windows on loopback."""

    def __init__(self, fleet: Fleet, stop: Callable[[], None]) -> None:
        self._fleet = fleet
        self._stop = stop

    async def listen(self, folder: Path) -> str:
        """Where it listens: a path, or host:port."""
        if sys.platform == "win32":
            server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
            return "{}:{}".format(*server.sockets[0].getsockname()[:2])
        path = folder / "control.sock"
        if len(str(path)) > _LONGEST_SOCKET_PATH:
            path = Path(tempfile.mkdtemp(prefix="drydock-")) / "control.sock"
        path.unlink(missing_ok=True)
        before = os.umask(0o177)  # from its first moment on: nobody else may be quicker
        try:
            await asyncio.start_unix_server(self._talk, path)
        finally:
            os.umask(before)
        return str(path)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(json.dumps(self._answer(line)).encode() + b"\n")
                await writer.drain()
        except ValueError:
            writer.write(json.dumps(_no("a line is too long")).encode() + b"\n")
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _answer(self, line: bytes) -> Said:
        try:
            asked = json.loads(line)
        except (ValueError, RecursionError):
            return _no("not JSON")
        if not isinstance(asked, dict):
            return _no("not an object")
        do = asked.pop("do", None)
        if not isinstance(do, str) or do not in _KEYS:
            return _no(f"unknown: {do}; known are {', '.join(_KEYS)}")
        if do == "fault":
            return self._add_fault(asked)
        wrong = [f"{key}: unknown key; known are {', '.join(_KEYS[do]) or 'none'}" for key in asked.keys() - _KEYS[do]]
        wrong += [f"{key}: must be a text" for key, value in asked.items() if not isinstance(value, str | None)]
        return _no("; ".join(sorted(wrong))) if wrong else self._do(do, asked)

    def _do(self, do: str, asked: dict[str, str | None]) -> Said:
        match do:
            case "clear" | "go_on":
                return self._on_some(do, asked.get("host"))
            case "hold":
                return self._hold(asked)
            case "crash":
                return self._crash(asked)
            case "fail_over":
                return self._fail_over(asked)
            case "state":
                hosts = [_state(station) for station in self._fleet.stations]
                return {"ok": True, "tasks": len(asyncio.all_tasks()), "hosts": hosts}
            case "stop":
                self._stop()
                return {"ok": True}
            case strange:
                raise AssertionError(f"{strange} is known, and not done")

    def _add_fault(self, asked: Said) -> Said:
        station = self._fleet.station(str(asked.pop("host", "")))
        fault = read_document(FaultSpec, "fault", asked)
        wrong = [] if station is not None else [f"host: {_NO_HOST}"]
        if isinstance(fault, tuple):
            wrong += [str(one).removeprefix("fault: ") for one in fault]
        elif station is not None and (why := _never(fault, station.machine.spec)) is not None:
            wrong.append(f"kind: {why}")
        if station is None or isinstance(fault, tuple) or wrong:
            return _no("; ".join(wrong))
        station.machine.faults.waiting.append(fault)
        self._fleet.wake()
        return {"ok": True}

    def _on_some(self, do: str, host: str | None) -> Said:
        """On one host, or on all."""
        chosen = self._fleet.stations if host is None else [one] if (one := self._fleet.station(host)) else []
        if not chosen:
            return _no(_NO_HOST)
        for station in chosen:
            station.machine.advance(datetime.now(UTC))
            if do == "clear":
                station.machine.faults.waiting.clear()
            else:
                station.machine.go_on()
        self._fleet.wake()
        return {"ok": True}

    def _crash(self, asked: dict[str, str | None]) -> Said:
        """The host's power fails."""
        station = self._fleet.station(asked.get("host") or "")
        if station is None:
            return _no(_NO_HOST)
        station.machine.advance(datetime.now(UTC))
        power.crash(station.machine)
        self._fleet.wake()
        return {"ok": True}

    def _fail_over(self, asked: dict[str, str | None]) -> Said:
        group, to = self._fleet.groups.get((asked.get("group") or "").casefold()), asked.get("to")
        if group is None:
            return _no(f"no such group; known are {', '.join(one.name for one in self._fleet.groups.values())}")
        for station in self._fleet.stations:
            station.machine.advance(datetime.now(UTC))
        if not group.fail_over(to):
            return _no("no member could take over without loss")
        self._fleet.wake()
        return {"ok": True, "leader": group.leader}

    def _hold(self, asked: dict[str, str | None]) -> Said:
        """Stops what goes on at a host, at once or at an event, so that somebody can look at it in the middle."""
        station, at = self._fleet.station(asked.get("host") or ""), asked.get("at")
        if station is None:
            return _no(_NO_HOST)
        if at is not None and at not in KINDS:
            return _no(f"at: known are {', '.join(KINDS)}")
        station.machine.advance(datetime.now(UTC))
        station.machine.hold(at)
        return {"ok": True}


def _no(why: str) -> Said:
    return {"ok": False, "error": why}


def _never(fault: FaultSpec, spec: ServerSpec) -> str | None:
    if fault.kind == "dns":
        return '"dns" is written into the workspace when the fleet starts: it can be in a scenario only'
    return spec.why_never(fault.kind)


def _state(station: Any) -> Said:
    machine = station.machine
    return {
        "host": machine.name,
        "up": machine.up,
        "shells": station.shells,
        "connections": station.connections,
        "connected": machine.connected,
        "boot": machine.boot_id,
        "builds": {one.name: one.build for one in machine.instances},
        "part": None if machine.group is None else machine.group.part_of(machine.name),
        "services": {one.name: one.running for one in machine.services},
        "updates": {
            "offered": [one.kb for one in machine.updates.offered],
            "installed": [one.kb for one in machine.updates.installed],
            "revision": machine.updates.revision,
        },
        "claim": None if machine.claim is None else machine.claim.run_id,
        "jobs": {job.id: job.state for job in machine.jobs.values()},
        "faults": [fault.model_dump() for fault in machine.faults.waiting],
    }
