"""What SQL Server's setup does to an imaginary host."""

from datetime import datetime

from core.catalog.setup_codes import spelled
from core.model.build import Build
from core.practice.host import windows
from core.practice.host.jobs import File, Job
from core.practice.host.machine import NETWORK_DOWN_SECONDS, Machine
from core.practice.host.setup_log import Installation, setup_log
from core.practice.host.sql_server import SqlServer
from core.practice.host.windows import OS_VERSIONS
from core.practice.packages import SIGNER, Content

_SHORTEST, _LONGEST = 8 * 60, 20 * 60
_KEPT_LOGS = 20
_NOTHING_TO_PATCH, _ACCESS_VIOLATION, _DISK_FULL = -2042429437, -1073741819, -2147024784


def start(machine: Machine, job: Job) -> None:
    """Checks what the job's script would check, then runs setup detached from every connection."""
    file = machine.files.get((job.sha256, job.file_name))
    machine.note("job_start", job=job.id)
    job.sequence, job.state, job.started_at = 1, "starting", machine.now
    wrong = _why_not(file, job)
    if file is None or file.content is None or wrong:
        job.state, job.running, job.ended_at, job.message = "refused", False, machine.now, wrong
        machine.note("refused", job=job.id, why=wrong)
        return
    job.sequence, job.state = 2, "running"
    machine.note("installer_start", job=job.id, file=job.file_name, arguments=list(job.arguments))
    late = machine.fault("install", "late_success")
    duration = machine.random.uniform(_SHORTEST, _LONGEST) + (late.seconds if late is not None else 0)
    _plan_faults(machine, job, duration)
    if machine.fault("install", "installer_hang") is not None:
        return
    content = file.content

    def end_of_installer() -> None:
        _end(machine, job, content)

    machine.after(duration, end_of_installer)


def _why_not(file: File | None, job: Job) -> str:
    """What the job's own script would say, before anything is started."""
    if file is None:
        return f"{job.file_name} is not there"
    if file.sha256 != job.sha256:
        return f"the package's hash is {file.sha256}"
    if not file.signed or job.signer != SIGNER:
        return "the package is not signed by the signer that was verified"
    return "" if file.content is not None else "the package cannot be started"


def _plan_faults(machine: Machine, job: Job, duration: float) -> None:
    """Breaks of the line, and the loss of the job, come at a part of setup's duration."""
    cut = machine.fault("install", "drop_network")
    if cut is not None:
        machine.after(duration * cut.after_percent / 100, lambda: machine.cut_network(NETWORK_DOWN_SECONDS))
    restarted = machine.fault("install", "winrm_restart")
    if restarted is not None:
        machine.after(duration * restarted.after_percent / 100, machine.restart_winrm)
    lost = machine.fault("install", "job_lost")
    if lost is not None:
        machine.after(duration * lost.after_percent / 100, lambda: _lose(machine, job))
    crash = machine.fault("install", "installer_crash")
    if crash is not None:
        machine.after(duration * crash.after_percent / 100, lambda: _finish(machine, job, _ACCESS_VIOLATION))


def _lose(machine: Machine, job: Job) -> None:
    """The task is gone and setup with it: no verdict is left."""
    machine.kill(job)
    machine.on_change()


def _end(machine: Machine, job: Job, content: Content) -> None:
    if job.running:
        _finish(machine, job, _outcome(machine, job, content))


def _outcome(machine: Machine, job: Job, content: Content) -> int:
    """Setup's exit code, with or without the faults that befall it."""
    if machine.fault("install", "disk_full") is not None:
        machine.free["C"] = 0
        return _DISK_FULL
    failed = machine.fault("install", "installer_exit")
    if failed is not None:
        return failed.code
    code = _install(machine, job, content, machine.fault("install", "exit_ok_build_unchanged") is None)
    lying = machine.fault("install", "exit_bad_build_reached")
    return code if lying is None else lying.code


def _finish(machine: Machine, job: Job, code: int) -> None:
    if not job.running:
        return
    job.sequence, job.state, job.running = 3, "ended", False
    job.exit_code, job.ended_at = code, machine.now
    job.output = f"Setup ended with {spelled(code)}.\n"
    _write_down(machine, job, code)
    machine.patched = True
    machine.note("installer_end", job=job.id, exit_code=code)
    machine.on_change()


def _install(machine: Machine, job: Job, content: Content, changes: bool) -> int:
    """Patches what the command line names, or takes the patch back. Nothing to do is an error of setup's own."""
    if "/action=removepatch" in (word.casefold() for word in job.arguments):
        return _remove(machine, job, content)
    chosen = [one for one in machine.instances if _is_meant(one, job.arguments) and _fits(one, content)]
    if not chosen:
        return _NOTHING_TO_PATCH
    if changes:
        for instance in chosen:
            instance.needs_upgrade = instance.needs_upgrade or instance.build
            instance.replaced = (*instance.replaced, instance.build)
            instance.build = content.build
    if "servicing_reboot_pending" not in machine.pending_reboot:
        machine.pending_reboot.append("servicing_reboot_pending")
    return 3010


def _remove(machine: Machine, job: Job, content: Content) -> int:
    """Back to the build before, where this package is the one that is installed."""
    failed = machine.fault("verify", "removal_fails")
    if failed is not None:
        return failed.code
    chosen = [
        one
        for one in machine.instances
        if _is_meant(one, job.arguments) and one.build == content.build and one.replaced
    ]
    if not chosen:
        return _NOTHING_TO_PATCH
    for instance in chosen:
        instance.needs_upgrade = instance.build
        *older, instance.build = instance.replaced
        instance.replaced = tuple(older)
    if "servicing_reboot_pending" not in machine.pending_reboot:
        machine.pending_reboot.append("servicing_reboot_pending")
    return 3010


def _is_meant(instance: SqlServer, arguments: tuple[str, ...]) -> bool:
    words = {word.casefold() for word in arguments}
    return "/allinstances" in words or f"/instancename={instance.name}".casefold() in words


def _fits(instance: SqlServer, content: Content) -> bool:
    build = Build.parse(instance.build)
    return build.family == content.family and not build.reaches(Build.parse(content.build))


def _write_down(machine: Machine, job: Job, code: int) -> None:
    """As setup itself does: its logs, and a word in the event log."""
    file = machine.files.get((job.sha256, job.file_name))
    if file is None or file.content is None:
        return
    caption, version, _ = OS_VERSIONS[machine.spec.os]
    installation = Installation(
        machine=machine.name,
        system=f"{caption} - {version}",
        clustered=any(one.clustered for one in machine.instances),
        content=file.content,
        arguments=job.arguments,
        began=_local(machine, job.started_at or machine.now),
        ended=machine.local_time,
        code=code,
        found=machine.instances,
        meant=[one for one in machine.instances if _is_meant(one, job.arguments)],
    )
    machine.setup_logs.append(setup_log(installation))
    del machine.setup_logs[:-_KEPT_LOGS]
    machine.log(windows.product_configured(f"SQL Server {file.content.family} Database Engine Services", code))


def _local(machine: Machine, at: datetime) -> datetime:
    return machine.local_time - (machine.now - at)
