"""Makes the derived tables anew from the journal, and says where they had been different."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, delete, select

from core.store import journal
from core.store.database import Database
from core.store.projection import project
from core.store.tables import (
    DERIVED,
    hotfix_runs,
    hotfix_steps,
    hotfix_target_instances,
    hotfix_targets,
    patch_blocks,
    run_tallies,
)
from core.store.tables import journal as journal_table


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that was not as the journal tells. None stands for a row that was not there."""

    table: str
    key: str
    was: str | None
    told: str | None


Snapshot = dict[tuple[str, str], dict[str, Any]]


def rebuild(database: Database) -> tuple[Difference, ...]:
    """All or nothing: readers see the tables before or after."""
    with database.write() as connection:
        before = _snapshot(connection)
        # Tallies are told anew when somebody asks for them.
        for table in (*DERIVED, run_tallies):
            connection.execute(delete(table))
        for run_id in journalled_runs(connection):
            for entry in journal.entries(connection, run_id):
                project(connection, entry)
        after = _snapshot(connection)
    return tuple(_differences(before, after))


def journalled_runs(connection: Connection) -> tuple[str, ...]:
    """Runs have ids that sort by time."""
    asked = select(journal_table.c.run_id).distinct().order_by(journal_table.c.run_id)
    return tuple(connection.execute(asked).scalars())


def _snapshot(connection: Connection) -> Snapshot:
    """Every row under its natural key: what the tables' own numbers are is no matter."""
    rows: Snapshot = {}
    for name, statement, keys in _natural():
        for row in connection.execute(statement).mappings():
            key = " ".join(str(row[one]) for one in keys)
            rows[name, key] = {column: value for column, value in row.items() if not _is_number_of_row(column)}
    return rows


def _natural() -> tuple[tuple[str, Select[Any], tuple[str, ...]], ...]:
    targets = hotfix_targets.join(hotfix_runs)
    of_target = (hotfix_runs.c.run_id, hotfix_targets.c.host)
    instances, steps = hotfix_target_instances, hotfix_steps
    return (
        ("hotfix_runs", select(hotfix_runs), ("run_id",)),
        ("hotfix_targets", select(hotfix_runs.c.run_id, hotfix_targets).select_from(targets), ("run_id", "host")),
        (
            "hotfix_target_instances",
            select(*of_target, instances).select_from(instances.join(targets)),
            ("run_id", "host", "instance_name"),
        ),
        ("patch_blocks", select(patch_blocks), ("run_id", "host", "blocked_at")),
        ("hotfix_steps", select(*of_target, steps).select_from(steps.join(targets)), ("run_id", "host", "step_order")),
    )


def _is_number_of_row(column: str) -> bool:
    return column == "id" or column in ("hotfix_run_id", "hotfix_target_id")


def _differences(before: Snapshot, after: Snapshot) -> list[Difference]:
    found: list[Difference] = []
    for table, key in sorted(before.keys() | after.keys()):
        was, told = before.get((table, key)), after.get((table, key))
        if was != told:
            found.append(Difference(table, key, _shown(was, told), _shown(told, was)))
    return found


def _shown(row: dict[str, Any] | None, other: dict[str, Any] | None) -> str | None:
    """Only what differs."""
    if row is None:
        return None
    return ", ".join(f"{name} {value}" for name, value in row.items() if other is None or other.get(name) != value)
