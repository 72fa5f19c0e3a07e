"""Clears away what the run left on the host, and gives the host back. What stays there is said."""

from core.contract.claim import ReleaseClaim
from core.contract.job import RemoveJob
from core.contract.library import RELEASE_CLAIM, REMOVE_JOB
from core.contract.script import Call, P, R
from core.engine.effects import Walk, ask, record
from core.engine.errand import Ended, Errand
from core.engine.persistence import persist
from core.engine.phases.jobs import JobStep, job_ids
from core.model.events import Warned
from core.model.failure import NOT_REACHED, SILENT, Cause, Failure
from core.model.phase import Phase
from core.model.state import StepState, TargetState
from core.model.step import OsRemovalStep, OsUpdateStep, PatchStep, RemovalStep

_HELD_BY_OTHERS = frozenset({Cause.CLAIMED, Cause.LOCKED})
# Asking again would answer the same, and a wrong password that is tried often locks an account.
_HOPELESS = NOT_REACHED - SILENT
# It was waited for already.
_OUT_OF_REACH = SILENT | {Cause.REBOOT}


def leave(errand: Errand, ended: Ended, claimed: bool) -> Walk[None]:
    """The job memory of what failed stays for diagnosis. The claim stays while nobody knows what is going on there."""
    cause = None if ended.failure is None else ended.failure.cause
    if cause in _HELD_BY_OTHERS:
        return
    if ended.state is TargetState.UNKNOWN or cause in _HOPELESS:
        if claimed:
            yield from _warn(errand, "claim", "the host stays claimed until somebody knows what is going on there")
        return
    in_reach = cause not in _OUT_OF_REACH
    undoing = errand.standing.undo
    for step in (*errand.planned.steps, *(() if undoing is None else undoing.steps)):
        if isinstance(step, PatchStep | OsUpdateStep | RemovalStep | OsRemovalStep):
            yield from _clear(errand, step, in_reach)
    yield from _release(errand, in_reach)


def _clear(errand: Errand, step: JobStep, in_reach: bool) -> Walk[None]:
    package = "" if isinstance(step, OsUpdateStep | OsRemovalStep) else step.package
    match errand.standing.step(step.order):
        case StepState.SUCCESS:
            for job in job_ids(errand, step):
                held = RemoveJob(run_id=errand.run_id, epoch=errand.epoch, job_id=job, sha256=package)
                answer = yield from _ask(errand, Call(REMOVE_JOB, held), in_reach)
                if isinstance(answer, Failure):
                    words = f"job and package of step {step.order} stay on the host: {answer}"
                    yield from _warn(errand, "remains", words)
        case StepState.FAILED:
            kept = f"job and package of step {step.order} stay on the host, so that the failure can be looked at"
            yield from _warn(errand, "remains", kept)
        case _:
            pass


def _release(errand: Errand, in_reach: bool) -> Walk[None]:
    """Refused by the host itself while an installer runs. A claim that was asked for in vain may have come through."""
    held = ReleaseClaim(run_id=errand.run_id, epoch=errand.epoch)
    answer = yield from _ask(errand, Call(RELEASE_CLAIM, held), in_reach)
    if isinstance(answer, Failure):
        yield from _warn(errand, "claim", f"if the host is claimed, the claim stays: {answer}")


def _ask(errand: Errand, call: Call[P, R], in_reach: bool) -> Walk[R | Failure]:
    if in_reach:
        return (yield from persist(errand, Phase.POST_VALIDATION, call, errand.patience.connection_loss))
    return (yield from ask(call))


def _warn(errand: Errand, code: str, message: str) -> Walk[None]:
    yield from record(errand.event(Phase.POST_VALIDATION, Warned(code, message)))
