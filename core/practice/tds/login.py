"""The first two messages of a client: what it can do, and who it is."""

import struct
from dataclasses import dataclass

from core.practice.tds.values import TruncatedError

_LONGEST_NAME = 128
LOGIN_ONLY, ENCRYPTED, NOT_SUPPORTED, REQUIRED = 0, 1, 2, 3
_VERSION, _ENCRYPTION, _INSTANCE, _THREAD, _MARS, _END = 0, 1, 2, 3, 4, 0xFF


@dataclass(frozen=True, slots=True)
class Login:
    version: int
    packet_size: int
    user: str
    password: str
    application: str
    database: str


def read_encryption(body: bytes) -> int:
    """What the client asks for. Raises TruncatedError for anything that is no prelogin message."""
    position = 0
    while body[position : position + 1] != bytes([_END]):
        if len(body) < position + 5:
            raise TruncatedError
        kind, offset, length = struct.unpack_from(">BHH", body, position)
        if kind == _ENCRYPTION and length == 1 and offset < len(body):
            return int(body[offset])
        position += 5
    return NOT_SUPPORTED


def settled_encryption(offered: int, asked: int) -> int:
    """What both sides will do. Where one cannot and the other insists, the client hangs up by itself."""
    if NOT_SUPPORTED in (offered, asked):
        return REQUIRED if offered == REQUIRED else NOT_SUPPORTED
    if asked in (ENCRYPTED, REQUIRED):
        return ENCRYPTED
    return REQUIRED if offered == REQUIRED else LOGIN_ONLY


def write_prelogin(product: tuple[int, int, int], encryption: int) -> bytes:
    """What this server can do: no multiple result sets."""
    major, minor, number = product
    options = {
        _VERSION: struct.pack(">BBHH", major, minor, number, 0),
        _ENCRYPTION: bytes([encryption]),
        _INSTANCE: b"\0",
        _THREAD: b"",
        _MARS: b"\0",
    }
    head, data = b"", b""
    start = 5 * len(options) + 1
    for kind, value in options.items():
        head += struct.pack(">BHH", kind, start + len(data), len(value))
        data += value
    return head + bytes([_END]) + data


def read_login(body: bytes) -> Login:
    """Raises TruncatedError for anything that is no LOGIN7."""
    if len(body) < 94:
        raise TruncatedError
    version, packet_size = struct.unpack_from("<II", body, 4)
    return Login(
        version=version,
        packet_size=packet_size if 512 <= packet_size <= 32_767 else 4096,
        user=_field(body, 1).decode("utf-16-le", "replace"),
        password=_clear(_field(body, 2)).decode("utf-16-le", "replace"),
        application=_field(body, 3).decode("utf-16-le", "replace"),
        database=_field(body, 8).decode("utf-16-le", "replace"),
    )


def _field(body: bytes, index: int) -> bytes:
    offset, characters = struct.unpack_from("<HH", body, 36 + 4 * index)
    part = body[offset : offset + 2 * characters]
    if len(part) < 2 * characters or characters > _LONGEST_NAME:
        raise TruncatedError
    return part


def _clear(scrambled: bytes) -> bytes:
    """Passwords are scrambled, not encrypted: each byte is swapped and masked."""
    return bytes(((one ^ 0xA5) << 4 & 0xF0) | ((one ^ 0xA5) >> 4) for one in scrambled)
