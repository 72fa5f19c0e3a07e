"""What a whole cycle makes of the faults of a host."""

import pytest

from core.app.requests import unblock
from core.app.status import status
from core.model.failure import Cause
from core.model.outcome import Outcome, exit_code
from core.model.record import TargetRecord
from core.model.state import TargetState
from tests.fleet.practising import BEHIND, CURRENT, Practising


def test_a_cut_in_the_middle_of_an_installer_ends_well_and_starts_no_second_one(fleet: Practising) -> None:
    cut, whole = fleet.take(2)
    fleet.fault(cut, "drop_network", after_percent=40)
    finished = fleet.cycle(cut, whole)
    assert finished.outcome is Outcome.SUCCEEDED
    assert finished.record.target(cut).connection_losses >= 1
    for host in (cut, whole):
        assert fleet.count(host, "installer_start", "installer_end", "reboot", "boot") == (1, 1, 1, 1)
        assert fleet.state(host)["builds"] == {"MSSQLSERVER": CURRENT}
        assert fleet.state(host)["claim"] is None
        assert fleet.state(host)["jobs"] == {}


def test_a_remoting_service_that_restarts_under_an_installer_loses_nothing(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "winrm_restart", after_percent=40)
    finished = fleet.cycle(host)
    assert finished.outcome is Outcome.SUCCEEDED
    assert len(fleet.told(host, "fault")) >= 1
    assert finished.record.target(host).connection_losses >= 1
    assert fleet.count(host, "installer_start", "installer_end", "reboot", "boot") == (1, 1, 1, 1)
    assert fleet.state(host)["claim"] is None


def test_an_installer_that_fails_leaves_its_job_behind_and_gives_the_host_back(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "installer_exit", code=1603)
    finished = fleet.cycle(host)
    target = finished.record.target(host)
    assert (target.state, finished.outcome) == (TargetState.FAILED, Outcome.INSTALL_FAILED)
    assert (exit_code(finished.outcome, "basic"), exit_code(finished.outcome, "rmm")) == (1, 210)
    assert target.failure is not None
    assert "1603" in target.failure.detail
    assert fleet.count(host, "installer_start", "reboot") == (1, 0)
    assert fleet.state(host)["claim"] is None
    assert list(fleet.state(host)["jobs"].values()) == ["ended"]
    assert fleet.state(host)["builds"] == {"MSSQLSERVER": BEHIND}


def test_setup_that_refuses_for_a_pending_restart_blocks_the_host(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "installer_exit", code=-2067919934)
    finished = fleet.cycle(host)
    assert finished.record.target(host).state is TargetState.BLOCKED
    assert fleet.count(host, "installer_start", "reboot") == (1, 0)


def test_success_without_a_new_build_is_never_success(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "exit_ok_build_unchanged")
    finished = fleet.cycle(host)
    target = finished.record.target(host)
    assert (target.state, finished.outcome) == (TargetState.FAILED, Outcome.INSTALL_FAILED)
    assert target.failure is not None
    assert target.failure.cause is Cause.INSTALLER
    assert "said success, yet the build did not change" in target.failure.detail
    assert fleet.state(host)["builds"] == {"MSSQLSERVER": BEHIND}


def test_a_job_that_is_gone_is_judged_by_a_fresh_assessment_and_not_started_again(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "job_lost")
    finished = fleet.cycle(host)
    target = finished.record.target(host)
    assert (target.state, finished.outcome) == (TargetState.FAILED, Outcome.INSTALL_FAILED)
    assert target.failure is not None
    assert target.failure.cause is Cause.JOB_LOST
    assert fleet.count(host, "installer_start") == (1,)


def test_one_host_that_refuses_does_not_keep_the_others(fleet: Practising) -> None:
    refusing, well = fleet.take(2)
    made = fleet.authorised(refusing, well)
    fleet.fault(refusing, "refuse", "connect", times=1000)
    finished = fleet.deploy(made)
    assert finished.record.target(well).state is TargetState.SUCCESS
    failure = finished.record.target(refusing).failure
    assert failure is not None
    assert failure.cause is Cause.UNREACHABLE
    assert finished.outcome is Outcome.PARTIAL
    assert fleet.count(refusing, "installer_start") == (0,)


def test_a_run_that_reaches_nobody_has_an_exit_code_of_its_own(fleet: Practising) -> None:
    hosts = fleet.take(2)
    made = fleet.authorised(*hosts)
    for host in hosts:
        fleet.fault(host, "refuse", "connect", times=1000)
    finished = fleet.deploy(made)
    assert finished.outcome is Outcome.NOT_REACHED
    assert exit_code(finished.outcome, "basic") == exit_code(finished.outcome, "rmm") == 3
    assert status(fleet.workspace, finished.run_id).words == "not_reached"


@pytest.mark.parametrize("kind", ["installer_exit", "exit_ok_build_unchanged", "job_lost"])
def test_a_host_that_failed_can_be_patched_by_a_new_plan_once_it_is_unblocked(fleet: Practising, kind: str) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, kind)
    assert fleet.cycle(host).outcome is not Outcome.SUCCEEDED
    unblock(fleet.workspace, host, "looked at it")
    assert fleet.cycle(host).outcome is Outcome.SUCCEEDED
    assert fleet.count(host, "installer_start") == (2,)


def test_a_package_spoilt_on_its_way_is_sent_once_more(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "file_corrupt", "transfer")
    finished = fleet.cycle(host)
    assert finished.outcome is Outcome.SUCCEEDED
    assert fleet.count(host, "file", "installer_start") == (1, 1)


