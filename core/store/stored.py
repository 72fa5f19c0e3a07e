"""Reads the documents that the database keeps: one that was damaged is refused, and nothing is derived from it."""

from typing import TypeVar

from pydantic import ValidationError

from core.model.document import from_json
from core.model.fault import Fault, RefusedError

Noun = TypeVar("Noun")


def stored(noun: type[Noun], text: str, kind: str) -> Noun:
    try:
        return from_json(noun, text)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "as a whole"
        message = f"cannot be read ({place}: {first['msg']}); restore the database from a backup"
        raise RefusedError((Fault(f"history.db: {kind}", "damaged", message),)) from None
