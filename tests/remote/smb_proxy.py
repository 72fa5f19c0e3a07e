"""Stands between a client and a file server, and does to their messages what a bad network or a bad person does."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.remote.samba import ADDRESS

# What becomes of one message: itself, another, or nothing when the line is to be cut.
Treat = Callable[[bytes], bytes | None]

# Before a message is read: how many there were. False ends the line.
Listen = Callable[[int], bool]

_SIGNED = 0x08
_FIRST_SIGNED_COMMAND = 2


@dataclass
class Proxy:
    """Messages as they passed, without the length before each."""

    port: int
    up: list[bytes] = field(default_factory=list)
    down: list[bytes] = field(default_factory=list)


def unchanged(message: bytes) -> bytes:
    return message


def always(_: int) -> bool:
    return True


def unsigned(message: bytes) -> bytes:
    """As if the server did not sign once the logon is done."""
    command, flags = struct.unpack_from("<H", message, 12)[0], struct.unpack_from("<I", message, 16)[0]
    if message[:4] != b"\xfeSMB" or command < _FIRST_SIGNED_COMMAND:
        return message
    return message[:16] + struct.pack("<I", flags & ~_SIGNED) + message[20:48] + bytes(16) + message[64:]


def forged(message: bytes) -> bytes:
    """The signature is there, and wrong."""
    command = struct.unpack_from("<H", message, 12)[0]
    if message[:4] != b"\xfeSMB" or command < _FIRST_SIGNED_COMMAND:
        return message
    return message[:48] + bytes(byte ^ 0xFF for byte in message[48:64]) + message[64:]


def cut_after(count: int) -> Treat:
    """The line breaks when so many messages have passed."""
    left = iter(range(count))
    return lambda message: message if next(left, None) is not None else None


def held_after(count: int, released: threading.Event) -> Treat:
    """After so many messages nothing passes any more, and nobody hangs up."""
    left = iter(range(count))

    def treat(message: bytes) -> bytes | None:
        if next(left, None) is not None:
            return message
        released.wait()
        return None

    return treat


def deaf_after(count: int, released: threading.Event) -> Listen:
    """After so many messages nothing is read any more, and nobody hangs up."""

    def listen(passed: int) -> bool:
        return passed < count or not released.wait()

    return listen


@contextmanager
def proxy(server_port: int, up: Treat = unchanged, down: Treat = unchanged, listen: Listen = always) -> Iterator[Proxy]:
    """For one connection. What the client sends is read only after listen has come back."""
    with socket.create_server((ADDRESS, 0)) as listening:
        # A small window: what is not read holds the sender up, and does not vanish into a buffer.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        made = Proxy(listening.getsockname()[1])
        carrying = threading.Thread(target=_carry, args=(listening, server_port, made, up, down, listen))
        carrying.start()
        try:
            yield made
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            carrying.join()


def _carry(listening: socket.socket, server_port: int, made: Proxy, up: Treat, down: Treat, listen: Listen) -> None:
    try:
        client, _ = listening.accept()
    except OSError:
        return
    with client, socket.create_connection((ADDRESS, server_port)) as server:
        back = threading.Thread(target=_pass, args=(server, client, down, made.down, always))
        back.start()
        _pass(client, server, up, made.up, listen)
        back.join()


def _pass(source: socket.socket, sink: socket.socket, treat: Treat, seen: list[bytes], listen: Listen) -> None:
    with suppress(OSError):
        while listen(len(seen)) and (message := _message(source)) and (treated := treat(message)) is not None:
            seen.append(treated)
            sink.sendall(struct.pack(">I", len(treated)) + treated)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _message(source: socket.socket) -> bytes | None:
    length = _exactly(source, 4)
    return None if length is None else _exactly(source, struct.unpack(">I", length)[0])


def _exactly(source: socket.socket, count: int) -> bytes | None:
    data = bytearray()
    while len(data) < count:
        piece = source.recv(count - len(data))
        if not piece:
            return None
        data += piece
    return bytes(data)
