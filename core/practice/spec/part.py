"""A part of a scenario: what can be read of one that is wrong still shows what else is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast, get_args

from pydantic import ValidationError, create_model
from pydantic.fields import FieldInfo

from core.settings.reading import Section
from core.settings.wording import Parts, location

P = TypeVar("P", bound="Part")


class Part(Section):
    """Its contradictions are looked for among the keys that could be read, even where others could not."""

    def tells(self, *keys: str) -> bool:
        """Whether all of these could be read."""
        return all(key in self.__dict__ for key in keys)


def salvaged(form: type[P], document: Any) -> P:
    """Whatever can be read. A key that is wrong, or missing without a default, is not told."""
    given = document if isinstance(document, dict) else {}
    told = {name: value for name in form.model_fields if (value := _read(form, name, given)) is not _NOTHING}
    made = cast("P", form.model_construct(told.keys() & given.keys(), **told))
    for name in form.model_fields.keys() - told.keys():
        made.__dict__.pop(name, None)
    return made


def contradictions_in(part: Part, parts: Parts = ()) -> Iterator[tuple[str, str]]:
    """Those of the part and of all inside it, with their places."""
    for key, message in part.contradictions():
        yield location((*parts, key)), message
    for name, value in part.__dict__.items():
        if isinstance(value, Part):
            yield from contradictions_in(value, (*parts, name))
        elif isinstance(value, tuple):
            for index, one in enumerate(value):
                if isinstance(one, Part):
                    yield from contradictions_in(one, (*parts, name, index))


def repeated(key: str, parts: Sequence[Part], name: str) -> Iterator[tuple[str, str]]:
    """Entries of a list whose name an earlier one bears, whatever the case."""
    seen: dict[str, int] = {}
    for index, one in enumerate(parts):
        if one.tells(name):
            first = seen.setdefault(getattr(one, name).casefold(), index)
            if first != index:
                yield f"{key}[{index}].{name}", f"{key}[{first}] has it already; two differ by more than case"


_NOTHING = object()


def _read(form: type[Part], name: str, document: dict[str, Any]) -> Any:
    field = form.model_fields[name]
    if name not in document:
        return _NOTHING if field.is_required() or not document else field.get_default(call_default_factory=True)
    inner, given = _inner(field), document[name]
    if inner is None:
        return _value(form, name, given)
    if get_args(field.annotation)[-1] is Ellipsis:
        return tuple(salvaged(inner, one) for one in given) if isinstance(given, list) else _NOTHING
    return None if given is None else salvaged(inner, given)


def _inner(field: FieldInfo) -> type[Part] | None:
    """Of a list of parts, or of a part that may be missing, the part."""
    inside: Iterable[Any] = get_args(field.annotation)
    return next((one for one in inside if isinstance(one, type) and issubclass(one, Part)), None)


def _value(form: type[Part], name: str, given: Any) -> Any:
    try:
        return _alone(form, name).model_validate_json(json.dumps({"value": given})).__dict__["value"]
    except ValidationError:
        return _NOTHING


@lru_cache
def _alone(form: type[Part], name: str) -> type[Section]:
    """One key of a form as a form of its own."""
    kind: Any = form.model_fields[name].rebuild_annotation()
    return create_model(f"{form.__name__}.{name}", __base__=Section, value=(kind, ...))
