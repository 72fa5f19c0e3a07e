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
from core.practice.answers.looking import befall
from core.practice.host.machine import Machine
from core.practice.host.windows import OS_VERSIONS


def _host_facts(machine: Machine, _: NoParameters) -> HostFactsResult:
    befall(machine)
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


ANSWERS = dict((to(HOST_FACTS, _host_facts), to(BOOT_STATE, _boot_state)))
