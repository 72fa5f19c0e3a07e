"""Makes the facts of imaginary fleets: seeded, so that everybody measures the same."""

from collections.abc import Iterator
from random import Random
from typing import Any

_BUILDS = {
    "2017": ("14.0.3015.40", "14.0.3356.20", "14.0.3456.2"),
    "2019": ("15.0.4298.1", "15.0.4316.3", "15.0.4430.1", "15.0.2104.1"),
    "2022": ("16.0.4175.1", "16.0.4225.2", "16.0.4255.1", "16.0.1110.1"),
}
_EDITIONS = ("Enterprise Edition", "Standard Edition (64-bit)", "Developer Edition", "Express Edition (64-bit)")
_CLASSES = (
    "Security Updates",
    "Security Updates",
    "Critical Updates",
    "Update Rollups",
    "Updates",
    "Definition Updates",
)
_UPDATES = 12
_NOW = "2026-08-20T12:00:00Z"


def fleet(hosts: int, instances: int, seed: int) -> list[dict[str, Any]]:
    """Facts documents. Every tenth pair of hosts holds an availability group; the instances are spread evenly."""
    random = Random(seed)
    catalogue = [_update(index, random) for index in range(120)]
    spread = [instances // hosts + (1 if index < instances % hosts else 0) for index in range(hosts)]
    random.shuffle(spread)
    return [_facts(index, hosts, count, catalogue, random) for index, count in enumerate(spread)]


def _facts(index: int, hosts: int, count: int, catalogue: list[dict[str, Any]], random: Random) -> dict[str, Any]:
    family = random.choice(tuple(_BUILDS))
    instances = [_instance(number, family, random) for number in range(count)]
    return {
        "schema_version": 1,
        "host": _name(index),
        "collected_at": _NOW,
        "host_time": _NOW,
        "machine_id": f"{random.getrandbits(128):032x}",
        "computer_name": _name(index),
        "os": {"caption": "Windows Server 2022", "version": "10.0.20348", "revision": 4000, "time_zone": "UTC"},
        "boot": {"booted_at": "2026-08-01T00:00:00Z", "boot_id": str(random.randrange(1000))},
        "disks": [{"drive": "C:", "free_bytes": random.randrange(10, 200) * 2**30, "size_bytes": 256 * 2**30}],
        "services": [{"name": one["service"], "state": "Running", "start_mode": "Auto"} for one in instances],
        "pending_reboot": [{"reason": "file_rename", "detail": ""}] if random.random() < 0.1 else [],
        "instances": instances,
        "sql": [_answer(one) for one in instances],
        "updates": sorted(random.sample(catalogue, _UPDATES), key=lambda one: str(one["patch_id"])),
        "groups": list(_groups(index, hosts)),
    }


def _name(index: int) -> str:
    return f"SQL{index:05d}"


def _instance(number: int, family: str, random: Random) -> dict[str, Any]:
    name = "MSSQLSERVER" if number == 0 else f"INST{number}"
    build = random.choice(_BUILDS[family])
    return {
        "name": name,
        "instance_id": f"MSSQL.{name}",
        "edition": random.choice(_EDITIONS),
        "patch_level": build,
        "binary": build,
        "tcp_port": 1433 + number,
        "service": "MSSQLSERVER" if number == 0 else f"MSSQL${name}",
        "clustered": False,
    }


def _answer(instance: dict[str, Any]) -> dict[str, Any]:
    names = ("master", "model", "msdb", "crm")
    return {
        "instance": instance["name"],
        "build": instance["patch_level"],
        "level": "RTM",
        "update": None,
        "edition": instance["edition"],
        "databases": [{"name": name, "state": "ONLINE"} for name in names],
        "backups": [{"database": name, "full": "2026-08-20T01:00:00Z"} for name in names],
    }


def _update(index: int, random: Random) -> dict[str, Any]:
    kind = random.choice(_CLASSES)
    return {
        "patch_id": f"{random.getrandbits(128):032x}",
        "kb": str(5_040_000 + index),
        "title": f"2026-{index % 8 + 1:02d} {kind[:-1]} for Microsoft server operating system (KB{5_040_000 + index})",
        "severity": random.choice(("critical", "important", "moderate", "unrated")),
        "classification": kind,
        "affected_component": "Windows",
        "requires_reboot": random.choice(("never", "always", "can")),
        "size_bytes": random.randrange(1, 900) * 2**20,
        "released": f"2026-{index % 8 + 1:02d}-{random.randrange(1, 20):02d}",
        "cves": [f"CVE-2026-{random.randrange(1000, 9999)}" for _ in range(random.randrange(4))],
    }


def _groups(index: int, hosts: int) -> Iterator[dict[str, Any]]:
    first = index - index % 2
    if first % 20 == 0 and first + 1 < hosts:
        yield {
            "name": f"AG{first:05d}",
            "kind": "ag",
            "members": [
                {"host": _name(first), "role": "primary", "synchronous": True},
                {"host": _name(first + 1), "role": "secondary", "synchronous": True},
            ],
        }
