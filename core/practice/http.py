"""HTTP/1.1 on one connection: authentication belongs to it, and faults need exact control of it."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httptools

_REASONS = {200: b"OK", 400: b"Bad Request", 401: b"Unauthorized", 404: b"Not Found", 500: b"Internal Server Error"}
_LARGEST_BODY = 4 * 1024 * 1024
_LARGEST_HEAD = 64 * 1024
_MOST_WAITING = 16
_log = logging.getLogger(__name__)

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Request:
    path: bytes
    headers: dict[bytes, bytes]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    status: int = 200
    body: bytes = b""
    headers: Headers = ()
    close: bool = False


@dataclass
class _Incoming:
    path: bytes = b""
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    head_bytes: int = 0


Handle = Callable[["Connection", Request], Awaitable[Response]]


class Connection(asyncio.Protocol):
    """One client's connection. Requests are answered in order."""

    def __init__(
        self, handle: Handle, opened: Callable[[Connection], bool], closed: Callable[[Connection], None]
    ) -> None:
        self._handle = handle
        self._opened = opened
        self._closed = closed
        self._parser = httptools.HttpRequestParser(self)
        self._incoming = _Incoming()
        self._waiting: deque[Request] = deque()
        self._task: asyncio.Task[None] | None = None
        self.transport: asyncio.Transport
        self.is_open = False

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what asyncio hands to a stream protocol
        self.transport = transport
        self.is_open = self._opened(self)
        if not self.is_open:
            self.reset()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        self.is_open = False
        self._closed(self)
        if self._task is not None:
            self._task.cancel()

    # httptools

    def on_message_begin(self) -> None:
        self._incoming = _Incoming()

    def on_url(self, url: bytes) -> None:
        self._incoming.path += url
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._incoming.headers[name.lower()] = value
        self._count(len(name) + len(value))

    def _count(self, size: int) -> None:
        self._incoming.head_bytes += size
        if self._incoming.head_bytes > _LARGEST_HEAD:
            self.reset()

    def on_body(self, body: bytes) -> None:
        self._incoming.body += body
        if len(self._incoming.body) > _LARGEST_BODY:
            self.reset()

    def on_message_complete(self) -> None:
        came = self._incoming
        if len(self._waiting) >= _MOST_WAITING:
            self.reset()
            return
        self._waiting.append(Request(came.path, came.headers, bytes(came.body)))
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._answer())

    async def _answer(self) -> None:
        try:
            while self._waiting and self.is_open:
                self._write(await self._handle(self, self._waiting.popleft()))
        except Exception:
            _log.exception("a request could not be answered")
            self._write(Response(500, close=True))
        finally:
            self._task = None

    def _write(self, response: Response) -> None:
        if not self.is_open:
            return
        headers = [(b"Server", b"Microsoft-HTTPAPI/2.0"), (b"Content-Length", str(len(response.body)).encode())]
        if response.close:
            headers.append((b"Connection", b"close"))
        lines = [b"HTTP/1.1 %d %s" % (response.status, _REASONS[response.status])]
        lines += [name + b": " + value for name, value in (*headers, *response.headers)]
        self.transport.write(b"\r\n".join(lines) + b"\r\n\r\n" + response.body)
        if response.close:
            self.transport.close()

    def reset(self) -> None:
        """Ends the connection as a crashing host does: at once, unread data lost."""
        raw = self.transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()
