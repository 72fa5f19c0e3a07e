"""The journal's entries as sentences, for the log of a host."""

from __future__ import annotations

from core.model.check import CheckResult
from core.model.events import (
    AdmissionFree,
    AdmissionHeld,
    Body,
    BuildSeen,
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
    Unlocked,
    UpdateEnded,
    Warned,
)
from core.model.failure import Failure
from core.model.transfer import NO_ROUTE, route_words
from gui.language import counted, tr
from gui.times import clock_time
from gui.words import collected_word, outcome_word, phase_word, request_words, step_word, target_word, update_word


def sentence_of(entry: Entry) -> str:
    """What happened, with its time, and nobody's name: it stands in that host's log."""
    return f"{clock_time(entry.at)}  {_words(entry.event.body, entry)}"


def _words(body: Body, entry: Entry) -> str:
    match body:
        case TargetMoved(after=after, failure=failure):
            return tr("State: {state}", state=target_word(after)) + _because(failure)
        case StepMoved(step=step, after=after, failure=failure):
            return tr("Step {n}: {state}", n=step, state=step_word(after)) + _because(failure)
        case PhaseEntered():
            return tr("Begins with: {phase}", phase=phase_word(entry.event.phase))
        case FactsTaken(moment=moment, builds=builds):
            when = tr("before") if moment == "before" else tr("after")
            return tr("Looked at it {when}: {builds}", when=when, builds=_builds(builds))
        case Checked(checks=checks):
            bad = [one for one in checks if one.result is not CheckResult.PASSED]
            told = counted(len(checks), "1 check made", "{n} checks made")
            wrong = "".join(f"; {one.name} {one.subject}: {one.found} ({one.result})" for one in bad)
            return told + (wrong or tr(", all passed"))
        case PackageDelivered():
            return _delivered(body)
        case JobIntended(step=step):
            return tr("Step {n}: asks for the installer", n=step)
        case ConnectionLost(failure=failure):
            return tr("The line is lost; what runs there goes on") + _because(failure)
        case JobEnded(exit_code=code, meaning=meaning):
            return tr("The installer ended with {code}: {meaning}", code=code, meaning=meaning)
        case RebootIntended():
            return tr("Restarts")
        case ServicesIntended(names=names):
            return tr("Is to stop {names}", names=", ".join(names))
        case ServicesMoved(action=action, services=services):
            told = ", ".join(f"{one.name} {one.after}" for one in services)
            return (tr("Services stopped: {told}") if action == "stop" else tr("Services started: {told}")).format(
                told=told
            )
        case RebootPutOff(window=window, until=until):
            return tr("Its restart waits for {window}, open from {at} UTC", window=window, at=f"{until:%Y-%m-%d %H:%M}")
        case RebootRecalled(why=why):
            return tr("Its restart is not wanted any more: {why}", why=why)
        case RebootProven(before=before, after=after):
            return tr("The restart is proven: {before} became {after}", before=before.boot_id, after=after.boot_id)
        case Warned(message=message):
            return tr("Warning: {message}", message=message)
        case UpdateEnded(kb=kb, title=title, state=state):
            return f"{f'KB{kb}' if kb else title}: {update_word(state)}"
        case DiagnosticsTaken(result=result, texts=texts):
            logs = counted(len(texts), "1 log", "{n} logs")
            return tr("Its logs: {result}, {logs}", result=collected_word(result), logs=logs)
        case DiagnosticsAsked(by=by):
            return tr("Its logs are being fetched: {who} asked for them", who=by)
        case Noted(by=by, text=text):
            return tr("Note of {who}: {words}", who=by, words=text)
        case ReverifyAsked(by=by):
            return tr("Is to be verified again: {who} asked for it; nothing is installed", who=by)
        case PatchUnblocked(by=by, reason=reason):
            return tr("May be patched again, says {who}: {why}", who=by, why=reason)
        case Unlocked(by=by, reason=reason):
            return tr("Its stale claim was cleared by {who}: {why}", who=by, why=reason)
        case _:
            return run_words(body)


def run_words(body: Body) -> str:
    match body:
        case RunStarted(operator=operator, console=console, targets=targets):
            hosts = counted(len(targets), "1 host", "{n} hosts")
            return tr("Run of {hosts} begun by {who} at {where}", hosts=hosts, who=operator, where=console)
        case RunResumed(operator=operator):
            return tr("Taken up again by {who}", who=operator)
        case RunEnded(outcome=outcome):
            return tr("The run has ended: {outcome}", outcome=outcome_word(outcome))
        case RequestTaken():
            return request_words(body)
        case AdmissionHeld(message=message):
            return tr("No host is begun: {why}", why=message)
        case AdmissionFree():
            return tr("Hosts are begun again")
        case _:
            return body.kind.replace("_", " ")


def _because(failure: Failure | None) -> str:
    return "" if failure is None else f": {failure}"


def _builds(builds: tuple[BuildSeen, ...]) -> str:
    return ", ".join(f"{one.instance} {one.build}" for one in builds) or tr("no instance")


def _delivered(body: PackageDelivered) -> str:
    if body.already_there or body.route == NO_ROUTE:
        return tr("Step {n}: the package lies there already, verified", n=body.step)
    return tr("Step {n}: the package is there, verified ({route})", n=body.step, route=route_words(body.route))
