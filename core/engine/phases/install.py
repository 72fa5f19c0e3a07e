"""Installs or removes one package by a job of the host, and judges how it ended."""

from core.catalog.setup_codes import LOG_FOLDERS, SetupMeaning, SetupResult, meaning_of, spelled
from core.contract.job import CollectJob, CollectResult, StartJob
from core.contract.library import COLLECT_JOB, START_JOB
from core.contract.script import Call
from core.engine.effects import Walk, keep_output, record, wait
from core.engine.errand import Ended, Errand
from core.engine.persistence import persist, persist_assessing
from core.engine.phases.deliver import deliver
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
from core.model.build import Build
from core.model.events import JobEnded, PhaseEntered, Warned
from core.model.facts import Facts
from core.model.failure import NOT_REACHED, Cause, Failure
from core.model.phase import Phase
from core.model.state import StepState, TargetState
from core.model.step import PatchStep, RemovalStep
from core.verification.after import is_at, reached

SetupStep = PatchStep | RemovalStep

_OUTPUT_CHARS = 200_000

_WELL = frozenset({SetupResult.SUCCESS, SetupResult.SUCCESS_REBOOT, SetupResult.NOTHING_TO_DO})

# While an installer may be running, or setup waits for a restart, nothing else may be done to the host.
_BLOCKING = frozenset({Cause.OVERDUE, Cause.PENDING_REBOOT})
# Even an optional step can't be passed over when the host is no longer ours or out of reach.
_ENDING = NOT_REACHED | {Cause.CLAIMED}


def install(errand: Errand, step: SetupStep) -> Walk[Ended | bool]:
    """Whether a restart is needed now; or the end of the walk."""
    past = errand.past.step(step.order)
    match errand.standing.step(step.order):
        case StepState.SUCCESS:
            return _wants_reboot(step, past.job)
        case StepState.FAILED:
            return _after_failure(step, past.failure or Failure(Cause.INSTALLER, "the step failed"))
        case StepState.SKIPPED:
            return False
        case StepState.PENDING:
            running = errand.standing.move_step(step.order, StepState.RUNNING)
            yield from record(errand.event(Phase.INSTALL, PhaseEntered()), errand.event(Phase.INSTALL, running))
        case StepState.RUNNING | StepState.OVERDUE | StepState.UNKNOWN:
            pass
    if past.intent is None:
        job = yield from _start_job(errand, step)
    else:
        job = yield from _find_job(errand, step)
    job = yield from _until_free(errand, step, job)
    match job:
        case Vanished(failure=failure):
            return (yield from _without_verdict(errand, step, failure))
        case Spoilt(failure=failure):
            return (yield from _failed(errand, step, failure))
        case JobFacts():
            return (yield from _with_verdict(errand, step, job))
        case _:
            return job


def _until_free(errand: Errand, step: SetupStep, job: Fate | bool) -> Walk[Fate | bool]:
    """Setup that found another installation at work changed nothing: it is started again, as often as policy says."""
    while isinstance(job, JobFacts) and _meaning(step, job.exit_code).result is SetupResult.BUSY:
        attempt, waits = errand.standing.attempt(step.order), errand.rules.retries.waits()
        if attempt > len(waits):
            return job
        yield from _record_job(errand, step, job, _meaning(step, job.exit_code))
        pause = waits[attempt - 1]
        words = f"another installation is in progress; attempt {attempt + 1} of {len(waits) + 1} in {pause} seconds"
        yield from record(errand.event(Phase.INSTALL, Warned("busy", words)))
        yield from wait(pause)
        errand.standing.try_again(step.order)
        job = yield from _start_job(errand, step)
    return job


def _meaning(step: SetupStep, exit_code: int) -> SetupMeaning:
    return meaning_of(exit_code, step.success_codes, step.reboot_codes)


def _wants_reboot(step: SetupStep, job: JobEnded | None) -> bool:
    """Of a step that succeeded. Without setup's own word for success nobody can say that no restart is needed."""
    return job is None or job.needs_reboot or _meaning(step, job.exit_code).result not in _WELL


def _find_job(errand: Errand, step: SetupStep) -> Walk[Fate | bool]:
    """An earlier process meant to start the job. Whether it did, only the host knows."""
    found = yield from look(errand, step)
    if isinstance(found, Failure):
        return Ended(TargetState.UNKNOWN, found)
    if found.known:
        return (yield from watch(errand, step, errand.past.step(step.order).started_at))
    if errand.standing.step(step.order) is not StepState.RUNNING:
        return Vanished(Failure(Cause.JOB_LOST, "the job was seen and is gone without a trace", LOOK_AT_THE_HOST))
    facts = yield from persist_assessing(errand, Phase.INSTALL)
    if isinstance(facts, Failure):
        return Ended(TargetState.UNKNOWN, facts)
    if _reached(facts, step):
        return (yield from _accepted(errand, step, facts, "the job left no trace"))
    return (yield from _start_job(errand, step))


