"""SQL Browser: tells where the instances of a host listen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

PORT = 1434
_ANSWER = b"\x05"


@dataclass(frozen=True, slots=True)
class Listed:
    """An instance that runs and listens."""

    server: str
    name: str
    version: str
    port: int


class Browser(asyncio.DatagramProtocol):
    """Answers with what listens at that moment; silent about anything else, as the real one."""

    def __init__(self, listed: Callable[[], Sequence[Listed]]) -> None:
        self._listed = listed
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: Any) -> None:
        found = self._asked_for(data)
        if found and self._transport is not None:
            text = "".join(map(_described, found)).encode("ascii", "replace")
            self._transport.sendto(_ANSWER + len(text).to_bytes(2, "little") + text, address)

    def _asked_for(self, data: bytes) -> list[Listed]:
        match data[:1]:
            case b"\x02" | b"\x03":
                return list(self._listed())
            case b"\x04":
                name = data[1:].rstrip(b"\0").decode("ascii", "replace").casefold()
                return [one for one in self._listed() if one.name.casefold() == name]
            case _:
                return []


def _described(one: Listed) -> str:
    return f"ServerName;{one.server};InstanceName;{one.name};IsClustered;No;Version;{one.version};tcp;{one.port};;"
