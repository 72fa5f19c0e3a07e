"""A step in full: what was run, what came of it, how the restart was proven, what setup says of itself."""

from __future__ import annotations

from collections.abc import Iterator

from core.model.events import JobEnded, PackageDelivered, RebootProven, UpdateEnded
from core.model.facts import BootMarks
from core.model.failure import Failure
from core.model.size import size_in_words
from core.model.step import OsUpdateStep, PatchStep, RebootStep, Step
from core.model.transfer import NO_ROUTE, route_words
from gui.language import tr
from gui.pages.runs.lines import StepLine, moment
from gui.times import about, elapsed
from gui.words import cause_word, step_word, update_word


def step_text(line: StepLine) -> str:
    return "\n".join(_lines(line))


def _lines(line: StepLine) -> Iterator[str]:
    record, told = line.record, line.told
    yield tr("Step {n}: {what}", n=told.order, what=told.what)
    yield f"{step_word(record.state)}{_times(line)}"
    yield ""
    if record.failure is not None:
        yield from _failure(record.failure)
    if record.job is not None:
        yield from _job(record.job)
    if record.updates:
        yield from map(_update, record.updates)
        yield ""
    if record.reboot is not None:
        yield from _restart(record.reboot)
    elif record.reboot_intent is not None:
        yield tr("A restart was asked for at {at}; it is not proven.", at=moment(record.reboot_intent.host_time))
    if record.delivered is not None:
        yield from _package(record.delivered)
    yield from _planned(line.planned, told.arguments)


def _times(line: StepLine) -> str:
    began, ended = line.record.started_at, line.record.ended_at
    if began is None:
        return ""
    if ended is None:
        over = tr("; when it ended is not known") if line.record.is_over else ""
        return tr(", begun {at}", at=moment(began)) + over
    return tr(", {began} to {ended}, {took}", began=moment(began), ended=moment(ended), took=elapsed(began, ended))


def _failure(failure: Failure) -> Iterator[str]:
    yield tr("What went wrong: {detail}", detail=failure.detail)
    yield tr("Cause: {cause}", cause=cause_word(failure.cause))
    if failure.hint:
        yield tr("To do: {hint}", hint=failure.hint)
    yield ""


def _job(job: JobEnded) -> Iterator[str]:
    yield tr("Exit code {code} means: {meaning}", code=job.exit_code, meaning=job.meaning)
    times = moment(job.started_at), moment(job.ended_at), elapsed(job.started_at, job.ended_at)
    yield tr(
        "As the host measured it, by this computer's clock: {began} to {ended}, {took}",
        began=times[0], ended=times[1], took=times[2],
    )  # fmt: skip
    if job.summary:
        # Setup says the same of each instance and of the whole.
        said = dict.fromkeys(job.summary.split("; "))
        yield tr("Setup says: {summary}", summary="; ".join(said))
    yield tr("Job on the host: {id}", id=job.job_id)
    yield ""


def _update(one: UpdateEnded) -> str:
    name = f"KB{one.kb}" if one.kb else one.title
    code = tr(", code {code}", code=f"{one.hresult & 0xFFFFFFFF:#010x}") if one.hresult else ""
    restart = tr(", wants a restart") if one.reboot_required else ""
    words = f": {one.message}" if one.message else ""
    return f"{name}: {update_word(one.state)}{code}{restart}{words}"


def _restart(proof: RebootProven) -> Iterator[str]:
    yield tr("The restart is proven: the host is on another start than before.")
    yield tr("  before: {marks}", marks=_marks(proof.before))
    yield tr("  after:  {marks}", marks=_marks(proof.after))
    yield ""


def _marks(marks: BootMarks) -> str:
    return tr("started {at} ({id})", at=moment(marks.booted_at), id=marks.boot_id)


def _package(package: PackageDelivered) -> Iterator[str]:
    there = package.already_there or package.route == NO_ROUTE
    how = tr("was there already") if there else tr("came {route}", route=route_words(package.route))
    size = size_in_words(package.size_bytes)
    yield tr("Package: {size}, {how}, verified on the host", size=size, how=how)
    yield tr("  signed by {signer}", signer=package.signer)
    yield f"  SHA-256 {package.sha256}"
    yield ""


def _planned(step: Step, arguments: str) -> Iterator[str]:
    yield tr("Planned because: {why}", why=step.why)
    match step:
        case PatchStep():
            yield tr("Command line: {arguments}", arguments=arguments)
            yield tr("Instances: {names}, to {build}", names=", ".join(step.instances), build=step.target_build)
        case OsUpdateStep() | RebootStep():
            pass
    limit = about(step.timeout_seconds)
    yield tr("Expected to take {time}, limit {limit}", time=about(step.expected_seconds), limit=limit)
    how = step.undo.how
    yield tr("Undo: {how}", how=how) if step.undo.possible else tr("Cannot be undone: {how}", how=how)
