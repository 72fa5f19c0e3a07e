"""What an import would change in sql_targets.json, told before anything is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from core.inventory.listing import Listed, target_id
from core.model.ids import folded
from core.settings.targets import Target

Kind = Literal["added", "changed", "unchanged", "not_listed"]

_OF_ONE_TARGET = {"id", "name"}
_TOLD_ANYWAY = {"id", "server", "instance"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One target of the file, or to be. Not listed ones stay as they are: a list may be a part of the estate."""

    kind: Kind
    target_id: str
    what: str
    place: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """The targets as they would be, where each new or changed one comes from, and what changes."""

    targets: tuple[dict[str, Any], ...]
    sources: dict[int, str]
    changes: tuple[Change, ...]


def merge(documents: list[dict[str, Any]], targets: tuple[Target, ...], rows: Iterable[Listed]) -> Merged:
    """The documents are the targets as the file writes them, so that nothing else in them is lost."""
    merged = [dict(one) for one in documents]
    by_key = {_key(target): index for index, target in enumerate(targets)}
    by_host: dict[str, list[int]] = {}
    for index, target in enumerate(targets):
        by_host.setdefault(target.host_key, []).append(index)
    taken_ids = {folded(target.id) for target in targets}
    sources: dict[int, str] = {}
    added: list[Change] = []
    fields: dict[int, list[FieldChange]] = {}
    for row in rows:
        meant = _meant(row, by_key, by_host)
        said = row.fields if len(meant) == 1 else {key: row.fields[key] for key in row.fields.keys() - _OF_ONE_TARGET}
        for index in meant:
            fields.setdefault(index, []).extend(_apply(merged[index], said))
            sources[index] = row.place
        if not meant:
            document = {"id": _free_id(row.target, taken_ids), **row.fields}
            sources[len(merged)] = row.place
            merged.append(document)
            more = {key: value for key, value in row.fields.items() if key not in _TOLD_ANYWAY}
            added.append(Change("added", document["id"], what(row.target), row.place, tuple(_apply({}, more))))
    changes = [_change(target, fields.get(index), sources.get(index, "")) for index, target in enumerate(targets)]
    return Merged(tuple(merged), sources, (*changes, *added))


def _key(target: Target) -> tuple[str, str | None]:
    return target.host_key, None if target.sql_instance is None else folded(target.sql_instance)


def _meant(row: Listed, by_key: dict[tuple[str, str | None], int], by_host: dict[str, list[int]]) -> list[int]:
    """A row about a host is about all of its targets; a row about an instance about that one."""
    if row.target.sql_instance is None:
        return by_host.get(row.target.host_key, [])
    index = by_key.get(_key(row.target))
    return [] if index is None else [index]


def _change(target: Target, fields: list[FieldChange] | None, place: str) -> Change:
    if fields is None:
        return Change("not_listed", target.id, what(target), "")
    return Change("changed" if fields else "unchanged", target.id, what(target), place, tuple(fields))


def _apply(document: dict[str, Any], said: dict[str, Any], above: str = "") -> list[FieldChange]:
    """Only what the list says is changed. The name of a server is how it was found, so it stays as it is written."""
    changes: list[FieldChange] = []
    for key, value in said.items():
        before = document.get(key)
        if isinstance(value, dict):
            inner = dict(before) if isinstance(before, dict) else {}
            found = _apply(inner, value, f"{above}{key}.")
            changes.extend(found)
            if found:
                document[key] = inner
        elif before != value and not (above == "" and _names_it(key, before, value)):
            changes.append(FieldChange(f"{above}{key}", None if before is None else _words(before), _words(value)))
            document[key] = value
    return changes


def _names_it(key: str, before: Any, value: Any) -> bool:
    return key == "server" or (key == "instance" and folded(before or "mssqlserver") == folded(value))


def _words(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)


def _free_id(target: Target, taken: set[str]) -> str:
    """Counted up where another target has it already."""
    first = target.id or target_id(target.server, target.instance)
    candidate, number = first, 2
    while folded(candidate) in taken:
        candidate, number = f"{first}-{number}", number + 1
    taken.add(folded(candidate))
    return candidate


def what(target: Target) -> str:
    """SQL01\\PROD"""
    return target.server if target.sql_instance is None else f"{target.server}\\{target.sql_instance}"
