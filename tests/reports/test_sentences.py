"""Why something was not patched, in a sentence for whoever was not there: no code words, no names of exceptions."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

import core
from core.model.failure import Cause, Failure
from core.model.plan import Skipped
from core.model.record import StepRecord, TargetRecord
from core.model.state import StepState, TargetState
from core.reports.left_out import left_out_by_plan, left_out_on_the_way
from core.reports.words import SKIP_WORDS, cause_words, sentence, skip_words
from tests.reports.stories import mixed_plan, mixed_story
from tests.samples import whole_run

_CORE = Path(core.__file__).parent
# Names of products and protocols that are written so.
_NAMES = re.compile(r"PowerShell|WinRM|CredSSP|DrydockJobs")
_CODE = re.compile(
    r"[A-Za-z]\w*_\w+|\b[A-Z][a-z]+[A-Z]\w*|\b[a-z]+[A-Z]\w*|\w+(?:Error|Exception)\b|\b(?:None|True|False)\b"
)
# The states in which a host rests that was not patched, or not as it should be.
_REASONED = (
    TargetState.FAILED,
    TargetState.PARTIAL,
    TargetState.SKIPPED,
    TargetState.DEFERRED,
    TargetState.BLOCKED,
    TargetState.CANCELLED,
    TargetState.UNKNOWN,
    TargetState.OVERDUE,
)
_BEGUN = StepRecord(
    1, StepState.FAILED, intent=next(one.body for one in whole_run() if one.body.kind == "job_intended")
)


def _code_words(text: str) -> list[str]:
    return _CODE.findall(_NAMES.sub("", text))


@pytest.mark.parametrize("cause", Cause)
def test_each_cause_makes_a_sentence_about_the_host(cause: Cause) -> None:
    for state, steps in product(_REASONED, ((), (_BEGUN,))):
        told = sentence(TargetRecord("SQL01", state, failure=Failure(cause, "its disk is full"), steps=steps))
        assert "SQL01 " in told
        assert "its disk is full" in told
        assert len(told.split()) >= 6
        assert not _code_words(told)


@pytest.mark.parametrize("cause", Cause)
def test_a_host_that_was_left_alone_was_not_patched_because_of_something(cause: Cause) -> None:
    for state in (TargetState.SKIPPED, TargetState.DEFERRED, TargetState.BLOCKED, TargetState.CANCELLED):
        told = sentence(TargetRecord("SQL01", state, failure=Failure(cause, "its disk is full")))
        assert told.startswith("SQL01 was not patched because ")


@pytest.mark.parametrize("cause", Cause)
def test_each_cause_is_named_without_code_words(cause: Cause) -> None:
    assert not _code_words(cause_words(cause))


def test_a_backup_that_is_too_old_is_said_as_one_would_say_it() -> None:
    old = Failure(Cause.NO_BACKUP, "its last full backup is 3 days old", "back it up")
    told = sentence(TargetRecord("SQL01", TargetState.BLOCKED, failure=old))
    assert told == "SQL01 was not patched because its last full backup is 3 days old"


def _calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Where something of these names is made, all over the product."""
    for path in sorted(_CORE.rglob("*.py")):
        if "practice" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield f"{path.relative_to(_CORE)}:{node.lineno}", node


def _said(argument: ast.expr) -> Iterator[str]:
    for node in ast.walk(argument):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _details() -> Iterator[tuple[str, ast.expr]]:
    for where, call in _calls("Failure", "Barred", "LeftOut", "Refusal", "Skipped", "Remark"):
        place = {"LeftOut": 2, "Skipped": 3}.get(call.func.id if isinstance(call.func, ast.Name) else "", 1)
        if len(call.args) > place:
            yield where, call.args[place]


def test_no_reason_that_the_product_gives_has_a_code_word_in_it() -> None:
    found = list(_details())
    assert len(found) > 150
    worded = [
        (where, text) for where, one in found if isinstance(one, ast.Constant | ast.JoinedStr) for text in _said(one)
    ]
    assert [(where, text) for where, text in worded if _code_words(text)] == []


def test_no_reason_names_an_exception() -> None:
    assert [where for where, one in _details() if "__name__" in ast.unparse(one)] == []


def test_every_reason_of_a_plan_has_words_of_its_own() -> None:
    codes = {
        one.value
        for _, call in _calls("Barred", "LeftOut", "Refusal", "Skipped")
        for one in call.args[:3]
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and re.fullmatch(r"[a-z]+(_[a-z]+)+", one.value)
    }
    assert {"no_mapping", "up_to_date", "partner_behind", "disabled_target"} <= codes
    assert codes <= {*SKIP_WORDS, *Cause}
    assert len(set(SKIP_WORDS.values())) == len(SKIP_WORDS)


def test_what_could_not_be_assessed_is_named_by_its_cause() -> None:
    assert skip_words(Skipped("SQL01", None, Cause.NO_ANSWER, "it stayed silent")) == "no answer"
    assert skip_words(Skipped("SQL01", None, "of_another_version", "?")) == "of another version"


def test_a_host_without_sql_server_whose_system_is_patched_is_not_left_out() -> None:
    plan = mixed_plan()
    empty = Skipped("ACME01", None, "no_instance", "no SQL Server instance was found on this host")
    stray = replace(empty, host="STRAY")
    told = [one.host for one in left_out_by_plan(replace(plan, skipped=(empty, stray)))]
    assert told == ["STRAY"]


def test_what_was_held_before_anything_was_begun_is_among_what_was_not_patched() -> None:
    record = mixed_story().record
    old = Failure(Cause.NO_BACKUP, "its last full backup is 3 days old")
    untouched = TargetRecord("SQL01", TargetState.BLOCKED, failure=old)
    touched = replace(untouched, host="SQL02", steps=(_BEGUN,))
    told = list(left_out_on_the_way(replace(record, targets=(untouched, touched))))
    assert [(one.host, one.words) for one in told] == [("SQL01", "held")]
    assert told[0].sentence == "SQL01 was not patched because its last full backup is 3 days old"


def test_of_a_host_that_was_begun_nobody_says_that_somebody_works_on_it() -> None:
    """The journal can't know whether the run's process still lives."""
    assert sentence(TargetRecord("SQL01", TargetState.IN_PROGRESS)) == "SQL01 was begun and is not done yet"
