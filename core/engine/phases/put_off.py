"""Restarts that are not to happen now: put off until a window is open, or called off because somebody said so."""

from enum import Enum, auto

from core.contract.job import CancelReboot, CancelRebootResult
from core.contract.library import CANCEL_REBOOT
from core.contract.script import Call
from core.engine.effects import Walk, ask, now, record
from core.engine.errand import Ended, Errand
from core.engine.phases.boots import boot_state, marks_of
from core.engine.phases.window import has_time, needed_from, next_time
from core.model.events import RebootIntended, RebootPutOff, Warned
from core.model.facts import BootMarks
from core.model.failure import SILENT, Cause, Failure
from core.model.phase import Phase
from core.model.state import StepState, TargetState
from core.model.step import RebootStep

_BY_HAND = "restart it yourself, then have it verified again"


class CallingOff(Enum):
    """What became of a restart that was asked for and is not wanted any more."""

    DONE = auto()
    TOO_LATE = auto()
    UNHEARD = auto()


def not_now(errand: Errand, step: RebootStep) -> Walk[Ended | None]:
    """Before anything is asked for. One that was asked for already is looked for first: it may be under way."""
    if errand.past.step(step.order).reboot_intent is not None:
        return None
    if errand.standing.recalled is not None:
        return Ended(TargetState.AWAITING_REBOOT, _recalled(errand.standing.recalled))
    if (yield from _in_time(errand, step)):
        return None
    state = yield from boot_state(errand)
    if isinstance(state, Failure):
        return Ended(TargetState.UNKNOWN, state)
    return (yield from _put_off(errand, step, marks_of(state)))


def is_unwanted(errand: Errand, step: RebootStep, heard: bool) -> Walk[bool]:
    """Of a restart that was meant. One that the host has heard of in time goes on when its window closes meanwhile."""
    if errand.standing.recalled is not None:
        return True
    return not heard and not (yield from _in_time(errand, step))


def call_off(errand: Errand, intent: RebootIntended) -> Walk[CallingOff]:
    """It may be scheduled on the host, whatever was heard of that."""
    wanted = CancelReboot(run_id=errand.run_id, epoch=errand.epoch, expected_boot_id=intent.marks.boot_id)
    answer: CancelRebootResult | Failure = yield from ask(Call(CANCEL_REBOOT, wanted))
    match answer:
        case Failure(cause=cause) if cause in SILENT:
            return CallingOff.UNHEARD
        case Failure():
            why = str(answer)
        case CancelRebootResult(state="too_late"):
            why = "the host restarts, or has restarted"
        case _:
            return CallingOff.DONE
    yield from say_too_late(errand, why)
    return CallingOff.TOO_LATE


def say_too_late(errand: Errand, why: str) -> Walk[None]:
    words = f"the restart is not called off any more: {why}"
    yield from record(errand.event(Phase.REBOOT, Warned("too_late", words)))


def called_off(errand: Errand, step: RebootStep, intent: RebootIntended) -> Walk[Ended]:
    why = errand.standing.recalled
    if why is None:
        return (yield from _put_off(errand, step, intent.marks))
    failure = _recalled(why)
    yield from record(errand.event(Phase.REBOOT, errand.standing.move_step(step.order, StepState.FAILED, failure)))
    return Ended(TargetState.AWAITING_REBOOT, failure)


def marks_when_put_off(errand: Errand, step: RebootStep) -> BootMarks | None:
    before = errand.past.step(step.order).put_off
    return None if before is None else before.marks


def _in_time(errand: Errand, step: RebootStep) -> Walk[bool]:
    if step.when == "immediate":
        return True
    time = yield from now()
    return bool(errand.windows) and has_time(errand, needed_from(errand, step), time)


def _put_off(errand: Errand, step: RebootStep, marks: BootMarks) -> Walk[Ended]:
    """Until the next window that leaves time for it. It is the boot of now that has to end then, whoever ends it."""
    if errand.standing.undo is not None:
        detail = "no maintenance window leaves time for its restart, and a way back does not wait for the next"
        return Ended(TargetState.AWAITING_REBOOT, Failure(Cause.WINDOW, detail, _BY_HAND))
    opening = next_time(errand, needed_from(errand, step), (yield from now()))
    if opening is None:
        detail = "it may restart only while a maintenance window of it is open, and it has none that is long enough"
        return Ended(TargetState.AWAITING_REBOOT, Failure(Cause.WINDOW, detail, _BY_HAND))
    name, until = opening.window.name, opening.opens_at
    body = RebootPutOff(step.order, marks_when_put_off(errand, step) or marks, name, until)
    yield from record(errand.event(Phase.REBOOT, body))
    detail = f"its restart waits for {name}, which opens at {until:%Y-%m-%d %H:%M} UTC"
    return Ended(TargetState.AWAITING_REBOOT, Failure(Cause.WINDOW, detail), put_off=True)


def _recalled(why: str) -> Failure:
    detail = f"it is not restarted ({why}); what was installed takes effect with a restart"
    return Failure(Cause.CANCELLED, detail, _BY_HAND)
