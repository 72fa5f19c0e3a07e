"""Restarts of the host."""

from core.contract.job import CancelReboot, CancelRebootResult, Reboot, RebootResult
from core.contract.library import CANCEL_REBOOT, REBOOT
from core.practice.answers.answer import RefusalError, assert_no_job, to
from core.practice.host import power
from core.practice.host.machine import Machine


def _reboot(machine: Machine, wanted: Reboot) -> RebootResult:
    if machine.boot_id != wanted.expected_boot_id:
        return RebootResult(schema_version=1, state="already")
    assert_no_job(machine)
    if machine.fault("reboot", "reboot_blocked") is not None:
        raise RefusalError("reboot_refused", "a program on the host blocks the restart")
    if not machine.restarting:
        power.restart(machine, wanted.delay_seconds)
    return RebootResult(schema_version=1, state="requested")


def _cancel_reboot(machine: Machine, wanted: CancelReboot) -> CancelRebootResult:
    if machine.boot_id != wanted.expected_boot_id:
        return CancelRebootResult(schema_version=1, state="too_late")
    return CancelRebootResult(schema_version=1, state="cancelled" if power.cancel_restart(machine) else "none")


ANSWERS = dict((to(REBOOT, _reboot), to(CANCEL_REBOOT, _cancel_reboot)))
