"""What DISM does to an imaginary host when an update of the system is taken back."""

from core.practice.host.jobs import Job
from core.practice.host.machine import Machine
from core.practice.spec.os_update import OsUpdateSpec

_SHORTEST, _LONGEST = 3 * 60, 9 * 60
_REBOOT_NEEDED = 3010


def start(machine: Machine, job: Job, update: OsUpdateSpec) -> None:
    machine.note("job_start", job=job.id)
    machine.note("installer_start", job=job.id, file=job.file_name, arguments=list(job.arguments))
    job.sequence, job.state, job.started_at = 2, "running", machine.now

    def end() -> None:
        if not job.running:
            return
        machine.updates.remove(update)
        if "servicing_reboot_pending" not in machine.pending_reboot:
            machine.pending_reboot.append("servicing_reboot_pending")
        job.sequence, job.state, job.running = 3, "ended", False
        job.exit_code, job.ended_at = _REBOOT_NEEDED, machine.now
        machine.note("installer_end", job=job.id, exit_code=_REBOOT_NEEDED)
        machine.on_change()

    machine.after(machine.random.uniform(_SHORTEST, _LONGEST), end)
