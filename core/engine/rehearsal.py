"""A host's walk with nothing done: looks as the real one would, and says what would happen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.contract.claim import ReadClaimResult
from core.contract.library import BOOT_STATE, HOST_FACTS, HOST_INVENTORY, READ_CLAIM, VERIFY_PACKAGE
from core.contract.message import NoParameters
from core.contract.package import VerifyPackage, VerifyResult
from core.contract.script import Call
from core.engine.admission import Scene, Stand, admit
from core.engine.effects import Ask, Assess, Effect, KeepFacts, Now, Record, Wait, Walk, ask, assess
from core.engine.errand import Ended, Errand
from core.engine.limits import limits_of
from core.engine.performing import Performer
from core.engine.phases.prepare import check_before
from core.model.events import Event, Warned
from core.model.facts import Facts
from core.model.failure import Cause, Failure
from core.model.plan import Plan
from core.model.size import size_in_words
from core.model.state import TargetState
from core.model.step import OsUpdateStep, PatchStep, RebootStep, Step

# What changes nothing on a host. Whatever else a walk asks for is a bug here, and stays loud.
_HARMLESS = frozenset({one.name for one in (HOST_FACTS, HOST_INVENTORY, BOOT_STATE, READ_CLAIM, VERIFY_PACKAGE)})


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What would become of the host: it would be begun, or end before anything is done, for this reason."""

    host: str
    would_end: TargetState | None = None
    failure: Failure | None = None
    would_do: tuple[str, ...] = ()


def rehearse(errand: Errand) -> Walk[Rehearsed]:
    """The real phases as far as they only look; then the plan's steps in words."""
    facts = yield from assess()
    if isinstance(facts, Failure):
        return Rehearsed(errand.host, TargetState.FAILED, facts)
    ended = (yield from _claimed(errand)) or (yield from check_before(errand, facts))
    if ended is not None:
        return Rehearsed(errand.host, ended.state, ended.failure)
    would_do = tuple(f"would stop {one}, and start it after the last step" for one in errand.planned.services)
    for step in errand.planned.steps:
        would_do = (*would_do, (yield from _in_words(errand, step, facts)))
    return Rehearsed(errand.host, would_do=would_do)


def _claimed(errand: Errand) -> Walk[Ended | None]:
    answer = yield from ask(Call(READ_CLAIM, NoParameters()))
    match answer:
        case Failure():
            return Ended(TargetState.FAILED, answer)
        case ReadClaimResult(claimed=True) as claim:
            detail = f"the host is claimed by run {claim.run_id} of console {claim.console}"
            return Ended(TargetState.DEFERRED, Failure(Cause.CLAIMED, detail, "wait until that run has ended"))
        case _:
            return None


def _in_words(errand: Errand, step: Step, facts: Facts) -> Walk[str]:
    minutes = f"about {max(1, step.expected_seconds // 60)} min"
    match step:
        case PatchStep():
            package = errand.package(step.package)
            call = Call(VERIFY_PACKAGE, VerifyPackage(sha256=package.sha256, file_name=package.filename))
            found = yield from ask(call)
            there = isinstance(found, VerifyResult) and found.present and found.sha256 == package.sha256
            sent = "it lies there already" if there else f"{size_in_words(package.size_bytes)} would be sent"
            what = f"{', '.join(step.instances)} to {step.target_build}"
            return f"step {step.order}: would install {package.filename} for {what} ({sent}; {minutes})"
        case RebootStep():
            since = f"up since {facts.boot.booted_at:%Y-%m-%d %H:%M} UTC"
            where = " while a window of it is open" if step.when == "window" else ""
            return f"step {step.order}: would restart the host{where} ({since}; {minutes})"
        case OsUpdateStep():
            return f"step {step.order}: would install {len(step.updates)} updates of the system ({minutes})"


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a run that began now would do. Remarks are about the run as a whole."""

    plan_id: str
    hosts: tuple[Rehearsed, ...]
    remarks: tuple[str, ...]


def before_anybody_begins(
    plan: Plan, blocked: Mapping[str, Failure], now: datetime
) -> tuple[tuple[str, ...], dict[str, Rehearsed]]:
    """What the gate would say now of the run as a whole, and which hosts it would leave out without a look at them."""
    stands = {target.host: Stand(TargetState.PENDING) for target in plan.targets}
    found = admit(plan, limits_of(plan, now), Scene(now, stands))
    left = {host: Rehearsed(host, TargetState.DEFERRED, failure) for host, failure in found.deferred}
    held = {host: Rehearsed(host, TargetState.BLOCKED, why) for host, why in blocked.items() if host not in left}
    return () if found.held is None else (found.held.message,), left | held


class _WouldWaitError(Exception):
    """The walk would wait here; a look does not."""


@dataclass
class Onlooker:
    """Performs what only looks, with a performer's session; what would be journalled is kept here alone."""

    performer: Performer
    told: list[Event] = field(default_factory=list)

    def perform(self, effect: Effect) -> Any:
        match effect:
            case Record(events):
                self.told += events
                return None
            case KeepFacts():
                return "not kept"
            case Ask(call) if call.script.name in _HARMLESS:
                return self.performer.perform(effect)
            case Wait():
                raise _WouldWaitError
            case Assess() | Now():
                return self.performer.perform(effect)
            case _:
                raise AssertionError(f"a dry run was to perform {type(effect).__name__}")


def look_through(walk: Walk[Rehearsed], onlooker: Onlooker, host: str) -> Rehearsed:
    try:
        effect = next(walk)
        while True:
            effect = walk.send(onlooker.perform(effect))
    except StopIteration as end:
        result: Rehearsed = end.value
        return result
    except _WouldWaitError:
        said = [one.body.message for one in onlooker.told if isinstance(one.body, Warned)]
        return Rehearsed(host, would_do=(f"would wait first: {said[-1] if said else 'work goes on there'}",))
    finally:
        walk.close()
        onlooker.performer.close()
