"""Writes a run's folder, and the notes of its devices, while the run goes on: each entry of the journal as it comes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from core.evidence.documents import install_summary
from core.evidence.folding import Folding
from core.evidence.telemetry import traces
from core.model.events import Entry, FactsTaken, PhaseEntered, RebootIntended, RebootProven, StepMoved, TargetMoved
from core.model.plan import Plan
from core.model.state import STEP_RESTS, TargetState
from core.runfolder.devices import DeviceNotes
from core.runfolder.folder import RunFolder
from core.runfolder.raw import RawAnswers
from core.store import facts as fact_store
from core.store.database import Database
from core.store.runs import journal_lines, load_story

_LOG = logging.getLogger(__name__)

Lines = Callable[[tuple[str, ...]], None]

# The state of a thousand hosts is not written for each move of one of them.
_STATE_EVERY = timedelta(seconds=1)


class Follower:
    """Follows one run. Trouble with a file is kept and told at the end: it must not stop what happens on the hosts."""

    def __init__(self, database: Database, folder: RunFolder, plan: Plan, raw: RawAnswers) -> None:
        self._database = database
        self._folder = folder
        self._plan = plan
        self._raw = raw
        self._folding = Folding()
        self._state_at: datetime | None = None
        self.trouble: OSError | None = None

    def catch_up(self, run_id: str) -> None:
        """What an earlier process of the run has told."""
        for entry in load_story(self._database, run_id)[1]:
            self._folding.take(entry)

    def take(self, entry: Entry) -> None:
        self._folding.take(entry)
        with self._trying():
            self._write(entry)

    def append(self, lines: tuple[str, ...]) -> None:
        with self._trying():
            self._folder.append(lines)

    def keep(self, text: str) -> str:
        """The Outputs port. The journal names the hash also of what could not be written."""
        with self._trying():
            self._folder.keep(text)
        return self._folder.key_of(text)

    @contextmanager
    def _trying(self) -> Iterator[None]:
        try:
            yield
        except OSError as trouble:
            _LOG.error("file of the run not written", extra={"file": trouble.filename, "why": trouble.strerror})
            self.trouble = self.trouble or trouble

    def _write(self, entry: Entry) -> None:
        host = entry.event.target
        if host is None:
            return
        match entry.event.body:
            case FactsTaken(moment=moment, digest=digest, boot=marks):
                facts = fact_store.load(self._database, digest)
                self._folder.keep_snapshot(moment, facts)
                if moment == "before":
                    self._folder.keep_catalog(facts)
                self._folder.keep_raw(moment, host, self._raw.taken(host))
                self._notes(host).booted(marks, entry.run_id, entry.at)
            case StepMoved(step=step, after=after) if after in STEP_RESTS:
                self._append_install(host, step)
            case RebootIntended(marks=marks):
                self._notes(host).restart_due(entry.run_id, "the plan's restart", marks, entry.at)
            case RebootProven(after=marks):
                self._notes(host).booted(marks, entry.run_id, entry.at)
            case TargetMoved(after=TargetState.AWAITING_REBOOT, failure=failure):
                before = self._folding.target(host).before
                boot = None if before is None else before.boot
                why = "left to the operator" if failure is None else failure.detail
                self._notes(host).restart_due(entry.run_id, why, boot, entry.at)
            case _:
                pass
        if isinstance(entry.event.body, TargetMoved | PhaseEntered | StepMoved):
            self._write_state(entry.at)

    def _append_install(self, host: str, step: int) -> None:
        target = self._folding.target(host)
        self._folder.append_installs(one for one in install_summary(target, self._plan) if one["step"] == step)

    def _write_state(self, at: datetime) -> None:
        if self._state_at is None or at - self._state_at >= _STATE_EVERY:
            self._state_at = at
            self._folder.write_state(self._folding.record)

    def _notes(self, host: str) -> DeviceNotes:
        state = self._folder.path.parents[1] / "State"
        return DeviceNotes(state, self._plan.target(host).place, host)


class Scribe:
    """Follows the journal line by line into the run's folder, and to whoever listens."""

    def __init__(
        self, database: Database, folder: RunFolder, plan: Plan, raw: RawAnswers, run_id: str, told: Lines
    ) -> None:
        self._database = database
        self._folder = folder
        self._run_id = run_id
        self._told = told
        self._guard = threading.Lock()
        present = journal_lines(database, run_id)
        folder.write_journal(present)
        self._written = len(present)
        self._follower = Follower(database, folder, plan, raw)
        if present:
            self._follower.catch_up(run_id)

    @property
    def trouble(self) -> OSError | None:
        return self._follower.trouble

    def keep(self, text: str) -> str:
        """The Outputs port."""
        return self._follower.keep(text)

    def __call__(self, entry: Entry) -> None:
        with self._guard:
            self._follower.take(entry)
            if entry.seq <= self._written:
                return
            fresh = journal_lines(self._database, self._run_id, self._written)
            self._follower.append(fresh)
            self._written += len(fresh)
            self._told(fresh)


def write_telemetry(database: Database, folder: RunFolder) -> None:
    folder.write_telemetry(traces(load_story(database, folder.path.name)[1]))
