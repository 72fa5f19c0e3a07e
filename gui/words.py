"""The operator's words for states, causes and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.check import CheckResult
from core.model.compliance import ComplianceState
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.state import StepState, TargetState
from gui.language import tr
from gui.theme import Tone

if TYPE_CHECKING:
    from core.app.runs import RunLine
    from core.model.record import RunRecord

_TARGETS: dict[TargetState, tuple[str, Tone]] = {
    TargetState.PENDING: ("not begun", Tone.QUIET),
    TargetState.IN_PROGRESS: ("in progress", Tone.BUSY),
    TargetState.SUCCESS: ("patched, proven", Tone.GOOD),
    TargetState.PARTIAL: ("partly patched", Tone.BAD),
    TargetState.FAILED: ("failed", Tone.BAD),
    TargetState.SKIPPED: ("nothing to do", Tone.GOOD),
    TargetState.AWAITING_REBOOT: ("needs a restart", Tone.WARN),
    TargetState.OVERDUE: ("overdue", Tone.WARN),
    TargetState.DEFERRED: ("deferred", Tone.WARN),
    TargetState.BLOCKED: ("blocked", Tone.BAD),
    TargetState.CANCELLED: ("taken out", Tone.QUIET),
    TargetState.UNKNOWN: ("unknown", Tone.BAD),
}

_STEPS: dict[StepState, tuple[str, Tone]] = {
    StepState.PENDING: ("not begun", Tone.QUIET),
    StepState.RUNNING: ("running", Tone.BUSY),
    StepState.SUCCESS: ("done", Tone.GOOD),
    StepState.FAILED: ("failed", Tone.BAD),
    StepState.SKIPPED: ("skipped", Tone.QUIET),
    StepState.OVERDUE: ("overdue", Tone.WARN),
    StepState.UNKNOWN: ("unknown", Tone.BAD),
}

_OUTCOMES: dict[Outcome, tuple[str, Tone]] = {
    Outcome.SUCCEEDED: ("succeeded", Tone.GOOD),
    Outcome.PARTIAL: ("partly, needs attention", Tone.WARN),
    Outcome.REBOOT_REQUIRED: ("restarts are left to you", Tone.WARN),
    Outcome.LOCKED: ("hosts were taken", Tone.WARN),
    Outcome.INSTALL_FAILED: ("an installation failed", Tone.BAD),
    Outcome.VERIFICATION_FAILED: ("a check afterwards failed", Tone.BAD),
    Outcome.DIAGNOSTICS_FAILED: ("diagnostics failed", Tone.BAD),
    Outcome.REPORTING_FAILED: ("reports could not be written", Tone.BAD),
    Outcome.REFUSED: ("refused", Tone.BAD),
    Outcome.NOT_REACHED: ("no host was reached", Tone.BAD),
    Outcome.CANCELLED: ("stopped by the operator", Tone.QUIET),
}

_COMPLIANCE: dict[ComplianceState, tuple[str, Tone]] = {
    ComplianceState.COMPLIANT: ("up to date", Tone.GOOD),
    ComplianceState.PENDING: ("pending", Tone.BUSY),
    ComplianceState.FAILED: ("failed", Tone.BAD),
    ComplianceState.BLOCKED: ("blocked", Tone.WARN),
    ComplianceState.DEFERRED: ("deferred", Tone.QUIET),
    ComplianceState.UNKNOWN: ("unknown", Tone.QUIET),
}

_CHECKS: dict[CheckResult, tuple[str, Tone]] = {
    CheckResult.PASSED: ("good", Tone.GOOD),
    CheckResult.WARNED: ("look at it", Tone.WARN),
    CheckResult.FAILED: ("failed", Tone.BAD),
    CheckResult.UNKNOWN: ("not known", Tone.QUIET),
}

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
    return tr(_TARGETS[state][0])


def target_tone(state: TargetState) -> Tone:
    return _TARGETS[state][1]


def step_word(state: StepState) -> str:
    return tr(_STEPS[state][0])


def step_tone(state: StepState) -> Tone:
    return _STEPS[state][1]


def phase_word(phase: Phase | None) -> str:
    return "" if phase is None else tr(_PHASES[phase])


def outcome_word(outcome: Outcome) -> str:
    return tr(_OUTCOMES[outcome][0])


def outcome_tone(outcome: Outcome) -> Tone:
    return _OUTCOMES[outcome][1]


def compliance_word(state: ComplianceState) -> str:
    return tr(_COMPLIANCE[state][0])


def compliance_tone(state: ComplianceState) -> Tone:
    return _COMPLIANCE[state][1]


def check_word(result: CheckResult) -> str:
    return tr(_CHECKS[result][0])


def check_tone(result: CheckResult) -> Tone:
    return _CHECKS[result][1]


def run_word(record: RunRecord | RunLine, driven: bool) -> tuple[str, Tone]:
    if record.outcome is not None:
        return outcome_word(record.outcome), outcome_tone(record.outcome)
    return (tr("running"), Tone.BUSY) if driven else (tr("broken off"), Tone.WARN)


def in_words(code: str) -> str:
    return code.replace("_", " ")
