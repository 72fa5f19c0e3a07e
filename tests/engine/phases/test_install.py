"""One package as a detached job."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.contract.job import CollectResult, StartResult, StatusPart, WatchResult
from core.contract.package import VerifyResult
from core.engine.errand import Ended
from core.engine.phases.install import install
from core.model.events import JobEnded, JobIntended, StepMoved, TargetMoved, Warned
from core.model.failure import Cause, Failure
from core.model.record import StepRecord
from core.model.state import StepState, TargetState
from tests.engine.scripted import AFTER, LOST, NOON, PACKAGE, Driver, errand, facts, patch_step

_INTENT = JobIntended(1, "run.1", ("/quiet",), file=PACKAGE.filename)
_STARTED = StartResult(schema_version=1, state="started")
_THERE = VerifyResult(
    schema_version=1,
    present=True,
    sha256=PACKAGE.sha256,
    signature="Valid",
    signer="Microsoft",
    partial_bytes=0,
    free_bytes=10**12,
)
_UNKNOWN = WatchResult(schema_version=1, known=False, running=False, status=None)
_GONE = WatchResult(schema_version=1, known=True, running=False, status=None)
_REFUSED = Failure(Cause.SCRIPT, "somebody else prepared the folder")


def _running() -> WatchResult:
    status = StatusPart(sequence=2, state="running", started_at=NOON, ended_at=None, exit_code=None, message="")
    return WatchResult(schema_version=1, known=True, running=True, status=status)


def _ended(code: int) -> WatchResult:
    later = NOON + timedelta(minutes=10)
    status = StatusPart(sequence=3, state="ended", started_at=NOON, ended_at=later, exit_code=code, message="")
    return WatchResult(schema_version=1, known=True, running=False, status=status)


def _driver(*watched: Any, start: Any = _STARTED, build: str = AFTER) -> Driver:
    answers = {
        "verify_package": [_THERE],
        "start_job": [start],
        "watch_job": list(watched),
        "collect_job": [CollectResult(schema_version=1, output="", summary="Final result: Passed\n")],
        "assess": [facts(build)],
    }
    return Driver(answers)


@pytest.mark.parametrize(("code", "wants_reboot"), [(0, False), (3010, True)])
def test_setups_word_says_whether_a_restart_is_wanted(code: int, wants_reboot: bool) -> None:
    driver = _driver(_running(), _ended(code))
    assert driver.drive(install(errand([patch_step()]), patch_step())) is wants_reboot
    assert [body.exit_code for body in driver.told if isinstance(body, JobEnded)] == [code]


@pytest.mark.parametrize(("code", "wants_reboot"), [(7777, False), (-2068052293, True)])
def test_what_the_mapping_calls_a_success_is_one(code: int, wants_reboot: bool) -> None:
    step = replace(patch_step(), success_codes=(7777,), reboot_codes=(0x84BC06BB,))
    assert _driver(_ended(code)).drive(install(errand([step]), step)) is wants_reboot


def test_the_intent_is_told_before_the_job_is_asked_for() -> None:
    driver = _driver(start=LOST)
    driver.drive(install(errand([patch_step()]), patch_step()))
    assert _INTENT in driver.told
    assert driver.names().count("watch_job") == 0


def test_a_start_that_nobody_confirms_is_unknown() -> None:
    found = _driver(start=LOST).drive(install(errand([patch_step()]), patch_step()))
    assert found == Ended(TargetState.UNKNOWN, LOST)


def test_a_refused_start_is_a_failure_when_nothing_runs() -> None:
    found = _driver(_UNKNOWN, start=_REFUSED).drive(install(errand([patch_step()]), patch_step()))
    assert found == Ended(TargetState.FAILED, _REFUSED)


def test_a_refused_start_beside_a_running_job_is_watched() -> None:
    driver = _driver(_running(), _ended(0), start=_REFUSED)
    assert driver.drive(install(errand([patch_step()]), patch_step())) is False


def test_a_failed_optional_step_is_passed_over() -> None:
    step = patch_step(required=False)
    assert _driver(_ended(1603), build="15.0.4385.2").drive(install(errand([step]), step)) is False


def test_a_failing_code_with_the_build_reached_is_a_success_that_is_warned_of() -> None:
    driver = _driver(_ended(1603))
    assert driver.drive(install(errand([patch_step()]), patch_step())) is True
    assert [body.code for body in driver.told if isinstance(body, Warned)] == ["build_reached_all_the_same"]


def test_a_lost_job_is_unknown_until_the_host_was_assessed() -> None:
    driver = _driver(_GONE, build="15.0.4385.2")
    found = driver.drive(install(errand([patch_step()]), patch_step()))
    moves = [body.after for body in driver.told if isinstance(body, StepMoved)]
    assert moves == [StepState.RUNNING, StepState.UNKNOWN, StepState.FAILED]
    assert isinstance(found, Ended)
    assert found.state is TargetState.FAILED


def test_an_installer_past_the_hard_limit_blocks_the_host_even_when_it_is_optional() -> None:
    step = patch_step(required=False)
    driver = _driver(_running())
    driver.answers["watch_job"] = [_Later(driver)]
    found = driver.drive(install(errand([step]), step))
    assert isinstance(found, Ended)
    assert found.state is TargetState.BLOCKED
    assert "kill" not in " ".join(driver.names())


@pytest.mark.parametrize("cause", [Cause.OVERDUE, Cause.PENDING_REBOOT])
def test_who_resumes_takes_a_blocking_failure_as_it_was_meant(cause: Cause) -> None:
    failure = Failure(cause, "why")
    past = (StepRecord(1, StepState.FAILED, failure=failure, intent=_INTENT),)
    driver = _driver()
    assert driver.drive(install(errand([patch_step()], past), patch_step())) == Ended(TargetState.BLOCKED, failure)
    assert driver.names() == []


def test_who_resumes_looks_for_the_job_before_anything_else() -> None:
    past = (StepRecord(1, StepState.RUNNING, started_at=NOON, intent=_INTENT),)
    driver = _driver(_ended(0), _ended(0))
    assert driver.drive(install(errand([patch_step()], past), patch_step())) is False
    assert "start_job" not in driver.names()


def test_a_job_that_was_seen_and_left_no_trace_is_not_started_again() -> None:
    past = (StepRecord(1, StepState.OVERDUE, started_at=NOON, intent=_INTENT),)
    driver = _driver(_UNKNOWN, build="15.0.4385.2")
    found = driver.drive(install(errand([patch_step()], past), patch_step()))
    assert isinstance(found, Ended)
    assert "start_job" not in driver.names()


def test_a_success_without_setups_word_wants_its_restart_also_after_a_resume() -> None:
    past = (StepRecord(1, StepState.SUCCESS, intent=_INTENT),)
    assert _driver().drive(install(errand([patch_step()], past), patch_step())) is True


def test_a_job_started_late_is_not_overdue_at_once() -> None:
    """The step began a day ago; its process died before it asked for the job."""
    past = (StepRecord(1, StepState.RUNNING, started_at=NOON - timedelta(days=1), intent=_INTENT),)
    driver = _driver(_UNKNOWN, _running(), _ended(0), build="15.0.4385.2")
    assert driver.drive(install(errand([patch_step()], past), patch_step())) is False
    assert [body.after for body in driver.told if isinstance(body, StepMoved | TargetMoved)] == [StepState.SUCCESS]


def test_a_package_that_nobody_trusted_signed_is_not_executed() -> None:
    driver = _driver()
    driver.answers["verify_package"] = [_THERE.model_copy(update={"signer": "Somebody"})]
    found = driver.drive(install(errand([patch_step()]), patch_step()))
    assert isinstance(found, Ended)
    assert (found.state, "start_job" in driver.names()) == (TargetState.FAILED, False)


class _Later:
    """Still running, ten minutes later each time it is asked."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def __getattr__(self, name: str) -> Any:
        if name == "running":
            self._driver.time += timedelta(minutes=10)
        return getattr(_running(), name)
