"""The past of assets out of a long journal, against one indexed SELECT of as many rows in the same database."""

import gc
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench.figure import Asking, Figure
from core.model.authorisation import Authorisation
from core.model.events import Event, RunStarted
from core.model.plan import Plan, Wave
from core.planning.planner import digest_of
from core.store import plans
from core.store.database import Database, open_database
from core.store.history import latest_visits, visits_of
from core.store.recorder import RunRecorder
from core.store.tables import hotfix_steps
from tests.samples import AUTHORISATION, PLAN, STARTED, begun, finished, planned, whole_run

_EVENTS, _QUICK = 200_000, 10_000
_ASSETS, _PER_RUN = 500, 50
_ROUNDS = 7
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


class _Clock:
    """The Clock port: an hour a look."""

    def __init__(self) -> None:
        self._at = _BEGAN

    def now(self) -> datetime:
        self._at += timedelta(hours=1)
        return self._at


def measure(asking: Asking) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Path(folder) / "history.db")
        try:
            events, seconds = fill(database, _QUICK if asking.quick else _EVENTS)
            yield Figure("journal events", events, "events")
            yield Figure("seconds to append them", seconds, "s")
            yield from _compared(database, "overview of all assets", lambda: latest_visits(database))
            name = f"SQL{_PER_RUN // 2:05d}"
            yield from _compared(database, "history of one asset", lambda: visits_of(database, name))
        finally:
            database.close()


def _compared(database: Database, what: str, asked: Callable[[], Sequence[Any]]) -> Iterator[Figure]:
    took, found = _best(asked)
    rows = sum(1 + len(one.builds) + len(one.steps) for one in found)
    plain, read = _best(lambda: _plain_select(database, rows))
    if not found or len(read) != rows:
        raise ValueError(f"{what}: {len(found)} visits, {len(read)} of {rows} rows to compare with")
    yield Figure(f"{what}: {rows} rows", took * 1000, "ms")
    yield Figure(f"{what} against one indexed SELECT", took / plain, "ratio", 10)


def _plain_select(database: Database, rows: int) -> Sequence[Any]:
    with database.read() as connection:
        asked = select(hotfix_steps).order_by(hotfix_steps.c.id).limit(rows)
        return connection.execute(asked).fetchall()


def fill(database: Database, wanted: int) -> tuple[int, float]:
    """Runs one after the other, each through the recorder, as a real one writes it."""
    clock, recorded, run, began = _Clock(), 0, 0, time.perf_counter()
    while recorded < wanted:
        hosts = tuple(f"SQL{(run * _PER_RUN + place) % _ASSETS:05d}" for place in range(_PER_RUN))
        plan, authorisation = _papers(run, hosts)
        plans.keep_plan(database, plan)
        plans.keep_authorisation(database, authorisation)
        body = replace(STARTED, plan_id=plan.id, authorisation_id=authorisation.id, targets=hosts)
        recorder = RunRecorder(database, _id(run, 7), 1, clock, lambda _: None)
        recorded += len(recorder.record(_story(body, hosts)))
        run += 1
    return recorded, time.perf_counter() - began


def _papers(run: int, hosts: tuple[str, ...]) -> tuple[Plan, Authorisation]:
    wave = Wave(1, "all", hosts, 1800)
    plan = replace(PLAN, id=_id(run, 8), targets=tuple(planned(host) for host in hosts), waves=(wave,))
    plan = replace(plan, digest=digest_of(plan))
    return plan, replace(AUTHORISATION, id=_id(run, 9), plan_id=plan.id, plan_digest=plan.digest)


def _story(started: RunStarted, hosts: tuple[str, ...]) -> list[Event]:
    story = [Event(started)]
    for host in hosts:
        story += [*begun(host), *finished(host)]
    return [*story, whole_run()[-1]]


def _id(number: int, kind: int) -> str:
    return f"{number:08x}-0000-7000-8000-{kind:012x}"


def _best(work: Callable[[], Sequence[Any]]) -> tuple[float, Sequence[Any]]:
    """Processor time, the best of several: what else this PC does can only make it worse."""
    best, result = float("inf"), None
    for _ in range(_ROUNDS):
        gc.collect()
        began = time.process_time()
        result = work()
        best = min(best, time.process_time() - began)
    if result is None:
        raise ValueError("nothing was measured")
    return best, result
