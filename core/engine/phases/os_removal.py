"""Takes the cumulative update of the system off again by DISM, as a job of the host. A restart finishes that."""

from core.catalog.servicing_codes import RemovalResult, removal_meaning
from core.catalog.setup_codes import spelled
from core.contract.job import CollectJob, StartRemoval
from core.contract.library import COLLECT_JOB, START_REMOVAL
from core.contract.script import Call
from core.engine.effects import Walk, keep_output, record
from core.engine.errand import Ended, Errand
from core.engine.persistence import persist
from core.engine.phases.jobs import (
    LOOK_AT_THE_HOST,
    Fate,
    JobFacts,
    Spoilt,
    Vanished,
    job_id,
    look,
    settle,
    start,
    watch,
)
from core.model.events import JobEnded, PhaseEntered, Warned
from core.model.failure import Cause, Failure
from core.model.phase import Phase
from core.model.state import StepState, TargetState
from core.model.step import OsRemovalStep

_OUTPUT_CHARS = 200_000
_REMOVED = frozenset({RemovalResult.REMOVED, RemovalResult.REMOVED_REBOOT})


def remove_update(errand: Errand, step: OsRemovalStep) -> Walk[Ended | bool]:
    """Whether a restart is needed now; or the end of the way back. What DISM says is proven by nobody before that."""
    past = errand.past.step(step.order)
    match errand.standing.step(step.order):
        case StepState.SUCCESS:
            return past.job is None or past.job.needs_reboot
        case StepState.FAILED | StepState.SKIPPED:
            return _after_failure(past.failure or Failure(Cause.INSTALLER, "the update could not be removed"))
        case StepState.PENDING:
            running = errand.standing.move_step(step.order, StepState.RUNNING)
            yield from record(errand.event(Phase.INSTALL, PhaseEntered()), errand.event(Phase.INSTALL, running))
        case StepState.RUNNING | StepState.OVERDUE | StepState.UNKNOWN:
            pass
    job = yield from _job(errand, step)
    match job:
        case JobFacts():
            return (yield from _with_verdict(errand, step, job))
        case Vanished(failure=failure) | Spoilt(failure=failure):
            yield from settle(errand, step, StepState.FAILED, failure)
            return _after_failure(failure)
        case _:
            return job


def _job(errand: Errand, step: OsRemovalStep) -> Walk[Fate]:
    """What an earlier process meant to start is looked for; asking twice starts once."""
    past = errand.past.step(step.order)
    if past.intent is not None:
        found = yield from look(errand, step)
        if isinstance(found, Failure):
            return Ended(TargetState.UNKNOWN, found)
        if found.known:
            return (yield from watch(errand, step, past.started_at))
        if errand.standing.step(step.order) is not StepState.RUNNING:
            return Vanished(Failure(Cause.JOB_LOST, "the job was seen and is gone without a trace", LOOK_AT_THE_HOST))
    wanted = StartRemoval(run_id=errand.run_id, epoch=errand.epoch, job_id=job_id(errand, step), package=step.package)
    return (yield from start(errand, step, Call(START_REMOVAL, wanted), (step.package,)))


def _with_verdict(errand: Errand, step: OsRemovalStep, job: JobFacts) -> Walk[Ended | bool]:
    meaning = removal_meaning(job.exit_code)
    needs_reboot = meaning.result is RemovalResult.REMOVED_REBOOT
    call = Call(COLLECT_JOB, CollectJob(job_id=job_id(errand, step), folder="", max_chars=_OUTPUT_CHARS))
    left = yield from persist(errand, Phase.INSTALL, call, errand.patience.connection_loss)
    key = yield from keep_output("" if isinstance(left, Failure) else left.output)
    ended = JobEnded(
        step=step.order,
        job_id=job_id(errand, step),
        exit_code=job.exit_code,
        meaning=meaning.words,
        needs_reboot=needs_reboot,
        started_at=job.started_at,
        ended_at=job.ended_at,
        summary=f"not collected: {left}" if isinstance(left, Failure) else "",
        output_sha256=key,
    )
    yield from record(errand.event(Phase.INSTALL, ended))
    if meaning.result in _REMOVED:
        yield from settle(errand, step, StepState.SUCCESS)
        return needs_reboot
    names = ", ".join(map(errand.name_of, step.updates))
    if meaning.result is RemovalResult.PERMANENT:
        words = f"step {step.of} cannot be taken back: {names} is permanent, DISM does not remove it"
        yield from record(errand.event(Phase.INSTALL, Warned("undo_impossible", words)))
    detail = f"{names} was not removed, DISM ended with {spelled(job.exit_code)}: {meaning.words}"
    failure = Failure(Cause.INSTALLER, detail, meaning.hint)
    yield from settle(errand, step, StepState.FAILED, failure)
    return _after_failure(failure)


def _after_failure(failure: Failure) -> Ended:
    """While DISM may be running nothing else may be done to the host."""
    return Ended(TargetState.BLOCKED if failure.cause is Cause.OVERDUE else TargetState.FAILED, failure)
