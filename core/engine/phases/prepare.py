"""Before anything is changed: lock, claim, assess, judge again, check."""

from core.contract.claim import TakeClaim
from core.contract.library import TAKE_CLAIM
from core.contract.script import Call
from core.engine.effects import Walk, ask, keep_facts, lock_host, now, record, wait
from core.engine.errand import Ended, Errand
from core.engine.persistence import persist, persist_assessing
from core.engine.phases.applications import applications_before
from core.engine.phases.snapshot import with_inventory
from core.model.build import Build
from core.model.check import Check, CheckName, CheckResult, in_words
from core.model.events import BuildSeen, Checked, FactsTaken, PhaseEntered, Warned
from core.model.facts import Facts
from core.model.failure import Cause, Failure
from core.model.phase import Phase
from core.model.state import TargetState
from core.model.verdict import HostVerdict, UpToDate
from core.verification.after import reached
from core.verification.before import PASSING, preflight

# Which failed check ends how: what the operator can mend blocks, what says that the plan is stale skips.
_CAUSES: dict[str, tuple[TargetState, Cause, str]] = {
    CheckName.SAME_MACHINE: (
        TargetState.BLOCKED,
        Cause.CHANGED,
        "another machine answers under this name; assess and plan again",
    ),
    CheckName.FREE_SPACE: (
        TargetState.BLOCKED,
        Cause.NOT_ENOUGH_SPACE,
        "free some space on the system drive, then plan again",
    ),
    CheckName.PENDING_RESTART: (TargetState.BLOCKED, Cause.PENDING_REBOOT, "restart the host, then plan again"),
    CheckName.BACKUP: (TargetState.BLOCKED, Cause.NO_BACKUP, "back the databases up, then run it again"),
    CheckName.RUNNING_JOBS: (TargetState.DEFERRED, Cause.BUSY, "let the work end, then run it again"),
    CheckName.OTHER_INSTALLERS: (TargetState.DEFERRED, Cause.BUSY, "let the other installation end, then run it again"),
    CheckName.APPLICATION: (
        TargetState.BLOCKED,
        Cause.APPLICATION,
        "mend the application, or make its check not required in the policy, then run it again",
    ),
    CheckName.ROLES: (TargetState.BLOCKED, Cause.LEADS, "fail over to a host that is done, then run it again"),
    CheckName.AS_PLANNED: (TargetState.SKIPPED, Cause.CHANGED, "the host changed since the plan was made; plan again"),
}

# Looking costs the host a little, so that it is not looked at all the time.
_FIRST_LOOK = 1.0
_LONGEST_LOOK = 60.0


def take_host(errand: Errand) -> Walk[Ended | None]:
    """This PC's lock, then the host's own claim, which other consoles see. What was touched is never just put off."""
    touched = errand.standing.touched
    elsewhere = TargetState.UNKNOWN if touched else TargetState.DEFERRED
    held = yield from lock_host()
    if held is not None:
        return Ended(elsewhere, held)
    call = Call(TAKE_CLAIM, TakeClaim(run_id=errand.run_id, epoch=errand.epoch, console=errand.console))
    if touched:
        answer = yield from persist(errand, Phase.BASELINE, call, errand.patience.connection_loss)
    else:
        answer = yield from ask(call)
    if not isinstance(answer, Failure):
        return None
    if answer.cause is Cause.CLAIMED:
        return Ended(elsewhere, answer)
    return Ended(TargetState.UNKNOWN if touched else TargetState.FAILED, answer)


def baseline(errand: Errand) -> Walk[Facts | Ended]:
    """The host as it was just before this run touched it. An earlier process may have looked hours before."""
    if errand.baseline is not None and errand.standing.touched:
        return errand.baseline
    yield from record(errand.event(Phase.BASELINE, PhaseEntered()))
    facts = yield from persist_assessing(errand, Phase.BASELINE, errand.update_service)
    if isinstance(facts, Failure):
        return Ended(TargetState.FAILED, facts)
    facts = yield from with_inventory(errand, Phase.BASELINE, facts)
    key = yield from keep_facts(facts)
    taken = FactsTaken("before", key, builds_seen(facts), facts.boot, facts.os.time_zone)
    yield from record(errand.event(Phase.BASELINE, taken))
    return facts


def check_before(errand: Errand, facts: Facts) -> Walk[Ended | None]:
    """The plan is a promise, not a fact: the host is judged again, with the same rules."""
    yield from record(errand.event(Phase.CATALOG, PhaseEntered()))
    verdict = errand.judged(facts)
    if _has_it_all(errand, facts, verdict):
        return Ended(TargetState.SKIPPED)
    yield from record(errand.event(Phase.PRE_VALIDATION, PhaseEntered()))
    checks = yield from _when_quiet(errand, facts)
    if isinstance(checks, Ended):
        return checks
    if not any(check.result is CheckResult.FAILED for check in checks):
        checks += yield from applications_before(errand)
    errand.standing.checked(checks)
    yield from record(errand.event(Phase.PRE_VALIDATION, Checked("before", checks)))
    failed = next((check for check in checks if check.result is CheckResult.FAILED), None)
    return None if failed is None else _ended_by(failed)


def _has_it_all(errand: Errand, facts: Facts, verdict: HostVerdict) -> bool:
    """Today's rules may want less than the plan did: nothing is left to do only where the planned builds are there."""
    planned = errand.planned
    if not planned.instances or errand.update_service is not None or facts.machine_id != planned.machine_id:
        return False
    well = {one.instance for one in verdict.verdicts if isinstance(one, UpToDate)}
    there = (one.name in well and reached(facts, one.name, Build.parse(one.after)) for one in planned.instances)
    return all(there)


def _when_quiet(errand: Errand, facts: Facts) -> Walk[tuple[Check, ...] | Ended]:
    """Work of others on the host is waited for, up to the policy's limit, and never ended by us."""
    began = yield from now()
    pause = _FIRST_LOOK
    said = False
    while True:
        verdict = errand.judged(facts)
        checks = preflight(errand.planned, facts, verdict, errand.policy)
        failed = [check for check in checks if check.result is CheckResult.FAILED]
        waited = ((yield from now()) - began).total_seconds()
        if not failed or any(check.name not in PASSING for check in failed):
            return checks
        if waited >= errand.rules.jobs.wait_seconds:
            return checks
        if not said:
            words = "; ".join(f"{check.name}: {check.found}" for check in failed)
            yield from record(errand.event(Phase.PRE_VALIDATION, Warned("waiting", f"waiting for others: {words}")))
            said = True
        yield from wait(min(pause, errand.rules.jobs.wait_seconds - waited))
        pause = min(_LONGEST_LOOK, pause * 2)
        again = yield from persist_assessing(errand, Phase.PRE_VALIDATION)
        if isinstance(again, Failure):
            return Ended(TargetState.FAILED, again)
        facts = again


def builds_seen(facts: Facts) -> tuple[BuildSeen, ...]:
    return tuple(BuildSeen(one.name, str(one.patch_level), one.edition) for one in facts.instances)


def _ended_by(check: Check) -> Ended:
    state, cause, hint = _CAUSES[check.name]
    return Ended(state, Failure(cause, in_words(check), hint))
