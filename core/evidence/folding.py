"""The fold: entries in, a run's record out."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from core.model.events import (
    AdmissionFree,
    AdmissionHeld,
    Body,
    Checked,
    ConnectionLost,
    DiagnosticsAsked,
    DiagnosticsTaken,
    Entry,
    FactsTaken,
    JobEnded,
    JobIntended,
    Noted,
    PackageDelivered,
    PatchUnblocked,
    PhaseEntered,
    RebootIntended,
    RebootProven,
    RebootPutOff,
    RebootRecalled,
    RequestTaken,
    ReverifyAsked,
    RunEnded,
    RunResumed,
    RunStarted,
    ServicesIntended,
    ServicesMoved,
    StepMoved,
    TargetMoved,
    UndoBegun,
    UndoEnded,
    UpdateEnded,
    Warned,
)
from core.model.record import RunRecord, StepRecord, TargetRecord
from core.model.requests import Action
from core.model.state import STEP_RESTS, TARGET_RESTS, StepState, TargetState, advance
from core.model.vocabulary import request_in_words


class Folding:
    """A story that is still being told: each entry costs the same, however long it has become."""

    def __init__(self) -> None:
        self._record: RunRecord | None = None
        self._targets: dict[str, TargetRecord] = {}

    def take(self, entry: Entry) -> None:
        """Illegal moves are bugs and stay loud."""
        if isinstance(entry.event.body, RunStarted):
            if self._record is not None:
                raise ValueError(f"the journal of run {entry.run_id} begins twice")
            self._record = _started(entry, entry.event.body)
            self._targets = {host: TargetRecord(host) for host in entry.event.body.targets}
        elif self._record is None:
            raise ValueError(f"the journal of run {entry.run_id} does not begin with its start")
        elif entry.event.target is not None:
            host = entry.event.target
            if host not in self._targets:
                raise ValueError(f"the journal of run {entry.run_id} tells of {host}, which is not part of it")
            if _begins_work(self._targets[host], entry.event.body):
                self._record = replace(self._record, worked_until=None)
            self._targets[host] = _target(self._targets[host], entry)
        else:
            self._record = _run(self._record, entry)

    @property
    def head(self) -> RunRecord:
        """The run itself, without its targets."""
        if self._record is None:
            raise ValueError("an empty journal tells nothing")
        return self._record

    def target(self, host: str) -> TargetRecord:
        return self._targets[host]

    @property
    def record(self) -> RunRecord:
        return replace(self.head, targets=tuple(self._targets.values()))


def fold(entries: Iterable[Entry]) -> RunRecord:
    """The record of the run whose whole journal this is."""
    folding = Folding()
    for entry in entries:
        folding.take(entry)
    return folding.record


def _started(entry: Entry, body: RunStarted) -> RunRecord:
    return RunRecord(
        run_id=entry.run_id,
        plan_id=body.plan_id,
        plan_digest=body.plan_digest,
        authorisation_id=body.authorisation_id,
        operator=body.operator,
        console=body.console,
        reason=body.reason,
        change=body.change,
        started_at=entry.at,
        retry_of=body.retry_of,
        attempt=body.attempt,
    )


def _run(record: RunRecord, entry: Entry) -> RunRecord:
    match entry.event.body:
        case RunResumed(epoch=epoch):
            return replace(record, epoch=epoch, ended_at=None, outcome=None, held="")
        case RunEnded(outcome=outcome):
            return replace(record, ended_at=entry.at, worked_until=record.worked_until or entry.at, outcome=outcome)
        case RequestTaken() as taken:
            return _asked(record, taken)
        case AdmissionHeld(message=message):
            return replace(record, held=message)
        case AdmissionFree():
            return replace(record, held="")
        case _:
            return record


def _asked(record: RunRecord, taken: RequestTaken) -> RunRecord:
    heard = {Action.PAUSE.value: True, Action.RESUME.value: False} if taken.accepted else {}
    # A note that was taken is told with its host.
    told = () if taken.accepted and taken.action == Action.NOTE else (request_in_words(taken),)
    return replace(
        record,
        requests=(*record.requests, *told),
        answered=(*record.answered, taken.request_id),
        stopped=record.stopped or (taken.accepted and taken.action == Action.STOP),
        paused=heard.get(taken.action, record.paused),
    )


def _target(target: TargetRecord, entry: Entry) -> TargetRecord:
    target = replace(target, last_sign_at=entry.at)
    match entry.event.body:
        case TargetMoved() as body:
            return _moved(target, body, entry.at)
        case PhaseEntered():
            return replace(target, phase=entry.event.phase)
        case FactsTaken(moment="before") as taken:
            return replace(target, before=taken)
        case FactsTaken() as taken:
            return replace(target, after=taken)
        case Checked(moment="before", checks=checks):
            return replace(target, checks_before=checks)
        case Checked(checks=checks):
            return replace(target, checks_after=checks)
        case DiagnosticsTaken() as taken:
            return _diagnosed(target, taken, entry.at)
        case DiagnosticsAsked(by=by):
            return replace(target, diagnostics_by=by)
        case UndoBegun() as begun:
            return replace(target, undo=begun)
        case UndoEnded() as undone:
            return replace(target, undone=undone)
        case ConnectionLost():
            return replace(target, connection_losses=target.connection_losses + 1)
        case Noted(by=by, text=text):
            return replace(target, notes=(*target.notes, f"{by}: {text}"))
        case ReverifyAsked(by=by):
            return replace(target, reverify_by=by)
        case PatchUnblocked():
            return replace(target, patch_blocked=None)
        case Warned(message=message):
            return replace(target, warnings=(*target.warnings, message))
        case StepMoved() as moved:
            return _with_step(target, _step_moved(target, moved, entry.at))
        case PackageDelivered(step=order) as body:
            return _with_step(target, replace(target.step(order), delivered=body))
        case JobIntended(step=order) as body:
            return _with_step(target, replace(target.step(order), intent=body))
        case JobEnded(step=order) as body:
            return _with_step(target, replace(target.step(order), job=body))
        case UpdateEnded(step=order) as body:
            done = target.step(order)
            return _with_step(target, replace(done, updates=(*done.updates, body)))
        case RebootIntended(step=order) as body:
            return _with_step(target, replace(target.step(order), reboot_intent=body))
        case RebootPutOff(step=order) as body:
            return _with_step(target, replace(target.step(order), put_off=body))
        case ServicesIntended(names=names):
            return replace(target, stopped=tuple(dict.fromkeys((*target.stopped, *names))))
        case ServicesMoved(action="stop", services=moves):
            ended = (one.name for one in moves if one.before != "Stopped")
            return replace(target, stopped=tuple(dict.fromkeys((*target.stopped, *ended))))
        case ServicesMoved(complete=complete):
            return replace(target, stopped=() if complete else target.stopped)
        case RebootRecalled(why=why):
            return replace(target, recalled=why)
        case RebootProven(step=order) as body:
            return _with_step(target, replace(target.step(order), reboot=body))
        case _:
            return target


def _moved(target: TargetRecord, body: TargetMoved, at: datetime) -> TargetRecord:
    if target.state != body.before:
        raise ValueError(f"{target.host}: the journal moves from {body.before}, but the state is {target.state}")
    return replace(
        target,
        state=advance(body.before, body.after),
        failure=body.failure,
        started_at=target.started_at or at,
        ended_at=at if body.after in TARGET_RESTS else None,
        worked_until=_worked_until(target, body, at),
        reverify_by=None,
        reverified_from=body.before if target.reverify_by is not None else _still_reverified(target, body),
        patch_blocked=body.failure if body.blocks_patching else target.patch_blocked,
    )


def _worked_until(target: TargetRecord, body: TargetMoved, at: datetime) -> datetime | None:
    """Told once the host rests, and again only when the run itself went on with it."""
    if body.after in TARGET_RESTS:
        return target.worked_until or at
    return None if _begins_work(target, body) else target.worked_until


def _begins_work(target: TargetRecord, body: Body) -> bool:
    """Anything but a look that somebody asked for."""
    return isinstance(body, TargetMoved) and body.after not in TARGET_RESTS and target.reverify_by is None


def _diagnosed(target: TargetRecord, taken: DiagnosticsTaken, at: datetime) -> TargetRecord:
    """Somebody who asked in vain takes away nothing of what was fetched before."""
    asked = replace(target, diagnostics_by=None) if taken.asked_by else target
    if taken.asked_by and not taken.texts and target.diagnostics is not None:
        return asked
    return replace(asked, diagnostics=taken, diagnosed_at=at)


def _still_reverified(target: TargetRecord, body: TargetMoved) -> TargetState | None:
    return None if body.after in TARGET_RESTS else target.reverified_from


def _step_moved(target: TargetRecord, moved: StepMoved, at: datetime) -> StepRecord:
    step = target.step(moved.step)
    if step.state != moved.before:
        story = f"the journal moves step {step.order} from {moved.before}, but its state is {step.state}"
        raise ValueError(f"{target.host}: {story}")
    return replace(
        step,
        state=advance(moved.before, moved.after),
        failure=moved.failure,
        started_at=step.started_at or at,
        ended_at=at if moved.after in STEP_RESTS and not _is_late(target, moved) else None,
    )


def _is_late(target: TargetRecord, moved: StepMoved) -> bool:
    """What had begun and was left open is found over by a look after the run's work: since when is not known."""
    return target.worked_until is not None and moved.before is not StepState.PENDING


def _with_step(target: TargetRecord, step: StepRecord) -> TargetRecord:
    others = [one for one in target.steps if one.order != step.order]
    return replace(target, steps=tuple(sorted([*others, step], key=lambda one: one.order)))
