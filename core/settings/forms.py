"""The forms of the configuration files, read off their schemas: what an editor checks, a form can ask for."""

from collections.abc import Mapping
from typing import Any

from core.model.form import Choice, Day, Field, Group, Input, Number, Picks, Table, Text, Toggle, Words
from core.settings.reading import Section

ORDERED = "x-ordered"
_Schema = Mapping[str, Any]


def form_of(section: type[Section]) -> Group:
    schema = section.model_json_schema()
    return _group(schema, schema.get("$defs", {}))


def _group(schema: _Schema, known: _Schema) -> Group:
    """What has one value only, or is not for people to change, is nothing to ask for."""
    required = schema.get("required", ())
    asked = {key: one for key, one in schema["properties"].items() if "const" not in one and not one.get("readOnly")}
    return Group(tuple(_field(key, one, known, needed=key in required) for key, one in asked.items()))


def _field(key: str, schema: _Schema, known: _Schema, *, needed: bool) -> Field:
    options = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    nullable = bool(options) and len(options) < len(schema["anyOf"])
    inner = _resolved(options[0] if options else schema, known)
    said = str(schema.get("description") or inner.get("description") or "")
    return Field(key, _input(inner, known, schema), " ".join(said.split()), schema.get("default"), nullable, needed)


def _input(schema: _Schema, known: _Schema, outer: _Schema) -> Input:
    match schema:
        case {"properties": _}:
            return _group(schema, known)
        case {"enum": options}:
            return Choice(tuple(map(str, options)))
        case {"type": "boolean"}:
            return Toggle()
        case {"type": "integer" | "number" as kind}:
            return Number(whole=kind == "integer")
        case {"type": "array", "items": items}:
            return _list(_resolved(items, known), known, outer)
        case {"format": "date"}:
            return Day()
        case _:
            return Text()


def _list(items: _Schema, known: _Schema, outer: _Schema) -> Input:
    match items:
        case {"discriminator": {"mapping": kinds}}:
            return Table({kind: _group(_target(reference, known), known) for kind, reference in kinds.items()})
        case {"properties": _}:
            return Table({"": _group(items, known)})
        case {"enum": options}:
            return Picks(tuple(map(str, options)), ordered=bool(outer.get(ORDERED)))
        case _:
            return Words(numbers=items.get("type") == "integer")


def _resolved(schema: _Schema, known: _Schema) -> _Schema:
    return _target(schema["$ref"], known) if "$ref" in schema else schema


def _target(reference: str, known: _Schema) -> _Schema:
    found: _Schema = known[reference.rpartition("/")[2]]
    return found
