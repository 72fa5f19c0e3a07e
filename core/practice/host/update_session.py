"""What a session of the update agent does to an imaginary host: one update after the other, each with its own end."""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.contract.updates import OutcomePart, UpdatesResult
from core.practice.host.jobs import Job
from core.practice.host.machine import NETWORK_DOWN_SECONDS, Machine
from core.practice.host.updates import patch_id_of
from core.practice.spec.os_update import OsUpdateSpec

_MIB = 1024**2
_MIB_A_SECOND = 20
_SHORTEST, _LONGEST = 60, 5 * 60
_DISK_FULL, _SQL, _FAILED, _BARRED = -2147024784, "SQL Server", 4, 0
_NO_SERVICE = -2145107924
# What the contract's own second guard refuses.
_NEVER = frozenset({"DefinitionUpdates", "FeaturePacks", "Upgrades"})

CLASS_IDS: dict[str, str] = {
    "SecurityUpdates": "0fa1201d-4330-4fa8-8ae9-b877473b6441",
    "CriticalUpdates": "e6cf1350-c01b-414d-a61f-263d14d133b4",
    "UpdateRollups": "28bc880e-0592-4cbf-8f95-c79b17911d5f",
    "ServicePacks": "68c5b0a3-d1a6-4553-ae49-01d3a7827828",
    "Updates": "cd5ffd1e-e932-4e3a-bf74-18bf0b1bbd83",
    "Drivers": "ebfc1fc5-71a4-4f7b-9aca-3b9a503104a0",
    "FeaturePacks": "b54e7d24-7add-428f-8b75-90a396fa584f",
    "Upgrades": "3689bdc8-b205-4af4-8d4a-a63924c5e9d5",
    "DefinitionUpdates": "e0789628-ce08-4437-be74-2495b842f43b",
}


@dataclass
class _Session:
    machine: Machine
    job: Job
    wanted: tuple[str, ...]
    results: list[OutcomePart] = field(default_factory=list)
    downloaded: set[str] = field(default_factory=set)
    restart: bool = False


def start(machine: Machine, job: Job, wanted: tuple[str, ...]) -> None:
    """Runs detached from every connection; how far it came is told as it goes."""
    machine.note("job_start", job=job.id)
    job.sequence, job.state, job.percent, job.started_at = 1, "running", 0, machine.now
    machine.note("installer_start", job=job.id, updates=list(wanted))
    session = _Session(machine, job, wanted)
    _keep(session)
    expected = sum(_seconds(machine, one) for one in _ready(session))
    _plan_faults(session, expected)
    if machine.fault("install", "installer_hang") is not None:
        return
    late = machine.fault("install", "late_success")
    machine.after(5 + (late.seconds if late is not None else 0), lambda: _next(session))


def _plan_faults(session: _Session, expected: float) -> None:
    machine = session.machine

    def at(percent: int, action: Callable[[], None]) -> None:
        machine.after(expected * percent / 100, action)

    cut = machine.fault("install", "drop_network")
    if cut is not None:
        at(cut.after_percent, lambda: machine.cut_network(NETWORK_DOWN_SECONDS))
    restarted = machine.fault("install", "winrm_restart")
    if restarted is not None:
        at(restarted.after_percent, machine.restart_winrm)
    lost = machine.fault("install", "job_lost")
    if lost is not None:
        at(lost.after_percent, lambda: _lose(session))
    crash = machine.fault("install", "installer_crash")
    if crash is not None:
        at(crash.after_percent, lambda: _crash(session))


def _ready(session: _Session) -> list[OsUpdateSpec]:
    """What is still to be done, by a fresh search; a servicing stack first."""
    dealt = {one.patch_id for one in session.results}
    updates = session.machine.updates
    found = [updates.offer(patch_id) for patch_id in session.wanted if patch_id not in dealt]
    return sorted((one for one in found if one is not None), key=lambda one: not one.servicing_stack)


def _seconds(machine: Machine, update: OsUpdateSpec) -> float:
    return update.size_mb / _MIB_A_SECOND + machine.random.uniform(_SHORTEST, _LONGEST)


def _download(session: _Session, update: OsUpdateSpec) -> None:
    if session.job.running:
        session.downloaded.add(update.kb)
        _next(session)


