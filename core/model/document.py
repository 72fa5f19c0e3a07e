"""Nouns as JSON documents: one form for files, database, digests and the wire."""

import hashlib
import json
from typing import Any, TypeVar

import rfc8785
from pydantic import TypeAdapter

Noun = TypeVar("Noun")

# The largest whole number that every JSON reader keeps exact.
_SAFE = 2**53 - 1

_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(noun: Any) -> TypeAdapter[Any]:
    """Made once for each noun: building one costs milliseconds."""
    found = _ADAPTERS.get(noun)
    if found is None:
        found = _ADAPTERS[noun] = TypeAdapter(noun)
    return found


def to_document(value: object, noun: Any = None) -> Any:
    """The JSON form of a noun. Pass the noun for unions."""
    return _adapter(noun or type(value)).dump_python(value, mode="json")


def from_document(noun: type[Noun], document: object) -> Noun:
    """Reads a noun back. Raises pydantic's ValidationError if it does not fit."""
    value: Noun = _adapter(noun).validate_python(document)
    return value


def from_json(noun: type[Noun], text: str | bytes) -> Noun:
    value: Noun = _adapter(noun).validate_json(text)
    return value


def json_schema(noun: Any) -> dict[str, Any]:
    return _adapter(noun).json_schema(mode="serialization")


def canonical(document: Any) -> bytes:
    """RFC 8785 JSON. Floats are refused: their digits differ from language to language.

    The standard encoder writes the same bytes many times faster, but sorts keys by code points where RFC 8785 sorts
    UTF-16, and knows no largest number. So what is not plain goes to the library.
    """
    if _is_plain(document):
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()
    return rfc8785.dumps(document)


def digest(document: Any) -> str:
    return hashlib.sha256(canonical(document)).hexdigest()


def _is_plain(document: Any) -> bool:
    """Whether all keys are ASCII text and all numbers safe."""
    plain = True
    keys: set[Any] = set()
    waiting = [document]
    while waiting:
        value = waiting.pop()
        kind = type(value)
        if kind is str or value is None or kind is bool:
            continue
        if kind is dict:
            keys.update(value)
            waiting.extend(value.values())
        elif kind is list or kind is tuple:
            waiting.extend(value)
        elif kind is int:
            plain = plain and -_SAFE <= value <= _SAFE
        elif isinstance(value, float):
            raise TypeError("a hashed document holds no floats")
        else:
            plain = False
    return plain and all(type(key) is str and key.isascii() for key in keys)
