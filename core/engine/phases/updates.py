"""Installs the planned updates of the system by a job of the host, and judges each of them."""

from core.contract.library import COLLECT_UPDATES, START_UPDATES
from core.contract.script import Call
from core.contract.updates import CollectUpdates, OutcomePart, StartUpdates, UpdatesResult
from core.detection.update_codes import SUCCEEDED, in_words, meaning_of
from core.detection.updates import CLASSES, superseded_by
from core.engine.effects import Token, Walk, give_token, keep_output, record, take_token
from core.engine.errand import Ended, Errand
from core.engine.persistence import persist, persist_searching
from core.engine.phases.jobs import (
    LOOK_AT_THE_HOST,
    Fate,
    JobFacts,
    Spoilt,
    Vanished,
    job_id,
    look,
    session_progress,
    settle,
    start,
    watch,
)
from core.model.document import canonical
from core.model.events import Body, JobEnded, PhaseEntered, UpdateEnded, UpdateState, Warned
from core.model.facts import Facts, UpdateAnswer
from core.model.failure import Cause, Failure
from core.model.phase import Phase
from core.model.state import StepState, TargetState
from core.model.step import OsUpdateStep

# While a session of the agent may be running nothing else may be done to the host.
_BLOCKING = frozenset({Cause.OVERDUE})
_PLAN_AGAIN = "plan again: the plan takes nothing that was not in it"


def update(errand: Errand, step: OsUpdateStep) -> Walk[Ended | bool]:
    """Whether a restart is needed now; or the end of the walk."""
    past = errand.past.step(step.order)
    match errand.standing.step(step.order):
        case StepState.SUCCESS:
            return past.job is None or past.job.needs_reboot
        case StepState.FAILED:
            return _after_failure(past.failure or Failure(Cause.INSTALLER, "the step failed"))
        case StepState.SKIPPED:
            return False
        case StepState.PENDING:
            job = yield from _begin(errand, step)
        case StepState.RUNNING | StepState.OVERDUE | StepState.UNKNOWN:
            job = yield from _go_on(errand, step)
    match job:
        case Vanished(failure=failure):
            return (yield from _without_verdict(errand, step, failure))
        case Spoilt(failure=failure):
            return (yield from _failed(errand, step, failure))
        case JobFacts():
            return (yield from _with_verdict(errand, step, job))
        case _:
            return job


def _begin(errand: Errand, step: OsUpdateStep) -> Walk[Fate | bool]:
    """The plan is a promise: what the service offers now counts, and nothing that was not planned is taken instead."""
    yield from record(errand.event(Phase.INSTALL, PhaseEntered()))
    facts = yield from persist_searching(errand, Phase.INSTALL, step.service)
    if isinstance(facts, Failure):
        yield from record(errand.event(Phase.INSTALL, errand.standing.move_step(step.order, StepState.RUNNING)))
        return Spoilt(facts)
    offered = {one.patch_id for one in facts.updates}
    wanted = tuple(one for one in step.updates if one in offered)
    yield from _tell_gone(errand, step, facts, tuple(one for one in step.updates if one not in offered))
    if not wanted:
        failure = Failure(
            Cause.CHANGED, f"none of its updates is offered any more: {_names(errand, step)}", _PLAN_AGAIN
        )
        moved = errand.standing.move_step(step.order, StepState.SKIPPED, failure)
        yield from record(errand.event(Phase.INSTALL, moved))
        return False
    yield from record(errand.event(Phase.INSTALL, errand.standing.move_step(step.order, StepState.RUNNING)))
    return (yield from _start_job(errand, step, wanted))


def _go_on(errand: Errand, step: OsUpdateStep) -> Walk[Fate | bool]:
    """An earlier process meant to start the job. Whether it did, only the host knows; starting twice starts once."""
    past = errand.past.step(step.order)
    if past.intent is None:
        wanted = tuple(one for one in step.updates if errand.standing.update(one) is None)
        return (yield from _start_job(errand, step, wanted))
    found = yield from look(errand, step)
    if isinstance(found, Failure):
        return Ended(TargetState.UNKNOWN, found)
    if found.known:
        return (yield from watch(errand, step, past.started_at))
    if errand.standing.step(step.order) is not StepState.RUNNING:
        return Vanished(Failure(Cause.JOB_LOST, "the job was seen and is gone without a trace", LOOK_AT_THE_HOST))
    return (yield from _start_job(errand, step, past.intent.arguments))


