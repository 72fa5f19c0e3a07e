"""Runs: finding one, and its story."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from core.evidence.folding import fold
from core.model.events import Entry
from core.model.record import RunRecord
from core.store import journal
from core.store.database import Database
from core.store.tables import authorisations, hotfix_runs, hotfix_targets, plans
from core.store.tables import journal as journal_table

# As many as one statement may name, with room to spare.
_MOST_AT_ONCE = 500


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


def begun_runs(connection: Connection) -> tuple[str, ...]:
    """Those that the tables know."""
    return tuple(connection.execute(select(hotfix_runs.c.run_id)).scalars())


def ended_without_a_word(connection: Connection, run_id: str) -> bool:
    """Whether the tables know an end of the run of which its journal does not tell."""
    ended = select(hotfix_runs.c.id).where(hotfix_runs.c.run_id == run_id, hotfix_runs.c.status != "running")
    if connection.execute(ended).first() is None:
        return False
    # A line's own words are quoted: only the name of its event stands so in it.
    word = journal_table.c.line.contains('"event":"run_ended"', autoescape=True)
    told = select(journal_table.c.seq).where(journal_table.c.run_id == run_id, word)
    return connection.execute(told.limit(1)).first() is None


@dataclass(frozen=True, slots=True)
class RunHead:
    """What of a run may still change, besides its hosts."""

    id: int
    status: str
    ended_at: datetime | None

    @property
    def goes_on(self) -> bool:
        return self.status == "running"


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run in a line: how many of its hosts are in which state, which hosts and which updates it was about."""

    run_id: str
    plan_id: str
    status: str
    plan_digest: str
    operator: str
    change: str | None
    started_at: datetime
    ended_at: datetime | None
    worked_until: datetime | None
    hosts: tuple[tuple[str, int], ...]
    names: frozenset[str]
    kbs: frozenset[str]


def run_heads(database: Database) -> tuple[RunHead, ...]:
    """All runs, the newest first."""
    asked = select(hotfix_runs.c.id, hotfix_runs.c.status, hotfix_runs.c.ended_at).order_by(hotfix_runs.c.id.desc())
    with database.read() as connection:
        return tuple(RunHead(*row) for row in connection.execute(asked))


def summaries(database: Database, ids: Sequence[int]) -> dict[int, RunSummary]:
    """Of these runs alone: a year has thousands, and few of them change."""
    found: dict[int, RunSummary] = {}
    with database.read() as connection:
        for some in (ids[first : first + _MOST_AT_ONCE] for first in range(0, len(ids), _MOST_AT_ONCE)):
            hosts = _hosts_of(connection, some)
            for row in connection.execute(_SUMMARY.where(hotfix_runs.c.id.in_(some))):
                found[row.id] = _summary(row, hosts.get(row.id, []))
    return found


def _summary(row: Row[*tuple[Any, ...]], hosts: list[tuple[str, str]]) -> RunSummary:
    return RunSummary(
        run_id=row.run_id,
        plan_id=row.plan_id,
        status=row.status,
        plan_digest=row.digest,
        operator=row.operator,
        change=row.change,
        started_at=row.started_at,
        ended_at=row.ended_at,
        worked_until=row.worked_until,
        hosts=tuple(sorted(Counter(state for _, state in hosts).items())),
        names=frozenset(name for name, _ in hosts),
        kbs=frozenset(row.kbs.split(",")) - {""},
    )


def _hosts_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    targets = hotfix_targets.c
    asked = select(targets.hotfix_run_id, targets.host, targets.status).where(targets.hotfix_run_id.in_(ids))
    hosts: dict[int, list[tuple[str, str]]] = {}
    for run, host, state in connection.execute(asked):
        hosts.setdefault(run, []).append((host, state))
    return hosts


def _kbs_in(part: str) -> ColumnElement[str | None]:
    """The KBs of a part of the plan, read where it lies: a plan of a thousand hosts is megabytes."""
    each = func.json_each(plans.c.document, f"$.{part}").table_valued("value").alias(part)
    names = func.group_concat(func.json_extract(each.c.value, "$.kb"))
    return select(names).select_from(each).scalar_subquery()


_SUMMARY = (
    select(
        hotfix_runs.c.id,
        hotfix_runs.c.run_id,
        hotfix_runs.c.plan_id,
        hotfix_runs.c.status,
        plans.c.digest,
        hotfix_runs.c.operator,
        func.json_extract(authorisations.c.document, "$.change").label("change"),
        hotfix_runs.c.started_at,
        hotfix_runs.c.ended_at,
        hotfix_runs.c.worked_until,
        (func.coalesce(_kbs_in("packages"), "") + "," + func.coalesce(_kbs_in("updates"), "")).label("kbs"),
    )
    .join(plans, plans.c.id == hotfix_runs.c.plan_id)
    .join(authorisations, authorisations.c.id == hotfix_runs.c.authorisation_id)
)


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
