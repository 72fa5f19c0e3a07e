"""Takes back what made a host worse, where the plan says so; else says whether and how it could be done by hand."""

from dataclasses import replace
from datetime import datetime

from core.engine.effects import Walk, keep_facts, now, record
from core.engine.errand import Ended, Errand
from core.engine.persistence import persist_assessing
from core.engine.phases.confirm import assess_when_up
from core.engine.phases.install import install
from core.engine.phases.os_removal import remove_update
from core.engine.phases.prepare import builds_seen
from core.engine.phases.restart import restart_in_turn
from core.engine.phases.snapshot import with_inventory
from core.engine.phases.way_back import installed_by, way_back
from core.engine.phases.window import has_time, needed_for, time_left
from core.model.check import CheckName, CheckResult, in_words
from core.model.events import FactsTaken, PhaseEntered, UndoBegun, UndoEnded, Warned
from core.model.facts import Facts
from core.model.failure import Cause, Failure
from core.model.phase import Phase
from core.model.state import StepState, TargetState
from core.model.step import OsRemovalStep, OsUpdateStep, PatchStep, RebootStep, RemovalStep, Step, UndoStep
from core.verification.after import restored

_WORSE = frozenset({TargetState.FAILED, TargetState.PARTIAL, TargetState.UNKNOWN})
# What is unknown is looked at, not changed; a package that never came has changed nothing.
_TAKEN_BACK = frozenset({TargetState.FAILED, TargetState.PARTIAL})
_CALLING = frozenset({Cause.INSTALLER, Cause.JOB_LOST, Cause.VERIFICATION, Cause.WITNESSES_DISAGREE})
_OPEN_END = "what was removed is gone with a restart, which policy leaves to the operator"


def undo(errand: Errand, before: Facts, ended: Ended) -> Walk[Ended]:
    """The host has failed, whatever comes of it."""
    failure = ended.failure
    if errand.past.undone is not None and failure is not None:
        return _judged(ended.state, failure, errand.past.undone)
    if failure is None or (errand.standing.undo is None and not _is_called_for(errand, ended.state, failure)):
        yield from _say_what_could_be(errand, ended.state)
        return ended
    begun = errand.standing.undo or (yield from _begin(errand, before, ended.state, failure))
    if isinstance(begun, UndoEnded):
        return (yield from _end(errand, ended.state, failure, begun))
    if not begun.steps:
        return ended
    went = yield from _go_back(errand, begun.steps)
    match went:
        case Ended(state=TargetState.UNKNOWN, failure=Failure() as trouble):
            return _open(failure, trouble)
        case Ended(state=state, failure=Failure() as trouble):
            told = yield from _end(errand, ended.state, failure, UndoEnded(False, str(trouble)))
            blocked = state is TargetState.BLOCKED
            return Ended(state, replace(trouble, detail=str(told.failure), hint="")) if blocked else told
        case _:
            return (yield from _prove(errand, before, begun, open_end=str(went)))


def _is_called_for(errand: Errand, state: TargetState, failure: Failure) -> bool:
    wanted = errand.rules.undo.on_regression == "take_back" and errand.standing.touched
    return wanted and state in _TAKEN_BACK and failure.cause in _CALLING


def _begin(errand: Errand, before: Facts, state: TargetState, failure: Failure) -> Walk[UndoBegun | UndoEnded]:
    """A fresh look decides what is to be removed. The decision is told before anything is done."""
    facts = yield from persist_assessing(errand, Phase.POST_VALIDATION)
    found = str(facts) if isinstance(facts, Failure) else way_back(errand, before, facts)
    if isinstance(found, str):
        return UndoEnded(False, found)
    begun = UndoBegun(state, failure, found.steps)
    if not found.steps:
        words = "nothing is to be taken back: every instance and the system are what they were before"
        yield from record(errand.event(Phase.POST_VALIDATION, Warned("undo", words)))
        return begun
    too_late = _too_late(errand, found.steps, (yield from now()))
    if too_late is not None:
        return UndoEnded(False, too_late)
    stays = [errand.event(Phase.POST_VALIDATION, Warned("undo_impossible", one)) for one in found.stays]
    if stays:
        yield from record(*stays)
    yield from record(errand.event(Phase.INSTALL, PhaseEntered()), errand.event(Phase.INSTALL, begun))
    errand.standing.undo = begun
    return begun


