"""The same schedules on the real database: its tables are what its journal tells."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.model.authorisation import Authorisation
from core.model.plan import Plan
from core.ports import Clock
from core.store.database import Database, open_database
from core.store.journal import broken_at
from core.store.plans import keep_authorisation, keep_plan
from core.store.rebuilding import rebuild
from core.store.tables import hotfix_runs, hotfix_steps, hotfix_targets
from tests.simulation.books import RUN_ID, DatabaseBooks, story
from tests.simulation.invariants import violations
from tests.simulation.schedule import draw
from tests.simulation.scheduler import Bookshop, simulate

# Each has kills, requests or a bad line, and several hosts.
_SEEDS = tuple(seed for seed in range(60) if draw(seed).kills and len(draw(seed).servers) > 1)[:6]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "history.db")
    yield opened
    opened.close()


def _bookshop(database: Database) -> Bookshop:
    def books(plan: Plan, clock: Clock) -> DatabaseBooks:
        keep_plan(database, plan)
        allowed = Authorisation("auth-1", plan.id, plan.digest, "op", clock.now(), "simulated", None, None)
        keep_authorisation(database, allowed)
        return DatabaseBooks(database, clock)

    return books


@pytest.mark.parametrize("seed", _SEEDS)
def test_the_tables_are_what_the_journal_tells(seed: int, database: Database) -> None:
    told = simulate(draw(seed), _bookshop(database))
    assert violations(told) == ()
    record = story(told.lines)
    assert _rows(database) == {
        (target.host, target.state, step.order, target.step(step.order).state)
        for target in record.targets
        for step in (*told.plan.target(target.host).steps, *(target.undo.steps if target.undo is not None else ()))
    }
    assert _run(database) == (record.outcome, record.epoch)
    with database.read() as connection:
        assert broken_at(connection, RUN_ID) is None
    assert rebuild(database) == ()


def test_memory_and_database_tell_the_same_story(database: Database) -> None:
    assert simulate(draw(_SEEDS[0]), _bookshop(database)).lines == simulate(draw(_SEEDS[0])).lines


def _rows(database: Database) -> set[tuple[str, str, int, str]]:
    asked = select(
        hotfix_targets.c.host, hotfix_targets.c.status, hotfix_steps.c.step_order, hotfix_steps.c.status
    ).join(hotfix_steps, hotfix_steps.c.hotfix_target_id == hotfix_targets.c.id)
    with database.read() as connection:
        return {(row[0], row[1], row[2], row[3]) for row in connection.execute(asked)}


def _run(database: Database) -> tuple[str, int]:
    with database.read() as connection:
        row = connection.execute(select(hotfix_runs.c.status, hotfix_runs.c.epoch)).one()
        return row.status, row.epoch
