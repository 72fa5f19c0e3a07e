"""Restarts the host and proves it: two marks must agree, then the host must be ready. Nothing outside of its window."""

from datetime import datetime, timedelta

from core.contract.job import Reboot, RebootResult
from core.contract.library import REBOOT
from core.contract.script import Call
from core.engine.effects import Token, Walk, ask, give_token, now, record, take_token, wait
from core.engine.errand import Ended, Errand
from core.engine.persistence import FIRST_PAUSE
from core.engine.phases.boots import ASK_BOOT_STATE, boot_state, marks_of
from core.engine.phases.put_off import (
    CallingOff,
    call_off,
    called_off,
    is_unwanted,
    marks_when_put_off,
    not_now,
    say_too_late,
)
from core.model.events import PhaseEntered, RebootIntended, RebootProven
from core.model.facts import BootMarks
from core.model.failure import SILENT, Cause, Failure
from core.model.phase import Phase
from core.model.state import STEP_RESTS, StepState, TargetState
from core.model.step import RebootStep

# A clock that is corrected moves the boot time, too: less than this proves nothing.
_CLOCK_CORRECTION = timedelta(minutes=1)
_LONGEST_PAUSE = 10.0


def restart_in_turn(errand: Errand, step: RebootStep) -> Walk[Ended | None]:
    """Many servers that start at once would bring their storage down. Others may have had the token for long."""
    if errand.standing.step(step.order) in STEP_RESTS:
        return (yield from restart(errand, step))
    ended = yield from not_now(errand, step)
    if ended is not None:
        return ended
    yield from take_token(Token.REBOOT)
    ended = (yield from not_now(errand, step)) or (yield from restart(errand, step))
    yield from give_token(Token.REBOOT)
    return ended


def restart(errand: Errand, step: RebootStep) -> Walk[Ended | None]:
    """Nothing when the restart is proven; or the end of the walk."""
    past = errand.past.step(step.order)
    match errand.standing.step(step.order):
        case StepState.SUCCESS:
            return None
        case StepState.FAILED:
            failure = past.failure or Failure(Cause.REBOOT, "the restart failed")
            recalled = failure.cause is Cause.CANCELLED
            return Ended(TargetState.AWAITING_REBOOT if recalled else TargetState.BLOCKED, failure)
        case _:
            pass
    intent = past.reboot_intent
    if intent is None:
        begun = yield from _begin(errand, step)
        if isinstance(begun, Failure):
            return Ended(TargetState.UNKNOWN, begun)
        intent = begun
    return (yield from _await(errand, step, intent))


def proven(before: BootMarks, after: BootMarks) -> bool:
    """The boot time alone drifts with clock changes, so the identity must differ as well."""
    return after.boot_id != before.boot_id and after.booted_at > before.booted_at + _CLOCK_CORRECTION


def _begin(errand: Errand, step: RebootStep) -> Walk[RebootIntended | Failure]:
    """Where the restart was put off, the boot of then is to end: if somebody was first, that is as good."""
    state = yield from boot_state(errand)
    if isinstance(state, Failure):
        return state
    events = [errand.event(Phase.REBOOT, PhaseEntered())]
    if errand.standing.step(step.order) is StepState.PENDING:
        events.append(errand.event(Phase.REBOOT, errand.standing.move_step(step.order, StepState.RUNNING)))
    intent = RebootIntended(step.order, marks_when_put_off(errand, step) or marks_of(state), state.host_time)
    yield from record(*events, errand.event(Phase.REBOOT, intent))
    return intent


def _request(errand: Errand, step: RebootStep, intent: RebootIntended) -> Walk[RebootResult | Failure]:
    """The script restarts only the boot that was seen, so asking twice restarts once."""
    call = Call(
        REBOOT,
        Reboot(
            run_id=errand.run_id,
            epoch=errand.epoch,
            expected_boot_id=intent.marks.boot_id,
            delay_seconds=step.notice_seconds,
        ),
    )
    return (yield from ask(call))


def _await(errand: Errand, step: RebootStep, intent: RebootIntended) -> Walk[Ended | None]:
    """No answer to the request may mean that the host went down at once, or that it never heard of it."""
    began = yield from now()
    limit = step.timeout_seconds + step.notice_seconds
    pause = FIRST_PAUSE
    trouble = Failure(Cause.REBOOT, "the host has not restarted")
    heard = too_late = False
    while True:
        if not too_late and (yield from is_unwanted(errand, step, heard)):
            answer = yield from call_off(errand, intent)
            if answer is CallingOff.DONE:
                return (yield from called_off(errand, step, intent))
            too_late = answer is CallingOff.TOO_LATE
        elif not heard and not too_late:
            requested = yield from _request(errand, step, intent)
            if isinstance(requested, Failure) and requested.cause not in SILENT:
                return (yield from _failed(errand, step, requested, TargetState.BLOCKED))
            heard = not isinstance(requested, Failure)
        state = yield from ask(ASK_BOOT_STATE)
        match state:
            case Failure():
                trouble = Failure(
                    Cause.REBOOT,
                    f"the host is not back: {state.detail}",
                    "look at its console; when it is up, plan again",
                )
            case _ if not proven(intent.marks, marks_of(state)):
                trouble = Failure(Cause.REBOOT, "the host answers, but is still on the boot before the restart")
            case _ if state.servicing_busy:
                trouble = Failure(Cause.REBOOT, "the host is back, but still finishes its updates")
            case _ if state.services_waiting and not _is_over(began, (yield from now()), limit):
                pass
            case _:
                if errand.standing.recalled is not None and not too_late:
                    yield from say_too_late(errand, "the host has restarted")
                # The restart itself is proven; what does not start any more is for verification to name.
                yield from _proven(errand, step, intent, marks_of(state))
                return None
        if _is_over(began, (yield from now()), limit):
            return (yield from _failed(errand, step, trouble, TargetState.BLOCKED))
        yield from wait(pause)
        pause = min(_LONGEST_PAUSE, pause * 2)


def _proven(errand: Errand, step: RebootStep, intent: RebootIntended, marks: BootMarks) -> Walk[None]:
    yield from record(
        errand.event(Phase.REBOOT, RebootProven(step.order, intent.marks, marks)),
        errand.event(Phase.REBOOT, errand.standing.move_step(step.order, StepState.SUCCESS)),
    )


def _failed(errand: Errand, step: RebootStep, failure: Failure, state: TargetState) -> Walk[Ended]:
    """A restart without proof is a failed patch."""
    yield from record(errand.event(Phase.REBOOT, errand.standing.move_step(step.order, StepState.FAILED, failure)))
    return Ended(state, failure)


def _is_over(began: datetime, time: datetime, limit: int) -> bool:
    return (time - began).total_seconds() >= limit
