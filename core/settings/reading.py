"""Reads one configuration file into its model, or lists everything that is wrong with it."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from core.model.fault import Fault
from core.settings.content import parsed
from core.settings.wording import faults_of

Form = TypeVar("Form", bound="Section")

REMARKS = ("_comment", "_instructions")


def _allow_remarks(schema: dict[str, Any]) -> None:
    schema["patternProperties"] = {f"^({'|'.join(REMARKS)})$": {}}


class Section(BaseModel):
    """A part of a configuration file. Unknown keys are faults; what is right by itself may still contradict itself."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        str_strip_whitespace=True,
        use_attribute_docstrings=True,
        json_schema_extra=_allow_remarks,
    )

    def contradictions(self) -> Iterable[tuple[str, str]]:
        """Each with the key it is found at, and what to do."""
        return ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        found = tuple(self.contradictions())
        if found:
            raise PydanticCustomError("contradictions", "contradicts itself", {"found": found})
        return self


def read_file(form: type[Form], path: str, content: str | bytes) -> Form | tuple[Fault, ...]:
    """The file as its model. The path is only for the faults."""
    document, faults = parsed(path, content)
    if document is None:
        return faults
    value = read_document(form, path, document)
    if isinstance(value, tuple):
        return (*faults, *value)
    return faults or value


def read_document(form: type[Form], path: str, document: Any) -> Form | tuple[Fault, ...]:
    """Strict, as in JSON: a number in quotes is a text, so that editors and we agree on what is right."""
    text = json.dumps(_without_remarks(document), ensure_ascii=False)
    try:
        return form.model_validate_json(text)
    except ValidationError as wrong:
        return tuple(faults_of(form, path, wrong))


def entries(form: type[Form], items: Any) -> Iterator[tuple[int, Form]]:
    """Those of a list that are right by themselves, with their places: the others must not hide what is wrong with
    these."""
    for index, item in enumerate(items if isinstance(items, list) else ()):
        value = read_document(form, "", item)
        if not isinstance(value, tuple):
            yield index, value


def _without_remarks(document: Any) -> Any:
    """Without the keys that people write for each other, and the line that is for editors."""
    match document:
        case dict():
            remarks = (*REMARKS, "$schema")
            return {key: _without_remarks(value) for key, value in document.items() if key not in remarks}
        case list():
            return [_without_remarks(one) for one in document]
        case _:
            return document