def _tell(session: _Session, percent: int, message: str) -> None:
    job = session.job
    job.sequence, job.percent, job.message = job.sequence + 1, percent, message
    session.machine.on_change()


def _next(session: _Session) -> None:
    job, machine = session.job, session.machine
    if not job.running:
        return
    ready = _ready(session)
    if machine.spec.update_service == "unreachable":
        _end(session, _NO_SERVICE, "the service cannot be reached")
    elif not ready:
        _end(session, 0, "")
    else:
        missing = [one for one in ready if one.kb not in session.downloaded]
        done = len(session.results)
        if missing and not done:
            first = missing[0]
            _tell(session, 50 * (len(ready) - len(missing)) // len(ready), f"downloading KB{first.kb}")
            machine.after(first.size_mb / _MIB_A_SECOND, lambda: _download(session, first))
            return
        _tell(session, 50 + 50 * done // (done + len(ready)), f"installing KB{ready[0].kb}")
        machine.after(machine.random.uniform(_SHORTEST, _LONGEST), lambda: _install(session, ready[0]))


def _install(session: _Session, update: OsUpdateSpec) -> None:
    if session.job.running:
        _carry_out(session, update)
        _next(session)


def _carry_out(session: _Session, update: OsUpdateSpec) -> None:
    machine, bytes_needed = session.machine, update.size_mb * _MIB
    if _is_barred(update):
        _result(session, update, "barred", 0, _BARRED)
        return
    if machine.fault("install", "disk_full") is not None or machine.free["C"] < bytes_needed:
        machine.free["C"] = 0
        _result(session, update, "download_failed", _DISK_FULL, _FAILED)
        return
    failed = machine.fault("install", "installer_exit")
    if failed is not None:
        _result(session, update, "install_failed", _as_hresult(failed.code), _FAILED)
        return
    if machine.fault("install", "wua_loop") is not None:
        _result(session, update, "installed", 0, 2)
        return
    works = machine.fault("install", "exit_ok_build_unchanged") is None
    waits = machine.updates.install(update, works)
    session.restart = session.restart or waits
    if waits and "windows_update" not in machine.pending_reboot:
        machine.pending_reboot.append("windows_update")
    _result(session, update, "installed", 0, 2, waits)


def _is_barred(update: OsUpdateSpec) -> bool:
    return update.category in _NEVER or _SQL in update.title or _SQL in update.product


def _as_hresult(code: int) -> int:
    """An error of Windows as the agent says it; one that is an HRESULT already stays."""
    return code if code < 0 else (0x80070000 | (code & 0xFFFF)) - 0x100000000


def _result(
    session: _Session, update: OsUpdateSpec, state: str, hresult: int, result_code: int, restart: bool = False
) -> None:
    session.machine.note("update", job=session.job.id, kb=update.kb, state=state, hresult=hresult)
    session.results.append(
        OutcomePart(
            patch_id=patch_id_of(update),
            title=update.title,
            kb=update.kb,
            class_id=CLASS_IDS[update.category],
            state=state,
            downloaded=state in ("installed", "install_failed"),
            result_code=result_code,
            hresult=hresult,
            reboot_required=restart,
            duration_ms=90_000,
            message="",
        )
    )
    _keep(session)


def _keep(session: _Session, hresult: int = 0, message: str = "") -> None:
    session.job.outcome = UpdatesResult(
        schema_version=1,
        hresult=hresult,
        message=message,
        reboot_required=session.restart,
        updates=tuple(session.results),
    )


def _end(session: _Session, hresult: int, message: str) -> None:
    job, machine = session.job, session.machine
    job.sequence, job.state, job.running = job.sequence + 1, "ended", False
    job.exit_code, job.ended_at, job.percent, job.message = hresult, machine.now, 100, ""
    machine.patched = True
    _keep(session, hresult, message)
    machine.note("installer_end", job=job.id, exit_code=hresult)
    machine.on_change()


def _lose(session: _Session) -> None:
    """The task is gone and its work with it."""
    session.machine.kill(session.job)
    session.machine.on_change()


def _crash(session: _Session) -> None:
    """The task dies without a verdict, and the agent, a service of its own, brings to an end what it was given."""
    if not session.job.running:
        return
    for update in _ready(session):
        _carry_out(session, update)
    _lose(session)
