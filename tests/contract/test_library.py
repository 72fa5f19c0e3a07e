"""The library: what the models say and what the scripts say are one contract."""

import re
from importlib.resources import files
from typing import Any, Literal, get_origin

import pytest
from pydantic.fields import FieldInfo

from core.contract.answer import CODES
from core.contract.library import ALL, START_JOB, START_REMOVAL, by_hash
from core.contract.script import Script, compose
from core.model.policy import UpdateService
from tests.contract.scripts import Parameter, answers, codes, limits, parameters

_EACH = pytest.mark.parametrize("script", ALL, ids=lambda script: script.name)
_TYPES: dict[Any, str] = {
    UpdateService: "[string]",
    str: "[string]",
    int: "[int]",
    bool: "[bool]",
}

_LIMITS = ("minimum", "maximum", "pattern", "minLength", "minItems", "enum", "items")


def _source(script: Script[Any, Any]) -> str:
    return (files("core.contract") / "scripts" / f"{script.name}.ps1").read_text(encoding="ascii")


@_EACH
def test_the_param_block_is_the_model_in_pascal_case(script: Script[Any, Any]) -> None:
    told = {_declared(name, field) for name, field in script.parameters.model_fields.items()}
    assert set(parameters(_source(script))) == told


def _declared(name: str, field: FieldInfo) -> Parameter:
    """A number of bytes is more than 32 bits hold."""
    several = {Literal: "[string]", tuple: "[string[]]"}.get(get_origin(field.annotation))
    kind = "[long]" if name.endswith("_bytes") else several or _TYPES[field.annotation]
    return Parameter(field.alias or "", kind, field.is_required())


@_EACH
def test_what_powershell_would_not_bind_the_model_does_not_take(script: Script[Any, Any]) -> None:
    known = script.parameters.model_json_schema()["properties"] if script.parameters.model_fields else {}
    told = {name: {key: schema[key] for key in _LIMITS if key in schema} for name, schema in known.items()}
    assert told == limits(_source(script))


@_EACH
def test_every_answer_has_the_keys_of_its_model(script: Script[Any, Any]) -> None:
    told = answers(_source(script))
    assert told, "no answer was found in the script's text"
    for keys in told:
        assert keys == set(script.result.model_fields)


@_EACH
def test_every_code_that_a_script_ends_with_has_a_meaning(script: Script[Any, Any]) -> None:
    assert codes(script.text) - _written_to_the_status(script) <= set(CODES)


def _written_to_the_status(script: Script[Any, Any]) -> set[str]:
    """The job's own text ends in status.json, not in an answer."""
    return {"bad_signature"} if script in (START_JOB, START_REMOVAL) else set()


@_EACH
def test_a_script_is_found_by_the_hash_of_its_whole_text(script: Script[Any, Any]) -> None:
    assert by_hash()[script.sha256] is script
    assert re.fullmatch(r"[0-9a-f]{64}", script.sha256)


def test_names_and_hashes_are_unique() -> None:
    assert len({script.name for script in ALL}) == len(by_hash()) == len(ALL)


def test_no_code_is_explained_that_nobody_ends_with() -> None:
    assert set(CODES) <= {code for script in ALL for code in codes(script.text)}


@_EACH
def test_no_secret_travels_as_plain_text(script: Script[Any, Any]) -> None:
    assert not re.search(r"passw|secret|token", " ".join(script.parameters.model_fields), re.IGNORECASE)


def test_the_job_inside_start_job_is_quoted_whole() -> None:
    job = compose("run_job.ps1")
    assert f"$RunJobText = @'\n{job}'@" in START_JOB.text
    assert not re.search(r"^'@", job, re.MULTILINE), "the text would end the quotation"
