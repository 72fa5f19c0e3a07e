"""What DISM does to an imaginary host when an update of the system is taken back."""

from core.practice.host.jobs import Job
from core.practice.host.machine import NETWORK_DOWN_SECONDS, Machine
from core.practice.spec.os_update import OsUpdateSpec

_SHORTEST, _LONGEST = 3 * 60, 9 * 60
_REBOOT_NEEDED = 3010
_PERMANENT = 0x800F0825 - 0x100000000


def start(machine: Machine, job: Job, update: OsUpdateSpec) -> None:
    machine.note("job_start", job=job.id)
    machine.note("installer_start", job=job.id, file=job.file_name, arguments=list(job.arguments))
    job.sequence, job.state, job.started_at = 2, "running", machine.now
    duration = machine.random.uniform(_SHORTEST, _LONGEST)
    cut = machine.fault("install", "drop_network")
    if cut is not None:
        machine.after(duration * cut.after_percent / 100, lambda: machine.cut_network(NETWORK_DOWN_SECONDS))

    def end() -> None:
        if not job.running:
            return
        code = _outcome(machine, update)
        job.sequence, job.state, job.running = 3, "ended", False
        job.exit_code, job.ended_at = code, machine.now
        machine.note("installer_end", job=job.id, exit_code=code)
        machine.on_change()

    machine.after(duration, end)


def _outcome(machine: Machine, update: OsUpdateSpec) -> int:
    failed = machine.fault("verify", "removal_fails")
    if failed is not None:
        return failed.code
    if update.permanent:
        return _PERMANENT
    machine.updates.remove(update)
    if "servicing_reboot_pending" not in machine.pending_reboot:
        machine.pending_reboot.append("servicing_reboot_pending")
    return _REBOOT_NEEDED
