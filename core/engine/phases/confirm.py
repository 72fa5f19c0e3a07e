"""After the last step: a fresh assessment, held against the plan and against the baseline."""

from core.engine.effects import Walk, assess, keep_facts, now, record, wait
from core.engine.errand import Ended, Errand
from core.engine.persistence import FIRST_PAUSE, LONGEST_PAUSE
from core.engine.phases.applications import applications_after
from core.engine.phases.explain import explanation
from core.engine.phases.prepare import builds_seen
from core.engine.phases.snapshot import with_inventory
from core.model.check import Check, CheckName, CheckResult, in_words, worst
from core.model.events import Checked, FactsTaken, PhaseEntered, Warned
from core.model.facts import Facts, SqlAnswer, SqlSilence, UpdateSilence
from core.model.failure import SILENT, Cause, Failure
from core.model.phase import Phase
from core.model.state import TargetState
from core.verification.after import verify

# After an update the engine runs upgrade scripts and refuses logins for a while: that is waiting, not failure.
_COMING_UP = frozenset({Cause.SQL_UPGRADING, Cause.SQL_UNAVAILABLE, Cause.UNREACHABLE, Cause.NO_ANSWER})

# What Windows starts late by itself.
_DELAYED_START_SECONDS = 300


def confirm(errand: Errand, before: Facts) -> Walk[Ended]:
    """Success only if everything that is asked says so."""
    yield from record(errand.event(Phase.POST_SNAPSHOT, PhaseEntered()))
    after = yield from assess_when_up(errand, before)
    if isinstance(after, Failure):
        return Ended(TargetState.UNKNOWN, after)
    after = yield from with_inventory(errand, Phase.POST_SNAPSHOT, after)
    key = yield from keep_facts(after)
    proven = verify(errand.planned, before, after, errand.promised)
    checks = (*proven, *(yield from applications_after(errand)))
    yield from record(
        errand.event(Phase.POST_SNAPSHOT, FactsTaken("after", key, builds_seen(after), after.boot)),
        errand.event(Phase.POST_VALIDATION, PhaseEntered()),
        errand.event(Phase.POST_VALIDATION, Checked("after", checks)),
    )
    yield from _say_what_is_pending(errand, after)
    return judged(checks, (yield from explanation(checks, after)))


def _say_what_is_pending(errand: Errand, after: Facts) -> Walk[None]:
    """What the service offers only now, and policy wants. Nobody authorised it: it is never installed by this run."""
    if errand.update_service is None:
        return
    fresh = [one for one in errand.judged(after).wanted if one.patch_id not in errand.promised]
    if fresh:
        names = ", ".join(f"KB{one.kb}" if one.kb else one.title for one in fresh)
        words = f"offered only now and not installed, for nobody has authorised it: {names}; plan again"
        yield from record(errand.event(Phase.POST_VALIDATION, Warned("still_pending", words)))


def assess_when_up(errand: Errand, before: Facts) -> Walk[Facts | Failure]:
    """Waits, up to a limit, for engines that answered before."""
    began = yield from now()
    pause = FIRST_PAUSE
    while True:
        after = yield from assess(errand.update_service)
        if isinstance(after, Failure):
            limit = errand.patience.connection_loss if after.cause in SILENT else 0
        elif isinstance(after.update_witness, UpdateSilence) and after.update_witness.failure.cause in SILENT:
            limit = errand.patience.connection_loss
        elif _coming_up(before, after):
            limit = errand.patience.sql_startup
        elif _starting_late(before, after):
            limit = min(errand.patience.sql_startup, _DELAYED_START_SECONDS)
        else:
            return after
        if ((yield from now()) - began).total_seconds() >= limit:
            return after
        yield from wait(pause)
        pause = min(LONGEST_PAUSE, pause * 2)


def _coming_up(before: Facts, after: Facts) -> bool:
    spoke = {one.instance for one in before.sql if isinstance(one, SqlAnswer)}
    return any(
        isinstance(one, SqlSilence) and one.instance in spoke and one.failure.cause in _COMING_UP for one in after.sql
    )


def _starting_late(before: Facts, after: Facts) -> bool:
    ran = {one.name for one in before.services if one.start_mode == "Delayed" and one.state == "Running"}
    return any(one.name in ran and one.state != "Running" for one in after.services)


def judged(checks: tuple[Check, ...], explained: str = "") -> Ended:
    bad = [check for check in checks if check.result in (CheckResult.FAILED, CheckResult.UNKNOWN)]
    # What is wrong comes before what is not known: a service that is down tells why its engine is silent.
    told = "; ".join(in_words(check) for check in sorted(bad, key=lambda one: one.result is not CheckResult.FAILED))
    looping = [check.subject for check in bad if check.name == CheckName.UPDATE and check.result is CheckResult.FAILED]
    match worst(checks):
        case CheckResult.FAILED if any(
            check.name == CheckName.BUILD and check.result is CheckResult.FAILED for check in bad
        ):
            hint = "setup's Summary.txt on the host tells what it did; plan again when that is mended"
            detail = f"setup said success, yet the build did not change: {told}"
            return Ended(TargetState.FAILED, Failure(Cause.INSTALLER, detail, hint))
        case CheckResult.FAILED if looping:
            hint = "it is not installed once more; CBS.log on the host tells why it did not stay"
            detail = f"the update agent said success, yet {', '.join(looping)} is offered again: {told}"
            return Ended(TargetState.FAILED, Failure(Cause.INSTALLER, detail, hint))
        case CheckResult.FAILED:
            hint = "compare with the snapshot before; the ERRORLOG tells why an engine or database stays down"
            detail = f"{told}; {explained}" if explained else told
            return Ended(TargetState.FAILED, Failure(Cause.VERIFICATION, detail, hint))
        case CheckResult.UNKNOWN:
            return Ended(
                TargetState.UNKNOWN, Failure(Cause.WITNESSES_DISAGREE, told, "look at the host, then assess again")
            )
        case CheckResult.PASSED | CheckResult.WARNED:
            return Ended(TargetState.SUCCESS)
