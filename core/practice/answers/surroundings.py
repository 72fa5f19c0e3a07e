"""What an imaginary host says of the machine below it, and of who else has a say in it."""

from core.contract.host import (
    ApplicationPart,
    AutomaticUpdatesPart,
    ClusterPart,
    DriverPart,
    ExecutionPolicyPart,
    HardwarePart,
    HostInventoryResult,
    InstalledUpdatePart,
    InstallerPart,
    LimitsPart,
    NodePart,
    SqlRolePart,
)
from core.contract.library import HOST_INVENTORY
from core.contract.message import NoParameters
from core.practice.answers.answer import to
from core.practice.host.machine import Machine

_GIB = 1024**3
_POWERSHELL = "5.1.20348.2849"


def hardware(machine: Machine) -> HardwarePart:
    return HardwarePart(
        manufacturer="VMware, Inc.",
        model="VMware7,1",
        hypervisor="VMware",
        processors=8,
        memory_bytes=64 * _GIB,
        memory_free_bytes=(20 if all(one.running for one in machine.instances) else 50) * _GIB,
    )


def installers(machine: Machine) -> tuple[InstallerPart, ...]:
    """Setup, while it runs, and what somebody else installs."""
    others = () if machine.other_installer is None else (machine.other_installer,)
    return tuple(InstallerPart(name=name, process_id=3999, started_at=None) for name in others) + tuple(
        InstallerPart(name="setup.exe", process_id=4000 + number, started_at=job.started_at)
        for number, job in enumerate(machine.jobs.values())
        if job.running and job.state == "running"
    )


def cluster(machine: Machine) -> ClusterPart | None:
    """Availability groups stand on a cluster, too; a clustered instance besides is owned by one of the nodes."""
    group = machine.group
    if group is None:
        return None
    names = tuple(one.name for one in group.members.values())
    return ClusterPart(
        name=f"{group.name}-CL",
        witness_votes=1 - len(names) % 2,
        nodes=tuple(NodePart(name=one.name, up=one.available, votes=1) for one in group.members.values()),
        sql_roles=tuple(
            SqlRolePart(name=group.name, instance=one.name, owner=group.leader or "", possible_owners=names)
            for one in machine.instances
            if one.clustered
        ),
        trouble="",
    )


def automatic_updates() -> AutomaticUpdatesPart:
    return AutomaticUpdatesPart(mode="notify", server="", deadline_days=None, grace_days=None)


def limits(policy: str = "Undefined") -> LimitsPart:
    """As Windows Server is installed, with the group policy of the machine about script files."""
    return LimitsPart(
        powershell=_POWERSHELL,
        language_mode="FullLanguage",
        execution_policies=(
            ExecutionPolicyPart(scope="MachinePolicy", policy=policy),
            ExecutionPolicyPart(scope="UserPolicy", policy="Undefined"),
            ExecutionPolicyPart(scope="LocalMachine", policy="RemoteSigned"),
        ),
        script_control="none",
        shell_memory_mb=2147483647,
        shells_per_user=2147483647,
        processes_per_shell=2147483647,
        envelope_kb=500,
    )


def _host_inventory(machine: Machine, _: NoParameters) -> HostInventoryResult:
    """SQL Server shows among the applications by its build, as setup registers it."""
    return HostInventoryResult(
        schema_version=1,
        updates=(InstalledUpdatePart(id="KB5020374", description="Update"),),
        applications=tuple(
            ApplicationPart(
                name=f"SQL Server Database Engine Services ({one.name})",
                version=one.build,
                publisher="Microsoft Corporation",
                key=f"{{{machine.machine_id}}}.{one.name}",
            )
            for one in machine.instances
        ),
        drivers=(
            DriverPart(
                device="vmxnet3 Ethernet Adapter",
                device_id="PCI\\VEN_15AD",
                version="1.9.17.0",
                provider="VMware, Inc.",
            ),
        ),
    )


ANSWERS = dict((to(HOST_INVENTORY, _host_inventory),))
