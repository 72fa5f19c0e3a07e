"""What host_facts, host_inventory and boot_state answer."""

from typing import ClassVar, Literal

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
    protection: Literal["on", "off", "unknown"]


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


class HardwarePart(Part):
    manufacturer: str
    model: str
    hypervisor: str
    processors: int
    memory_bytes: int
    memory_free_bytes: int


class InstallerPart(Part):
    """Something that is being installed. Windows Installer leaves a mark only, no process of its own."""

    name: str
    process_id: int | None
    started_at: AwareDatetime | None


class NodePart(Part):
    name: str
    up: bool
    votes: int


class SqlRolePart(Part):
    """A clustered instance, and who runs it now."""

    name: str
    instance: str
    owner: str
    possible_owners: tuple[str, ...]


class ClusterPart(Part):
    name: str
    witness_votes: int
    nodes: tuple[NodePart, ...]
    sql_roles: tuple[SqlRolePart, ...]
    trouble: str


class ManagedUpdatePart(Part):
    title: str
    kb: str
    deadline: AwareDatetime | None


class ManagementClientPart(Part):
    version: str
    pending: tuple[ManagedUpdatePart, ...]
    trouble: str


class AutomaticUpdatesPart(Part):
    mode: Literal["default", "off", "notify", "download", "install", "local", "notify_restart"]
    server: str
    deadline_days: int | None
    grace_days: int | None


class ExecutionPolicyPart(Part):
    scope: str
    policy: str


class LimitsPart(Part):
    powershell: str
    language_mode: str
    execution_policies: tuple[ExecutionPolicyPart, ...]
    script_control: Literal["none", "applocker", "wdac", "unknown"]
    shell_memory_mb: int | None
    shells_per_user: int | None
    processes_per_shell: int | None
    envelope_kb: int | None


class ComponentPart(Part):
    kind: Literal["SSAS", "SSRS", "SSIS"]
    name: str
    build: str


class HostFactsResult(Result):
    host_time: AwareDatetime
    machine_id: str
    computer_name: str
    domain: str
    hardware: HardwarePart
    sessions: tuple[str, ...]
    installers: tuple[InstallerPart, ...]
    cluster: ClusterPart | None
    configuration_manager: ManagementClientPart | None
    automatic_updates: AutomaticUpdatesPart
    limits: LimitsPart
    components: tuple[ComponentPart, ...]
    os: OsPart
    boot: BootPart
    disks: tuple[DiskPart, ...]
    services: tuple[ServicePart, ...]
    pending_reboot: tuple[PendingPart, ...]
    instances: tuple[InstancePart, ...]


class InstalledUpdatePart(Part):
    id: str
    description: str


class ApplicationPart(Part):
    name: str
    version: str
    publisher: str
    key: str


class DriverPart(Part):
    device: str
    device_id: str
    version: str
    provider: str


class HostInventoryResult(Result):
    longest: ClassVar[int] = 1024

    updates: tuple[InstalledUpdatePart, ...]
    applications: tuple[ApplicationPart, ...]
    drivers: tuple[DriverPart, ...]


class BootStateResult(Result):
    host_time: AwareDatetime
    boot: BootPart
    servicing_busy: bool
    services_waiting: tuple[str, ...]
