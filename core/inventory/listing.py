"""A list of servers from elsewhere, as the fragments of sql_targets.json that it amounts to."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.model.fault import Fault
from core.settings.reading import read_document
from core.settings.targets import Target

_PROTOCOL = re.compile(r"^(tcp|np|lpc|admin):", re.IGNORECASE)
_NOT_IN_IDS = re.compile(r"[^\w.#$-]+")


@dataclass(frozen=True, slots=True)
class Listed:
    """One row: where it stands, what it says of a target, and that target as it would be alone."""

    place: str
    fields: dict[str, Any]
    target: Target


@dataclass(frozen=True, slots=True)
class Listing:
    """What was listed, and what was left out on purpose."""

    rows: tuple[Listed, ...]
    notes: tuple[str, ...] = ()


def listed(place: str, fields: dict[str, Any]) -> Listed | tuple[Fault, ...]:
    """The fields as a target. An id is made where the list has none."""
    complete = {"id": target_id(fields.get("server", ""), fields.get("instance")), **fields}
    target = read_document(Target, place, complete)
    return target if isinstance(target, tuple) else Listed(place, fields, target)


def target_id(server: str, instance: str | None) -> str:
    return _NOT_IN_IDS.sub("-", f"{server}-{instance}" if instance else server).casefold()[:255] or "unnamed"


def split_server(text: str) -> dict[str, Any]:
    """Server, instance and port of "tcp:SQL01\\PROD,1433", as connection strings and registered servers write it."""
    name, _, port = _PROTOCOL.sub("", text.strip()).partition(",")
    server, _, instance = name.partition("\\")
    parts: dict[str, Any] = {"server": server.strip()}
    if instance.strip():
        parts["instance"] = instance.strip()
    if port.strip().isdecimal():
        parts["port"] = int(port)
    return parts


def without_twins(rows: Iterable[Listed], notes: Iterable[str] = ()) -> Listing:
    """A row that says the same as an earlier one is dropped, and that is told."""
    first: dict[str, Listed] = {}
    told = list(notes)
    for row in rows:
        twin = first.setdefault(json.dumps(row.fields, sort_keys=True), row)
        if twin is not row:
            told.append(f"{row.place}: the same as {twin.place.rpartition(': ')[2]}, left out")
    return Listing(tuple(first.values()), tuple(told))