def _start_job(errand: Errand, step: OsUpdateStep, wanted: tuple[str, ...]) -> Walk[Fate]:
    call = Call(
        START_UPDATES,
        StartUpdates(
            run_id=errand.run_id,
            epoch=errand.epoch,
            job_id=job_id(errand, step),
            service=step.service,
            updates=wanted,
        ),
    )
    yield from take_token(Token.TRANSFER, session_progress(errand, step))
    fate = yield from start(errand, step, call, wanted)
    yield from give_token(Token.TRANSFER)
    return fate


def _with_verdict(errand: Errand, step: OsUpdateStep, job: JobFacts) -> Walk[Ended | bool]:
    call = Call(COLLECT_UPDATES, CollectUpdates(job_id=job_id(errand, step)))
    left = yield from persist(errand, Phase.INSTALL, call, errand.patience.connection_loss)
    if isinstance(left, Failure):
        return Ended(TargetState.UNKNOWN, left)
    yield from _record_job(errand, step, job, left)
    if job.exit_code != 0:
        meaning = meaning_of(job.exit_code)
        detail = f"the update agent ended with {in_words(job.exit_code)}"
        return (yield from _failed(errand, step, Failure(Cause.INSTALLER, detail, meaning.hint)))
    bad = [one for one in left.updates if not _is_installed(one)]
    if bad:
        return (yield from _failed(errand, step, _failure(bad, len(left.updates))))
    yield from _tell_missing(errand, step, left)
    yield from settle(errand, step, StepState.SUCCESS)
    return left.reboot_required


def _record_job(errand: Errand, step: OsUpdateStep, job: JobFacts, left: UpdatesResult) -> Walk[None]:
    """Each update by itself; what one of them brought is known although another failed."""
    key = yield from keep_output(canonical(left.model_dump(mode="json")).decode())
    good = sum(map(_is_installed, left.updates))
    ended = JobEnded(
        step=step.order,
        job_id=job_id(errand, step),
        exit_code=job.exit_code,
        meaning="ended" if job.exit_code == 0 else in_words(job.exit_code),
        needs_reboot=left.reboot_required,
        started_at=job.started_at,
        ended_at=job.ended_at,
        summary=f"{good} of {len(left.updates)} updates were installed",
        output_sha256=key,
    )
    bodies = [_ended(errand, step, one) for one in left.updates if errand.standing.update(one.patch_id) is None]
    yield from _tell(errand, *bodies, ended)


def _ended(errand: Errand, step: OsUpdateStep, one: OutcomePart) -> UpdateEnded:
    state: UpdateState = one.state if one.state != "installed" or _is_installed(one) else "install_failed"
    return errand.standing.end_update(
        UpdateEnded(
            step=step.order,
            patch_id=one.patch_id,
            kb=one.kb or None,
            title=one.title,
            classification=CLASSES.get(one.class_id, ""),
            state=state,
            downloaded=one.downloaded,
            hresult=one.hresult,
            reboot_required=one.reboot_required,
            duration_ms=one.duration_ms,
            message=one.message,
        )
    )


def _is_installed(one: OutcomePart) -> bool:
    """The agent's number must say so, too: with errors is no success."""
    return one.state == "installed" and one.result_code == SUCCEEDED


def _failure(bad: list[OutcomePart], of: int) -> Failure:
    told = "; ".join(f"{_named(one)}: {_why(one)}" for one in bad)
    return Failure(Cause.INSTALLER, f"{len(bad)} of {of} updates failed: {told}", meaning_of(bad[0].hresult).hint)


def _named(one: OutcomePart) -> str:
    return f"KB{one.kb}" if one.kb else one.title


def _why(one: OutcomePart) -> str:
    return one.message if one.state == "barred" else in_words(one.hresult)


