"""A restart and its proof."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.contract.host import BootPart, BootStateResult
from core.contract.job import RebootResult
from core.engine.errand import Ended
from core.engine.phases.restart import proven, restart
from core.model.events import RebootProven, StepMoved
from core.model.facts import BootMarks
from core.model.failure import Cause, Failure
from core.model.record import StepRecord
from core.model.state import StepState, TargetState
from tests.engine.scripted import LOST, NOON, Driver, errand, reboot_step

_STEP = reboot_step()
_HEARD = RebootResult(schema_version=1, state="requested")


def _boot(number: int, waiting: tuple[str, ...] = ()) -> BootStateResult:
    return BootStateResult(
        schema_version=1,
        host_time=NOON,
        boot=BootPart(booted_at=NOON + timedelta(hours=number), boot_id=f"boot:{number}"),
        servicing_busy=False,
        services_waiting=waiting,
    )


def _drive(boots: list[Any], reboots: list[Any]) -> tuple[Ended | None, Driver]:
    driver = Driver({"boot_state": boots, "reboot": reboots})
    return driver.drive(restart(errand([_STEP]), _STEP)), driver


def test_two_marks_must_agree() -> None:
    before = BootMarks(NOON, "boot:1")
    assert proven(before, BootMarks(NOON + timedelta(minutes=5), "boot:2"))
    assert not proven(before, BootMarks(NOON + timedelta(minutes=5), "boot:1"))
    assert not proven(before, BootMarks(NOON + timedelta(seconds=59), "boot:2"))


def test_a_restart_is_proven_when_the_host_is_back_and_its_services_run() -> None:
    ended, driver = _drive([_boot(1), _boot(1), LOST, _boot(2, ("MSSQLSERVER",)), _boot(2)], [_HEARD])
    assert ended is None
    assert isinstance(driver.told[-2], RebootProven)


def test_a_service_that_never_starts_again_is_left_to_the_verification() -> None:
    ended, driver = _drive([_boot(1), _boot(2, ("MSSQLSERVER",))], [_HEARD])
    assert ended is None
    assert isinstance(driver.told[-2], RebootProven)
    assert driver.names().count("boot_state") > 2


def test_a_request_that_was_lost_is_made_again() -> None:
    ended, driver = _drive([_boot(1), _boot(1), _boot(1), _boot(2)], [LOST, LOST, _HEARD])
    assert ended is None
    assert driver.names().count("reboot") == 3


def test_a_request_that_was_heard_is_not_made_again() -> None:
    _, driver = _drive([_boot(1), _boot(1), _boot(1), _boot(1), _boot(2)], [_HEARD])
    assert driver.names().count("reboot") == 1


def test_a_host_that_does_not_come_back_is_blocked() -> None:
    ended, _ = _drive([_boot(1), LOST], [_HEARD])
    assert ended is not None
    assert (ended.state, ended.failure and ended.failure.cause) == (TargetState.BLOCKED, Cause.REBOOT)


def test_a_refused_restart_is_no_success() -> None:
    refused = Failure(Cause.REBOOT, "shutdown.exe answered 5")
    ended, driver = _drive([_boot(1)], [refused])
    assert ended == Ended(TargetState.BLOCKED, refused)
    assert driver.told[-1] == StepMoved(2, StepState.RUNNING, StepState.FAILED, refused)


def test_a_patched_host_that_falls_silent_before_its_restart_is_unknown() -> None:
    ended, driver = _drive([LOST], [_HEARD])
    assert ended == Ended(TargetState.UNKNOWN, LOST)
    assert "reboot" not in driver.names()


def test_who_resumes_takes_a_failed_restart_for_failed() -> None:
    failure = Failure(Cause.REBOOT, "the host is not back")
    past = (StepRecord(2, StepState.FAILED, failure=failure),)
    driver = Driver({})
    assert driver.drive(restart(errand([_STEP], past), _STEP)) == Ended(TargetState.BLOCKED, failure)


def test_those_who_are_logged_on_get_the_notice_that_the_plan_gives_them() -> None:
    driver = Driver({"boot_state": [_boot(1), _boot(1), _boot(2)], "reboot": [_HEARD]})
    driver.drive(restart(errand([reboot_step()]), replace(reboot_step(), notice_seconds=300)))
    (asked,) = (call.parameters for call in driver.asked if call.script.name == "reboot")
    assert asked.delay_seconds == 300


def test_the_notice_does_not_count_against_the_restarts_limit() -> None:
    driver = Driver({"boot_state": [_boot(1), LOST], "reboot": [_HEARD]})
    driver.drive(restart(errand([reboot_step()]), replace(reboot_step(), notice_seconds=300)))
    assert (driver.time - NOON).total_seconds() >= reboot_step().timeout_seconds + 300
