"""Starts a step's job on the host and watches it to its end, across lost lines and our own crashes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.contract.job import StatusPart, WatchJob, WatchResult
from core.contract.library import WATCH_JOB
from core.contract.script import Call
from core.engine.effects import Token, Walk, give_token, now, record, show, wait
from core.engine.errand import Ended, Errand
from core.engine.persistence import persist
from core.model.count import counted
from core.model.events import JobIntended
from core.model.failure import SILENT, Cause, Failure
from core.model.phase import Phase
from core.model.state import StepState, TargetState
from core.model.step import OsRemovalStep, OsUpdateStep, PatchStep, RemovalStep
from core.model.transfer import Progress

# Of a session's hundred.
_DOWNLOADED = 50
LOOK_AT_THE_HOST = "assess the host to see what it has, then plan again"

JobStep = PatchStep | OsUpdateStep | RemovalStep | OsRemovalStep


@dataclass(frozen=True, slots=True)
class JobFacts:
    """How a job ended."""

    exit_code: int
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Spoilt:
    """The step has failed: its job was refused, or did not end in time."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Vanished:
    """The job is gone without a verdict."""

    failure: Failure


# The walk ends where nobody can say what the job does.
Fate = JobFacts | Spoilt | Vanished | Ended


def job_id(errand: Errand, step: JobStep) -> str:
    """The same for the same attempt at the same step of the same run, so that asking again finds the job."""
    return _job_id(errand, step, errand.standing.attempt(step.order))


def job_ids(errand: Errand, step: JobStep) -> tuple[str, ...]:
    """Those of all attempts so far, the last one first."""
    return tuple(_job_id(errand, step, one) for one in range(errand.standing.attempt(step.order), 0, -1))


def _job_id(errand: Errand, step: JobStep, attempt: int) -> str:
    first = f"{errand.run_id}.{step.order}"
    return first if attempt == 1 else f"{first}.{attempt}"


def start(errand: Errand, step: JobStep, call: Call[Any, Any], arguments: tuple[str, ...]) -> Walk[Fate]:
    """The intent is told before the job is asked for."""
    attempt = errand.standing.attempt(step.order)
    intended = JobIntended(step.order, job_id(errand, step), arguments, attempt, _file(errand, step))
    yield from record(errand.event(Phase.INSTALL, intended))
    started = yield from persist(errand, Phase.INSTALL, call, errand.patience.connection_loss)
    if isinstance(started, Failure):
        return (yield from _refused(errand, step, started))
    return (yield from watch(errand, step))


def _file(errand: Errand, step: JobStep) -> str:
    match step:
        case PatchStep() | RemovalStep():
            return errand.package(step.package).filename
        case OsUpdateStep():
            return ""
        case OsRemovalStep():
            return "dism.exe"


def look(errand: Errand, step: JobStep, seen: int = 0, wait_seconds: int = 0) -> Walk[WatchResult | Failure]:
    call = Call(WATCH_JOB, WatchJob(job_id=job_id(errand, step), seen=seen, wait_seconds=wait_seconds))
    answer = yield from persist(errand, Phase.INSTALL, call, errand.patience.connection_loss)
    return answer


def watch(errand: Errand, step: JobStep, began: datetime | None = None) -> Walk[Fate]:
    """Waits for the job's end. Past its limit it is called overdue and still watched; it is never killed.

    Only a job that an earlier process began is older than this watch.
    """
    watched_since = yield from now()
    began = began or watched_since
    seen = 0
    downloads = isinstance(step, OsUpdateStep)
    while True:
        answer = yield from look(errand, step, seen, errand.patience.long_poll)
        if isinstance(answer, Failure):
            return Ended(TargetState.UNKNOWN, answer)
        time = yield from now()
        match answer.status:
            case StatusPart(
                state="ended", exit_code=int(code), started_at=datetime() as start, ended_at=datetime() as end
            ):
                return JobFacts(code, start, end)
            case StatusPart(state="refused", message=message):
                return Spoilt(Failure(Cause.PACKAGE, message))
            case None if not answer.running and (time - watched_since).total_seconds() < errand.patience.job_start:
                yield from wait(0.5)  # the task scheduler takes a moment to begin
                continue
            case _ if not answer.running:
                return Vanished(Failure(Cause.JOB_LOST, "the job is gone and left no verdict", LOOK_AT_THE_HOST))
            case _:
                pass
        seen = answer.status.sequence if answer.status is not None else 0
        if isinstance(step, OsUpdateStep) and answer.status is not None:
            yield from show(session_progress(errand, step, answer.status))
            downloads = yield from _while_it_downloads(downloads and not _is_downloaded(answer.status))
        waited = (time - _job_began(began, answer.status, time)).total_seconds()
        if waited >= step.hard_limit_seconds:
            return _given_up(step)
        if waited >= step.timeout_seconds and errand.standing.target is TargetState.IN_PROGRESS:
            yield from _say_overdue(errand, step)
            # What takes so long must not keep the downloads of others.
            downloads = yield from _while_it_downloads(False)


