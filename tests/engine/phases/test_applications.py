"""Applications are looked at before and after; what did not work before is no fault of the run."""

from dataclasses import replace
from typing import Any

import pytest

from core.contract.looking import ApplicationsResult, ProcessPart, ServiceStatePart
from core.engine.errand import Errand
from core.engine.phases.applications import applications_after, applications_before, applications_now
from core.model.application import ApplicationCheck, ProcessCheck, Seen, ServiceCheck, TcpCheck
from core.model.check import Check, CheckName, CheckResult
from tests.engine.scripted import NOON, Driver, errand

_SERVICE = ServiceCheck("payroll", 60, True, "Payroll")
_PROCESS = ProcessCheck("worker", 60, True, "w3wp")
_PORT = TcpCheck("web", 60, True, 443, None)


def _errand(*checks: ApplicationCheck, well_before: bool = True) -> Errand:
    result = CheckResult.PASSED if well_before else CheckResult.WARNED
    made = replace(errand(), applications=checks)
    made.standing.checked(tuple(Check(CheckName.APPLICATION, one.name, result, "", "") for one in checks))
    return made


def _service(state: str) -> ApplicationsResult:
    return ApplicationsResult(schema_version=1, processes=(), services=(ServiceStatePart(name="Payroll", state=state),))


def _process(running: bool) -> ApplicationsResult:
    part = ProcessPart(name="w3wp", running=running)
    return ApplicationsResult(schema_version=1, processes=(part,), services=())


def _before(check: ApplicationCheck, *answers: Any) -> Check:
    driver = Driver({"check_applications": list(answers), f"probe {check.name}": list(answers)})
    (found,) = driver.drive(applications_before(_errand(check)))
    return found


def _after(made: Errand, *answers: Any) -> tuple[Check, Driver]:
    (check,) = made.applications
    driver = Driver({"check_applications": list(answers), f"probe {check.name}": list(answers)})
    (found,) = driver.drive(applications_after(made))
    return found, driver


@pytest.mark.parametrize(
    ("check", "answer", "result", "found"),
    [
        (_SERVICE, _service("Running"), CheckResult.PASSED, "Running"),
        (_SERVICE, _service("Stopped"), CheckResult.FAILED, "Stopped"),
        (_SERVICE, _service(""), CheckResult.FAILED, "there is no such service"),
        (_PROCESS, _process(True), CheckResult.PASSED, "runs"),
        (_PROCESS, _process(False), CheckResult.FAILED, "does not run"),
        (_PORT, Seen(True, "answers"), CheckResult.PASSED, "answers"),
        (_PORT, Seen(False, "does not answer"), CheckResult.FAILED, "does not answer"),
        (replace(_SERVICE, required=False), _service("Stopped"), CheckResult.WARNED, "Stopped"),
    ],
)
def test_before_a_required_application_has_to_work(
    check: ApplicationCheck, answer: Any, result: CheckResult, found: str
) -> None:
    told = _before(check, answer)
    assert (told.name, told.subject, told.result, told.found) == (CheckName.APPLICATION, check.name, result, found)


def test_after_it_has_to_work_again() -> None:
    check, _ = _after(_errand(_SERVICE), _service("Stopped"))
    assert (check.result, check.found) == (CheckResult.FAILED, "Stopped")


def test_an_application_that_comes_up_within_its_time_is_well() -> None:
    check, driver = _after(_errand(_SERVICE), _service("Stopped"), _service("StartPending"), _service("Running"))
    assert check.result is CheckResult.PASSED
    assert 0 < (driver.time - NOON).total_seconds() < 60


def test_it_is_waited_for_as_long_as_its_check_may_take_and_no_longer() -> None:
    _, driver = _after(_errand(_PORT), Seen(False, "does not answer"))
    assert 60 <= (driver.time - NOON).total_seconds() < 90


def test_what_did_not_work_before_is_told_and_is_no_regression() -> None:
    check, _ = _after(_errand(_SERVICE, well_before=False), _service("Stopped"))
    assert (check.result, check.found) == (CheckResult.WARNED, "Stopped, as before")


def test_after_work_by_hand_a_required_one_has_no_excuse() -> None:
    driver = Driver({"check_applications": [_service("Stopped")]})
    (check,) = driver.drive(applications_now(_errand(_SERVICE, well_before=False)))
    assert (check.result, check.found) == (CheckResult.FAILED, "Stopped")


def test_after_work_by_hand_one_that_is_not_required_is_only_told() -> None:
    driver = Driver({"check_applications": [_service("Stopped")]})
    (check,) = driver.drive(applications_now(_errand(replace(_SERVICE, required=False))))
    assert check.result is CheckResult.WARNED


def test_what_is_not_required_is_told_and_is_no_regression() -> None:
    check, _ = _after(_errand(replace(_SERVICE, required=False)), _service("Stopped"))
    assert check.result is CheckResult.WARNED
