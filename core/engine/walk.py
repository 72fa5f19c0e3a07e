"""One host's walk from lock to release, as a generator of effects: the same in production and in simulation."""

from core.engine.effects import Walk, record, unlock_host
from core.engine.errand import Ended, Errand
from core.engine.phases.confirm import confirm
from core.engine.phases.diagnose import diagnose
from core.engine.phases.install import install
from core.engine.phases.leave import leave
from core.engine.phases.prepare import baseline, check_before, take_host
from core.engine.phases.restart import restart_in_turn
from core.engine.phases.services import start_services, stop_services
from core.engine.phases.undo import undo
from core.engine.phases.updates import update
from core.engine.reverifying import reverify
from core.model.events import Warned
from core.model.facts import Facts
from core.model.failure import Cause, Failure
from core.model.phase import Phase
from core.model.state import StepState, TargetState
from core.model.step import OsUpdateStep, PatchStep, RebootStep

_NOTHING_LEFT = Failure(
    Cause.CHANGED, "the update service offers none of the planned updates any more", "assess and plan again"
)


def course_of(errand: Errand) -> Walk[TargetState]:
    """What is to be done on the host: its whole walk, or another look after work by hand."""
    if errand.reverified_from is not None:
        return reverify(errand, errand.reverified_from)
    return walk(errand)


def walk(errand: Errand) -> Walk[TargetState]:
    """Begins where the journal says that an earlier process ended. That the host is in progress is told already."""
    refused = yield from take_host(errand)
    before = refused or (yield from baseline(errand))
    ended = before if isinstance(before, Ended) else (yield from _course(errand, before))
    if ended.put_off:
        yield from record(errand.event(Phase.REBOOT, errand.standing.move(ended.state, ended.failure)))
        yield from unlock_host()
        return ended.state
    yield from diagnose(errand, ended)
    if not isinstance(before, Ended):
        ended = yield from undo(errand, before, ended)
    yield from leave(errand, ended, claimed=refused is None or errand.standing.touched)
    phase = Phase.POST_VALIDATION if errand.standing.touched else Phase.PRE_VALIDATION
    yield from record(errand.event(phase, errand.standing.move(ended.state, ended.failure)))
    yield from unlock_host()
    return ended.state


def _course(errand: Errand, before: Facts) -> Walk[Ended]:
    begun = errand.standing.undo
    if begun is not None:  # an earlier process decided it: what the host was meant to become is no longer asked
        return Ended(begun.state, begun.why)
    if not errand.standing.touched:
        refused = yield from check_before(errand, before)
        if refused is not None:
            return refused
    ended = (yield from stop_services(errand, before)) or (yield from _steps(errand))
    yield from start_services(errand, ended)
    if ended is not None:
        return ended
    if not errand.standing.touched:
        return Ended(TargetState.SKIPPED, _NOTHING_LEFT)
    return (yield from confirm(errand, before))


def _steps(errand: Errand) -> Walk[Ended | None]:
    wants_reboot = False
    for step in errand.planned.steps:
        match step:
            case PatchStep():
                needed = yield from install(errand, step)
                if isinstance(needed, Ended):
                    return _with_what_went_before(errand, needed)
                wants_reboot = wants_reboot or needed
            case RebootStep() if _is_needless(errand, step):
                if errand.standing.step(step.order) is StepState.PENDING:
                    moved = errand.standing.move_step(step.order, StepState.SKIPPED)
                    yield from record(errand.event(Phase.REBOOT, moved))
            case RebootStep():
                ended = yield from restart_in_turn(errand, step)
                if ended is not None:
                    return ended
                wants_reboot = False
            case OsUpdateStep():
                needed = yield from update(errand, step)
                if isinstance(needed, Ended):
                    return _with_what_went_before(errand, needed)
                wants_reboot = wants_reboot or needed
    if not wants_reboot:
        return None
    body = Warned("reboot_left", "the updates ask for a restart; policy leaves it to the operator")
    yield from record(errand.event(Phase.REBOOT, body))
    return Ended(TargetState.AWAITING_REBOOT)


def _is_needless(errand: Errand, step: RebootStep) -> bool:
    """A restart for steps of which none was carried out."""
    before = [one for one in errand.planned.steps if one.order < step.order]
    return bool(before) and all(errand.standing.step(one.order) is StepState.SKIPPED for one in before)


def _with_what_went_before(errand: Errand, ended: Ended) -> Ended:
    """A failure after a step that succeeded leaves the host partly patched, and that is said."""
    partly = ended.state is TargetState.FAILED and errand.standing.succeeded_any
    return Ended(TargetState.PARTIAL, ended.failure) if partly else ended
