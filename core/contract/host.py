"""What host_facts and boot_state answer."""

from pydantic import AwareDatetime

from core.contract.message import Part, Result


class BootPart(Part):
    booted_at: AwareDatetime
    boot_id: str


class OsPart(Part):
    caption: str
    version: str
    revision: int
    time_zone: str


class DiskPart(Part):
    drive: str
    free_bytes: int
    size_bytes: int


class ServicePart(Part):
    name: str
    state: str
    start_mode: str


class PendingPart(Part):
    reason: str
    detail: str


class InstancePart(Part):
    name: str
    instance_id: str
    edition: str
    patch_level: str
    binary: str | None
    tcp_port: int | None
    service: str
    clustered: bool


class HostFactsResult(Result):
    host_time: AwareDatetime
    machine_id: str
    computer_name: str
    os: OsPart
    boot: BootPart
    disks: tuple[DiskPart, ...]
    services: tuple[ServicePart, ...]
    pending_reboot: tuple[PendingPart, ...]
    instances: tuple[InstancePart, ...]


class BootStateResult(Result):
    host_time: AwareDatetime
    boot: BootPart
    servicing_busy: bool
    services_waiting: tuple[str, ...]
