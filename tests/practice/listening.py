"""An event loop in a thread, with servers on loopback: for tests that look inside one host."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class Loop:
    """Runs what it is given in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def close(self) -> None:
        self.run(self._end_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end_all(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def listening(
    protocol: Callable[[], asyncio.BaseProtocol], tls: ssl.SSLContext | None = None
) -> Iterator[tuple[str, int]]:
    """A server on a free port."""
    loop = Loop()

    opened: list[asyncio.BaseProtocol] = []

    def accept() -> asyncio.BaseProtocol:
        opened.append(protocol())
        return opened[-1]

    async def open_server() -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(accept, "127.78.0.1", 0, ssl=tls)

    server = loop.run(open_server())
    try:
        address, port = server.sockets[0].getsockname()[:2]
        yield address, port
    finally:
        loop.run(_close(server, opened))
        loop.close()


async def _close(server: asyncio.Server, opened: list[asyncio.BaseProtocol]) -> None:
    server.close()
    for one in opened:
        if (transport := getattr(one, "transport", None)) is not None:
            transport.abort()
    await asyncio.sleep(0)
