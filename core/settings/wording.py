"""Says what is wrong with a value in words for people who write configuration by hand."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from core.model.fault import Fault

Parts = tuple[int | str, ...]

_SECRETS = re.compile(r"((?:pwd|password|passwd|pid|secret)[\w-]*\s*[=:]\s*)\S+|(://)[^/@\s]+(?=@)", re.IGNORECASE)

_TYPES = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number, without a fraction",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "string_type": "must be a text in double quotes",
    "tuple_type": "must be a list in [ ]",
    "model_type": "must be an object in { }",
    "dict_type": "must be an object in { }",
    "date_type": "must be a date in quotes, like 2026-12-31",
    "date_parsing": "must be a date, like 2026-12-31",
    "date_from_datetime_parsing": "must be a date, like 2026-12-31",
    "date_from_datetime_inexact": "must be a date without a time, like 2026-12-31",
    "time_type": "must be a time in quotes, like 22:00",
    "time_parsing": "must be a time of day, like 22:00",
    "missing": "is missing; add it",
    "union_tag_not_found": 'has no "kind"; add it',
}

# What would be right if it did not stand in quotes.
_UNQUOTED = {
    "int_type": re.compile(r"-?[0-9]+"),
    "float_type": re.compile(r"-?[0-9]+(\.[0-9]+)?"),
    "bool_type": re.compile(r"true|false"),
}

_BOUNDS = {
    "greater_than": ("must be more than", "gt"),
    "greater_than_equal": ("must be at least", "ge"),
    "less_than": ("must be less than", "lt"),
    "less_than_equal": ("must be at most", "le"),
    "string_too_short": ("must have at least this many characters:", "min_length"),
    "string_too_long": ("must have at most this many characters:", "max_length"),
    "too_short": ("must have at least this many entries:", "min_length"),
    "too_long": ("must have at most this many entries:", "max_length"),
}

# Keys that other tools, or older files, write: what to do about each.
_ELSEWHERE = {
    "password": 'passwords never stand in files; put it into the vault, and write "credential_ref": "NAME"',
    "credential_file": 'put the login into the vault and write "credential_ref": "NAME"',
    "os_credential_file": 'put the account into the vault and write "os_credential_ref": "NAME"',
    "os_auth": 'write "remoting": {"auth": …} instead',
    "tags": 'tags stand in "metadata"',
    "ip_address": 'ip_address stands in "metadata"',
    "description": 'description stands in "metadata"',
}
_PASSWORDS = re.compile(r"passw|pwd|secret$", re.IGNORECASE)


def faults_of(form: type[BaseModel], path: str, wrong: ValidationError) -> Iterator[Fault]:
    details = wrong.errors(include_url=False)
    at_fault = {detail["loc"][:depth] for detail in details for depth in range(len(detail["loc"]))}
    for detail in details:
        if detail["type"] == "too_short" and detail["loc"] in at_fault:
            continue  # an entry that is wrong was not counted, but it is there
        parts, place = _place(form, detail["loc"])
        if detail["type"] == "contradictions":
            for key, message in detail.get("ctx", {})["found"]:
                yield Fault(f"{path}: {location((*parts, key))}", "contradiction", message)
        else:
            yield _fault(f"{path}: {location(parts)}", place, detail)


def _fault(where: str, place: Any, detail: ErrorDetails) -> Fault:
    kind, context, shown = detail["type"], detail.get("ctx", {}), _shown(detail["input"])
    match kind:
        case "extra_forbidden":
            return _unknown_key(where, printable(str(detail["loc"][-1])), place)
        case "value_error":
            return Fault(where, "invalid", printable(str(context["error"])), found=shown)
        case "literal_error" | "enum" | "union_tag_invalid":
            return _not_one_of(where, context.get("expected") or context.get("expected_tags", ""), context, shown)
        case _ if kind in _BOUNDS:
            words, key = _BOUNDS[kind]
            bound = f"{context[key]:g}"
            if kind in ("string_too_short", "too_short") and bound == "1":
                return Fault(where, "out_of_range", "must not be empty", found=shown, expected=bound)
            return Fault(where, "out_of_range", f"{words} {bound}", found=shown, expected=bound)
        case "missing":
            return Fault(where, "missing", _TYPES[kind])
        case _ if kind in _TYPES:
            return Fault(where, "wrong_type", _TYPES[kind] + _but_for_quotes(kind, detail["input"]), found=shown)
        case _:
            words = detail["msg"][:1].lower() + detail["msg"][1:]
            return Fault(where, kind, words, found=shown, expected=context.get("expected"))


def _but_for_quotes(kind: str, value: object) -> str:
    """Said only where it is all that is wrong: who fills in a form has typed no quotes."""
    unquoted = _UNQUOTED.get(kind)
    return ", without quotes" if unquoted and isinstance(value, str) and unquoted.fullmatch(value.strip()) else ""


def _unknown_key(where: str, key: str, place: Any) -> Fault:
    keys = list(place.model_fields) if place is not None else []
    if _PASSWORDS.search(key):
        return Fault(where, "secret", _ELSEWHERE["password"], found=key)
    near = _near(key, tuple(keys))
    if key in _ELSEWHERE and ("credential_ref" in keys or not near):
        return Fault(where, "moved_key", _ELSEWHERE[key], found=key)
    message = f'unknown key; did you mean "{near[0]}"?' if near else "unknown key; remove it"
    return Fault(where, "unknown_key", message, found=key, expected=near[0] if near else None)


@lru_cache
def _near(key: str, keys: tuple[str, ...]) -> list[str]:
    """Remembered: a key that is misspelt in one target is mostly misspelt in thousands."""
    return get_close_matches(key, keys, n=1, cutoff=0.6)


def _not_one_of(where: str, expected: str, context: dict[str, Any], shown: str | None) -> Fault:
    choices = re.findall(r"'([^']*)'", expected) or [expected]
    found = shown if shown is not None else context.get("tag")
    near = get_close_matches(found or "", choices, n=1, cutoff=0.6)
    message = f"must be {choices[0]}" if len(choices) == 1 else f"must be one of {', '.join(choices)}"
    if near:
        message += f'; did you mean "{near[0]}"?'
    return Fault(where, "not_one_of", message, found=found, expected=", ".join(choices))


def _shown(value: object) -> str | None:
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return printable(_SECRETS.sub(r"\1\2***", str(value))[:200])
        case _:
            return None


def printable(text: str) -> str:
    """Safe for a terminal and for every encoding."""
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)


def location(parts: Parts) -> str:
    """mappings[2].files[0].parameters"""
    text = ""
    for part in parts:
        name = printable(str(part))
        text += f"[{part}]" if isinstance(part, int) else f".{name}" if text else name
    return text or "(the whole file)"


def _place(form: Any, parts: Parts) -> tuple[Parts, Any]:
    """The path as it stands in the file, without the tags of unions, and the model that holds its last key."""
    clean: list[int | str] = []
    holder: Any = None
    for part in parts:
        form, is_tag = _unwrapped(form, part)
        if is_tag:
            continue
        clean.append(part)
        holder = form if _is_model(form) else None
        form = _inside(form, part)
    return tuple(clean), holder


def _unwrapped(form: Any, part: int | str) -> tuple[Any, bool]:
    """Without Annotated and Optional; of a union of kinds the one that the tag names."""
    while get_origin(form) in (Annotated, Union, UnionType):
        members = [one for one in get_args(form) if one is not type(None)]
        if get_origin(form) is Annotated or len(members) == 1:
            form = members[0]
            continue
        chosen = next((one for one in members if _is_model(one) and part in _kinds(one)), None)
        return (members[0], False) if chosen is None else (chosen, True)
    return form, False


def _inside(form: Any, part: int | str) -> Any:
    if _is_model(form):
        field: FieldInfo | None = form.model_fields.get(str(part))
        return None if field is None else field.annotation
    arguments = get_args(form)
    return arguments[-1 if get_origin(form) is dict else 0] if arguments else None


def _kinds(form: Any) -> tuple[Any, ...]:
    field = form.model_fields.get("kind")
    return () if field is None else get_args(field.annotation)


def _is_model(form: Any) -> bool:
    return isinstance(form, type) and issubclass(form, BaseModel)
