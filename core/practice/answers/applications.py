"""Applications and services of the host: looked at, stopped and started."""

from core.contract.library import CHECK_APPLICATIONS, SET_SERVICES
from core.contract.looking import ApplicationsResult, CheckApplications, ProcessPart, ServiceStatePart
from core.contract.services import ServiceMovePart, ServicesResult, SetServices
from core.practice.answers.answer import RefusalError, assert_no_job, to
from core.practice.host.machine import Machine


def _check_applications(machine: Machine, wanted: CheckApplications) -> ApplicationsResult:
    return ApplicationsResult(
        schema_version=1,
        processes=tuple(ProcessPart(name=one, running=_process_runs(machine, one)) for one in wanted.processes),
        services=tuple(ServiceStatePart(name=one, state=_state(machine, one)) for one in wanted.services),
    )


def _set_services(machine: Machine, wanted: SetServices) -> ServicesResult:
    """What depends on a service ends before it. One that starts slowly is still starting when the answer comes."""
    assert_no_job(machine)
    unknown = [name for name in wanted.names if machine.services.find(name) is None]
    if unknown:
        raise RefusalError("no_service", f"there is no service {unknown[0]}")
    machine.note("services", action=wanted.action, names=list(wanted.names))
    turn = _stop if wanted.action == "stop" else _start
    moves = tuple(move for name in wanted.names for move in turn(machine, name))
    goal = "Stopped" if wanted.action == "stop" else "Running"
    return ServicesResult(schema_version=1, complete=all(one.after == goal for one in moves), services=moves)


def _stop(machine: Machine, name: str) -> list[ServiceMovePart]:
    service = machine.services.find(name)
    ended = [] if service is None else machine.services.stop(service)
    machine.on_change()
    if not ended:
        return [ServiceMovePart(name=name, before="Stopped", after="Stopped")]
    return [ServiceMovePart(name=one.name, before="Running", after="Stopped") for one in ended]


def _start(machine: Machine, name: str) -> list[ServiceMovePart]:
    before = _state(machine, name)
    service = machine.services.find(name)
    if service is not None and before == "Stopped":
        machine.start_service(service)
    return [ServiceMovePart(name=name, before=before, after=_state(machine, name))]


def _process_runs(machine: Machine, name: str) -> bool:
    """The process of an application bears its service's name."""
    bare = name.removesuffix(".exe")
    if bare.casefold() == "sqlservr":
        return any(one.running for one in machine.instances)
    return _state(machine, bare) == "Running" and bare.casefold() not in machine.dead


def _state(machine: Machine, name: str) -> str:
    """Empty where there is no such service."""
    service = machine.services.find(name)
    if service is None:
        return ""
    if service.starting:
        return "StartPending"
    return "Running" if service.running else "Stopped"


ANSWERS = dict((to(CHECK_APPLICATIONS, _check_applications), to(SET_SERVICES, _set_services)))
