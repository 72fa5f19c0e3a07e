"""How an imaginary host answers the contract's scripts: it checks what a real one would check."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.contract.claim import ClaimResult, Held, ReleaseClaim, ReleaseResult, TakeClaim
from core.contract.host import (
    BootPart,
    BootStateResult,
    DiskPart,
    HostFactsResult,
    InstancePart,
    OsPart,
    PendingPart,
    ServicePart,
)
from core.contract.job import (
    CollectJob,
    CollectResult,
    Reboot,
    RebootResult,
    RemoveJob,
    RemoveResult,
    StartJob,
    StartResult,
    StatusPart,
    WatchJob,
    WatchResult,
)
from core.contract.library import (
    BOOT_STATE,
    COLLECT_JOB,
    HOST_FACTS,
    HOST_INVENTORY,
    PLACE_PACKAGE,
    PULL_PACKAGE,
    REBOOT,
    RECEIVE_PACKAGE,
    RELEASE_CLAIM,
    REMOVE_JOB,
    START_JOB,
    TAKE_CLAIM,
    VERIFY_PACKAGE,
    WATCH_JOB,
)
from core.contract.message import NoParameters, Parameters, Result
from core.contract.package import (
    PlacePackage,
    PlaceResult,
    PullPackage,
    PullResult,
    ReceivePackage,
    ReceiveResult,
    VerifyPackage,
    VerifyResult,
)
from core.practice import installer, surroundings
from core.practice.machine import NETWORK_DOWN_SECONDS, OS_VERSIONS, Claim, File, Job, Machine
from core.practice.packages import SIGNER, is_signed, read_package, sha256_of

_ALMOST_NOTHING = 200 * 1024


class RefusalError(Exception):
    """The script ends with an error and a code of the contract."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Hold:
    """The answer waits: until it is ready, or until the time is up. Then ask again."""

    until: datetime
    ready: Callable[[], bool]


def answer(machine: Machine, script: str, parameters: Parameters, content: bytes = b"") -> Result | Hold:
    """Raises RefusalError as the script would end."""
    if isinstance(parameters, Held) and not isinstance(parameters, TakeClaim | ReleaseClaim):
        _assert_claim(machine, parameters)
    if isinstance(parameters, ReceivePackage):
        return _receive(machine, parameters, content)
    return _HANDLERS[script](machine, parameters)


def _assert_claim(machine: Machine, held: Held) -> None:
    claim = machine.claim
    if claim is None:
        raise RefusalError("not_claimed", "this run does not hold the claim of the host")
    if claim.run_id != held.run_id:
        raise RefusalError("claimed", f"the host is claimed by run {claim.run_id} of console {claim.console}")
    if claim.epoch != held.epoch:
        raise RefusalError("fenced", f"the claim was taken over: its epoch is {claim.epoch}, not {held.epoch}")


def _befall(machine: Machine) -> None:
    """Faults whose moment is a look at the host."""
    moment = machine.moment()
    if machine.fault(moment, "drop_network") is not None:
        machine.cut_network(NETWORK_DOWN_SECONDS)
    if machine.fault(moment, "disk_full") is not None:
        machine.free["C"] = _ALMOST_NOTHING
    if machine.fault(moment, "pending_reboot") is not None:
        machine.pending_reboot.append("windows_update")
    if machine.fault(moment, "second_console") is not None and machine.claim is None:
        machine.claim = Claim("another console", "another run", 1, machine.now)
    for instance in machine.instances[:1]:
        if machine.fault(moment, "service_down") is not None:
            instance.running = False
            machine.on_change()
        busy = machine.fault(moment, "job_running")
        if busy is not None:
            machine.keep_busy(instance, busy.seconds)
        if machine.fault(moment, "database_suspect") is not None:
            instance.databases["Sales"] = "SUSPECT"


