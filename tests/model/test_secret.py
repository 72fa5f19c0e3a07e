"""A secret shows up nowhere by accident."""

import copy
import dataclasses
import json
import pickle
import traceback
from collections.abc import Callable

import pytest
from pydantic import PydanticSchemaGenerationError, TypeAdapter

from core.model.secret import Credential, Secret

_TEXT = "hunter2-Drydock"
_SECRET = Secret(_TEXT)
_CREDENTIAL = Credential("sa", _SECRET)


@pytest.mark.parametrize(
    "written",
    [
        repr(_SECRET),
        str(_SECRET),
        f"{_SECRET}",
        f"{_SECRET!r}",
        f"{_CREDENTIAL}",
        repr([_CREDENTIAL]),
        "%s %r" % (_SECRET, _SECRET),  # noqa: UP031 - the old way of formatting is what is tried
        json.dumps({"password": _SECRET}, default=str),
    ],
)
def test_printing_never_tells(written: str) -> None:
    assert "***" in written
    assert _TEXT not in written


@pytest.mark.parametrize(
    "copied",
    [
        lambda: pickle.dumps(_SECRET),
        lambda: pickle.dumps(_CREDENTIAL),
        lambda: copy.deepcopy(_SECRET),
        lambda: dataclasses.asdict(_CREDENTIAL),
        lambda: json.dumps(_SECRET),
    ],
)
def test_a_secret_is_never_copied_out(copied: Callable[[], object]) -> None:
    with pytest.raises(TypeError) as refused:
        copied()
    assert _TEXT not in str(refused.value)


def test_a_secret_never_becomes_a_document() -> None:
    with pytest.raises(PydanticSchemaGenerationError):
        TypeAdapter(Credential)


def test_a_traceback_with_locals_never_tells() -> None:
    def fails(credential: Credential) -> None:
        password = credential.password
        raise RuntimeError(f"no login for {credential.username} with {password}")

    with pytest.raises(RuntimeError) as failed:
        fails(_CREDENTIAL)
    shown = "".join(traceback.TracebackException.from_exception(failed.value, capture_locals=True).format())
    assert "password" in shown
    assert _TEXT not in shown


def test_a_secret_holds_no_dictionary_to_look_into() -> None:
    assert not hasattr(_SECRET, "__dict__")
    assert _SECRET.reveal() == _TEXT
