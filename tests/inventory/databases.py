"""AutoDBAudit's database in small."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any


def audit_database(
    path: Path,
    servers: list[tuple[Any, ...]],
    instances: Sequence[tuple[Any, ...]] = (),
) -> Path:
    """Servers are (id, hostname, ip_address[, is_active]), instances (server_id, instance_name, port)."""
    active = any(len(one) == 4 for one in servers)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            f"CREATE TABLE servers (id INTEGER PRIMARY KEY, hostname, ip_address{', is_active' if active else ''})"
        )
        database.execute(
            "CREATE TABLE instances (server_id, instance_name, port, version, version_major, edition, product_level)"
        )
        marks = ", ".join("?" * (4 if active else 3))
        database.executemany(f"INSERT INTO servers VALUES ({marks})", servers)
        rows = [(*one, "15.0.4298.1", 15, "Standard Edition", "RTM") for one in instances]
        database.executemany("INSERT INTO instances VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    return path
