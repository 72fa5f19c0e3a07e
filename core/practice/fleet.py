"""All hosts of a fleet in one event loop: their network, and their time."""

from __future__ import annotations

import asyncio
import heapq
import ipaddress
import itertools
import socket
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.model.ids import folded
from core.model.secret import Credential
from core.practice.authentication import Users
from core.practice.browser import PORT
from core.practice.certificates import Authority
from core.practice.host.groups import groups_of
from core.practice.host.machine import Machine
from core.practice.ledger import Ledger
from core.practice.shares import reader_of
from core.practice.spec.scenario import Scenario, servers_of
from core.practice.station import Station

_RANGES = range(77, 127)


class Fleet:
    """Starts the hosts of a scenario, and keeps them alive."""

    def __init__(
        self,
        scenario: Scenario,
        ledger: Ledger,
        root: Ed25519PublicKey,
        accounts: tuple[Credential, Credential],
        work: Path,
    ) -> None:
        windows, sql = accounts
        self.authority = Authority()
        self._woken = asyncio.Event()
        self._changed: set[Station] = set()
        self._ledger = ledger
        keytab = None if scenario.keytab is None else Path(scenario.keytab)
        users = Users(work / "ntlm_users", (windows,), keytab)
        self._reserved, first = _address_range()
        self._read_share = reader_of(scenario.shares)
        servers = servers_of(scenario)
        self.stations = [
            Station(
                Machine(spec, scenario.seed, scenario.time_scale, root, ledger.note),
                str(ipaddress.IPv4Address(first + number)),
                users,
                sql,
                self.authority,
                self.wake,
            )
            for number, spec in enumerate(servers, start=1)
        ]
        self.groups = groups_of(servers)
        for station in self.stations:
            member = station.machine.spec.group
            if member is not None:
                station.machine.group = self.groups[member.name.casefold()]
                station.machine.group.join(station.machine)

    def station(self, host: str) -> Station | None:
        return next((one for one in self.stations if folded(one.machine.name) == folded(host)), None)

    async def start(self) -> None:
        now = datetime.now(UTC)
        for station in self.stations:
            station.machine.start(now)
            station.machine.read_share = self._read_share
            await station.start()
        self._clock = asyncio.get_running_loop().create_task(self._live())

    async def stop(self) -> None:
        self._clock.cancel()
        for station in self.stations:
            station.stop()
        if self._reserved is not None:
            self._reserved.close()
        with suppress(asyncio.CancelledError):
            await self._clock

    def wake(self, station: Station | None = None) -> None:
        """Something changed: look at what is due there, and at what should listen."""
        self._changed.update(self.stations if station is None else [station])
        self._woken.set()

    async def _live(self) -> None:
        """Moves a machine's time on just when something is due, or after something happened to it."""
        agenda: list[tuple[datetime, int, Station]] = []
        order = itertools.count()
        while True:
            self._woken.clear()
            now = datetime.now(UTC)
            while agenda and agenda[0][0] <= now:
                self._changed.add(heapq.heappop(agenda)[2])
            while self._changed:
                station = self._changed.pop()
                station.machine.advance(now)
                await station.settle()
                if (at := station.machine.next_due()) is not None:
                    heapq.heappush(agenda, (at, next(order), station))
            pause = max(0.0, (agenda[0][0] - datetime.now(UTC)).total_seconds()) if agenda else 3600.0
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)


def _address_range() -> tuple[socket.socket | None, int]:
    """Addresses of its own for each fleet on this PC, so that each can have a SQL Browser on every host.

    The range is held by the Browser's port on its first address, which no host gets."""
    for number in _RANGES:
        first = ipaddress.IPv4Address(f"127.{number}.0.0")
        guard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            guard.bind((str(first + 1), PORT))
        except OSError:
            guard.close()
            continue
        return guard, int(first) + 1
    # Without a free range the hosts still have ports of their own; only the Browser may be missing.
    return None, int(ipaddress.IPv4Address("127.77.0.1"))
