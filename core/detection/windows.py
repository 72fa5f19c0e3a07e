"""Facts of a Windows host from its script's result and the words of its database engines."""

from datetime import datetime

from core.contract.host import HostFactsResult
from core.detection.sql import EngineWords
from core.detection.updates import UpdateWords
from core.model.build import Build
from core.model.facts import (
    FACTS_VERSION,
    BootMarks,
    Disk,
    Facts,
    OsFacts,
    PendingReboot,
    RegisteredInstance,
    Service,
)
from core.model.failure import Cause, Failure


def facts_of(
    host: str,
    result: HostFactsResult,
    engines: tuple[EngineWords, ...],
    collected_at: datetime,
    updates: UpdateWords | None = None,
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
        os=OsFacts(result.os.caption, result.os.version, result.os.revision, result.os.time_zone),
        boot=BootMarks(result.boot.booted_at, result.boot.boot_id),
        disks=tuple(Disk(one.drive, one.free_bytes, one.size_bytes) for one in result.disks),
        services=tuple(Service(one.name, one.state, one.start_mode) for one in result.services),
        pending_reboot=tuple(PendingReboot(one.reason, one.detail) for one in result.pending_reboot),
        instances=instances,
        sql=tuple(one.witness for one in engines),
        updates=() if updates is None else updates.updates,
        update_witness=None if updates is None else updates.witness,
        jobs=tuple(job for one in engines for job in one.jobs),
        groups=tuple(group for one in engines for group in one.groups),
    )
