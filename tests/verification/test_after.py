"""Checks after: silence is never success, and everything is as before but the build."""

from dataclasses import replace

import pytest

from core.model.build import Build
from core.model.check import Check, CheckResult, worst
from core.model.facts import Database, Facts, PendingReboot, Service, SqlAnswer, SqlSilence
from core.verification.after import reached, verify
from tests.samples import LOST, NEW, OLD, facts, planned

_PLANNED = planned("SQL01")
_BEFORE = facts()
_AFTER = replace(facts(build=NEW), pending_reboot=())
_TARGET = Build.parse(NEW)


def _instance(taken: Facts, patch_level: str, binary: str | None) -> Facts:
    changed = replace(
        taken.instances[0],
        patch_level=Build.parse(patch_level),
        binary=None if binary is None else Build.parse(binary),
    )
    return replace(taken, instances=(changed,))


def _engine(taken: Facts, **changed: object) -> Facts:
    answer = taken.sql[0]
    assert isinstance(answer, SqlAnswer)
    return replace(taken, sql=(replace(answer, **changed),))  # type: ignore[arg-type]


def _named(name: str, after: Facts, before: Facts = _BEFORE) -> list[Check]:
    return [check for check in verify(_PLANNED, before, after) if check.name == name]


def test_all_witnesses_on_the_new_build_and_everything_as_before_is_success() -> None:
    checks = verify(_PLANNED, _BEFORE, _AFTER)
    assert worst(checks) is CheckResult.PASSED
    assert _named("build", _AFTER)[0].witnesses == ("registry", "sqlservr.exe", "engine")


_BUILDS = {
    "unchanged": (facts(build=OLD), CheckResult.FAILED),
    "beyond the plan": (facts(build="15.0.4440.1"), CheckResult.PASSED),
    "gone": (replace(_AFTER, instances=()), CheckResult.FAILED),
    "registry alone moved": (_instance(facts(build=OLD), NEW, OLD), CheckResult.UNKNOWN),
    "engine still old": (_engine(_AFTER, build=Build.parse(OLD)), CheckResult.UNKNOWN),
    "engine fell silent": (replace(_AFTER, sql=(SqlSilence("MSSQLSERVER", LOST),)), CheckResult.UNKNOWN),
    "engine not asked any more": (replace(_AFTER, sql=()), CheckResult.UNKNOWN),
    "binary gone": (_instance(_AFTER, NEW, None), CheckResult.UNKNOWN),
}


@pytest.mark.parametrize(("after", "result"), _BUILDS.values(), ids=_BUILDS)
def test_a_build_is_proven_by_all_who_spoke_before(after: Facts, result: CheckResult) -> None:
    (check,) = _named("build", after)
    assert check.result is result
    assert check.found


def test_a_witness_that_could_not_speak_before_is_not_missed_after() -> None:
    silent = (SqlSilence("MSSQLSERVER", LOST),)
    (check,) = _named("build", replace(_AFTER, sql=silent), replace(_BEFORE, sql=silent))
    assert check.result is CheckResult.PASSED
    assert check.witnesses == ("registry", "sqlservr.exe")


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        (Service("S", "Running", "Auto"), Service("S", "Running", "Auto"), CheckResult.PASSED),
        (Service("S", "Running", "Auto"), Service("S", "Stopped", "Auto"), CheckResult.FAILED),
        (Service("S", "Running", "Auto"), Service("S", "Stopped", "Disabled"), CheckResult.FAILED),
        (Service("S", "Running", "Auto"), None, CheckResult.FAILED),
        (Service("S", "Running", "Manual"), Service("S", "Stopped", "Manual"), None),
        (Service("S", "Stopped", "Auto"), Service("S", "Stopped", "Auto"), None),
    ],
)
def test_automatic_services_that_ran_run_again(
    before: Service, after: Service | None, result: CheckResult | None
) -> None:
    now = replace(_AFTER, services=() if after is None else (after,))
    found = _named("service", now, replace(_BEFORE, services=(before,)))
    assert [check.result for check in found] == ([] if result is None else [result])


@pytest.mark.parametrize(
    ("databases", "result"),
    [
        ((("master", "ONLINE"), ("sales", "ONLINE")), CheckResult.PASSED),
        ((("master", "ONLINE"), ("sales", "RECOVERY_PENDING")), CheckResult.FAILED),
        ((("master", "ONLINE"), ("sales", "SUSPECT")), CheckResult.FAILED),
        ((("master", "ONLINE"),), CheckResult.FAILED),
        ((("master", "ONLINE"), ("sales", "ONLINE"), ("new", "OFFLINE")), CheckResult.PASSED),
    ],
)
def test_databases_that_were_online_are_online(databases: tuple[tuple[str, str], ...], result: CheckResult) -> None:
    after = _engine(_AFTER, databases=tuple(Database(name, state) for name, state in databases))
    assert [check.result for check in _named("databases", after)] == [result]


def test_a_database_that_was_offline_before_may_stay_so() -> None:
    offline = (Database("master", "ONLINE"), Database("sales", "OFFLINE"))
    (check,) = _named("databases", _engine(_AFTER, databases=offline), _engine(_BEFORE, databases=offline))
    assert (check.result, check.expected) == (CheckResult.PASSED, "1 online")


def test_databases_of_an_engine_that_says_nothing_are_unknown() -> None:
    (check,) = _named("databases", replace(_AFTER, sql=(SqlSilence("MSSQLSERVER", LOST),)))
    assert check.result is CheckResult.UNKNOWN


def test_a_restart_that_is_still_pending_is_warned_of() -> None:
    (check,) = _named("pending restart", replace(_AFTER, pending_reboot=(PendingReboot("windows_update"),)))
    assert (check.result, check.found) == (CheckResult.WARNED, "windows_update")


def test_reached_needs_one_build_from_all_who_spoke() -> None:
    assert reached(_AFTER, "mssqlserver", _TARGET) is not None
    assert reached(_BEFORE, "MSSQLSERVER", _TARGET) is None
    assert reached(_instance(_AFTER, NEW, OLD), "MSSQLSERVER", _TARGET) is None
    assert reached(_AFTER, "PROD", _TARGET) is None
