"""Logs of a host that did not go well: once, within the policy's limits, without secrets, and never in the way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.contract.looking import DiagnosticPart, DiagnosticsResult
from core.engine.errand import Ended, Errand
from core.engine.phases.diagnose import diagnose
from core.model.events import DiagnosticsTaken
from core.model.failure import Cause, Failure
from core.model.policy import DiagnosticsRules, RunRules
from core.model.record import StepRecord
from core.model.state import StepState, TargetState
from tests.engine.scripted import LOST, NOON, Driver, errand, patch_step

_FAILED = Ended(TargetState.FAILED, Failure(Cause.INSTALLER, "setup ended with 1603"))
_USUAL = DiagnosticsRules()
_TOUCHED = (StepRecord(1, StepState.FAILED),)


def _errand(rules: DiagnosticsRules = _USUAL, past: tuple[StepRecord, ...] = _TOUCHED) -> Errand:
    return replace(errand([patch_step()], past), rules=RunRules(diagnostics=rules))


def _log(text: str, cut: bool = False) -> DiagnosticsResult:
    return DiagnosticsResult(schema_version=1, parts=(DiagnosticPart(name="log", text=text, cut=cut),))


def _taken(errand: Errand, ended: Ended = _FAILED, *answers: Any) -> tuple[DiagnosticsTaken | None, Driver]:
    driver = Driver({"collect_diagnostics": list(answers or (_log("all"),))})
    driver.drive(diagnose(errand, ended))
    return next((one for one in driver.told if isinstance(one, DiagnosticsTaken)), None), driver


def test_a_host_that_failed_tells_its_logs_the_state_of_the_machine_always_among_them() -> None:
    taken, driver = _taken(_errand())
    assert taken is not None
    assert taken.result == "collected"
    asked = [call.parameters.kind for call in driver.asked]
    assert asked == ["setup_log", "errorlog", "event_log", "servicing_log", "state"]
    assert {call.parameters.folders for call in driver.asked} == {("150",)}


@pytest.mark.parametrize(
    ("collect", "state", "wanted"),
    [
        ("on_failure", TargetState.SUCCESS, False),
        ("on_failure", TargetState.UNKNOWN, True),
        ("on_failure", TargetState.PARTIAL, True),
        ("on_failure", TargetState.AWAITING_REBOOT, False),
        ("always", TargetState.SUCCESS, True),
        ("never", TargetState.FAILED, False),
    ],
)
def test_when_logs_are_fetched_is_the_policys_word(collect: Any, state: TargetState, wanted: bool) -> None:
    taken, _ = _taken(_errand(DiagnosticsRules(collect=collect)), Ended(state))
    assert (taken is not None) is wanted


def test_a_host_that_was_not_touched_is_left_alone() -> None:
    assert _taken(_errand(past=()))[0] is None


def test_a_host_that_another_run_holds_is_left_alone() -> None:
    assert _taken(_errand(), Ended(TargetState.UNKNOWN, Failure(Cause.CLAIMED, "held")))[0] is None


def test_a_device_whose_logs_were_fetched_lately_is_not_asked_again() -> None:
    lately = replace(_errand(), diagnosed_at=NOON - timedelta(hours=11))
    taken, driver = _taken(lately)
    assert taken is not None
    assert (taken.result, driver.asked) == ("throttled", [])
    long_ago = replace(_errand(), diagnosed_at=NOON - timedelta(hours=12))
    assert _taken(long_ago)[1].asked


def test_what_an_earlier_process_of_the_run_fetched_is_not_fetched_again() -> None:
    before = _errand()
    past = replace(before.past, diagnostics=DiagnosticsTaken("collected", False))
    assert _taken(replace(before, past=past))[0] is None


def test_what_somebody_asked_for_before_it_failed_does_not_stand_in_for_what_policy_wants() -> None:
    before = _errand()
    past = replace(before.past, diagnostics=DiagnosticsTaken("collected", False, asked_by="olga"))
    assert _taken(replace(before, past=past))[0] is not None


def test_secrets_are_taken_out_before_anybody_keeps_the_text() -> None:
    taken, _ = _taken(_errand(), _FAILED, _log("Server=A;PWD=hunter2;"))
    assert taken is not None
    assert {(one.chars, one.redactions) for one in taken.texts} == {(len("Server=A;PWD=***;"), 1)}


def test_the_policys_size_ends_the_collecting_and_what_is_left_out_is_named() -> None:
    taken, driver = _taken(_errand(DiagnosticsRules(max_bytes=10)), _FAILED, _log("123456", cut=True))
    assert taken is not None
    assert [call.parameters.max_chars for call in driver.asked] == [10, 4]
    assert taken.result == "partial"
    assert [one.split(":")[0] for one in taken.trouble] == ["event_log", "servicing_log", "state"]
    assert all(one.cut for one in taken.texts)


def test_the_policys_time_ends_it_too() -> None:
    taken, driver = _taken(_errand(DiagnosticsRules(max_seconds=0)))
    assert taken is not None
    assert (taken.result, driver.asked) == ("failed", [])


def test_a_log_that_is_refused_leaves_the_others() -> None:
    refused = Failure(Cause.SCRIPT, "access is denied")
    taken, driver = _taken(_errand(), _FAILED, refused, _log("rest"))
    assert taken is not None
    assert (taken.result, taken.trouble) == ("partial", ("setup_log: access is denied",))
    assert len(driver.asked) == 5


def test_a_host_that_falls_silent_is_not_asked_for_the_rest() -> None:
    taken, driver = _taken(_errand(DiagnosticsRules(required=True)), _FAILED, LOST)
    assert taken is not None
    assert (taken.result, taken.required, len(driver.asked)) == ("failed", True, 1)
