"""Writes a run's events: journal and tables in one transaction, fenced by the run's epoch."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from core.model.events import Entry, Event, RunResumed, RunStarted
from core.ports import Clock, Emit
from core.store import journal
from core.store.database import Database
from core.store.projection import project
from core.store.tables import hotfix_runs


class FencedError(Exception):
    """Another process has taken the run up since: this one must not write any more."""


class RunRecorder:
    """The Recorder port for one run as one process drives it."""

    def __init__(self, database: Database, run_id: str, epoch: int, clock: Clock, emit: Emit) -> None:
        self._database = database
        self._run_id = run_id
        self._epoch = epoch
        self._clock = clock
        self._emit = emit

    def record(self, events: Sequence[Event]) -> tuple[Entry, ...]:
        with self._database.write() as connection:
            if not isinstance(events[0].body, RunStarted):
                self._fence(connection, events)
            entries = journal.append(connection, self._run_id, self._clock.now(), events)
            for entry in entries:
                project(connection, entry)
        for entry in entries:
            self._emit(entry)
        return entries

    def _fence(self, connection: Connection, events: Sequence[Event]) -> None:
        epoch = connection.execute(select(hotfix_runs.c.epoch).where(hotfix_runs.c.run_id == self._run_id)).scalar_one()
        expected = self._epoch - 1 if isinstance(events[0].body, RunResumed) else self._epoch
        if epoch != expected:
            raise FencedError(f"run {self._run_id} is at epoch {epoch}, this process at {self._epoch}")
