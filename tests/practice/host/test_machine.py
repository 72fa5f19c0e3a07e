"""An imaginary host in a time that the test moves."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.contract.job import Reboot
from core.contract.library import REBOOT
from core.practice.answers.answer import RefusalError
from core.practice.answers.answering import answer
from core.practice.host import power
from core.practice.packages import Content, write_package
from core.practice.spec.fault import FaultSpec
from tests.practice.host.hosts import Practised


def test_an_update_takes_its_time_and_asks_for_a_restart() -> None:
    host = Practised()
    host.install()
    host.later(minutes=7)
    assert host.facts().instances[0].patch_level == "15.0.4385.2"
    host.later(minutes=20)
    facts = host.facts()
    assert facts.instances[0].patch_level == "15.0.4430.1"
    assert [one.reason for one in facts.pending_reboot] == ["servicing_reboot_pending"]
    assert "Passed but reboot required" in host.machine.summary


def test_a_restart_ends_connections_and_brings_services_back_one_after_the_other() -> None:
    host = Practised()
    before = host.boot_state().boot
    host.restart()
    host.later(seconds=6)
    assert not host.machine.reachable
    host.later(seconds=150)
    assert host.boot_state().services_waiting in ((), ("SQLSERVERAGENT",), ("MSSQLSERVER", "SQLSERVERAGENT"))
    host.later(seconds=60)
    after = host.boot_state()
    assert after.services_waiting == ()
    assert after.boot.boot_id != before.boot_id
    assert after.boot.booted_at > before.booted_at


def test_a_restart_of_a_boot_that_is_over_is_not_done_again() -> None:
    host = Practised()
    wanted = Reboot(run_id="run", epoch=1, expected_boot_id=host.machine.boot_id, delay_seconds=0)
    for _ in range(2):
        answer(host.machine, REBOOT.name, wanted)
    host.later(minutes=5)
    answer(host.machine, REBOOT.name, wanted)
    host.later(minutes=5)
    assert host.noted.count("reboot") == host.noted.count("boot") == 1


def test_logins_wait_for_the_upgrade_scripts_of_the_first_start() -> None:
    host = Practised(FaultSpec(when="verify", kind="upgrade_mode", seconds=3600))
    host.install()
    host.later(minutes=30)
    host.restart()
    host.later(minutes=5)
    (instance,) = host.machine.instances
    assert (instance.running, instance.upgrading) == (True, True)
    host.later(hours=1)
    assert not instance.upgrading


def test_an_installer_that_a_power_failure_interrupts_leaves_no_verdict() -> None:
    host = Practised()
    host.install()
    power.crash(host.machine)
    host.later(minutes=40)
    assert host.machine.jobs["job"].exit_code is None
    assert host.facts().instances[0].patch_level == "15.0.4385.2"


def test_a_package_that_nobody_signed_is_refused_by_the_job() -> None:
    host = Practised()
    host.install(write_package(Content("2019", "15.0.4430.1", "5054833"), Ed25519PrivateKey.generate(), 1))
    host.later(hours=1)
    assert host.machine.jobs["job"].state == "refused"
    assert "installer_start" not in host.noted


def test_setup_that_is_told_another_instance_patches_none() -> None:
    host = Practised()
    host.install(arguments=("/InstanceName=OTHER",))
    host.later(hours=1)
    assert host.machine.jobs["job"].exit_code == -2042429437
    assert host.facts().instances[0].patch_level == "15.0.4385.2"


def test_a_full_disk_ends_the_installer_with_that_code() -> None:
    host = Practised(FaultSpec(when="install", kind="disk_full"))
    host.install()
    host.later(hours=1)
    assert host.machine.jobs["job"].exit_code == -2147024784
    assert host.facts().disks[0].free_bytes == 0


@pytest.mark.parametrize("drift", [-3600, 90])
def test_a_clock_that_is_wrong_is_wrong_everywhere_on_the_host(drift: int) -> None:
    right, wrong = Practised(), Practised(clock_drift_seconds=drift)
    assert (wrong.facts().host_time - right.facts().host_time).total_seconds() == drift
    assert (wrong.facts().boot.booted_at - right.facts().boot.booted_at).total_seconds() == drift


def test_a_host_that_is_held_stands_still_and_goes_on_as_if_no_time_had_passed() -> None:
    host = Practised()
    host.machine.hold("installer_start")
    host.install()
    host.later(hours=5)
    assert host.machine.jobs["job"].running
    assert host.machine.next_due() is None
    host.machine.go_on()
    host.later(minutes=7)
    assert host.machine.jobs["job"].running
    host.later(minutes=14)
    assert host.machine.jobs["job"].exit_code == 3010


@pytest.mark.parametrize(("time_scale", "seconds"), [(1, 120), (2000, 1)])
def test_a_cut_lasts_its_time_and_never_so_short_that_nobody_feels_it(time_scale: int, seconds: float) -> None:
    host = Practised(time_scale=time_scale)
    host.machine.cut_network(120)
    host.later(seconds=0.9 * seconds)
    assert not host.machine.reachable
    host.later(seconds=0.2 * seconds)
    assert host.machine.reachable


def test_the_same_seed_makes_the_same_host() -> None:
    assert Practised().facts() == Practised().facts()


def test_a_fault_happens_as_often_as_it_says() -> None:
    host = Practised(FaultSpec(when="reboot", kind="reboot_blocked", times=2))
    for _ in range(2):
        with pytest.raises(RefusalError):
            host.restart()
    host.restart()
    assert host.noted == ["fault", "refused", "fault", "refused", "reboot"]


def test_the_event_log_tells_an_orderly_restart_from_a_crash() -> None:
    orderly, crashed = Practised(), Practised()
    orderly.restart()
    power.crash(crashed.machine)
    for host in (orderly, crashed):
        host.later(minutes=10)
    assert {1074, 6006, 13, 12, 6005} <= set(orderly.events())
    assert not {41, 6008} & set(orderly.events())
    assert {41, 6008, 12, 6005} <= set(crashed.events())
    assert not {1074, 6006, 13} & set(crashed.events())
    assert crashed.machine.boot_id != Practised().machine.boot_id


def test_a_crash_takes_the_installer_with_it() -> None:
    host = Practised()
    host.install()
    host.later(minutes=2)
    power.crash(host.machine)
    host.later(minutes=10)
    assert host.noted.count("installer_end") == 1
    assert host.machine.jobs["job"].exit_code is None


def test_a_disk_that_something_fills_is_full_in_the_end() -> None:
    host = Practised(disk_free_gb={"C": 60, "D": 10}, disk_fills_gb_per_hour={"D": 4})
    host.later(hours=2, minutes=1)
    assert {one.drive: one.free_bytes >> 30 for one in host.facts().disks} == {"C:": 60, "D:": 2}
    host.later(hours=2)
    assert {one.drive: one.free_bytes for one in host.facts().disks}["D:"] == 0


def test_a_clock_that_is_put_right_at_boot_moves_the_boot_time_and_not_the_boots_name() -> None:
    host = Practised(clock_drift_seconds=7200, clock_set_at_boot=True)
    before = host.boot_state()
    host.restart()
    host.later(minutes=10)
    after = host.boot_state()
    assert after.host_time == host.machine.now
    assert after.boot.booted_at < before.host_time
    assert after.boot.boot_id != before.boot.boot_id


@pytest.mark.parametrize(("folder", "word"), [("foreign", "belongs to"), ("open", "lets in"), ("link", "is a link")])
def test_a_folder_that_a_local_user_could_touch_is_used_by_nobody(folder: str, word: str) -> None:
    with pytest.raises(RefusalError, match=word) as refused:
        Practised(drydock_folder=folder)
    assert refused.value.code == "bad_folder"


def test_jobs_outlive_a_restart() -> None:
    host = Practised()
    host.install()
    host.later(minutes=30)
    host.restart()
    host.later(minutes=10)
    job = host.machine.jobs["job"]
    assert (job.state, job.running, job.exit_code) == ("ended", False, 3010)
    assert host.machine.claim is not None