def _too_late(errand: Errand, steps: tuple[UndoStep, ...], time: datetime) -> str | None:
    """A way back that is begun is gone to its end: so it is not begun where the window would close before."""
    needed = needed_for(errand, steps)
    if has_time(errand, needed, time):
        return None
    left, wanted = (int(one.total_seconds() // 60) for one in (time_left(errand, time), needed))
    return (
        f"its maintenance window leaves {left} minutes and {wanted} are expected to be needed; "
        "take it back by hand in the next window"
    )


def _go_back(errand: Errand, steps: tuple[UndoStep, ...]) -> Walk[Ended | str]:
    """What is still open at its end, in words; or why it went no further."""
    open_end = ""
    for step in steps:
        match step:
            case RemovalStep():
                needed = yield from install(errand, step)
            case OsRemovalStep():
                needed = yield from remove_update(errand, step)
            case RebootStep():
                needed = (yield from restart_in_turn(errand, step)) or False
                open_end = ""
        if isinstance(needed, Ended):
            if needed.state is TargetState.AWAITING_REBOOT and step is steps[-1]:
                return str(needed.failure)
            return needed
        open_end = _OPEN_END if needed else open_end
    return open_end


def _prove(errand: Errand, before: Facts, begun: UndoBegun, open_end: str) -> Walk[Ended]:
    """Setup's word is not taken for it."""
    yield from record(errand.event(Phase.POST_SNAPSHOT, PhaseEntered()))
    after = yield from assess_when_up(errand, before)
    if isinstance(after, Failure):
        return _open(begun.why, after)
    after = yield from with_inventory(errand, Phase.POST_SNAPSHOT, after)
    key = yield from keep_facts(after)
    yield from record(errand.event(Phase.POST_SNAPSHOT, FactsTaken("after", key, builds_seen(after), after.boot)))
    checks = restored(errand.planned, before, after, _to_be_gone(errand))
    bad = [in_words(one) for one in checks if not _is_well(one.result)]
    said = bad or [
        f"{one.subject} is on {one.expected} again"
        for one in checks
        if one.name in (CheckName.BUILD, CheckName.REVISION)
    ]
    said += [open_end] if open_end else []
    return (yield from _end(errand, begun.state, begun.why, UndoEnded(not bad, "; ".join(said), checks)))


def _to_be_gone(errand: Errand) -> dict[str, str]:
    """Updates of the system that this run brought, by name, without those of steps that stay for good."""
    steps = [one for one in errand.planned.steps if isinstance(one, OsUpdateStep) and one.undo.possible]
    return {one: errand.name_of(one) for step in steps for one in installed_by(step, errand.standing)}


def _is_well(result: CheckResult) -> bool:
    return result is CheckResult.PASSED


def _end(errand: Errand, state: TargetState, failure: Failure, undone: UndoEnded) -> Walk[Ended]:
    yield from record(errand.event(Phase.POST_VALIDATION, undone))
    return _judged(state, failure, undone)


def _judged(state: TargetState, failure: Failure, undone: UndoEnded) -> Ended:
    """Taken back is not partly patched any more, and no success either. Told first: a long line is cut at its end."""
    words = "taken back" if undone.taken_back else "could not be taken back"
    told = replace(failure, detail=f"{words}: {undone.message}; worse than before: {failure.detail}")
    return Ended(TargetState.FAILED if undone.taken_back else state, told)


def _open(failure: Failure, trouble: Failure) -> Ended:
    """Nobody knows how far it went. Whoever takes the run up goes on with it."""
    detail = f"nobody knows whether it was taken back: {trouble.detail}; worse than before: {failure.detail}"
    return Ended(TargetState.UNKNOWN, replace(trouble, detail=detail))


def _say_what_could_be(errand: Errand, state: TargetState) -> Walk[None]:
    """One word for each step that changed the host, as the plan has it."""
    if state not in _WORSE:
        return
    for step in errand.planned.steps:
        if isinstance(step, PatchStep | OsUpdateStep) and errand.standing.step(step.order) is StepState.SUCCESS:
            yield from record(errand.event(Phase.POST_VALIDATION, _word(step, errand.rules.undo.on_regression)))


def _word(step: Step, on_regression: str) -> Warned:
    if not step.undo.possible:
        return Warned("undo_impossible", f"step {step.order} cannot be taken back: {step.undo.how}")
    if on_regression == "report":
        return Warned("undo", f"step {step.order} stays; policy only reports. It could be taken back: {step.undo.how}")
    return Warned("undo", f"step {step.order} can be taken back by hand: {step.undo.how}")
