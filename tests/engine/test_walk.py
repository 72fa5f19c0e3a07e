"""A host's whole walk."""

from dataclasses import replace
from typing import Any

from core.contract.claim import ClaimResult, ReleaseResult
from core.contract.job import RemoveResult
from core.engine.walk import walk
from core.model.build import Build
from core.model.events import Checked, TargetMoved, Warned
from core.model.failure import Cause, Failure
from core.model.record import StepRecord
from core.model.state import StepState, TargetState
from tests.engine.scripted import AFTER, BEFORE, LOST, Driver, errand, facts, patch_step, with_baseline

_TAKEN = ClaimResult(schema_version=1, renewed=False)
_RELEASED = ReleaseResult(schema_version=1, released=True)
_REMOVED = RemoveResult(schema_version=1, removed=True)
_DONE = (StepRecord(1, StepState.SUCCESS),)
_DENIED = Failure(Cause.ACCESS_DENIED, "wrong password")


def _driver(**answers: list[Any]) -> Driver:
    usual: dict[str, list[Any]] = {
        "take_claim": [_TAKEN],
        "release_claim": [_RELEASED],
        "remove_job": [_REMOVED],
        "assess": [facts(AFTER)],
    }
    return Driver(usual | answers)


def _warnings(driver: Driver) -> list[str]:
    return [body.code for body in driver.told if isinstance(body, Warned)]


def test_a_host_that_needs_nothing_any_more_is_skipped_and_given_back() -> None:
    driver = _driver()
    assert driver.drive(walk(errand([patch_step()]))) is TargetState.SKIPPED
    assert driver.names() == ["take_claim", "host_inventory", "release_claim"]


def test_rules_that_want_less_than_the_plan_did_make_no_host_done() -> None:
    looser = errand([patch_step()])
    (mapping,) = looser.mapping.mappings
    looser = replace(
        looser, mapping=replace(looser.mapping, mappings=(replace(mapping, target_build=Build.parse(BEFORE)),))
    )
    driver = _driver(assess=[facts()])
    assert driver.drive(walk(looser)) is TargetState.SKIPPED
    moved = [body for body in driver.told if isinstance(body, TargetMoved)]
    assert moved[-1].failure is not None
    assert moved[-1].failure.cause is Cause.CHANGED


def test_another_machine_under_the_same_name_is_not_skipped_but_blocked() -> None:
    driver = _driver(assess=[facts(AFTER, machine_id="another")])
    assert driver.drive(walk(errand([patch_step()]))) is TargetState.BLOCKED


def test_a_locked_host_is_put_off_without_a_question() -> None:
    driver = _driver()
    driver.lock = Failure(Cause.LOCKED, "another run has it")
    assert driver.drive(walk(errand([patch_step()]))) is TargetState.DEFERRED
    assert driver.names() == []


def test_a_host_that_was_touched_is_never_just_put_off() -> None:
    driver = _driver()
    driver.lock = Failure(Cause.LOCKED, "another run has it")
    assert driver.drive(walk(errand([patch_step()], _DONE))) is TargetState.UNKNOWN


def test_a_claim_of_others_is_left_alone() -> None:
    driver = _driver(take_claim=[Failure(Cause.CLAIMED, "run x has it")])
    assert driver.drive(walk(errand([patch_step()]))) is TargetState.DEFERRED
    assert "release_claim" not in driver.names()


def test_an_untouched_host_out_of_reach_fails_at_once_and_its_possible_claim_is_released() -> None:
    driver = _driver(take_claim=[LOST])
    assert driver.drive(walk(errand([patch_step()]))) is TargetState.FAILED
    assert driver.names() == ["take_claim", "release_claim"]


def test_a_wrong_password_is_not_tried_a_second_time() -> None:
    driver = _driver(take_claim=[_DENIED])
    assert driver.drive(walk(errand([patch_step()]))) is TargetState.FAILED
    assert (driver.names(), _warnings(driver)) == (["take_claim"], [])


def test_a_claim_that_can_not_be_given_back_is_said() -> None:
    driver = _driver(assess=[_DENIED])
    assert driver.drive(walk(errand([patch_step()]))) is TargetState.FAILED
    assert _warnings(driver) == ["claim"]


def test_a_touched_host_is_waited_for_at_its_first_question() -> None:
    driver = _driver(take_claim=[LOST, LOST, _TAKEN])
    touched = with_baseline(errand([patch_step()], _DONE), facts())
    assert driver.drive(walk(touched)) is TargetState.AWAITING_REBOOT


def test_success_is_confirmed_by_a_fresh_assessment_and_leaves_nothing_behind() -> None:
    driver = _driver()
    patched = with_baseline(errand([], _DONE), facts())
    assert driver.drive(walk(patched)) is TargetState.SUCCESS
    assert any(isinstance(body, Checked) for body in driver.told)
    assert driver.names()[-1] == "release_claim"


def test_a_build_that_did_not_change_is_a_failure_whatever_setup_said() -> None:
    driver = _driver(assess=[facts()])
    assert driver.drive(walk(with_baseline(errand([], _DONE), facts()))) is TargetState.FAILED


def test_another_machine_after_the_restart_proves_nothing() -> None:
    driver = _driver(assess=[facts(AFTER, machine_id="another")])
    assert driver.drive(walk(with_baseline(errand([], _DONE), facts()))) is TargetState.UNKNOWN
    assert "release_claim" not in driver.names()
    assert _warnings(driver) == ["claim"]


def test_a_failure_after_a_success_is_partial_and_both_remains_are_seen_to() -> None:
    failure = Failure(Cause.INSTALLER, "setup ended with 1603")
    past = (StepRecord(1, StepState.SUCCESS), StepRecord(2, StepState.FAILED, failure=failure))
    driver = _driver()
    both = with_baseline(errand([patch_step(1), patch_step(2)], past), facts())
    assert driver.drive(walk(both)) is TargetState.PARTIAL
    asked = [name for name in driver.names() if name != "collect_diagnostics"]
    assert asked == ["take_claim", "remove_job", "release_claim"]
    assert _warnings(driver) == ["undo_impossible", "remains"]


def test_a_baseline_of_a_process_that_died_before_it_touched_the_host_is_taken_anew() -> None:
    driver = _driver(assess=[facts(AFTER)])
    stale = with_baseline(errand([patch_step()]), facts())
    assert driver.drive(walk(stale)) is TargetState.SKIPPED


def test_the_end_is_told_after_the_host_was_given_back() -> None:
    driver = _driver()
    driver.drive(walk(errand([patch_step()])))
    assert driver.told[-1] == TargetMoved(TargetState.IN_PROGRESS, TargetState.SKIPPED)
