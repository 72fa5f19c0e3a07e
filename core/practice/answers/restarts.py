"""Restarts of the host."""

from core.contract.job import Reboot, RebootResult
from core.contract.library import REBOOT
from core.practice.answers.answer import RefusalError, to
from core.practice.host.machine import Machine


def _reboot(machine: Machine, wanted: Reboot) -> RebootResult:
    if machine.boot_id != wanted.expected_boot_id:
        return RebootResult(schema_version=1, state="already")
    if machine.fault("reboot", "reboot_blocked") is not None:
        raise RefusalError("reboot_refused", "a program on the host blocks the restart")
    if not machine.restarting:
        machine.restart(wanted.delay_seconds)
    return RebootResult(schema_version=1, state="requested")


ANSWERS = dict((to(REBOOT, _reboot),))
