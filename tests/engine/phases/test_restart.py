"""A restart and its proof."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from core.contract.host import BootPart, BootStateResult
from core.contract.job import CancelRebootResult, RebootResult
from core.engine.errand import Ended
from core.engine.phases.restart import proven, restart, restart_in_turn
from core.model.events import RebootIntended, RebootProven, RebootPutOff, StepMoved, Warned
from core.model.facts import BootMarks
from core.model.failure import Cause, Failure
from core.model.policy import WEEKDAYS, MaintenanceWindow
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


# Tests begin at noon: an hour is enough for a restart, and five minutes are not.
_IN_WINDOW = replace(_STEP, when="window")
_OPEN = MaintenanceWindow("noon", "UTC", WEEKDAYS, time(11, 30), 90)
_CLOSING = MaintenanceWindow("noon", "UTC", WEEKDAYS, time(11, 0), 65)
_NEXT = NOON - timedelta(hours=1) + timedelta(days=1)
_BEFORE = BootMarks(NOON + timedelta(hours=1), "boot:1")


def _drive_in(window: MaintenanceWindow | None, past: StepRecord | None = None, **answers: Any) -> tuple[Any, Driver]:
    known = errand([_IN_WINDOW], () if past is None else (past,))
    driver = Driver({"boot_state": [_boot(1), _boot(1), _boot(2)], "reboot": [_HEARD], **answers})
    return driver.drive(
        restart_in_turn(replace(known, windows=() if window is None else (window,)), _IN_WINDOW)
    ), driver


def _cancelled(state: Any) -> CancelRebootResult:
    return CancelRebootResult(schema_version=1, state=state)


def test_a_restart_that_fits_into_the_open_window_is_not_put_off() -> None:
    ended, driver = _drive_in(_OPEN)
    assert ended is None
    assert isinstance(driver.told[-2], RebootProven)


def test_a_restart_for_which_the_window_leaves_no_time_waits_for_the_next_and_nothing_is_asked_of_the_host() -> None:
    ended, driver = _drive_in(_CLOSING)
    assert (ended.state, ended.put_off, ended.failure.cause) == (TargetState.AWAITING_REBOOT, True, Cause.WINDOW)
    assert driver.told == [RebootPutOff(2, _BEFORE, "noon", _NEXT)]
    assert driver.names() == ["boot_state"]


def test_a_host_without_a_window_is_left_to_the_operator() -> None:
    ended, driver = _drive_in(None)
    assert (ended.state, ended.put_off) == (TargetState.AWAITING_REBOOT, False)
    assert "reboot" not in driver.names()


def test_a_restart_that_was_put_off_ends_the_boot_of_then_whoever_was_first() -> None:
    past = StepRecord(2, put_off=RebootPutOff(2, _BEFORE, "noon", NOON))
    by_hand = RebootResult(schema_version=1, state="already")
    ended, driver = _drive_in(_OPEN, past, boot_state=[_boot(2)], reboot=[by_hand])
    assert ended is None
    intent = next(one for one in driver.told if isinstance(one, RebootIntended))
    assert intent.marks == _BEFORE


def test_who_resumes_after_the_window_calls_off_what_may_be_scheduled_and_puts_it_off() -> None:
    past = StepRecord(2, StepState.RUNNING, reboot_intent=RebootIntended(2, _BEFORE, NOON))
    ended, driver = _drive_in(_CLOSING, past, cancel_reboot=[LOST, _cancelled("cancelled")])
    assert ended.put_off
    assert driver.told == [RebootPutOff(2, _BEFORE, "noon", _NEXT)]
    assert "reboot" not in driver.names()


def test_a_restart_that_cannot_be_called_off_any_more_is_waited_for_and_not_asked_for_again() -> None:
    past = StepRecord(2, StepState.RUNNING, reboot_intent=RebootIntended(2, _BEFORE, NOON))
    ended, driver = _drive_in(_CLOSING, past, cancel_reboot=[_cancelled("too_late")])
    assert ended is None
    assert driver.names() == ["cancel_reboot", "boot_state", "boot_state", "boot_state"]
    assert [one.code for one in driver.told if isinstance(one, Warned)] == ["too_late"]


def test_a_restart_that_nobody_wants_any_more_is_called_off_while_people_are_still_told_of_it() -> None:
    known = errand([_STEP])
    known.standing.recalled = "withdrawn by olga: the month's end"
    driver = Driver({"boot_state": [_boot(1)], "cancel_reboot": [_cancelled("cancelled")]})
    ended = driver.drive(restart(known, _STEP))
    assert ended is not None
    assert ended.failure is not None
    assert (ended.state, ended.failure.cause) == (TargetState.AWAITING_REBOOT, Cause.CANCELLED)
    assert isinstance(driver.told[-1], StepMoved)
    assert driver.told[-1].after is StepState.FAILED
    again = errand([_STEP], (StepRecord(2, StepState.FAILED, failure=ended.failure),))
    assert Driver({}).drive(restart(again, _STEP)) == ended


def test_who_does_not_want_a_restart_any_more_when_it_is_over_is_told_that_it_was_too_late() -> None:
    known = errand([_STEP])

    class Withdrawn(Driver):
        """Somebody withdraws the host while it starts."""

        def _next(self, name: str) -> Any:
            if name == "boot_state" and "reboot" in self.names():
                known.standing.recalled = "withdrawn by olga: the month's end"
            return super()._next(name)

    driver = Withdrawn({"boot_state": [_boot(1), _boot(2)], "reboot": [_HEARD]})
    assert driver.drive(restart(known, _STEP)) is None
    assert [one.code for one in driver.told if isinstance(one, Warned)] == ["too_late"]
