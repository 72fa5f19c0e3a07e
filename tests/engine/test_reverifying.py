"""After work by hand a host is called well only if everything that is asked says so."""

from dataclasses import replace
from typing import Any

import pytest

from core.contract.claim import ClaimResult, ReleaseResult
from core.contract.looking import ApplicationsResult, ServiceStatePart
from core.engine.errand import Errand
from core.engine.reverifying import reverify
from core.model.application import ServiceCheck
from core.model.events import TargetMoved
from core.model.failure import Cause, Failure
from core.model.record import StepRecord
from core.model.state import StepState, TargetState
from tests.engine.scripted import AFTER, BEFORE, Driver, errand, facts, patch_step, reboot_step, with_baseline

_PAYROLL = ServiceCheck("payroll", 1, True, "Payroll")
_NO_BACKUP = Failure(Cause.NO_BACKUP, "there is no backup of Sales", "back the databases up, then run it again")
_SETUP_FAILED = Failure(Cause.INSTALLER, "setup ended with 1603: a fatal error", "look into Detail.txt")


def _moved(made: Errand, stood: TargetState, build: str, service: str = "Running") -> TargetMoved:
    """How the host is moved by a look that finds this build, and the application's service in this state."""
    told = ApplicationsResult(
        schema_version=1, processes=(), services=(ServiceStatePart(name="Payroll", state=service),)
    )
    answers: dict[str, list[Any]] = {
        "take_claim": [ClaimResult(schema_version=1, renewed=True)],
        "release_claim": [ReleaseResult(schema_version=1, released=True)],
        "assess": [facts(build)],
        "check_applications": [told],
    }
    driver = Driver(answers)
    ended = driver.drive(reverify(made, stood))
    moved = driver.told[-1]
    assert isinstance(moved, TargetMoved)
    assert moved.after is ended
    return moved


@pytest.mark.parametrize(
    ("service", "build", "state"),
    [
        ("Running", AFTER, TargetState.SUCCESS),
        ("Stopped", AFTER, TargetState.FAILED),
        ("Running", "15.0.4385.2", TargetState.FAILED),
    ],
)
def test_neither_the_build_nor_an_application_is_taken_on_trust(service: str, build: str, state: TargetState) -> None:
    """Also where the application was not looked at before: another check had failed by then."""
    made = replace(with_baseline(errand((patch_step(),)), facts()), applications=(_PAYROLL,))
    moved = _moved(made, TargetState.FAILED, build, service)
    assert (moved.after, moved.failure is None) == (state, state is TargetState.SUCCESS)


def _looked_at_again(build: str, service: str = "Running") -> TargetMoved:
    """A host that a missing backup kept from being begun, by a plan with a restart."""
    made = with_baseline(errand((patch_step(), reboot_step())), facts())
    made = replace(made, past=replace(made.past, failure=_NO_BACKUP), applications=(_PAYROLL,))
    moved = _moved(made, TargetState.BLOCKED, build, service)
    assert moved.after is TargetState.BLOCKED
    return moved


def test_a_host_that_was_never_begun_is_not_sent_to_be_restarted() -> None:
    """Nothing was installed: a restart of a production server would help nobody, and setup said nothing."""
    assert _looked_at_again(BEFORE).failure == _NO_BACKUP
    assert not _looked_at_again(BEFORE).blocks_patching


def test_what_else_became_wrong_with_a_host_that_was_never_begun_is_told() -> None:
    failure = _looked_at_again(BEFORE, service="Stopped").failure
    assert failure is not None
    assert "Payroll" in failure.detail
    assert "setup" not in failure.detail


def test_a_host_that_somebody_patched_by_hand_is_still_to_be_restarted() -> None:
    failure = _looked_at_again(AFTER).failure
    assert failure is not None
    assert failure.cause is Cause.PENDING_REBOOT


def _failed_setup(build: str, state: StepState) -> Failure | None:
    """A host on which setup failed before the planned restart, looked at again."""
    made = with_baseline(errand((patch_step(), reboot_step()), (StepRecord(1, state),)), facts())
    made = replace(made, past=replace(made.past, failure=_SETUP_FAILED))
    return _moved(made, TargetState.FAILED, build).failure


def test_a_host_whose_setup_failed_keeps_setups_word_and_is_not_sent_to_be_restarted_for_nothing() -> None:
    assert _failed_setup(BEFORE, StepState.FAILED) == _SETUP_FAILED


def test_where_the_update_has_come_or_setup_may_have_succeeded_a_restart_is_still_asked_for() -> None:
    for build, state in ((AFTER, StepState.FAILED), (BEFORE, StepState.UNKNOWN), (BEFORE, StepState.SUCCESS)):
        failure = _failed_setup(build, state)
        assert failure is not None and failure.cause is Cause.PENDING_REBOOT, (build, state)