def _start_job(errand: Errand, step: SetupStep) -> Walk[Fate | bool]:
    package = errand.package(step.package)
    signer = yield from deliver(errand, step.order, package)
    if isinstance(signer, Failure):
        return Spoilt(signer)
    call = Call(
        START_JOB,
        StartJob(
            run_id=errand.run_id,
            epoch=errand.epoch,
            job_id=job_id(errand, step),
            sha256=package.sha256,
            file_name=package.filename,
            signer=signer,
            arguments=step.arguments,
        ),
    )
    return (yield from start(errand, step, call, step.arguments))


def _failed(errand: Errand, step: SetupStep, failure: Failure) -> Walk[Ended | bool]:
    yield from settle(errand, step, StepState.FAILED, failure)
    return _after_failure(step, failure)


def _after_failure(step: SetupStep, failure: Failure) -> Ended | bool:
    """What a failed step means for its host: the same at once and when a later process reads it in the journal."""
    if failure.cause in _BLOCKING:
        return Ended(TargetState.BLOCKED, failure)
    required = isinstance(step, RemovalStep) or step.required
    return Ended(TargetState.FAILED, failure) if required or failure.cause in _ENDING else False


def _with_verdict(errand: Errand, step: SetupStep, job: JobFacts) -> Walk[Ended | bool]:
    meaning = _meaning(step, job.exit_code)
    yield from _record_job(errand, step, job, meaning)
    match meaning.result:
        case SetupResult.SUCCESS | SetupResult.SUCCESS_REBOOT | SetupResult.NOTHING_TO_DO:
            yield from settle(errand, step, StepState.SUCCESS)
            return meaning.result is SetupResult.SUCCESS_REBOOT
        case SetupResult.REBOOT_PENDING:
            failure = Failure(Cause.PENDING_REBOOT, f"setup refused: {meaning.words}", meaning.hint)
            return (yield from _failed(errand, step, failure))
        case SetupResult.FAILED | SetupResult.BUSY:
            detail = f"setup ended with {spelled(job.exit_code)}: {meaning.words}"
            return (yield from _disproved(errand, step, Failure(Cause.INSTALLER, detail, meaning.hint)))


def _record_job(errand: Errand, step: SetupStep, job: JobFacts, meaning: SetupMeaning) -> Walk[None]:
    folder = LOG_FOLDERS[step.version_family]
    call = Call(COLLECT_JOB, CollectJob(job_id=job_id(errand, step), folder=folder, max_chars=_OUTPUT_CHARS))
    left = yield from persist(errand, Phase.INSTALL, call, errand.patience.connection_loss)
    summary, output = _texts(left)
    key = yield from keep_output(output)
    ended = JobEnded(
        step=step.order,
        job_id=job_id(errand, step),
        exit_code=job.exit_code,
        meaning=meaning.words,
        needs_reboot=meaning.result is SetupResult.SUCCESS_REBOOT,
        started_at=job.started_at,
        ended_at=job.ended_at,
        summary=summary,
        output_sha256=key,
    )
    yield from record(errand.event(Phase.INSTALL, ended))


def _texts(left: CollectResult | Failure) -> tuple[str, str]:
    """What setup itself says of its end, and the whole of what it left."""
    if isinstance(left, Failure):
        return f"not collected: {left}", ""
    wanted = ("Final result:", "Exit code (Decimal):", "Exit message:")
    told = [line.strip() for line in left.summary.splitlines() if line.strip().startswith(wanted)]
    return "; ".join(" ".join(line.split()) for line in told), f"{left.summary}\n\n{left.output}"


def _without_verdict(errand: Errand, step: SetupStep, failure: Failure) -> Walk[Ended | bool]:
    """A job that is gone: unknown until the host was assessed, then what the assessment proves."""
    if errand.standing.step(step.order) is not StepState.UNKNOWN:
        yield from settle(errand, step, StepState.UNKNOWN, failure)
    return (yield from _disproved(errand, step, failure))


def _disproved(errand: Errand, step: SetupStep, failure: Failure) -> Walk[Ended | bool]:
    """Setup failed or fell silent. If every witness names the wanted build all the same, that is said."""
    facts = yield from persist_assessing(errand, Phase.INSTALL)
    if isinstance(facts, Failure):
        return Ended(TargetState.UNKNOWN, facts)
    if _reached(facts, step):
        return (yield from _accepted(errand, step, facts, failure.detail))
    return (yield from _failed(errand, step, failure))


def _reached(facts: Facts, step: SetupStep) -> bool:
    match step:
        case PatchStep(target_build=target):
            return all(reached(facts, instance, Build.parse(target)) is not None for instance in step.instances)
        case RemovalStep(instance=instance, former_build=former):
            return is_at(facts, instance, Build.parse(former))


def _accepted(errand: Errand, step: SetupStep, facts: Facts, trouble: str) -> Walk[bool]:
    instances = step.instances if isinstance(step, PatchStep) else (step.instance,)
    found = {one.name: one.patch_level for one in facts.instances}
    told = ", ".join(f"{one}: {found.get(one, 'gone')}" for one in instances)
    words = f"{trouble}, yet every witness names the wanted build ({told})"
    yield from record(errand.event(Phase.INSTALL, Warned("build_reached_all_the_same", words)))
    yield from settle(errand, step, StepState.SUCCESS)
    return True