def _host_facts(machine: Machine, _: NoParameters) -> HostFactsResult:
    _befall(machine)
    caption, version, revision = OS_VERSIONS[machine.spec.os]
    return HostFactsResult(
        schema_version=1,
        host_time=machine.host_time,
        machine_id=machine.machine_id,
        computer_name=machine.name,
        os=OsPart(caption=caption, version=version, revision=revision, time_zone="W. Europe Standard Time"),
        boot=_boot(machine),
        domain="practice.example",
        hardware=surroundings.hardware(machine),
        sessions=(),
        installers=(),
        cluster=None,
        configuration_manager=None,
        automatic_updates=surroundings.automatic_updates(),
        limits=surroundings.limits(),
        components=(),
        disks=tuple(
            DiskPart(drive=f"{drive}:", free_bytes=free, size_bytes=max(free, 128 * 1024**3), protection="off")
            for drive, free in machine.free.items()
        ),
        services=_services(machine),
        pending_reboot=tuple(PendingPart(reason=reason, detail="") for reason in machine.pending_reboot),
        instances=tuple(
            InstancePart(
                name=one.name,
                instance_id=one.instance_id,
                edition=one.edition,
                patch_level=one.build,
                binary=one.build,
                tcp_port=None,
                service=one.service,
                clustered=False,
            )
            for one in machine.instances
        ),
    )


def _services(machine: Machine) -> tuple[ServicePart, ...]:
    names = [("LanmanServer", True), ("WinRM", True), *((one.service, one.running) for one in machine.instances)]
    return tuple(
        ServicePart(name=name, state="Running" if running else "Stopped", start_mode="Auto") for name, running in names
    )


def _boot(machine: Machine) -> BootPart:
    drift = machine.host_time - machine.now
    return BootPart(booted_at=machine.booted_at + drift, boot_id=machine.boot_id)


def _boot_state(machine: Machine, _: NoParameters) -> BootStateResult:
    return BootStateResult(
        schema_version=1,
        host_time=machine.host_time,
        boot=_boot(machine),
        servicing_busy=False,
        services_waiting=tuple(one.service for one in machine.instances if not one.running),
    )


def _take_claim(machine: Machine, wanted: TakeClaim) -> ClaimResult:
    held = machine.claim
    if held is not None and held.run_id != wanted.run_id:
        since = f"{held.taken_at:%Y-%m-%d %H:%M:%S} UTC"
        raise RefusalError(
            "claimed", f"the host is claimed by run {held.run_id} of console {held.console} since {since}"
        )
    if held is not None and held.epoch > wanted.epoch:
        raise RefusalError("fenced", f"the claim was taken over: its epoch is {held.epoch}, not {wanted.epoch}")
    machine.claim = Claim(wanted.console, wanted.run_id, wanted.epoch, machine.now)
    return ClaimResult(schema_version=1, renewed=held is not None)


def _release_claim(machine: Machine, wanted: ReleaseClaim) -> ReleaseResult:
    if machine.claim is None:
        return ReleaseResult(schema_version=1, released=False)
    _assert_claim(machine, wanted)
    running = [job.id for job in machine.jobs.values() if job.running]
    if running:
        raise RefusalError("job_running", f"job {running[0]} is still running")
    machine.claim = None
    machine.patched = False
    return ReleaseResult(schema_version=1, released=True)


def _receive(machine: Machine, wanted: ReceivePackage, content: bytes) -> ReceiveResult:
    if len(content) != wanted.size_bytes:
        raise RefusalError("bad_size", f"{len(content)} of {wanted.size_bytes} bytes arrived")
    if machine.fault("transfer", "drop_network") is not None:
        machine.cut_network(NETWORK_DOWN_SECONDS)
        raise RefusalError("bad_size", f"the line broke before {wanted.size_bytes} bytes had arrived")
    _keep(machine, wanted, content)
    return ReceiveResult(schema_version=1, size_bytes=len(content))


def _pull(machine: Machine, wanted: PullPackage) -> PullResult:
    """An imaginary host copies in no time."""
    if wanted.give_up:
        return PullResult(schema_version=1, done=False, received_bytes=0)
    content = machine.read_share(wanted.source)
    if content is None:
        raise RefusalError("share_absent", f"{wanted.source} is not there")
    if len(content) != wanted.size_bytes:
        raise RefusalError("share_other", f"{wanted.source} has {len(content)} bytes instead of {wanted.size_bytes}")
    _keep(machine, wanted, content)
    return PullResult(schema_version=1, done=True, received_bytes=len(content))


def _place(_: Machine, wanted: PlacePackage) -> PlaceResult:
    """Imaginary hosts have no administrative share, so that nothing was ever pushed."""
    folder = f"C:\\ProgramData\\Drydock\\packages\\{wanted.sha256}"
    return PlaceResult(schema_version=1, placed=False, folder=folder, received_bytes=0)


