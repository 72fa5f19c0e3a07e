"""Checks before: is the host still the one that was planned, and ready?"""

from dataclasses import replace

import pytest

from core.model.build import Build
from core.model.check import Check, CheckResult
from core.model.facts import Disk, Facts, PendingReboot
from core.model.verdict import HostVerdict, LeftOut, UpToDate, Verdict
from core.verification.before import preflight
from tests.samples import MAPPING, NEEDS, NEW, OLD, POLICY, VERDICT, facts, planned

_PLANNED = planned("SQL01")


def _found(name: str, taken: Facts, verdict: HostVerdict = VERDICT) -> Check:
    return next(check for check in preflight(_PLANNED, taken, verdict, POLICY) if check.name == name)


def test_a_host_as_planned_passes_and_what_is_ignored_or_was_not_asked_is_only_warned_of() -> None:
    results = {check.name: check.result for check in preflight(_PLANNED, facts(), VERDICT, POLICY)}
    assert results.pop("pending restart") is CheckResult.WARNED
    assert results.pop("backup") is CheckResult.WARNED, "no engine was asked for its backups"
    assert set(results.values()) == {CheckResult.PASSED}
    assert set(results) == {"same machine", "free space", "build as planned"}


def test_another_machine_under_the_same_name_fails() -> None:
    check = _found("same machine", replace(facts(), machine_id="machine-of-another"))
    assert (check.result, check.found) == (CheckResult.FAILED, "machine-of-another")


@pytest.mark.parametrize(
    ("free", "result"),
    [
        (_PLANNED.required_free_bytes, CheckResult.PASSED),
        (_PLANNED.required_free_bytes - 1, CheckResult.FAILED),
        (0, CheckResult.FAILED),
    ],
)
def test_the_space_that_the_plan_asks_for_is_enough(free: int, result: CheckResult) -> None:
    assert _found("free space", replace(facts(), disks=(Disk("c:", free, 10**12),))).result is result


def test_a_host_without_a_known_system_drive_has_no_space() -> None:
    assert _found("free space", replace(facts(), disks=())).result is CheckResult.FAILED


def test_a_pending_restart_that_policy_does_not_ignore_fails_by_name() -> None:
    waiting = replace(facts(), pending_reboot=(PendingReboot("windows_update"), PendingReboot("file_rename")))
    check = _found("pending restart", waiting)
    assert (check.result, check.found) == (CheckResult.FAILED, "windows_update, file_rename")
    assert _found("pending restart", replace(facts(), pending_reboot=())).result is CheckResult.PASSED


_MOVED: dict[str, tuple[Verdict, ...]] = {
    "gone": (),
    "up to date by now": (UpToDate("MSSQLSERVER", Build.parse(NEW), Build.parse(NEW)),),
    "left out by now": (LeftOut("MSSQLSERVER", "witnesses_disagree", "they contradict each other"),),
    "another build": (replace(NEEDS, current=Build.parse("15.0.4390.1")),),
    "another target": (replace(NEEDS, mapping=replace(MAPPING, target_build=Build.parse("15.0.4440.1"))),),
    "another instance": (replace(NEEDS, instance="PROD"),),
}


@pytest.mark.parametrize("verdicts", _MOVED.values(), ids=_MOVED)
def test_a_build_that_moved_since_the_plan_fails(verdicts: tuple[Verdict, ...]) -> None:
    check = _found("build as planned", facts(), HostVerdict("SQL01", verdicts))
    assert check.result is CheckResult.FAILED
    assert check.expected == f"{OLD}, to become {NEW}"
    assert check.found
