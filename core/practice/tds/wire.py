"""Packets over a stream: in the clear, or inside TLS, whose handshake travels in packets or comes before them all."""

from __future__ import annotations

import asyncio
import ssl
import struct

from core.practice.tds.values import TruncatedError

REPLY, PRELOGIN = 4, 18
_HEAD_BYTES = 8
_TLS_HANDSHAKE = b"\x16"
_LARGEST_MESSAGE = 1024 * 1024
_READ_BYTES = 65_536


class Wire:
    """One connection's messages."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._tls: ssl.SSLObject | None = None
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._buffer = bytearray()
        self.packet_size = 4096

    async def receive(self) -> tuple[int, bytes]:
        """A message, put together from its packets."""
        body = bytearray()
        while True:
            kind, last, part = await self._packet()
            if len(body) + len(part) > _LARGEST_MESSAGE:
                raise TruncatedError
            body += part
            if last:
                return kind, bytes(body)

    async def send(self, body: bytes, kind: int = REPLY) -> None:
        step = self.packet_size - _HEAD_BYTES
        pieces = [body[start : start + step] for start in range(0, max(1, len(body)), step)]
        for number, piece in enumerate(pieces, start=1):
            head = struct.pack(
                ">BBHHBB", kind, int(number == len(pieces)), len(piece) + _HEAD_BYTES, 51, number & 0xFF, 0
            )
            self._write(head + piece)
        await self._writer.drain()

    async def secure(self, context: ssl.SSLContext) -> None:
        """The handshake, wrapped in packets; from then on everything is inside TLS. Raises ssl.SSLError."""
        tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                await self._send_handshake()
                self._incoming.write((await self.receive())[1])
        await self._send_handshake()
        self._tls = tls

    async def begins_with_tls(self) -> bool:
        """Whether the client speaks TLS before anything else, as TDS 8 does."""
        await self.readable()
        return self._buffer[:1] == _TLS_HANDSHAKE

    async def secure_at_once(self, context: ssl.SSLContext) -> None:
        """The handshake as anywhere else. Raises ssl.SSLError."""
        tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._incoming.write(bytes(self._buffer))
        self._buffer.clear()
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._flush()
                self._incoming.write(await self._read())
        self._flush()
        self._tls = tls
        self._decrypt()

    def leave_tls(self) -> None:
        """Where only the login is secret."""
        self._tls = None

    def close(self) -> None:
        self._writer.close()

    async def readable(self) -> None:
        """Until the client says something more."""
        if not self._buffer:
            await self._fill()

    async def _send_handshake(self) -> None:
        if self._outgoing.pending:
            await self.send(self._outgoing.read(), PRELOGIN)

    async def _packet(self) -> tuple[int, bool, bytes]:
        kind, status, length = struct.unpack(">BBH", (await self._exactly(_HEAD_BYTES))[:4])
        if length < _HEAD_BYTES:
            raise TruncatedError
        return kind, bool(status & 1), await self._exactly(length - _HEAD_BYTES)

    async def _exactly(self, count: int) -> bytes:
        while len(self._buffer) < count:
            await self._fill()
        part = bytes(self._buffer[:count])
        del self._buffer[:count]
        return part

    async def _read(self) -> bytes:
        data = await self._reader.read(_READ_BYTES)
        if not data:
            raise ConnectionResetError
        return data

    async def _fill(self) -> None:
        data = await self._read()
        if self._tls is None:
            self._buffer += data
            return
        self._incoming.write(data)
        self._decrypt()

    def _decrypt(self) -> None:
        while self._tls is not None:
            try:
                data = self._tls.read(_READ_BYTES)
            except ssl.SSLWantReadError:
                return
            if not data:  # the client said that it is done
                raise ConnectionResetError
            self._buffer += data

    def _flush(self) -> None:
        if self._outgoing.pending:
            self._writer.write(self._outgoing.read())

    def _write(self, packet: bytes) -> None:
        if self._tls is None:
            self._writer.write(packet)
            return
        self._tls.write(packet)
        self._writer.write(self._outgoing.read())