def test_a_package_that_never_arrives_whole_is_never_executed(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "file_corrupt", "transfer", times=1000)
    target = fleet.cycle(host).record.target(host)
    assert _ended(target) == (TargetState.FAILED, Cause.PACKAGE)
    assert fleet.count(host, "file", "job_start", "reboot") == (0, 0, 0)


def test_a_cut_during_the_transfer_is_survived(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "drop_network", "transfer")
    assert fleet.cycle(host).outcome is Outcome.SUCCEEDED
    assert fleet.count(host, "installer_start", "reboot") == (1, 1)


def test_a_cut_during_the_restart_is_survived(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "drop_network", "reboot")
    assert fleet.cycle(host).outcome is Outcome.SUCCEEDED
    assert fleet.count(host, "reboot", "boot") == (1, 1)


def test_a_disk_that_filled_since_the_plan_is_caught_before_anything_runs(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    made = fleet.authorised(host)
    fleet.fault(host, "disk_full", "assess")
    target = fleet.deploy(made).record.target(host)
    assert _ended(target) == (TargetState.BLOCKED, Cause.NOT_ENOUGH_SPACE)
    assert fleet.count(host, "file", "job_start") == (0, 0)


def test_a_disk_that_fills_during_the_transfer_is_the_cause_that_is_named(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "disk_full", "transfer")
    target = fleet.cycle(host).record.target(host)
    assert _ended(target) == (TargetState.FAILED, Cause.NOT_ENOUGH_SPACE)
    assert fleet.count(host, "job_start") == (0,)


def test_a_disk_that_fills_while_setup_runs_is_the_cause_that_is_named(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "disk_full")
    target = fleet.cycle(host).record.target(host)
    assert _ended(target) == (TargetState.FAILED, Cause.INSTALLER)
    assert target.failure is not None
    assert "the disk is full" in target.failure.detail
    assert fleet.count(host, "installer_start", "reboot") == (1, 0)


def test_a_restart_that_came_due_since_the_plan_blocks(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    made = fleet.authorised(host)
    fleet.fault(host, "pending_reboot", "assess")
    target = fleet.deploy(made).record.target(host)
    assert _ended(target) == (TargetState.BLOCKED, Cause.PENDING_REBOOT)
    assert target.failure is not None
    assert "windows update" in target.failure.detail


def test_an_installer_that_crashes_is_judged_by_what_it_left(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "installer_crash")
    target = fleet.cycle(host).record.target(host)
    assert _ended(target) == (TargetState.FAILED, Cause.INSTALLER)
    assert target.failure is not None
    assert "0xC0000005" in target.failure.detail


def test_setup_that_says_failure_though_all_witnesses_name_the_build_is_success_with_a_warning(
    fleet: Practising,
) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "exit_bad_build_reached", code=-2061893606)
    finished = fleet.cycle(host)
    target = finished.record.target(host)
    assert target.state is TargetState.SUCCESS
    assert any("-2061893606" in warning for warning in target.warnings)
    assert fleet.state(host)["builds"] == {"MSSQLSERVER": CURRENT}


def test_a_restart_that_is_refused_is_not_success(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "reboot_blocked", "reboot", times=1000)
    target = fleet.cycle(host).record.target(host)
    assert _ended(target) == (TargetState.BLOCKED, Cause.REBOOT)
    assert fleet.count(host, "reboot", "boot") == (0, 0)


@pytest.mark.parametrize(("kind", "boots"), [("slow_boot", 1), ("double_reboot", 2)])
def test_slow_and_double_restarts_are_waited_for(fleet: Practising, kind: str, boots: int) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, kind, "reboot", seconds=2000)
    assert fleet.cycle(host).outcome is Outcome.SUCCEEDED
    fleet.until(host, "boot", boots)
    assert fleet.count(host, "installer_start", "reboot", "boot") == (1, boots, boots)


def test_upgrade_scripts_after_the_update_are_waited_for(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "upgrade_mode", "verify", seconds=4000)
    finished = fleet.cycle(host)
    assert finished.outcome is Outcome.SUCCEEDED
    assert fleet.count(host, "reboot") == (1,)


def test_a_database_that_does_not_come_back_is_a_failed_verification(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "database_suspect", "verify")
    finished = fleet.cycle(host)
    assert (_ended(finished.record.target(host)), finished.outcome) == (
        (TargetState.FAILED, Cause.VERIFICATION),
        Outcome.VERIFICATION_FAILED,
    )
    failure = finished.record.target(host).failure
    assert failure is not None
    assert "error 3414, severity 21" in failure.detail


def test_upgrade_scripts_that_fail_are_a_failed_verification(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "script_upgrade_failed", "verify")
    with fleet.waiting(reboot=0.1, sql_startup=0.03):
        finished = fleet.cycle(host)
    target = finished.record.target(host)
    assert (_ended(target), finished.outcome) == (
        (TargetState.FAILED, Cause.VERIFICATION),
        Outcome.VERIFICATION_FAILED,
    )
    assert target.failure is not None
    assert "the service MSSQLSERVER is stopped" in target.failure.detail
    assert (
        "ERRORLOG: error 912, severity 21: Script level upgrade for database 'master' failed" in target.failure.detail
    )
    assert fleet.count(host, "reboot", "boot") == (1, 1)


def test_a_host_that_a_second_console_took_after_the_plan_is_left_alone(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "second_console", "assess")
    finished = fleet.cycle(host)
    assert _ended(finished.record.target(host)) == (TargetState.DEFERRED, Cause.CLAIMED)
    assert finished.outcome is Outcome.LOCKED


def _ended(target: TargetRecord) -> tuple[TargetState, Cause | None]:
    return target.state, None if target.failure is None else target.failure.cause
