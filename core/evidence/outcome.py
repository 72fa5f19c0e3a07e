"""The outcome of a run, derived from its record and from nothing else."""

from core.model.failure import NOT_REACHED, Cause
from core.model.outcome import Outcome, worst
from core.model.record import RunRecord, TargetRecord
from core.model.state import TargetState

_VERIFICATION = frozenset({Cause.VERIFICATION, Cause.WITNESSES_DISAGREE})
_LOCKED = frozenset({Cause.LOCKED, Cause.CLAIMED})


def outcome_of(record: RunRecord) -> Outcome:
    """The worst that happened; no target reached at all is an outcome of its own."""
    if record.targets and all(_not_reached(target) and target.before is None for target in record.targets):
        return Outcome.NOT_REACHED
    outcomes = frozenset(_of_target(target) for target in record.targets)
    if record.stopped and any(one.state is TargetState.CANCELLED for one in record.targets):
        outcomes |= {Outcome.CANCELLED}
    if any(_lacks_diagnostics(target) for target in record.targets):
        outcomes |= {Outcome.DIAGNOSTICS_FAILED}
    return worst(outcomes)


def left_by(record: RunRecord, outcome: Outcome) -> tuple[TargetRecord, ...]:
    """The hosts that the outcome is told of."""
    return tuple(target for target in record.targets if _of_target(target) is outcome)


def _lacks_diagnostics(target: TargetRecord) -> bool:
    taken = target.diagnostics
    return taken is not None and taken.required and taken.result in ("partial", "failed")


def _not_reached(target: TargetRecord) -> bool:
    """Silence counts as such only while nothing was begun: an installer that was asked for may have run."""
    begun = any(step.intent is not None or step.reboot_intent is not None for step in target.steps)
    return target.failure is not None and target.failure.cause in NOT_REACHED and not begun


def _of_target(target: TargetRecord) -> Outcome:
    cause = target.failure.cause if target.failure is not None else None
    match target.state:
        case TargetState.SUCCESS:
            return Outcome.SUCCEEDED
        case TargetState.SKIPPED:
            return Outcome.SUCCEEDED if cause is None else Outcome.PARTIAL
        case TargetState.AWAITING_REBOOT:
            return Outcome.REBOOT_REQUIRED
        case TargetState.BLOCKED if target.failed:
            # An installer that does not end, a restart that does not come: it was begun, and nobody knows how it ends.
            return Outcome.INSTALL_FAILED
        case TargetState.DEFERRED | TargetState.BLOCKED | TargetState.CANCELLED if cause not in _LOCKED:
            return Outcome.PARTIAL
        case _ if cause in _LOCKED:
            return Outcome.LOCKED
        case _ if cause in _VERIFICATION:
            return Outcome.VERIFICATION_FAILED
        case _ if _not_reached(target):
            return Outcome.PARTIAL
        case _:
            return Outcome.INSTALL_FAILED
