"""Looks at a host again after work by hand. Nothing is installed or restarted, and nobody's word is taken for it."""

from core.contract.claim import ReleaseClaim, TakeClaim
from core.contract.library import RELEASE_CLAIM, TAKE_CLAIM
from core.contract.script import Call
from core.engine.effects import Walk, keep_facts, lock_host, record, unlock_host
from core.engine.errand import Ended, Errand
from core.engine.persistence import persist, persist_assessing
from core.engine.phases.applications import applications_now
from core.engine.phases.confirm import judged
from core.engine.phases.prepare import builds_seen
from core.engine.phases.restart import proven
from core.engine.phases.snapshot import with_inventory
from core.model.check import Check, CheckName, CheckResult, in_words
from core.model.events import Checked, Event, FactsTaken
from core.model.facts import BootMarks, Facts
from core.model.failure import Cause, Failure
from core.model.phase import Phase
from core.model.state import StepState, TargetState
from core.model.step import RebootStep
from core.policy.judging import obstacles
from core.verification.after import verify

_OPEN = frozenset({StepState.RUNNING, StepState.OVERDUE, StepState.UNKNOWN})
# What a run brings to a host.
_BROUGHT = frozenset({CheckName.BUILD, CheckName.UPDATE})


def reverify(errand: Errand, stood: TargetState) -> Walk[TargetState]:
    """Success if everything that is asked says so; else the host stands where it stood, with what was found."""
    ended = yield from _course(errand, stood)
    moved = errand.standing.move(ended.state, ended.failure)
    yield from record(*_settled(errand, ended.state), errand.event(Phase.POST_VALIDATION, moved))
    yield from unlock_host()
    return ended.state


def _course(errand: Errand, stood: TargetState) -> Walk[Ended]:
    held = yield from lock_host()
    if held is not None:
        return Ended(stood, held)
    limit = errand.patience.connection_loss
    claim = Call(TAKE_CLAIM, TakeClaim(run_id=errand.run_id, epoch=errand.epoch, console=errand.console))
    taken = yield from persist(errand, Phase.POST_VALIDATION, claim, limit)
    if isinstance(taken, Failure):
        return Ended(stood, taken)
    found = yield from _assess(errand, stood)
    release = Call(RELEASE_CLAIM, ReleaseClaim(run_id=errand.run_id, epoch=errand.epoch))
    released = yield from persist(errand, Phase.POST_VALIDATION, release, limit)
    # An installer that is still at work may yet change what was found.
    return Ended(stood, released) if isinstance(released, Failure) else found


def _assess(errand: Errand, stood: TargetState) -> Walk[Ended]:
    before = errand.baseline
    if before is None:
        return Ended(stood, Failure(Cause.CHANGED, "there are no facts from before the run", "plan again"))
    after = yield from persist_assessing(errand, Phase.POST_SNAPSHOT, errand.update_service)
    if isinstance(after, Failure):
        return Ended(stood, after)
    after = yield from with_inventory(errand, Phase.POST_SNAPSHOT, after)
    key = yield from keep_facts(after)
    shown = verify(errand.planned, before, after, errand.promised)
    checks = (*shown, *(yield from applications_now(errand)))
    yield from record(
        errand.event(Phase.POST_SNAPSHOT, FactsTaken("after", key, builds_seen(after), after.boot)),
        errand.event(Phase.POST_VALIDATION, Checked("after", checks)),
    )
    as_it_was = None if stood is TargetState.UNKNOWN else _as_it_was(errand, checks)
    if as_it_was is not None and not obstacles(after, errand.policy):
        return Ended(stood, as_it_was)
    waiting = _still_to_restart(errand, stood, before.boot, after)
    if waiting is not None:
        return Ended(stood, waiting)
    found = judged(checks)
    if found.state is TargetState.SUCCESS:
        return found
    # What was unknown is known now; what had failed has not become anything else.
    return found if stood is TargetState.UNKNOWN else Ended(stood, found.failure)


def _as_it_was(errand: Errand, checks: tuple[Check, ...]) -> Failure | None:
    """Neither the run nor anybody since has brought the host the update: no restart would help, and setup did not say
    that it succeeded. What kept or failed the host is what is told, unless something else is wrong with it by now."""
    lacking = [one for one in checks if one.name in _BROUGHT and one.result is CheckResult.FAILED]
    if _may_have_brought(errand) or not lacking:
        return None
    found = judged(tuple(one for one in checks if one not in lacking)).failure
    told = "; ".join(in_words(one) for one in lacking)
    return found or errand.past.failure or Failure(Cause.CHANGED, f"nothing was brought to it: {told}", "plan again")


def _may_have_brought(errand: Errand) -> bool:
    """An installer succeeded, or nobody knows."""
    steps = [one for one in errand.planned.steps if not isinstance(one, RebootStep)]
    return any(errand.standing.step(one.order) in (StepState.SUCCESS, *_OPEN) for one in steps)


def _still_to_restart(errand: Errand, stood: TargetState, booted: BootMarks, after: Facts) -> Failure | None:
    """Where a restart was planned or asked for, one must be proven since."""
    proofs = [one.after for one in errand.past.reboots]
    planned = [one for one in errand.planned.steps if isinstance(one, RebootStep)]
    wanted = stood is TargetState.AWAITING_REBOOT or len(proofs) < len(planned)
    last = max(proofs, key=lambda one: one.booted_at, default=booted)
    if (wanted and not proven(last, after.boot)) or obstacles(after, errand.policy):
        return Failure(Cause.PENDING_REBOOT, "the host has not been restarted since", "restart it, then verify again")
    return None


def _settled(errand: Errand, state: TargetState) -> tuple[Event, ...]:
    """What was left open is settled by what the assessment proved, and by nothing else."""
    after = {TargetState.SUCCESS: StepState.SUCCESS, TargetState.FAILED: StepState.FAILED}.get(state)
    if after is None:
        return ()
    moves = [
        errand.standing.move_step(step.order, after)
        for step in errand.planned.steps
        if errand.standing.step(step.order) in _OPEN
    ]
    if after is StepState.SUCCESS:
        moves += [
            errand.standing.move_step(step.order, StepState.SKIPPED)
            for step in errand.planned.steps
            if errand.standing.step(step.order) is StepState.PENDING
        ]
    return tuple(errand.event(Phase.POST_VALIDATION, move) for move in moves)
