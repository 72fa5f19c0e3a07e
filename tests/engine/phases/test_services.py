"""Services that are stopped before the first step and started after the last: in every end, and after every crash."""

from dataclasses import replace
from typing import Any

from core.contract.services import ServiceMovePart, ServicesResult
from core.engine.errand import Ended, Errand
from core.engine.phases.services import start_services, stop_services
from core.model.events import ServicesIntended, ServicesMoved, Warned
from core.model.facts import Facts, Service
from core.model.failure import Cause, Failure
from core.model.record import StepRecord
from core.model.state import StepState, TargetState
from tests.engine.scripted import LOST, Driver, errand, facts, patch_step, reboot_step

_STEPS = (patch_step(1), reboot_step(2))


def _errand(*past: StepRecord) -> Errand:
    known = errand(_STEPS, past)
    return replace(known, planned=replace(known.planned, services=("Agent", "App", "Absent")))


def _before() -> Facts:
    running = tuple(Service(one, "Running", "Auto") for one in ("Agent", "App"))
    return replace(facts(), services=(*running, Service("Absent", "Stopped", "Auto")))


def _moved(after: str, *names: str, complete: bool = True) -> ServicesResult:
    before = "Running" if after == "Stopped" else "Stopped"
    moves = tuple(ServiceMovePart(name=one, before=before, after=after) for one in names)
    return ServicesResult(schema_version=1, complete=complete, services=moves)


def _driver(*answers: Any) -> Driver:
    return Driver({"set_services": list(answers)})


def test_what_runs_is_stopped_and_what_was_stopped_with_it_is_started_again() -> None:
    known, driver = (
        _errand(),
        _driver(_moved("Stopped", "Web", "App", "Agent"), _moved("Running", "Agent", "App", "Web")),
    )
    assert driver.drive(stop_services(known, _before())) is None
    assert driver.told[0] == ServicesIntended(("Agent", "App"))
    assert known.standing.touched
    driver.drive(start_services(known, None))
    assert [(one.parameters.action, one.parameters.names) for one in driver.asked] == [
        ("stop", ("Agent", "App")),
        ("start", ("Agent", "App", "Web")),
    ]
    assert not known.standing.stopped


def test_one_that_does_not_stop_blocks_the_host_before_anything_is_installed() -> None:
    ended = _driver(_moved("StopPending", "App", complete=False)).drive(stop_services(_errand(), _before()))
    assert ended is not None
    assert ended.failure is not None
    assert (ended.state, ended.failure.detail) == (TargetState.BLOCKED, "a service did not stop: App is StopPending")


def test_one_that_starts_slowly_is_asked_for_again() -> None:
    known = _errand()
    known.standing.stopped = ("App",)
    driver = _driver(_moved("StartPending", "App", complete=False), _moved("Running", "App"))
    driver.drive(start_services(known, None))
    assert driver.names() == ["set_services"] * 2
    assert [type(one) for one in driver.told] == [ServicesMoved]


def test_one_that_stays_down_is_said() -> None:
    known = _errand()
    known.standing.stopped = ("App",)
    driver = _driver(_moved("Stopped", "App", complete=False))
    driver.drive(start_services(known, None))
    assert isinstance(driver.told[-1], Warned)
    assert known.standing.stopped == ("App",)


def test_a_host_that_is_out_of_reach_is_asked_once() -> None:
    known = _errand()
    known.standing.stopped = ("App",)
    driver = _driver(LOST)
    driver.drive(start_services(known, Ended(TargetState.BLOCKED, Failure(Cause.REBOOT, "it is not back"))))
    assert driver.names() == ["set_services"]
    assert isinstance(driver.told[-1], Warned)


def test_while_an_installer_is_at_work_or_all_is_installed_nothing_is_stopped() -> None:
    for state in (StepState.RUNNING, StepState.SUCCESS):
        driver = _driver()
        assert driver.drive(stop_services(_errand(StepRecord(1, state)), _before())) is None
        assert not driver.asked
