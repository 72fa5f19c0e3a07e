"""The operator's vocabulary: every state has its word, and a word has one colour wherever it is shown."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, get_args

import pytest

from core.model.check import CheckResult
from core.model.compliance import ComplianceState
from core.model.events import UpdateState
from core.model.failure import Cause
from core.model.outcome import Outcome
from core.model.requests import Action
from core.model.state import StepState, TargetState
from core.model.vocabulary import (
    BAD,
    CAUSE_WORDS,
    CHECK_WORDS,
    COLLECTED_WORDS,
    COMPLIANCE_WORDS,
    GOOD,
    OUTCOME_SENTENCES,
    OUTCOME_WORDS,
    REQUEST_WORDS,
    STEP_WORDS,
    TARGET_WORDS,
    UPDATE_WORDS,
    short_outcome,
)

_T = TargetState
_WORDS: tuple[Mapping[Any, Any], ...] = (
    TARGET_WORDS,
    STEP_WORDS,
    COMPLIANCE_WORDS,
    CHECK_WORDS,
    UPDATE_WORDS,
    COLLECTED_WORDS,
    OUTCOME_WORDS,
)


@pytest.mark.parametrize(
    ("words", "states"),
    [
        (TARGET_WORDS, TargetState),
        (STEP_WORDS, StepState),
        (COMPLIANCE_WORDS, ComplianceState),
        (CHECK_WORDS, CheckResult),
        (UPDATE_WORDS, get_args(UpdateState)),
        (OUTCOME_WORDS, Outcome),
        (OUTCOME_SENTENCES, Outcome),
        (CAUSE_WORDS, Cause),
        (REQUEST_WORDS, Action),
    ],
)
def test_every_state_has_a_word_of_its_own(words: Mapping[Any, Any], states: Collection[str | StrEnum]) -> None:
    assert set(words) == set(states)
    assert len(set(words.values())) == len(words)


def test_a_word_has_one_colour_wherever_it_is_shown() -> None:
    shades: dict[str, set[str]] = defaultdict(set)
    for words in _WORDS:
        for text, shade in words.values():
            shades[text].add(shade)
    assert {text: found for text, found in shades.items() if len(found) > 1} == {}


def test_nothing_but_success_and_nothing_to_do_is_good() -> None:
    assert frozenset({_T.SUCCESS, _T.SKIPPED}) == GOOD
    assert frozenset({_T.FAILED, _T.PARTIAL, _T.BLOCKED, _T.UNKNOWN}) == BAD


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ({_T.FAILED: 1, _T.SUCCESS: 9}, "an installation failed"),
        ({_T.PARTIAL: 1}, "an installation failed"),
        ({_T.UNKNOWN: 2, _T.SUCCESS: 9}, "outcome unknown"),
        ({_T.FAILED: 1, _T.UNKNOWN: 1}, "failed, in part unknown"),
        # An installer that does not end blocks its host; one that was blocked before it was begun failed nothing.
        ({_T.BLOCKED: 1, _T.SUCCESS: 1}, "an installation failed"),
        ({_T.BLOCKED: 1, _T.UNKNOWN: 1}, "outcome unknown"),
    ],
)
def test_what_failed_is_told_from_what_nobody_knows(states: dict[TargetState, int], words: str) -> None:
    assert short_outcome(Outcome.INSTALL_FAILED, states).text == words


def test_a_run_that_left_no_host_well_did_not_go_well_in_part() -> None:
    """Its servers were out of reach: "partly" would be read as if some were patched."""
    assert short_outcome(Outcome.PARTIAL, {_T.FAILED: 5, _T.CANCELLED: 5}).text == "no host is verified"
    assert short_outcome(Outcome.PARTIAL, {_T.FAILED: 5, _T.SUCCESS: 1}) == OUTCOME_WORDS[Outcome.PARTIAL]
    assert short_outcome(Outcome.PARTIAL, {}) == OUTCOME_WORDS[Outcome.PARTIAL], "nobody knows the states"


def test_any_other_outcome_needs_no_states() -> None:
    assert short_outcome(Outcome.LOCKED, {_T.UNKNOWN: 1}) == OUTCOME_WORDS[Outcome.LOCKED]
