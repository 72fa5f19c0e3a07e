"""The applications that a host is there for: whether they work before it is touched, and again afterwards."""

from dataclasses import replace
from datetime import datetime

from core.contract.library import CHECK_APPLICATIONS
from core.contract.looking import ApplicationsResult, CheckApplications
from core.contract.script import Call
from core.engine.effects import Walk, now, probe, wait
from core.engine.errand import Errand
from core.engine.persistence import FIRST_PAUSE, LONGEST_PAUSE, persist
from core.model.application import ApplicationCheck, ProcessCheck, Seen, ServiceCheck, expected
from core.model.check import Check, CheckName, CheckResult
from core.model.failure import Failure
from core.model.phase import Phase

# The name of such a check among the others.


def applications_before(errand: Errand) -> Walk[tuple[Check, ...]]:
    """A required one that does not work keeps the host from being touched."""
    checks = []
    for one in errand.applications:
        seen = yield from _look(errand, Phase.PRE_VALIDATION, one)
        checks.append(_checked(one, seen, required=one.required))
    return tuple(checks)


def applications_after(errand: Errand) -> Walk[tuple[Check, ...]]:
    """What worked before has to work again, after a while at the latest. What did not is no fault of this run."""
    began = yield from now()
    checks = []
    for one in errand.applications:
        seen = yield from _look_until(errand, one, began)
        was_well = errand.standing.was_well(CheckName.APPLICATION, one.name)
        found = seen.found if seen.well or was_well else f"{seen.found}, as before"
        checks.append(_checked(one, replace(seen, found=found), required=one.required and was_well))
    return tuple(checks)


def applications_now(errand: Errand) -> Walk[tuple[Check, ...]]:
    """After work by hand every required one has to work, however it was before: somebody says that the host is well."""
    began = yield from now()
    checks = []
    for one in errand.applications:
        seen = yield from _look_until(errand, one, began)
        checks.append(_checked(one, seen, required=one.required))
    return tuple(checks)


def _checked(check: ApplicationCheck, seen: Seen, *, required: bool) -> Check:
    bad = CheckResult.FAILED if required else CheckResult.WARNED
    return Check(
        CheckName.APPLICATION, check.name, CheckResult.PASSED if seen.well else bad, expected(check), seen.found
    )


def _look_until(errand: Errand, check: ApplicationCheck, began: datetime) -> Walk[Seen]:
    """Applications take a moment after a restart: so long as the check itself may take."""
    pause = FIRST_PAUSE
    while True:
        seen = yield from _look(errand, Phase.POST_VALIDATION, check)
        waited = ((yield from now()) - began).total_seconds()
        if seen.well or waited >= check.timeout_seconds:
            return seen
        yield from wait(pause)
        pause = min(LONGEST_PAUSE, pause * 2)


def _look(errand: Errand, phase: Phase, check: ApplicationCheck) -> Walk[Seen]:
    match check:
        case ProcessCheck(process=process):
            told = yield from _ask(errand, phase, CheckApplications(processes=(process,), services=()))
        case ServiceCheck(service=service):
            told = yield from _ask(errand, phase, CheckApplications(processes=(), services=(service,)))
        case _:
            return (yield from probe(check))
    return _told(told)


def _ask(errand: Errand, phase: Phase, wanted: CheckApplications) -> Walk[ApplicationsResult | Failure]:
    return (yield from persist(errand, phase, Call(CHECK_APPLICATIONS, wanted), errand.patience.connection_loss))


def _told(told: ApplicationsResult | Failure) -> Seen:
    if isinstance(told, Failure):
        return Seen(False, f"the host did not say: {told.detail}")
    for process in told.processes:
        return Seen(process.running, "runs" if process.running else "does not run")
    for service in told.services:
        return Seen(service.state == "Running", service.state or "there is no such service")
    return Seen(False, "the host did not say")
