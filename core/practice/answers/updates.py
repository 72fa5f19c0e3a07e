"""Updates of the operating system: the search, and the session that installs them."""

from datetime import timedelta

from core.contract.job import StartResult
from core.contract.library import COLLECT_UPDATES, SEARCH_UPDATES, START_UPDATES
from core.contract.updates import (
    CollectUpdates,
    InstalledPart,
    OfferedPart,
    SearchResult,
    SearchUpdates,
    ServicePart,
    StartUpdates,
    UpdatesResult,
)
from core.practice.answers.answer import Hold, RefusalError, assert_no_job, assert_task_scripts, to
from core.practice.answers.logon import logon_of
from core.practice.host import update_session
from core.practice.host.jobs import Job, Search
from core.practice.host.machine import Machine
from core.practice.host.update_session import CLASS_IDS
from core.practice.host.updates import ACCESS_DENIED, DeniedError, patch_id_of, update_id_of
from core.practice.spec.os_update import OsUpdateSpec

_SHORTEST, _LONGEST = 10, 40
_KEPT = timedelta(days=1)
_NOT_RESOLVED = -2145107924
_WHO = {
    "windows_update": ("9482f4b4-e343-43b6-b170-9a65bc822c77", "Windows Update", ""),
    "wsus": ("3da21691-e39d-4da6-8a4b-b43877bcb1b7", "Windows Server Update Service", "http://wsus.example.com:8530"),
    "unreachable": ("", "default", ""),
}
_REBOOTS = {"never": 0, "always": 1, "can": 2}


def _search(machine: Machine, wanted: SearchUpdates) -> SearchResult | Hold:
    """The task of SYSTEM takes its time; its answer is given once."""
    search = machine.searches.get(wanted.search_id) or _begin(machine, wanted.search_id)
    if search.state == "lost":
        raise RefusalError("search_lost", "the search ended and left nothing")
    if search.state == "running" and wanted.wait_seconds > 0:
        return Hold(machine.now + timedelta(seconds=wanted.wait_seconds), lambda: search.state != "running")
    if search.state == "running":
        return _answer(machine, done=False)
    del machine.searches[wanted.search_id]
    return found_by(machine)


def _begin(machine: Machine, key: str) -> Search:
    """Those of consoles that never came back for their answer are cleared away."""
    old = [one for one, search in machine.searches.items() if machine.now - search.began_at > _KEPT]
    for one in old:
        del machine.searches[one]
    assert_task_scripts(machine)
    search = machine.searches[key] = Search(machine.now)
    if machine.claim is not None and machine.fault("install", "superseded") is not None:
        machine.updates.supersede()
    machine.note("search", logon=logon_of(SEARCH_UPDATES.text))
    machine.after(machine.random.uniform(_SHORTEST, _LONGEST), lambda: _found(machine, search))
    return search


def _found(machine: Machine, search: Search) -> None:
    if search.state == "running":
        search.state = "found"
        machine.on_change()


def found_by(machine: Machine) -> SearchResult:
    """What a search that has ended tells."""
    return _answer(machine, done=True)


def _answer(machine: Machine, done: bool) -> SearchResult:
    hresult, message = _trouble(machine) if done else (0, "")
    tells = done and hresult == 0
    service, name, server = _WHO[machine.spec.update_service]
    return SearchResult(
        schema_version=1,
        done=done,
        hresult=hresult,
        message=message,
        result_code=2 if tells else 0,
        service=ServicePart(id=service, name=name, server=server) if done else None,
        offered=tuple(map(_offered, machine.updates.offered)) if tells else (),
        installed=tuple(map(_installed, machine.updates.installed)) if tells else (),
    )


def _trouble(machine: Machine) -> tuple[int, str]:
    """Why the search came to nothing."""
    try:
        machine.updates.admit(logon_of(SEARCH_UPDATES.text))
    except DeniedError:
        return ACCESS_DENIED, "Access is denied. (Exception from HRESULT: 0x80070005 (E_ACCESSDENIED))"
    if machine.spec.update_service == "unreachable":
        return _NOT_RESOLVED, "Exception from HRESULT: 0x8024402C"
    return 0, ""


def _offered(update: OsUpdateSpec) -> OfferedPart:
    return OfferedPart(
        patch_id=patch_id_of(update),
        title=update.title,
        kbs=(update.kb,),
        severity=update.severity,
        class_id=CLASS_IDS[update.category],
        class_name=update.category,
        products=(update.product,),
        supersedes=tuple(map(update_id_of, update.supersedes)),
        supersedes_left_out=0,
        reboot=_REBOOTS[update.reboot],
        size_bytes=update.size_mb * 1024**2,
        cves=update.cves,
        released=update.released,
        downloaded=False,
        exclusive=update.servicing_stack,
    )


def _installed(update: OsUpdateSpec) -> InstalledPart:
    return InstalledPart(patch_id=patch_id_of(update), title=update.title, kbs=(update.kb,))


def _start(machine: Machine, wanted: StartUpdates) -> StartResult:
    assert_task_scripts(machine)
    if wanted.job_id in machine.jobs:
        return StartResult(schema_version=1, state="already")
    assert_no_job(machine)
    if logon_of(START_UPDATES.text) == "network":
        raise RefusalError("script_failed", "Access is denied. (Exception from HRESULT: 0x80070005 (E_ACCESSDENIED))")
    job = Job(wanted.job_id, "", "", wanted.updates)
    machine.jobs[wanted.job_id] = job
    update_session.start(machine, job, wanted.updates)
    return StartResult(schema_version=1, state="started")


def _collect(machine: Machine, wanted: CollectUpdates) -> UpdatesResult:
    job = machine.jobs.get(wanted.job_id)
    if job is None or job.outcome is None:
        return UpdatesResult(schema_version=1, hresult=0, message="", reboot_required=False, updates=())
    return job.outcome


ANSWERS = dict((to(SEARCH_UPDATES, _search), to(START_UPDATES, _start), to(COLLECT_UPDATES, _collect)))
