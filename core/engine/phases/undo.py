"""What of a host that did not end well could be taken back. Nothing is taken back unasked; what cannot be is said."""

from core.engine.effects import Walk, record
from core.engine.errand import Ended, Errand
from core.model.events import Warned
from core.model.phase import Phase
from core.model.state import StepState, TargetState
from core.model.step import OsUpdateStep, PatchStep, Step

_WORSE = frozenset({TargetState.FAILED, TargetState.PARTIAL, TargetState.UNKNOWN})


def say_undo(errand: Errand, ended: Ended) -> Walk[None]:
    """One word for each step that changed the host, as the plan has it."""
    if ended.state not in _WORSE:
        return
    for step in errand.planned.steps:
        if isinstance(step, PatchStep | OsUpdateStep) and errand.standing.step(step.order) is StepState.SUCCESS:
            yield from record(errand.event(Phase.POST_VALIDATION, _word(step, errand.rules.undo.on_regression)))


def _word(step: Step, on_regression: str) -> Warned:
    if not step.undo.possible:
        return Warned("undo_impossible", f"step {step.order} cannot be taken back: {step.undo.how}")
    if on_regression == "report":
        return Warned("undo", f"step {step.order} stays; policy only reports. It could be taken back: {step.undo.how}")
    return Warned("undo", f"step {step.order} can be taken back by hand: {step.undo.how}")