def _keep(machine: Machine, wanted: ReceivePackage | PullPackage, content: bytes) -> None:
    free = machine.free["C"]
    if machine.fault("transfer", "disk_full") is not None:
        free = machine.free["C"] = _ALMOST_NOTHING
    if free < wanted.size_bytes:
        raise RefusalError("no_space", f"the package needs {wanted.size_bytes} bytes, {free} are free")
    found = sha256_of(content)
    if machine.fault("transfer", "file_corrupt") is not None:
        found = found[::-1]
    if found != wanted.sha256:
        raise RefusalError("bad_hash", f"the hash of what arrived is {found}")
    file = File(len(content), found, read_package(content), is_signed(content, machine.root))
    machine.note("file", name=wanted.file_name, sha256=found, size=file.size)
    replaced = machine.files.get((wanted.sha256, wanted.file_name))
    machine.files[wanted.sha256, wanted.file_name] = file
    machine.free["C"] -= file.size - (0 if replaced is None else replaced.size)


def _verify_package(machine: Machine, wanted: VerifyPackage) -> VerifyResult:
    file = machine.files.get((wanted.sha256, wanted.file_name))
    if file is None:
        signature, signer = "none", ""
    else:
        signature, signer = ("Valid", SIGNER) if file.signed else ("NotSigned", "")
    return VerifyResult(
        schema_version=1,
        present=file is not None,
        sha256=None if file is None else file.sha256,
        signature=signature,
        signer=signer,
        partial_bytes=0,
        free_bytes=machine.free["C"],
    )


def _start_job(machine: Machine, wanted: StartJob) -> StartResult:
    if wanted.job_id in machine.jobs:
        return StartResult(schema_version=1, state="already")
    if (wanted.sha256, wanted.file_name) not in machine.files:
        raise RefusalError("no_package", f"{wanted.file_name} is not there")
    job = Job(wanted.job_id, wanted.sha256, wanted.file_name, wanted.arguments)
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
        message=job.message,
    )
    return WatchResult(schema_version=1, known=True, running=job.running, status=status)


def _collect_job(machine: Machine, wanted: CollectJob) -> CollectResult:
    job = machine.jobs.get(wanted.job_id)
    output = "" if job is None else job.output
    summary = machine.summary[-wanted.max_chars :]
    return CollectResult(schema_version=1, output=output[-wanted.max_chars :], summary=summary)


def _remove_job(machine: Machine, wanted: RemoveJob) -> RemoveResult:
    job = machine.jobs.get(wanted.job_id)
    if job is not None and job.running:
        raise RefusalError("job_running", f"job {job.id} is still running")
    machine.jobs.pop(wanted.job_id, None)
    for key in [key for key in machine.files if key[0] == wanted.sha256]:
        machine.free["C"] += machine.files.pop(key).size
    return RemoveResult(schema_version=1, removed=True)


def _reboot(machine: Machine, wanted: Reboot) -> RebootResult:
    if machine.boot_id != wanted.expected_boot_id:
        return RebootResult(schema_version=1, state="already")
    if machine.fault("reboot", "reboot_blocked") is not None:
        raise RefusalError("reboot_refused", "a program on the host blocks the restart")
    if not machine.restarting:
        machine.restart(wanted.delay_seconds)
    return RebootResult(schema_version=1, state="requested")


_HANDLERS: dict[str, Callable[[Machine, Any], Result | Hold]] = {
    HOST_FACTS.name: _host_facts,
    HOST_INVENTORY.name: surroundings.host_inventory,
    BOOT_STATE.name: _boot_state,
    TAKE_CLAIM.name: _take_claim,
    RELEASE_CLAIM.name: _release_claim,
    PLACE_PACKAGE.name: _place,
    PULL_PACKAGE.name: _pull,
    VERIFY_PACKAGE.name: _verify_package,
    START_JOB.name: _start_job,
    WATCH_JOB.name: _watch_job,
    COLLECT_JOB.name: _collect_job,
    REMOVE_JOB.name: _remove_job,
    REBOOT.name: _reboot,
}

# What goes through the session with content of its own.
TAKES_INPUT = frozenset({RECEIVE_PACKAGE.name})
