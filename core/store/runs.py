"""Runs: finding one, and its story."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Select, func, select

from core.evidence.folding import fold
from core.model.events import Entry
from core.model.record import RunRecord
from core.store import journal
from core.store.database import Database
from core.store.tables import authorisations, hotfix_runs, hotfix_targets, plans


@dataclass(frozen=True, slots=True)
class RunRow:
    run_id: str
    plan_id: str
    status: str
    epoch: int
    started_at: datetime


def find_runs(database: Database, beginning: str) -> tuple[RunRow, ...]:
    """The runs whose id begins so; "last" is the newest."""
    asked = _newest_first()
    if beginning == "last":
        asked = asked.limit(1)
    else:
        asked = asked.where(hotfix_runs.c.run_id.startswith(beginning, autoescape=True))
    return _rows(database, asked)


def open_runs(database: Database) -> tuple[RunRow, ...]:
    """The runs without an end, the newest first: driven now, or broken off."""
    return _rows(database, _newest_first().where(hotfix_runs.c.status == "running"))


def runs_of_plan(database: Database, plan_id: str) -> tuple[RunRow, ...]:
    """The newest first."""
    return _rows(database, _newest_first().where(hotfix_runs.c.plan_id == plan_id))


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run in a line: how many of its hosts are in which state."""

    run_id: str
    plan_id: str
    status: str
    plan_digest: str
    operator: str
    change: str | None
    started_at: datetime
    ended_at: datetime | None
    hosts: tuple[tuple[str, int], ...]


def summaries(database: Database) -> tuple[RunSummary, ...]:
    """All runs, the newest first."""
    asked = (
        select(
            hotfix_runs.c.id,
            hotfix_runs.c.run_id,
            hotfix_runs.c.plan_id,
            hotfix_runs.c.status,
            plans.c.digest,
            hotfix_runs.c.operator,
            func.json_extract(authorisations.c.document, "$.change"),
            hotfix_runs.c.started_at,
            hotfix_runs.c.ended_at,
        )
        .join(plans, plans.c.id == hotfix_runs.c.plan_id)
        .join(authorisations, authorisations.c.id == hotfix_runs.c.authorisation_id)
        .order_by(hotfix_runs.c.id.desc())
    )
    counting = select(hotfix_targets.c.hotfix_run_id, hotfix_targets.c.status, func.count()).group_by(
        hotfix_targets.c.hotfix_run_id, hotfix_targets.c.status
    )
    counts: dict[int, list[tuple[str, int]]] = {}
    with database.read() as connection:
        for run, state, count in connection.execute(counting):
            counts.setdefault(run, []).append((state, count))
        return tuple(RunSummary(*row[1:], tuple(sorted(counts.get(row.id, ())))) for row in connection.execute(asked))


def _newest_first() -> Select[Any]:
    columns = (
        hotfix_runs.c.run_id,
        hotfix_runs.c.plan_id,
        hotfix_runs.c.status,
        hotfix_runs.c.epoch,
        hotfix_runs.c.started_at,
    )
    return select(*columns).order_by(hotfix_runs.c.id.desc())


def _rows(database: Database, asked: Select[Any]) -> tuple[RunRow, ...]:
    with database.read() as connection:
        return tuple(RunRow(*row) for row in connection.execute(asked))


def load_record(database: Database, run_id: str) -> RunRecord:
    with database.read() as connection:
        return fold(journal.entries(connection, run_id))


def journal_lines(database: Database, run_id: str, after: int = 0) -> tuple[str, ...]:
    with database.read() as connection:
        return tuple(journal.lines(connection, run_id, after))


def journal_entries(database: Database, run_id: str, after: int, most: int) -> tuple[Entry, ...]:
    """The next entries behind one that is known."""
    with database.read() as connection:
        return tuple(journal.read_line(line) for line in islice(journal.lines(connection, run_id, after), most))


def load_story(database: Database, run_id: str) -> tuple[RunRecord, tuple[Entry, ...]]:
    """The record, and the lines that it is folded from."""
    with database.read() as connection:
        entries = tuple(journal.entries(connection, run_id))
    return fold(entries), entries


def all_runs(database: Database) -> tuple[RunRow, ...]:
    """The oldest first."""
    return _rows(database, _newest_first())[::-1]
