"""Facts of a Windows host from its scripts' results and the words of its database engines."""

from datetime import datetime

from core.contract.host import ClusterPart, ComponentPart, HostFactsResult, HostInventoryResult
from core.detection.sql import EngineWords
from core.model.build import Build
from core.model.facts import (
    FACTS_VERSION,
    Application,
    AutomaticUpdates,
    BootMarks,
    Component,
    Disk,
    Driver,
    Facts,
    Group,
    Hardware,
    Inventory,
    Limits,
    ManagedUpdate,
    ManagementClient,
    Member,
    OsFacts,
    PendingReboot,
    RegisteredInstance,
    RunningInstaller,
    Service,
)
from core.model.failure import Cause, Failure


def facts_of(
    host: str,
    result: HostFactsResult,
    engines: tuple[EngineWords, ...],
    collected_at: datetime,
) -> Facts | Failure:
    """A host whose registry holds a build that is none is a failure to detect, not a fact."""
    try:
        instances = tuple(
            RegisteredInstance(
                name=one.name,
                instance_id=one.instance_id,
                edition=one.edition,
                patch_level=Build.parse(one.patch_level),
                binary=None if one.binary is None else Build.parse(one.binary),
                tcp_port=one.tcp_port,
                service=one.service,
                clustered=one.clustered,
            )
            for one in sorted(result.instances, key=lambda one: one.name.casefold())
        )
    except ValueError as wrong:
        return Failure(Cause.PROTOCOL, f"{host}: {wrong}", "look at the instance's Setup key in the registry")
    return Facts(
        schema_version=FACTS_VERSION,
        host=host,
        collected_at=collected_at,
        host_time=result.host_time,
        machine_id=result.machine_id,
        computer_name=result.computer_name,
        domain=result.domain,
        os=OsFacts(result.os.caption, result.os.version, result.os.revision, result.os.time_zone),
        boot=BootMarks(result.boot.booted_at, result.boot.boot_id),
        hardware=Hardware(**result.hardware.model_dump()),
        disks=tuple(Disk(one.drive, one.free_bytes, one.size_bytes, one.protection) for one in result.disks),
        services=tuple(Service(one.name, one.state, one.start_mode) for one in result.services),
        sessions=result.sessions,
        installers=tuple(RunningInstaller(one.name, one.process_id, one.started_at) for one in result.installers),
        pending_reboot=tuple(PendingReboot(one.reason, one.detail) for one in result.pending_reboot),
        configuration_manager=_management(result),
        automatic_updates=AutomaticUpdates(**result.automatic_updates.model_dump()),
        limits=_limits(result),
        instances=instances,
        components=tuple(map(_component, result.components)),
        sql=tuple(one.witness for one in engines),
        jobs=tuple(job for one in engines for job in one.jobs),
        groups=(*(group for one in engines for group in one.groups), *_groups(result.cluster)),
        links=tuple(link for one in engines for link in one.links),
        due=tuple(job for one in engines for job in one.due),
        cluster_trouble="" if result.cluster is None else result.cluster.trouble,
    )


def inventory_of(result: HostInventoryResult) -> Inventory:
    """In an order of its own, so that two snapshots can be compared."""
    return Inventory(
        updates=tuple(sorted({one.id for one in result.updates})),
        applications=tuple(
            sorted(
                (Application(one.name, one.version, one.publisher, one.key) for one in result.applications),
                key=lambda one: (one.name.casefold(), one.key),
            )
        ),
        drivers=tuple(
            sorted(
                (Driver(one.device, one.device_id, one.version, one.provider) for one in result.drivers),
                key=lambda one: (one.device.casefold(), one.device_id),
            )
        ),
    )


def _management(result: HostFactsResult) -> ManagementClient | None:
    told = result.configuration_manager
    if told is None:
        return None
    pending = tuple(ManagedUpdate(one.title, one.kb, one.deadline) for one in told.pending)
    return ManagementClient(told.version, pending, told.trouble)


def _limits(result: HostFactsResult) -> Limits:
    told = result.limits
    return Limits(
        powershell=told.powershell,
        language_mode=told.language_mode,
        execution_policies=tuple(f"{one.scope}={one.policy}" for one in told.execution_policies),
        script_control=told.script_control,
        shell_memory_mb=told.shell_memory_mb,
        shells_per_user=told.shells_per_user,
        processes_per_shell=told.processes_per_shell,
        envelope_kb=told.envelope_kb,
    )


def _component(one: ComponentPart) -> Component:
    """A version that is none is left out: components are patched along, and never planned by their build."""
    try:
        return Component(one.kind, one.name, Build.parse(one.build))
    except ValueError:
        return Component(one.kind, one.name)


def _groups(cluster: ClusterPart | None) -> tuple[Group, ...]:
    """The cluster with its votes, and each clustered instance with who runs it."""
    if cluster is None or not cluster.nodes:
        return ()
    nodes = tuple(Member(one.name, "node", healthy=one.up, votes=one.votes) for one in cluster.nodes)
    whole = Group(cluster.name, "cluster", nodes, witness_votes=cluster.witness_votes)
    up = {one.name.casefold(): one.up for one in cluster.nodes}
    roles = tuple(
        Group(
            role.name,
            "fci",
            tuple(
                Member(
                    node,
                    "active" if node.casefold() == role.owner.casefold() else "passive",
                    healthy=up.get(node.casefold(), False),
                )
                for node in role.possible_owners
            ),
            role.instance,
        )
        for role in cluster.sql_roles
    )
    return (whole, *roles)
