"""The tokens of an answer: messages, environment changes, the end."""

import struct

from core.practice.tds.values import COLLATION, TDS_72, short_text, text

DONE = 0xFD
DONE_PROCEDURE = 0xFE
DONE_IN_PROCEDURE = 0xFF
FINAL, MORE, ERROR, COUNT, ATTENTION = 0, 1, 2, 0x10, 0x20

_ERROR_TOKEN, _INFO_TOKEN = 0xAA, 0xAB
_LONGEST_MESSAGE = 2047


def _token(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + struct.pack("<H", len(body)) + body


def error(number: int, message: str, level: int, server: str, version: int) -> bytes:
    return _message(_ERROR_TOKEN, number, message, level, server, version)


def info(number: int, message: str, server: str, version: int) -> bytes:
    return _message(_INFO_TOKEN, number, message, 0, server, version)


def _message(kind: int, number: int, message: str, level: int, server: str, version: int) -> bytes:
    line = struct.pack("<I" if version >= TDS_72 else "<H", 1)
    body = (
        struct.pack("<iBB", number, 1, level)
        + text(message[:_LONGEST_MESSAGE])
        + short_text(server)
        + short_text("")
        + line
    )
    return _token(kind, body)


def done(version: int, status: int = FINAL, rows: int = 0, kind: int = DONE) -> bytes:
    command = 0xC1 if status & COUNT else 0
    return bytes([kind]) + struct.pack("<HH", status, command) + struct.pack("<Q" if version >= TDS_72 else "<I", rows)


def return_status(value: int) -> bytes:
    return b"\x79" + struct.pack("<i", value)


def database_changed(name: str) -> bytes:
    return _token(0xE3, b"\x01" + short_text(name) + short_text("master"))


def collation_changed() -> bytes:
    return _token(0xE3, b"\x07" + bytes([len(COLLATION)]) + COLLATION + b"\0")


def language_changed() -> bytes:
    return _token(0xE3, b"\x02" + short_text("us_english") + b"\0")


def packet_size_changed(size: int) -> bytes:
    return _token(0xE3, b"\x04" + short_text(str(size)) + short_text("4096"))


def login_accepted(version: int, product: tuple[int, int, int]) -> bytes:
    major, minor, number = product
    body = b"\x01" + struct.pack(">I", version) + short_text("Microsoft SQL Server")
    return _token(0xAD, body + bytes([major, minor]) + struct.pack(">H", number))
