"""Types and values on the wire: columns out, parameters in."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

COLLATION = b"\x09\x04\xd0\x00\x34"
TDS_72 = 0x72000000
_EPOCH = datetime(1900, 1, 1)  # noqa: DTZ001 - SQL Server's datetime carries no zone


class TruncatedError(Exception):
    """The message ends before its content does."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Rows:
    """One result set."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class _Type:
    """How a column of this type is declared, how a value is written, and what stands for NULL."""

    declaration: bytes
    encode: Callable[[Any], bytes]
    null: bytes


def _short(data: bytes) -> bytes:
    return struct.pack("<H", len(data)) + data


def _byte(data: bytes) -> bytes:
    return bytes([len(data)]) + data


def _datetime(value: datetime) -> bytes:
    since = value.replace(tzinfo=None) - _EPOCH
    ticks = round((since.seconds + since.microseconds / 1e6) * 300)
    return _byte(struct.pack("<iI", since.days, min(ticks, 300 * 86_400 - 1)))


def _long_text(value: Any) -> bytes:
    data = str(value).encode("utf-16-le")
    chunk = struct.pack("<I", len(data)) + data if data else b""
    return struct.pack("<Q", len(data)) + chunk + b"\0\0\0\0"


TYPES: dict[str, _Type] = {
    "nvarchar": _Type(
        b"\xe7" + struct.pack("<H", 8000) + COLLATION, lambda value: _short(str(value).encode("utf-16-le")), b"\xff\xff"
    ),
    "nvarchar(max)": _Type(b"\xe7\xff\xff" + COLLATION, _long_text, b"\xff" * 8),
    "tinyint": _Type(b"\x26\x01", lambda value: _byte(struct.pack("<B", value)), b"\0"),
    "smallint": _Type(b"\x26\x02", lambda value: _byte(struct.pack("<h", value)), b"\0"),
    "int": _Type(b"\x26\x04", lambda value: _byte(struct.pack("<i", value)), b"\0"),
    "bigint": _Type(b"\x26\x08", lambda value: _byte(struct.pack("<q", value)), b"\0"),
    "bit": _Type(b"\x68\x01", lambda value: _byte(bytes([bool(value)])), b"\0"),
    "datetime": _Type(b"\x6f\x08", _datetime, b"\0"),
}

_LONGEST_NVARCHAR = 4000


def fitting(column: Column, values: Sequence[Any]) -> Column:
    """A value longer than its declared column breaks the stream: such a column becomes nvarchar(max)."""
    if column.type == "nvarchar" and any(value is not None and len(str(value)) > _LONGEST_NVARCHAR for value in values):
        return Column(column.name, "nvarchar(max)")
    return column


def write_columns(columns: Sequence[Column], version: int) -> bytes:
    out = b"\x81" + struct.pack("<H", len(columns))
    for column in columns:
        user_type = struct.pack("<I" if version >= TDS_72 else "<H", 0)
        out += user_type + b"\x09\x00" + TYPES[column.type].declaration + short_text(column.name)
    return out


def write_row(columns: Sequence[Column], values: Sequence[Any]) -> bytes:
    parts = [b"\xd1"]
    for column, value in zip(columns, values, strict=True):
        form = TYPES[column.type]
        parts.append(form.null if value is None else form.encode(value))
    return b"".join(parts)


def short_text(text: str) -> bytes:
    """Length in a byte, then UTF-16."""
    return bytes([len(text)]) + text.encode("utf-16-le")


def text(content: str) -> bytes:
    """Length in two bytes, then UTF-16."""
    return struct.pack("<H", len(content)) + content.encode("utf-16-le")


class Reader:
    """Takes a message apart, and notices its end."""

    def __init__(self, data: bytes, position: int = 0) -> None:
        self._data = data
        self._position = position

    def take(self, count: int) -> bytes:
        part = self._data[self._position : self._position + count]
        if len(part) < count:
            raise TruncatedError
        self._position += count
        return part

    def number(self, form: str) -> int:
        return int(struct.unpack(form, self.take(struct.calcsize(form)))[0])

    @property
    def has_more(self) -> bool:
        return self._position < len(self._data)


_FIXED = {0x30: "<B", 0x34: "<h", 0x38: "<i", 0x7F: "<q"}


def read_parameter(reader: Reader) -> Any:
    """The value of one parameter of a call. Raises TruncatedError for types that no driver of ours sends."""
    kind = reader.number("<B")
    if kind in _FIXED:
        return reader.number(_FIXED[kind])
    if kind == 0x26:
        reader.take(1)
        raw = reader.take(reader.number("<B"))
        return int.from_bytes(raw, "little", signed=len(raw) > 1) if raw else None
    if kind in (0xE7, 0xA7):
        longest = reader.number("<H")
        reader.take(5)
        length = reader.number("<H")
        if longest == 0xFFFF:
            raise TruncatedError
        if length == 0xFFFF:
            return None
        return reader.take(length).decode("utf-16-le" if kind == 0xE7 else "cp1252", "replace")
    raise TruncatedError