def _without_verdict(errand: Errand, step: OsUpdateStep, failure: Failure) -> Walk[Ended | bool]:
    """A job that is gone: unknown until the host was searched again, then what that proves."""
    if errand.standing.step(step.order) is not StepState.UNKNOWN:
        yield from settle(errand, step, StepState.UNKNOWN, failure)
    facts = yield from persist_searching(errand, Phase.INSTALL, step.service)
    if isinstance(facts, Failure):
        return Ended(TargetState.UNKNOWN, facts)
    meant = [one for one in step.updates if errand.standing.update(one) is None]
    left = [one for one in meant if not _came(facts, one)]
    lost = [_without_outcome(errand, step, one, "lost", failure.detail) for one in left]
    came = [
        _without_outcome(errand, step, one, "installed", "the job left no word") for one in meant if one not in left
    ]
    yield from _tell(errand, *came, *lost)
    if left:
        detail = f"{failure.detail}; not installed: {', '.join(map(errand.name_of, left))}"
        return (yield from _failed(errand, step, Failure(failure.cause, detail, failure.hint)))
    words = f"{failure.detail}, yet none of its updates is offered any more; the checks after decide"
    yield from _tell(errand, Warned("installed_all_the_same", words))
    yield from settle(errand, step, StepState.SUCCESS)
    return True


def _came(facts: Facts, patch_id: str) -> bool:
    """Installed, or waiting for the restart that finishes it: in that time no list names it."""
    witness = facts.update_witness
    if any(one.patch_id == patch_id for one in facts.updates) or not isinstance(witness, UpdateAnswer):
        return False
    waits = any(one.reason.startswith("windows_update") for one in facts.pending_reboot)
    return waits or any(one.patch_id == patch_id for one in witness.installed)


def _tell_gone(errand: Errand, step: OsUpdateStep, facts: Facts, gone: tuple[str, ...]) -> Walk[None]:
    bodies = [_gone(errand, step, facts, one) for one in gone]
    if bodies:
        told = "; ".join(f"{errand.name_of(one.patch_id)} is {one.message}" for one in bodies)
        warned = Warned("updates_changed", f"{told} ({_PLAN_AGAIN})")
        yield from _tell(errand, *bodies, warned)


def _tell_missing(errand: Errand, step: OsUpdateStep, left: UpdatesResult) -> Walk[None]:
    """What the job itself no longer found, although the search before it did."""
    dealt = {one.patch_id for one in left.updates}
    gone = [one for one in step.updates if one not in dealt and errand.standing.update(one) is None]
    if gone:
        bodies = [_without_outcome(errand, step, one, "not_offered", "no longer offered") for one in gone]
        told = "; ".join(f"{errand.name_of(one)} is no longer offered" for one in gone)
        warned = Warned("updates_changed", f"{told} ({_PLAN_AGAIN})")
        yield from _tell(errand, *bodies, warned)


def _gone(errand: Errand, step: OsUpdateStep, facts: Facts, patch_id: str) -> UpdateEnded:
    witness = facts.update_witness
    if isinstance(witness, UpdateAnswer) and any(one.patch_id == patch_id for one in witness.installed):
        return _without_outcome(errand, step, patch_id, "already_installed", "installed already")
    newer = superseded_by(facts, patch_id)
    if newer is None:
        unsure = any(one.supersedes_left_out for one in facts.updates)
        told = "no longer offered" + ("; whether a newer one supersedes it was not told" if unsure else "")
        return _without_outcome(errand, step, patch_id, "not_offered", told)
    by = f"KB{newer.kb}" if newer.kb else newer.title
    return _without_outcome(errand, step, patch_id, "superseded", f"superseded by {by}")


def _without_outcome(
    errand: Errand, step: OsUpdateStep, patch_id: str, state: UpdateState, message: str
) -> UpdateEnded:
    planned = errand.update(patch_id)
    return errand.standing.end_update(
        UpdateEnded(
            step=step.order,
            patch_id=patch_id,
            kb=None if planned is None else planned.kb,
            title=patch_id if planned is None else planned.title,
            classification="" if planned is None else planned.classification,
            state=state,
            message=message,
        )
    )


def _tell(errand: Errand, *bodies: Body) -> Walk[None]:
    yield from record(*(errand.event(Phase.INSTALL, body) for body in bodies))


def _names(errand: Errand, step: OsUpdateStep) -> str:
    return ", ".join(errand.name_of(one) for one in step.updates)


def _failed(errand: Errand, step: OsUpdateStep, failure: Failure) -> Walk[Ended]:
    yield from settle(errand, step, StepState.FAILED, failure)
    return _after_failure(failure)


def _after_failure(failure: Failure) -> Ended:
    """The same at once and when a later process reads it in the journal."""
    return Ended(TargetState.BLOCKED if failure.cause in _BLOCKING else TargetState.FAILED, failure)
