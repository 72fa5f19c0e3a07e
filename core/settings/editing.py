"""Changes one value in the text of a JSON file, and leaves every other character of it as somebody wrote it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from core.model.form import Path

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"\s*")
_INDENT = 2


@dataclass(frozen=True, slots=True)
class _Member:
    """An entry of an object or a list: where it begins (with its key), where its value begins, and where it ends."""

    name: str | int
    begin: int
    value: int
    end: int


def put(text: str, path: Path, value: object) -> str:
    """Replaces the value, or adds it behind its neighbours; objects that are missing on the way are made, and a value
    in the way makes room. In a list, the number behind the last entry adds one. The text must be JSON."""
    at, rest = _descend(text, path)
    if not rest:
        return text[:at] + _written(value, _indent_at(text, at)) + text[_end(text, at) :]
    for key in reversed(rest[1:]):
        value = {key: value} if isinstance(key, str) else [value]
    return _add(text, at, rest[0], value)


def span(text: str, path: Path) -> tuple[int, int] | None:
    """Where the value begins and ends; None for one that is not there."""
    at, rest = _descend(text, path)
    return None if rest else (at, _end(text, at))


def remove(text: str, path: Path) -> str:
    """Takes the entry out, with its comma. What is not there stays away."""
    *above, last = path
    at, rest = _descend(text, tuple(above))
    members = [] if rest else _members(text, at)
    place = next((number for number, one in enumerate(members) if one.name == last), None)
    if place is None:
        return text
    if len(members) == 1:
        end = _end(text, at)
        return text[: at + 1] + text[end - 1 :]
    if place == 0:
        return text[: members[0].begin] + text[members[1].begin :]
    return text[: members[place - 1].end] + text[members[place].end :]


def value_at(document: Any, path: Path) -> Any:
    """None for what is not there."""
    for key in path:
        match document, key:
            case dict(), str():
                document = document.get(key)
            case list(), int() if key < len(document):
                document = document[key]
            case _:
                return None
    return document


def _descend(text: str, path: Path) -> tuple[int, Path]:
    """Where the value that is nearest to the path begins, and what is left of the path."""
    at = _skip(text, 0)
    for depth, key in enumerate(path):
        found = _member(text, at, key)
        if found is None:
            return at, path[depth:]
        at = found.value
    return at, ()


def _member(text: str, at: int, key: str | int) -> _Member | None:
    """Of two with one key the last, which is the one that counts. A list is asked for its length first: to walk through
    thousands of entries to their end takes long."""
    if isinstance(key, int):
        if text[at] != "[" or key >= len(_DECODER.raw_decode(text, at)[0]):
            return None
        return next(islice(_walk(text, at), key, None))
    return next((one for one in reversed(_members(text, at)) if one.name == key), None) if text[at] == "{" else None


def _members(text: str, at: int) -> list[_Member]:
    """None for a value that has no entries."""
    return list(_walk(text, at)) if text[at] in "{[" else []


def _walk(text: str, at: int) -> Iterator[_Member]:
    names = count()
    here = _skip(text, at + 1)
    while text[here] not in "}]":
        begin = here
        name: str | int = next(names)
        if text[at] == "{":
            name, here = _DECODER.raw_decode(text, here)
            here = _skip(text, _skip(text, here) + 1)
        end = _end(text, here)
        yield _Member(name, begin, here, end)
        here = _skip(text, end)
        if text[here] == ",":
            here = _skip(text, here + 1)


def _add(text: str, at: int, key: str | int, value: object) -> str:
    if text[at] != ("{" if isinstance(key, str) else "["):
        made = {key: value} if isinstance(key, str) else [value]
        return text[:at] + _written(made, _indent_at(text, at)) + text[_end(text, at) :]
    named = f"{json.dumps(key, ensure_ascii=False)}: " if isinstance(key, str) else ""
    first, end = _skip(text, at + 1), _end(text, at)
    if text[first] in "}]":
        margin = "\n" + " " * _indent_at(text, at)
        inside = margin + " " * _INDENT + named + _written(value, _indent_at(text, at) + _INDENT) + margin
        return text[: at + 1] + inside + text[end - 1 :]
    behind = len(text[: end - 1].rstrip()) if text[end - 2].isspace() else end - 1
    gap = text[at + 1 : first]
    lead = gap if "\n" in gap else " "
    depth = len(gap.rpartition("\n")[2]) if "\n" in gap else _indent_at(text, at)
    return text[:behind] + "," + lead + named + _written(value, depth) + text[behind:]


def _written(value: object, depth: int) -> str:
    """On one line, unless it has entries that have entries."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not any(isinstance(one, dict | list) and one for one in inner):
        return json.dumps(value, ensure_ascii=False)
    lines = json.dumps(value, ensure_ascii=False, indent=_INDENT).split("\n")
    return ("\n" + " " * depth).join(lines)


def _indent_at(text: str, at: int) -> int:
    """How far the line is indented that holds this place."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return len(line) - len(line.lstrip())


def _end(text: str, at: int) -> int:
    return int(_DECODER.raw_decode(text, at)[1])


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return at if found is None else found.end()
