"""Reads AutoDBAudit's servers and instances from its SQLite database, without ever writing to it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from core.inventory.listing import Listed, Listing, listed, split_server, without_twins
from core.model.count import counted
from core.model.fault import Fault, RefusedError
from core.settings.targets import DEFAULT_INSTANCE

_WAIT_SECONDS = 2
_NEEDED = {"servers": {"id", "hostname", "ip_address"}, "instances": {"server_id", "instance_name", "port"}}

_SERVERS = "SELECT id, hostname, ip_address FROM servers{active} ORDER BY hostname, id"
_INSTANCES = "SELECT server_id, instance_name, port FROM instances{active} ORDER BY instance_name, port"
_ACTIVE = " WHERE is_active = 1"
_SKIPPED = "SELECT count(*) FROM servers WHERE is_active IS NOT 1"


def is_database(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def read_database(path: Path) -> Listing:
    """The active servers with their instances. Raises RefusedError when they cannot be read."""
    if not path.is_file():
        message = "there is no such file; correct the path, or copy AutoDBAudit's output/history.db here"
        raise RefusedError((Fault(str(path), "missing_file", message),))
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_WAIT_SECONDS)
        ) as database:
            return _read(str(path), database)
    except (sqlite3.Error, UnicodeDecodeError) as trouble:
        raise RefusedError((_explained(str(path), trouble),)) from None


def _explained(path: str, trouble: Exception) -> Fault:
    text = str(trouble)
    if "locked" in text or "busy" in text:
        return Fault(path, "locked", "another program is writing to it; try again when AutoDBAudit has ended")
    if "not a database" in text or "malformed" in text or "encrypted" in text:
        return Fault(path, "not_a_database", f"it is no SQLite database, or damaged ({text}); copy it again")
    if "unable to open" in text or "readonly" in text:
        message = (
            f"it cannot be opened ({text}); see that you may read the file, and write beside it if AutoDBAudit is open"
        )
        return Fault(path, "unreadable", message)
    return Fault(path, "unreadable", f"it cannot be read: {text}")


def _read(path: str, database: sqlite3.Connection) -> Listing:
    columns = {table: _columns_of(database, table) for table in _NEEDED}
    faults = tuple(
        _no_columns(path, table, needed - columns[table])
        for table, needed in _NEEDED.items()
        if not needed <= columns[table]
    )
    if faults:
        raise RefusedError(faults)
    servers = database.execute(_SERVERS.format(active=_ACTIVE if "is_active" in columns["servers"] else "")).fetchall()
    instances: dict[Any, list[tuple[Any, Any]]] = {}
    asked = _INSTANCES.format(active=_ACTIVE if "is_active" in columns["instances"] else "")
    for server, instance, port in database.execute(asked):
        instances.setdefault(server, []).append((instance, port))
    skipped = database.execute(_SKIPPED).fetchone()[0] if "is_active" in columns["servers"] else 0
    notes = [f"{path}: {counted(skipped, 'inactive server')} left out"] if skipped else []
    return _listing(path, servers, instances, notes)


def _columns_of(database: sqlite3.Connection, table: str) -> set[str]:
    return {row[1].casefold() for row in database.execute("SELECT * FROM pragma_table_info(?)", (table,))}


def _no_columns(path: str, table: str, missing: set[str]) -> Fault:
    message = f'the table "{table}" has no {", ".join(sorted(missing))}; is this AutoDBAudit\'s history.db?'
    return Fault(path, "not_autodbaudit", message)


def _listing(
    path: str, servers: list[tuple[Any, Any, Any]], instances: dict[Any, list[tuple[Any, Any]]], notes: list[str]
) -> Listing:
    faults: list[Fault] = []
    rows: list[Listed] = []
    for key, hostname, address in servers:
        for fields in _rows(hostname, address, instances.get(key, [])):
            row = listed(f"{path}: servers {key}", fields)
            if isinstance(row, Listed):
                rows.append(row)
            else:
                faults.extend(row)
    if faults:
        raise RefusedError(tuple(faults))
    return without_twins(rows, notes)


def _rows(hostname: Any, address: Any, instances: list[tuple[Any, Any]]) -> Iterator[dict[str, Any]]:
    common = split_server(_text(hostname))
    if _text(address):
        common["metadata"] = {"ip_address": _text(address)}
    if not instances:
        yield common
    for name, port in instances:
        instance = _text(name).rpartition("\\")[2] or common.get("instance", DEFAULT_INSTANCE)
        number = int(_text(port)) if re.fullmatch(r"[1-9]\d{0,9}", _text(port), re.ASCII) else None
        yield {**common, "instance": instance, **({} if number is None else {"port": number})}


def _text(value: Any) -> str:
    """SQLite takes any type in any column."""
    return value.decode(errors="replace").strip() if isinstance(value, bytes) else str(value or "").strip()
