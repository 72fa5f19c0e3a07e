"""The operator's vocabulary as the window shows it: translated, with its own tones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.model.check import CheckResult
from core.model.compliance import ComplianceState
from core.model.events import RequestTaken, UpdateState
from core.model.failure import Cause
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.requests import Action
from core.model.review import Review, Weight
from core.model.state import StepState, TargetState
from core.model.vocabulary import (
    CAUSE_WORDS,
    CHECK_WORDS,
    COLLECTED_WORDS,
    COMPLIANCE_WORDS,
    LOG_WORDS,
    NO_HOST,
    OUTCOME_WORDS,
    REQUEST_SENTENCES,
    REQUEST_WORDS,
    STEP_WORDS,
    TARGET_WORDS,
    UPDATE_WORDS,
    short_outcome,
)
from gui.language import tr
from gui.theme import Tone

if TYPE_CHECKING:
    from core.app.runs import RunLine
    from core.model.record import RunRecord

# Characters of it.
_DIGEST = 12
_ID = 13

_PHASES: dict[Phase, str] = {
    Phase.INITIALIZATION: "beginning",
    Phase.BASELINE: "looking at it before",
    Phase.CATALOG: "judging again",
    Phase.PRE_VALIDATION: "checks before",
    Phase.INSTALL: "installing",
    Phase.REBOOT: "restarting",
    Phase.POST_SNAPSHOT: "looking at it after",
    Phase.POST_VALIDATION: "checks after",
    Phase.DIAGNOSTICS: "collecting diagnostics",
    Phase.EVIDENCE: "gathering evidence",
    Phase.REPORTING: "reporting",
}


def target_word(state: TargetState) -> str:
    return tr(TARGET_WORDS[state].text)


def target_tone(state: TargetState) -> Tone:
    return Tone(TARGET_WORDS[state].shade)


def step_word(state: StepState) -> str:
    return tr(STEP_WORDS[state].text)


def step_tone(state: StepState) -> Tone:
    return Tone(STEP_WORDS[state].shade)


def phase_word(phase: Phase | None) -> str:
    return "" if phase is None else tr(_PHASES[phase])


def outcome_word(outcome: Outcome) -> str:
    """Where the states of the hosts are not at hand; else see run_word."""
    return tr(OUTCOME_WORDS[outcome].text)


def compliance_word(state: ComplianceState) -> str:
    return tr(COMPLIANCE_WORDS[state].text)


def compliance_tone(state: ComplianceState) -> Tone:
    return Tone(COMPLIANCE_WORDS[state].shade)


def check_word(result: CheckResult) -> str:
    return tr(CHECK_WORDS[result].text)


def check_tone(result: CheckResult) -> Tone:
    return Tone(CHECK_WORDS[result].shade)


def update_word(state: UpdateState) -> str:
    return tr(UPDATE_WORDS[state].text)


def collected_word(result: str) -> str:
    return tr(COLLECTED_WORDS[result].text)


def cause_word(cause: Cause) -> str:
    return tr(CAUSE_WORDS[cause])


def log_word(kind: str) -> str:
    return tr(LOG_WORDS.get(kind, in_words(kind)))


def run_word(
    record: RunRecord | RunLine, driven: bool, states: Mapping[TargetState, int] | None = None
) -> tuple[str, Tone]:
    """How the run stands. The states of its hosts are its own, where nobody knows them better."""
    if record.outcome is None:
        return (tr("running"), Tone.BUSY) if driven else (tr("broken off"), Tone.WARN)
    word = short_outcome(record.outcome, record.states if states is None else states)
    return tr(word.text), Tone(word.shade)


def states_in_words(states: Mapping[TargetState, int]) -> str:
    """How many hosts are how, in the order of the vocabulary: 3 patched and verified, 1 failed"""
    return ", ".join(f"{states[state]:,} {target_word(state)}" for state in TARGET_WORDS if states.get(state))


def verdict_in_words(review: Review) -> tuple[str, Tone]:
    """Whether a plan may be carried out as it stands."""
    if not review.go:
        return tr("NO GO"), Tone.BAD
    return (tr("GO, with hosts held"), Tone.WARN) if review.of(Weight.HOLDS) else (tr("GO"), Tone.GOOD)


def short_digest(digest: str) -> str:
    """As much of a plan's digest as people compare."""
    return digest[:_DIGEST]


def short_id(key: str) -> str:
    """Its beginning, which is its moment: enough to name it to the command line, too."""
    return key[:_ID]


def in_words(code: str) -> str:
    return code.replace("_", " ")


def request_words(taken: RequestTaken) -> str:
    what = tr(REQUEST_WORDS[Action(taken.action)], host=taken.host or tr(NO_HOST))
    return tr(REQUEST_SENTENCES[taken.accepted], who=taken.by, what=what, why=taken.reason, answer=taken.answer)
