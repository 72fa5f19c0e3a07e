"""Applications and services of the host: looked at, stopped and started."""

from core.contract.library import CHECK_APPLICATIONS, SET_SERVICES
from core.contract.looking import ApplicationsResult, CheckApplications, ProcessPart, ServiceStatePart
from core.contract.services import ServiceMovePart, ServicesResult, SetServices
from core.practice.answers.answer import RefusalError, to
from core.practice.host.machine import Machine

_ALWAYS = frozenset({"lanmanserver", "winrm"})


def _check_applications(machine: Machine, wanted: CheckApplications) -> ApplicationsResult:
    return ApplicationsResult(
        schema_version=1,
        processes=tuple(ProcessPart(name=one, running=_process_runs(machine, one)) for one in wanted.processes),
        services=tuple(ServiceStatePart(name=one, state=_state(machine, one)) for one in wanted.services),
    )


def _set_services(machine: Machine, wanted: SetServices) -> ServicesResult:
    """Imaginary services depend on nothing, so that the order is the one that was asked for."""
    running = [job.id for job in machine.jobs.values() if job.running]
    if running:
        raise RefusalError("job_running", f"job {running[0]} is still running")
    moves = []
    for name in wanted.names:
        before = _state(machine, name)
        if not before:
            raise RefusalError("no_service", f"there is no service {name}")
        _turn(machine, name, wanted.action == "start")
        moves.append(ServiceMovePart(name=name, before=before, after=_state(machine, name)))
    return ServicesResult(schema_version=1, complete=True, services=tuple(moves))


def _process_runs(machine: Machine, name: str) -> bool:
    bare = name.removesuffix(".exe")
    if bare.casefold() == "sqlservr":
        return any(one.running for one in machine.instances)
    known = machine.programs.find(bare)
    return known is not None and machine.programs.runs(known)


def _state(machine: Machine, name: str) -> str:
    """Empty where there is no such service."""
    known = machine.programs.find(name)
    if known is not None:
        return "Running" if machine.programs.runs(known) else "Stopped"
    for instance in machine.instances:
        if instance.service.casefold() == name.casefold():
            return "Running" if instance.running else "Stopped"
    return "Running" if name.casefold() in _ALWAYS else ""


def _turn(machine: Machine, name: str, on: bool) -> None:
    known = machine.programs.find(name)
    if known is not None:
        machine.programs.set(known, on)
    for instance in machine.instances:
        if instance.service.casefold() == name.casefold():
            instance.running = on
            machine.on_change()


ANSWERS = dict((to(CHECK_APPLICATIONS, _check_applications), to(SET_SERVICES, _set_services)))
