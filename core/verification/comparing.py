"""Two snapshots of a host, key by key: what is new, what is gone, what changed."""

from collections.abc import Iterator

from core.model.difference import Difference
from core.model.facts import Facts, SqlAnswer


def compare(before: Facts, after: Facts) -> tuple[Difference, ...]:
    """By key. An inventory that one of the two lacks is left out: what nobody looked at has not changed."""
    both = before.inventory is not None and after.inventory is not None
    old, new = dict(_keys(before, both)), dict(_keys(after, both))
    return tuple(
        Difference(key, old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    )


def _keys(facts: Facts, inventory: bool) -> Iterator[tuple[str, str]]:
    """What should stay as it is, or change only by what was planned. Figures that always move are left out."""
    yield "machine", facts.machine_id
    yield "computer name", facts.computer_name
    yield "domain", facts.domain
    yield "system", f"{facts.os.caption} {facts.os.version}.{facts.os.revision}"
    yield "time zone", facts.os.time_zone
    yield "boot", facts.boot.boot_id
    for disk in facts.disks:
        yield f"disk/{disk.drive}", f"{disk.size_bytes} bytes, protection {disk.protection}"
    for service in facts.services:
        yield f"service/{service.name}", f"{service.state}, {service.start_mode}"
    for pending in facts.pending_reboot:
        yield f"pending restart/{pending.reason}", pending.detail or "yes"
    for instance in facts.instances:
        yield f"instance/{instance.name}", str(instance.patch_level)
    for component in facts.components:
        yield f"component/{component.kind}/{component.name}", str(component.build or "unknown")
    for group in facts.groups:
        for member in group.members:
            yield (
                f"group/{group.name}/{member.host}",
                f"{member.role}, {'healthy' if member.healthy else 'not healthy'}",
            )
    for witness in facts.sql:
        if isinstance(witness, SqlAnswer):
            yield f"engine/{witness.instance}", str(witness.build)
            for database in witness.databases:
                yield f"database/{witness.instance}/{database.name}", database.state
    if inventory and facts.inventory is not None:
        for update in facts.inventory.updates:
            yield f"update/{update}", "installed"
        for application in facts.inventory.applications:
            yield f"application/{application.name}/{application.key}", application.version
        for driver in facts.inventory.drivers:
            yield f"driver/{driver.device}/{driver.device_id}", driver.version
