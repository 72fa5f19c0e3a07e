"""Updates that are taken back: by setup, by DISM, and never what is not there."""

from typing import Any

import pytest

from core.catalog.servicing_codes import RemovalResult, removal_meaning
from core.contract.job import CancelReboot, CancelRebootResult, Reboot, StartRemoval, StartResult
from core.contract.library import CANCEL_REBOOT, REBOOT, START_REMOVAL
from core.contract.message import Parameters
from core.practice.answers.answer import RefusalError
from core.practice.answers.answering import answer
from core.practice.host.machine import Machine
from core.practice.spec.fault import FaultSpec
from tests.practice.host.hosts import AFTER, BEFORE, Practised

_HELD: dict[str, Any] = {"run_id": "run", "epoch": 1}
_UPDATE = {
    "kb": "5044281",
    "title": "2026-02 cumulative update",
    "revision": 9999,
    "installed": True,
    "reboot": "always",
}


def _removal(package: str) -> StartRemoval:
    return StartRemoval(job_id="removal", package=package, **_HELD)


def _state(machine: Machine, script: str, wanted: Parameters) -> str:
    told = answer(machine, script, wanted)
    assert isinstance(told, StartResult | CancelRebootResult)
    return told.state


def test_setup_takes_an_update_back_to_the_build_before() -> None:
    host = Practised()
    host.install()
    host.later(minutes=30)
    assert host.facts().instances[0].patch_level == AFTER
    host.machine.jobs.clear()
    host.install(arguments=("/quiet", "/Action=RemovePatch", "/AllInstances"))
    host.later(minutes=30)
    assert host.facts().instances[0].patch_level == BEFORE
    assert "RemovePatch" in host.machine.summary


def test_setup_takes_nothing_back_that_it_did_not_install() -> None:
    host = Practised()
    host.install(arguments=("/quiet", "/Action=RemovePatch", "/AllInstances"))
    host.later(minutes=30)
    assert host.machine.jobs["job"].exit_code == -2042429437
    assert host.facts().instances[0].patch_level == BEFORE


def test_dism_takes_a_cumulative_update_away_and_asks_for_a_restart() -> None:
    host = Practised(os_updates=(_UPDATE,))
    assert host.facts().os.revision == 9999
    answer(host.machine, START_REMOVAL.name, _removal("20348.9999"))
    assert _state(host.machine, START_REMOVAL.name, _removal("20348.9999")) == "already"
    host.later(minutes=10)
    assert host.machine.jobs["removal"].exit_code == 3010
    assert [one.reason for one in host.facts().pending_reboot] == ["servicing_reboot_pending"]
    assert host.facts().os.revision == 9999
    host.restart()
    host.later(minutes=10)
    assert host.facts().os.revision != 9999
    assert host.noted.count("installer_start") == 1


def test_dism_leaves_what_is_permanent() -> None:
    host = Practised(os_updates=(_UPDATE | {"permanent": True},))
    answer(host.machine, START_REMOVAL.name, _removal("20348.9999"))
    host.later(minutes=10)
    assert removal_meaning(host.machine.jobs["removal"].exit_code or 0).result is RemovalResult.PERMANENT
    assert not host.facts().pending_reboot


def test_a_removal_that_fails_changes_nothing() -> None:
    fault = FaultSpec(when="verify", kind="removal_fails", code=1603)
    host = Practised(fault, os_updates=(_UPDATE,))
    answer(host.machine, START_REMOVAL.name, _removal("20348.9999"))
    host.later(minutes=10)
    assert host.machine.jobs["removal"].exit_code == 1603
    assert not host.facts().pending_reboot


@pytest.mark.parametrize("package", ["20348.1", "17763.9999", "KB5044281", "."])
def test_dism_refuses_what_is_not_installed(package: str) -> None:
    with pytest.raises(RefusalError, match="0 installed packages"):
        answer(Practised(os_updates=(_UPDATE,)).machine, START_REMOVAL.name, _removal(package))


def test_a_scheduled_restart_can_be_taken_back_until_it_begins() -> None:
    host = Practised()
    wanted = Reboot(expected_boot_id=host.machine.boot_id, delay_seconds=3600, **_HELD)
    answer(host.machine, REBOOT.name, wanted)
    cancel = CancelReboot(expected_boot_id=host.machine.boot_id, **_HELD)
    states = [_state(host.machine, CANCEL_REBOOT.name, cancel) for _ in range(2)]
    assert states == ["cancelled", "none"]
    host.later(hours=2)
    assert host.machine.up
    assert host.noted.count("boot") == 0


def test_a_restart_that_is_over_is_not_taken_back() -> None:
    host = Practised()
    cancel = CancelReboot(expected_boot_id=host.machine.boot_id, **_HELD)
    host.restart()
    host.later(minutes=10)
    assert _state(host.machine, CANCEL_REBOOT.name, cancel) == "too_late"
