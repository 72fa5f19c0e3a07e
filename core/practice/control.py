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

from core.model.ids import folded
from core.practice.fleet import Fleet
from core.practice.ledger import KINDS
from core.practice.spec.fault import FaultSpec
from core.practice.spec.server import ServerSpec
from core.settings.reading import read_document

_KNOWN = ("fault", "clear", "hold", "go_on", "crash", "fail_over", "state", "stop")
# The longest path that a socket of this kind may have on every system.
_LONGEST_SOCKET_PATH = 100


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
        await asyncio.start_unix_server(self._talk, path)
        os.chmod(path, 0o600)  # noqa: PTH101 - beside the call it belongs to
        return str(path)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(json.dumps(self._answer(line)).encode() + b"\n")
            await writer.drain()
        writer.close()

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            asked = json.loads(line)
        except ValueError:
            return {"ok": False, "error": "not JSON"}
        if not isinstance(asked, dict):
            return {"ok": False, "error": "not an object"}
        match asked.pop("do", None):
            case "fault":
                return self._add_fault(asked)
            case "clear":
                return self._clear(asked.get("host"))
            case "hold":
                return self._hold(asked)
            case "go_on":
                return self._go_on(asked.get("host"))
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
                return {"ok": False, "error": f"unknown: {strange}; known are {', '.join(_KNOWN)}"}

    def _add_fault(self, asked: dict[str, Any]) -> dict[str, Any]:
        station = self._fleet.station(str(asked.pop("host", "")))
        fault = read_document(FaultSpec, "fault", asked)
        wrong = [] if station is not None else ["host: no such host"]
        if isinstance(fault, tuple):
            wrong += [str(one).removeprefix("fault: ") for one in fault]
        elif station is not None and (why := _never(fault, station.machine.spec)) is not None:
            wrong.append(f"kind: {why}")
        if station is None or isinstance(fault, tuple) or wrong:
            return {"ok": False, "error": "; ".join(wrong)}
        station.machine.faults.waiting.append(fault)
        self._fleet.wake()
        return {"ok": True}

    def _clear(self, host: str | None) -> dict[str, Any]:
        for station in self._fleet.stations:
            if host is None or folded(station.machine.name) == folded(host):
                station.machine.faults.waiting.clear()
        self._fleet.wake()
        return {"ok": True}

    def _crash(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The host's power fails."""
        station = self._fleet.station(str(asked.get("host", "")))
        if station is None:
            return {"ok": False, "error": "no such host"}
        station.machine.advance(datetime.now(UTC))
        station.machine.crash()
        self._fleet.wake()
        return {"ok": True}

    def _fail_over(self, asked: dict[str, Any]) -> dict[str, Any]:
        group, to = self._fleet.groups.get(str(asked.get("group", "")).casefold()), asked.get("to")
        if group is None:
            return {
                "ok": False,
                "error": f"no such group; known are {', '.join(one.name for one in self._fleet.groups.values())}",
            }
        for station in self._fleet.stations:
            station.machine.advance(datetime.now(UTC))
        if not group.fail_over(None if to is None else str(to)):
            return {"ok": False, "error": "no member could take over without loss"}
        self._fleet.wake()
        return {"ok": True, "leader": group.leader}

    def _hold(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Stops what goes on at a host, at once or at an event, so that somebody can look at it in the middle."""
        station, at = self._fleet.station(str(asked.get("host", ""))), asked.get("at")
        if station is None:
            return {"ok": False, "error": "no such host"}
        if at is not None and at not in KINDS:
            return {"ok": False, "error": f"at: known are {', '.join(KINDS)}"}
        station.machine.hold(at)
        return {"ok": True}

    def _go_on(self, host: str | None) -> dict[str, Any]:
        for station in self._fleet.stations:
            if host is None or folded(station.machine.name) == folded(host):
                station.machine.go_on()
        self._fleet.wake()
        return {"ok": True}


def _never(fault: FaultSpec, spec: ServerSpec) -> str | None:
    if fault.kind == "dns":
        return '"dns" is written into the workspace when the fleet starts: it can be in a scenario only'
    return spec.why_never(fault.kind)


def _state(station: Any) -> dict[str, Any]:
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