def session_progress(errand: Errand, step: OsUpdateStep, status: StatusPart | None = None) -> Progress:
    """How far a session of the update agent is; without a status it waits for its turn to download."""
    sizes = {one.id: one.size_bytes for one in errand.updates}
    total = sum(sizes.get(one, 0) for one in step.updates)
    if status is None:
        return Progress(errand.host, "updates", "waiting", 0, total)
    percent = status.percent or 0
    if _is_downloaded(status):
        return Progress(errand.host, status.message or "updates", "installing", 2 * (percent - _DOWNLOADED), 100)
    return Progress(errand.host, status.message or "updates", "downloading", total * percent // _DOWNLOADED, total)


def _is_downloaded(status: StatusPart) -> bool:
    return (status.percent or 0) >= _DOWNLOADED


def _while_it_downloads(downloads: bool) -> Walk[bool]:
    """The token of a transfer is given back as soon as others may have it. Giving it back twice does no harm."""
    if not downloads:
        yield from give_token(Token.TRANSFER)
    return downloads


def settle(errand: Errand, step: JobStep, after: StepState, failure: Failure | None = None) -> Walk[None]:
    """Moves the step, and its host back from overdue."""
    events = [errand.event(Phase.INSTALL, errand.standing.move_step(step.order, after, failure))]
    if errand.standing.target is TargetState.OVERDUE:
        events.append(errand.event(Phase.INSTALL, errand.standing.move(TargetState.IN_PROGRESS)))
    yield from record(*events)


def _refused(errand: Errand, step: JobStep, failure: Failure) -> Walk[Fate]:
    """The last answer was no. A request before it, whose answer got lost, may have started the job all the same."""
    if failure.cause in SILENT:
        return Ended(TargetState.UNKNOWN, failure)
    found = yield from look(errand, step)
    if isinstance(found, Failure):
        return Ended(TargetState.UNKNOWN, found)
    if found.known:
        return (yield from watch(errand, step))
    return Spoilt(failure)


def _job_began(at_earliest: datetime, status: StatusPart | None, time: datetime) -> datetime:
    """By the host's word, bounded by our own clock: the two may differ, and nobody knows who started the job when."""
    told = None if status is None else status.started_at
    return at_earliest if told is None else min(max(told, at_earliest), time)


def _say_overdue(errand: Errand, step: JobStep) -> Walk[None]:
    limit = counted(step.timeout_seconds // 60, "minute")
    failure = Failure(Cause.OVERDUE, f"the installer has run for longer than {limit}", "it is still watched")
    events = [errand.event(Phase.INSTALL, errand.standing.move(TargetState.OVERDUE, failure))]
    if errand.standing.step(step.order) is StepState.RUNNING:
        overdue = errand.standing.move_step(step.order, StepState.OVERDUE, failure)
        events.append(errand.event(Phase.INSTALL, overdue))
    yield from record(*events)


def _given_up(step: JobStep) -> Spoilt:
    """The hard limit. The installer is left running and the claim stays, so that nobody starts a second one."""
    return Spoilt(
        Failure(
            Cause.OVERDUE,
            f"the installer did not end within {counted(step.hard_limit_seconds // 60, 'minute')} and is still running",
            "look at the host; it stays claimed until the installer has ended",
        )
    )
