"""An imaginary host in a time that the test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.contract.claim import TakeClaim
from core.contract.host import BootStateResult, HostFactsResult
from core.contract.job import Reboot, StartJob
from core.contract.library import BOOT_STATE, HOST_FACTS, REBOOT, RECEIVE_PACKAGE, START_JOB, TAKE_CLAIM
from core.contract.message import NoParameters
from core.contract.package import ReceivePackage
from core.practice.answers.answer import RefusalError
from core.practice.answers.answering import answer
from core.practice.host.machine import Machine
from core.practice.packages import SIGNER, Content, sha256_of, write_package
from core.practice.spec.fault import FaultSpec
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.server import ServerSpec

_ROOT = Ed25519PrivateKey.generate()
_PACKAGE = write_package(Content("2019", "15.0.4430.1", "5054833"), _ROOT, 1)
_NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


class _Host:
    """A machine, its clock, and what it noted."""

    def __init__(self, *faults: FaultSpec, **spec: Any) -> None:
        self.noted: list[str] = []
        instances = (InstanceSpec(build="15.0.4385.2"),)
        server = ServerSpec(name="HOST", instances=instances, faults=faults, **spec)
        self.machine = Machine(server, 7, 1, _ROOT.public_key(), lambda _at, _host, kind, _detail: self._note(kind))
        self.machine.start(_NOW)
        answer(self.machine, TAKE_CLAIM.name, TakeClaim(run_id="run", epoch=1, console="here"))

    def _note(self, kind: str) -> None:
        self.noted.append(kind)

    def later(self, **time: float) -> None:
        self.machine.advance(self.machine.now + timedelta(**time))

    def facts(self) -> HostFactsResult:
        found = answer(self.machine, HOST_FACTS.name, NoParameters())
        assert isinstance(found, HostFactsResult)
        return found

    def boot_state(self) -> BootStateResult:
        found = answer(self.machine, BOOT_STATE.name, NoParameters())
        assert isinstance(found, BootStateResult)
        return found

    def install(self, data: bytes = _PACKAGE, arguments: tuple[str, ...] = ("/AllInstances",)) -> None:
        sha256 = sha256_of(data)
        received = ReceivePackage(run_id="run", epoch=1, sha256=sha256, file_name="p.exe", size_bytes=len(data))
        answer(self.machine, RECEIVE_PACKAGE.name, received, data)
        started = StartJob(
            run_id="run", epoch=1, job_id="job", sha256=sha256, file_name="p.exe", signer=SIGNER, arguments=arguments
        )
        answer(self.machine, START_JOB.name, started)

    def restart(self) -> None:
        wanted = Reboot(run_id="run", epoch=1, expected_boot_id=self.machine.boot_id, delay_seconds=5)
        answer(self.machine, REBOOT.name, wanted)


def test_an_update_takes_its_time_and_asks_for_a_restart() -> None:
    host = _Host()
    host.install()
    host.later(minutes=7)
    assert host.facts().instances[0].patch_level == "15.0.4385.2"
    host.later(minutes=20)
    facts = host.facts()
    assert facts.instances[0].patch_level == "15.0.4430.1"
    assert [one.reason for one in facts.pending_reboot] == ["servicing_reboot_pending"]
    assert "Passed but reboot required" in host.machine.summary


def test_a_restart_ends_connections_and_brings_services_back_one_after_the_other() -> None:
    host = _Host()
    before = host.boot_state().boot
    host.restart()
    host.later(seconds=6)
    assert not host.machine.reachable
    host.later(seconds=150)
    assert host.boot_state().services_waiting in ((), ("MSSQLSERVER",))
    host.later(seconds=30)
    after = host.boot_state()
    assert after.services_waiting == ()
    assert after.boot.boot_id != before.boot_id
    assert after.boot.booted_at > before.booted_at


def test_a_restart_of_a_boot_that_is_over_is_not_done_again() -> None:
    host = _Host()
    wanted = Reboot(run_id="run", epoch=1, expected_boot_id=host.machine.boot_id, delay_seconds=0)
    for _ in range(2):
        answer(host.machine, REBOOT.name, wanted)
    host.later(minutes=5)
    answer(host.machine, REBOOT.name, wanted)
    host.later(minutes=5)
    assert host.noted.count("reboot") == host.noted.count("boot") == 1


def test_logins_wait_for_the_upgrade_scripts_of_the_first_start() -> None:
    host = _Host(FaultSpec(when="verify", kind="upgrade_mode", seconds=3600))
    host.install()
    host.later(minutes=30)
    host.restart()
    host.later(minutes=5)
    (instance,) = host.machine.instances
    assert (instance.running, instance.upgrading) == (True, True)
    host.later(hours=1)
    assert not instance.upgrading


def test_an_installer_that_a_restart_interrupts_leaves_no_verdict() -> None:
    host = _Host()
    host.install()
    host.restart()
    host.later(minutes=40)
    assert host.machine.jobs["job"].exit_code is None
    assert host.facts().instances[0].patch_level == "15.0.4385.2"


def test_a_package_that_nobody_signed_is_refused_by_the_job() -> None:
    host = _Host()
    host.install(write_package(Content("2019", "15.0.4430.1", "5054833"), Ed25519PrivateKey.generate(), 1))
    host.later(hours=1)
    assert host.machine.jobs["job"].state == "refused"
    assert "installer_start" not in host.noted


def test_setup_that_is_told_another_instance_patches_none() -> None:
    host = _Host()
    host.install(arguments=("/InstanceName=OTHER",))
    host.later(hours=1)
    assert host.machine.jobs["job"].exit_code == -2042429437
    assert host.facts().instances[0].patch_level == "15.0.4385.2"


def test_a_full_disk_ends_the_installer_with_that_code() -> None:
    host = _Host(FaultSpec(when="install", kind="disk_full"))
    host.install()
    host.later(hours=1)
    assert host.machine.jobs["job"].exit_code == -2147024784
    assert host.facts().disks[0].free_bytes == 0


@pytest.mark.parametrize("drift", [-3600, 90])
def test_a_clock_that_is_wrong_is_wrong_everywhere_on_the_host(drift: int) -> None:
    right, wrong = _Host(), _Host(clock_drift_seconds=drift)
    assert (wrong.facts().host_time - right.facts().host_time).total_seconds() == drift
    assert (wrong.facts().boot.booted_at - right.facts().boot.booted_at).total_seconds() == drift


def test_a_host_that_is_held_stands_still_and_goes_on_as_if_no_time_had_passed() -> None:
    host = _Host()
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


def test_the_same_seed_makes_the_same_host() -> None:
    assert _Host().facts() == _Host().facts()


def test_a_fault_happens_as_often_as_it_says() -> None:
    host = _Host(FaultSpec(when="reboot", kind="reboot_blocked", times=2))
    for _ in range(2):
        with pytest.raises(RefusalError):
            host.restart()
    host.restart()
    assert host.noted == ["fault", "fault", "reboot"]
