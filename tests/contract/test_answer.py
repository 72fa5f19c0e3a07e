"""Answers of targets: a result, or a failure; whatever a target sends, never a crash."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contract.answer import CODES, read_answer, write_error, write_result
from core.contract.claim import ClaimResult
from core.contract.library import START_JOB, TAKE_CLAIM
from core.model.failure import Cause, Failure

_GOOD = ClaimResult(schema_version=1, renewed=False)


def _cause(text: str) -> Cause:
    answer = read_answer(TAKE_CLAIM, text)
    assert isinstance(answer, Failure)
    assert answer.detail
    return answer.cause


def test_a_result_is_read_back_as_it_was_written() -> None:
    assert read_answer(TAKE_CLAIM, write_result(_GOOD)) == _GOOD


@pytest.mark.parametrize(("code", "cause"), [(code, cause) for code, (cause, _) in CODES.items()])
def test_a_known_code_has_its_cause_and_a_hint(code: str, cause: Cause) -> None:
    answer = read_answer(TAKE_CLAIM, write_error(code, "as the host put it"))
    assert isinstance(answer, Failure)
    assert (answer.cause, answer.detail) == (cause, "as the host put it")
    assert answer.hint


def test_an_unknown_code_is_trouble_of_the_script() -> None:
    assert _cause(write_error("coffee", "none left")) is Cause.SCRIPT


@pytest.mark.parametrize(
    "version", [2, "2", 10**30, None, "new", [], {}, True, 1.5], ids=lambda version: type(version).__name__
)
def test_a_schema_version_that_is_not_ours_is_refused(version: object) -> None:
    document = {"ok": True, "data": {"schema_version": version, "renewed": False}}
    assert _cause(json.dumps(document)) is Cause.PROTOCOL


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "null",
        "[]",
        "Access is denied.",
        '{"ok": true}',
        '{"ok": "yes", "data": {}}',
        '{"ok": true, "data": []}',
        '{"ok": true, "data": {"schema_version": 1}}',
        '{"ok": true, "data": {"schema_version": 1, "renewed": false, "more": 1}}',
        '{"ok": false, "error": {"code": "claimed"}}',
        '{"ok": false, "error": {"code": "claimed", "message": "x"}, "data": {}}',
        write_result(_GOOD) + write_result(_GOOD),
        "WARNING: x\n" + write_result(_GOOD),
        '{"ok": true, "data": {"schema_version": 1, "renewed": Infinity}}',
        '{"ok": false, "error": {"code": "claimed", "message": "half a character: \\udce9"}}',
    ],
)
def test_what_breaks_the_contract_is_a_failure_of_protocol(text: str) -> None:
    assert _cause(text) is Cause.PROTOCOL


def test_a_result_of_another_script_is_refused() -> None:
    assert isinstance(read_answer(START_JOB, write_result(_GOOD)), Failure)


@given(st.text() | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_garbage_is_always_a_value(text: str) -> None:
    assert isinstance(read_answer(TAKE_CLAIM, text), Failure)


def test_what_is_not_understood_is_not_repeated_to_the_operator() -> None:
    answer = read_answer(TAKE_CLAIM, json.dumps({"ok": True, "data": {"schema_version": 1, "renewed": "pa55word"}}))
    assert isinstance(answer, Failure)
    assert "pa55word" not in str(answer)
