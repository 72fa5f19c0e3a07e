"""What a look at the host shows."""

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
from core.contract.library import BOOT_STATE, HOST_FACTS
from core.contract.message import NoParameters
from core.practice.answers import surroundings
from core.practice.answers.answer import to
from core.practice.answers.logon import logon_of
from core.practice.answers.looking import befall
from core.practice.host.machine import Machine
from core.practice.host.registry import Registry, registry_of, setup_key, tcp_key
from core.practice.host.sql_server import SqlServer
from core.practice.host.updates import ACCESS_DENIED, DeniedError
from core.practice.host.windows import OS_VERSIONS

_AGENTS_WORD = "windows_update_agent"


def _host_facts(machine: Machine, _: NoParameters) -> HostFactsResult:
    befall(machine)
    caption, version = OS_VERSIONS[machine.spec.os][:2]
    registry = registry_of(machine)
    return HostFactsResult(
        schema_version=1,
        host_time=machine.host_time,
        machine_id=machine.machine_id,
        computer_name=machine.name,
        os=OsPart(
            caption=caption, version=version, revision=machine.updates.revision, time_zone="W. Europe Standard Time"
        ),
        boot=_boot(machine),
        domain="practice.example",
        hardware=surroundings.hardware(machine),
        sessions=(),
        installers=surroundings.installers(machine),
        cluster=surroundings.cluster(machine),
        configuration_manager=None,
        automatic_updates=surroundings.automatic_updates(),
        limits=surroundings.limits(machine.spec.execution_policy),
        components=(),
        disks=tuple(
            DiskPart(drive=f"{drive}:", free_bytes=free, size_bytes=max(free, 128 * 1024**3), protection="off")
            for drive, free in machine.free.items()
        ),
        services=_services(machine),
        pending_reboot=tuple(PendingPart(reason=reason, detail="") for reason in _pending(machine)),
        instances=tuple(_instance(one, registry) for one in machine.instances),
    )


def _pending(machine: Machine) -> list[str]:
    """What registry and files say, and the agent's own word. Where that is refused, the others speak alone."""
    reasons: list[str] = [reason for reason in machine.pending_reboot if reason != _AGENTS_WORD]
    try:
        machine.updates.admit(logon_of(HOST_FACTS.text))
    except DeniedError:
        machine.note("refused", why="the update agent takes no network logon", hresult=ACCESS_DENIED)
        return reasons
    said = _AGENTS_WORD in machine.pending_reboot or machine.updates.needs_restart
    return [*reasons, _AGENTS_WORD] if said else reasons


def _instance(one: SqlServer, registry: Registry) -> InstancePart:
    """As the registry has it, and the file's own version beside it."""
    setup, tcp = registry[setup_key(one)], registry[rf"{tcp_key(one)}\IPAll"]
    port = str(tcp["TcpDynamicPorts"])
    return InstancePart(
        name=one.name,
        instance_id=one.instance_id,
        edition=str(setup["Edition"]),
        patch_level=str(setup["PatchLevel"]),
        binary=one.build,
        tcp_port=int(port) if port else None,
        service=one.service,
        clustered=one.clustered,
    )


def _services(machine: Machine) -> tuple[ServicePart, ...]:
    """The automatic ones, and all of SQL Server."""
    return tuple(
        ServicePart(name=one.name, state="Running" if one.running else "Stopped", start_mode=one.start_mode)
        for one in machine.services
        if one.start_mode in ("Auto", "Delayed", "Trigger") or "SQL" in one.name.upper()
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
        services_waiting=machine.services.waiting("SQL"),
    )


ANSWERS = dict((to(HOST_FACTS, _host_facts), to(BOOT_STATE, _boot_state)))
