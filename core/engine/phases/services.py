"""Stops the services that the plan names before the first step, and starts them after the last, whatever came of it."""

from typing import Literal

from core.contract.library import SET_SERVICES
from core.contract.script import Call
from core.contract.services import ServicesResult, SetServices
from core.engine.effects import Walk, ask, now, record, wait
from core.engine.errand import Ended, Errand
from core.engine.persistence import persist
from core.model.events import ServiceMoved, ServicesIntended, ServicesMoved, Warned
from core.model.facts import Facts
from core.model.failure import SILENT, Cause, Failure
from core.model.phase import Phase
from core.model.state import STEP_RESTS, StepState, TargetState
from core.model.step import RebootStep

# The script itself waits so long for each state; a service that takes longer is asked for again.
_WAIT_SECONDS = 15
_PAUSE = 2.0


def stop_services(errand: Errand, before: Facts) -> Walk[Ended | None]:
    """Only those that ran, and only where something is still to be installed. Nothing, or the end of the walk."""
    ran = {one.name for one in before.services if one.state == "Running"}
    names = tuple(one for one in errand.planned.services if one in ran)
    if not names or not _is_to_be_installed(errand):
        return None
    if not set(names) <= set(errand.standing.stopped):
        errand.standing.stopped = tuple(dict.fromkeys((*errand.standing.stopped, *names)))
        yield from record(errand.event(Phase.INSTALL, ServicesIntended(names)))
    answer = yield from _until_done(errand, "stop", names)
    if isinstance(answer, Failure):
        silent = answer.cause in SILENT
        return Ended(TargetState.UNKNOWN if silent else TargetState.BLOCKED, answer)
    if answer.complete:
        return None
    late = ", ".join(f"{one.name} is {one.after}" for one in answer.services if one.after != "Stopped")
    hint = "stop it by hand and see what holds it, or take it out of the policy; then run it again"
    return Ended(TargetState.BLOCKED, Failure(Cause.CHANGED, f"a service did not stop: {late}", hint))


def start_services(errand: Errand, ended: Ended | None) -> Walk[None]:
    """A host that is out of reach is asked once. What does not start is said, and found when the host is verified."""
    names = errand.standing.stopped
    if not names:
        return
    once = ended is not None and (ended.state is TargetState.UNKNOWN or _is_out_of_reach(ended))
    answer = yield from _until_done(errand, "start", names, once)
    if isinstance(answer, ServicesResult) and answer.complete:
        return
    why = str(answer) if isinstance(answer, Failure) else _late(answer)
    words = f"stopped by this run and not started again: {why}; start it by hand ({', '.join(names)})"
    yield from record(errand.event(Phase.POST_VALIDATION, Warned("services", words)))


def _is_to_be_installed(errand: Errand) -> bool:
    """And nothing is at work already: before that they were stopped."""
    states = [errand.standing.step(one.order) for one in errand.planned.steps if not isinstance(one, RebootStep)]
    return any(one not in STEP_RESTS for one in states) and not any(
        one in (StepState.RUNNING, StepState.OVERDUE, StepState.UNKNOWN) for one in states
    )


def _until_done(
    errand: Errand, action: Literal["stop", "start"], names: tuple[str, ...], once: bool = False
) -> Walk[ServicesResult | Failure]:
    """Each answer that moved something is told: what depends on a service was stopped with it."""
    began = yield from now()
    while True:
        wanted = SetServices(
            run_id=errand.run_id, epoch=errand.epoch, action=action, names=names, wait_seconds=_WAIT_SECONDS
        )
        call = Call(SET_SERVICES, wanted)
        if once:
            answer: ServicesResult | Failure = yield from ask(call)
        else:
            answer = yield from persist(errand, Phase.INSTALL, call, errand.patience.connection_loss)
        if isinstance(answer, Failure):
            return answer
        over = once or ((yield from now()) - began).total_seconds() >= errand.patience.sql_startup
        if answer.complete or over:
            yield from _tell(errand, action, answer)
            return answer
        yield from wait(_PAUSE)


def _tell(errand: Errand, action: Literal["stop", "start"], answer: ServicesResult) -> Walk[None]:
    moves = tuple(ServiceMoved(one.name, one.before, one.after) for one in answer.services)
    body = ServicesMoved(action, moves, answer.complete)
    if action == "start" and answer.complete:
        errand.standing.stopped = ()
    elif action == "stop":
        with_it = (one.name for one in moves if one.before != "Stopped")
        errand.standing.stopped = tuple(dict.fromkeys((*errand.standing.stopped, *with_it)))
    yield from record(errand.event(Phase.INSTALL, body))


def _late(answer: ServicesResult) -> str:
    return ", ".join(f"{one.name} is {one.after}" for one in answer.services if one.after != "Running")


def _is_out_of_reach(ended: Ended) -> bool:
    return ended.failure is not None and ended.failure.cause in SILENT | {Cause.REBOOT}
