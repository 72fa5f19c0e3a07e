"""Detached jobs."""

from datetime import timedelta

from core.contract.job import (
    CollectJob,
    CollectResult,
    RemoveJob,
    RemoveResult,
    StartJob,
    StartRemoval,
    StartResult,
    StatusPart,
    WatchJob,
    WatchResult,
)
from core.contract.library import COLLECT_JOB, REMOVE_JOB, START_JOB, START_REMOVAL, WATCH_JOB
from core.practice.answers.answer import Hold, RefusalError, assert_no_job, assert_task_scripts, to
from core.practice.host import installer, removal
from core.practice.host.jobs import Job
from core.practice.host.machine import Machine
from core.practice.host.windows import OS_VERSIONS


def _start_job(machine: Machine, wanted: StartJob) -> StartResult:
    assert_task_scripts(machine)
    if wanted.job_id in machine.jobs:
        return StartResult(schema_version=1, state="already")
    assert_no_job(machine)
    if (wanted.sha256, wanted.file_name) not in machine.files:
        raise RefusalError("no_package", f"{wanted.file_name} is not there")
    job = Job(wanted.job_id, wanted.sha256, wanted.file_name, wanted.arguments, wanted.signer)
    machine.jobs[wanted.job_id] = job
    installer.start(machine, job)
    return StartResult(schema_version=1, state="started")


def _watch_job(machine: Machine, wanted: WatchJob) -> WatchResult | Hold:
    job = machine.jobs.get(wanted.job_id)
    if job is None:
        return WatchResult(schema_version=1, known=False, running=False, status=None)

    def changed() -> bool:
        return job.sequence > wanted.seen or not job.running

    if not changed() and wanted.wait_seconds > 0:
        return Hold(machine.now + timedelta(seconds=wanted.wait_seconds), changed)
    status = StatusPart(
        sequence=job.sequence,
        state=job.state,
        started_at=job.started_at,
        ended_at=job.ended_at,
        exit_code=job.exit_code,
        percent=job.percent,
        message=job.message,
    )
    return WatchResult(schema_version=1, known=True, running=job.running, status=status)


def _collect_job(machine: Machine, wanted: CollectJob) -> CollectResult:
    """Setup's summary only where it is newer than the job: an older one tells of another installation."""
    job = machine.jobs.get(wanted.job_id)
    if job is None:
        return CollectResult(schema_version=1, output="", summary="")
    began, within = machine.local_time - (machine.now - (job.started_at or machine.now)), f"\\{wanted.folder}\\"
    newer = (one.summary for one in reversed(machine.setup_logs) if within in one.folder and one.ended >= began)
    summary = next(newer, "") if wanted.folder else ""
    most = wanted.max_chars
    return CollectResult(schema_version=1, output=job.output[-most:], summary=summary[-most:])


def _remove_job(machine: Machine, wanted: RemoveJob) -> RemoveResult:
    job = machine.jobs.get(wanted.job_id)
    if job is not None and job.running:
        raise RefusalError("job_running", f"job {job.id} is still running")
    machine.jobs.pop(wanted.job_id, None)
    for key in [key for key in machine.files if key[0] == wanted.sha256]:
        machine.free["C"] += machine.files.pop(key).size
    return RemoveResult(schema_version=1, removed=True)


def _start_removal(machine: Machine, wanted: StartRemoval) -> StartResult:
    """DISM takes the cumulative update of a build away, and wants a restart for it."""
    assert_task_scripts(machine)
    if wanted.job_id in machine.jobs:
        return StartResult(schema_version=1, state="already")
    assert_no_job(machine)
    build, _, revision = wanted.package.partition(".")
    here = OS_VERSIONS[machine.spec.os][1].endswith(f".{build}") and revision.isdigit()
    update = machine.updates.installed_as(int(revision)) if here else None
    if update is None:
        raise RefusalError("no_os_package", f"0 installed packages are named by {wanted.package}")
    job = Job(wanted.job_id, "", "dism.exe", ("/Online", "/Remove-Package"))
    machine.jobs[wanted.job_id] = job
    removal.start(machine, job, update)
    return StartResult(schema_version=1, state="started")


ANSWERS = dict(
    (
        to(START_JOB, _start_job),
        to(START_REMOVAL, _start_removal),
        to(WATCH_JOB, _watch_job),
        to(COLLECT_JOB, _collect_job),
        to(REMOVE_JOB, _remove_job),
    )
)
