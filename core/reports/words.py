"""The operator's words for states, causes and times."""

from datetime import datetime, timedelta

from core.model.outcome import Outcome
from core.model.plan import Plan
from core.model.record import TargetRecord
from core.model.state import StepState, TargetState
from core.model.step import OsUpdateStep, PatchStep, RebootStep, Step

TARGET_WORDS: dict[TargetState, str] = {
    TargetState.PENDING: "not begun",
    TargetState.IN_PROGRESS: "in progress",
    TargetState.SUCCESS: "patched and verified",
    TargetState.PARTIAL: "partly patched",
    TargetState.FAILED: "failed",
    TargetState.SKIPPED: "nothing to do any more",
    TargetState.AWAITING_REBOOT: "waits for a restart",
    TargetState.OVERDUE: "overdue, still watched",
    TargetState.DEFERRED: "deferred",
    TargetState.BLOCKED: "blocked",
    TargetState.CANCELLED: "taken out",
    TargetState.UNKNOWN: "unknown",
}

STEP_WORDS: dict[StepState, str] = {
    StepState.PENDING: "not begun",
    StepState.RUNNING: "running",
    StepState.SUCCESS: "done",
    StepState.FAILED: "failed",
    StepState.SKIPPED: "skipped",
    StepState.OVERDUE: "overdue",
    StepState.UNKNOWN: "unknown",
}

GOOD = frozenset({TargetState.SUCCESS, TargetState.SKIPPED})
BAD = frozenset({TargetState.FAILED, TargetState.PARTIAL, TargetState.UNKNOWN, TargetState.BLOCKED})


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.SUCCEEDED: "Every host of the plan is patched and verified, or needed nothing",
    Outcome.PARTIAL: "Some hosts were left out on the way and need attention",
    Outcome.REBOOT_REQUIRED: "Some hosts wait for a restart that policy leaves to you",
    Outcome.LOCKED: "Another run had some of the hosts",
    Outcome.INSTALL_FAILED: "An installation failed, or nobody knows how it ended",
    Outcome.VERIFICATION_FAILED: "An update was installed, but a check afterwards failed",
    Outcome.DIAGNOSTICS_FAILED: "Diagnostics that policy asks for could not be collected",
    Outcome.REPORTING_FAILED: "Evidence or a report could not be written",
    Outcome.REFUSED: "The run was refused",
    Outcome.NOT_REACHED: "No host could be reached",
    Outcome.CANCELLED: "The run was stopped before every host was begun",
}


def outcome_words(outcome: Outcome | None) -> str:
    return "The run has not ended" if outcome is None else OUTCOME_WORDS[outcome]


def times(count: int) -> str:
    return "once" if count == 1 else "twice" if count == 2 else f"{count} times"


def tone(state: TargetState) -> str:
    """good, bad or open: what a colour stands for, always beside the word."""
    return "good" if state in GOOD else "bad" if state in BAD else "open"


def duration(start: datetime | None, end: datetime | None) -> str:
    if start is None or end is None:
        return ""
    seconds = round((end - start) / timedelta(seconds=1))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"


def utc(at: datetime | None) -> str:
    return "" if at is None else at.strftime("%Y-%m-%d %H:%M:%S UTC")


def reason(target: TargetRecord) -> str:
    return "" if target.failure is None else str(target.failure)


def what_of(step: Step, plan: Plan) -> str:
    """What a step does, in a few words."""
    match step:
        case PatchStep():
            return plan.package(step.package).filename
        case RebootStep():
            return "Restart"
        case OsUpdateStep():
            known = {one.id: f"KB{one.kb}" if one.kb else one.title for one in plan.updates}
            return f"System updates {', '.join(known.get(one, one) for one in step.updates)}"
