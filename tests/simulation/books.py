"""The journal of a simulated run: the real lines and the real chain, in memory or in the real database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.evidence.folding import fold
from core.model.document import canonical, digest, from_json, to_document
from core.model.events import Entry, Event, RunResumed, RunStarted
from core.model.facts import Facts
from core.model.record import RunRecord
from core.model.requests import Request
from core.ports import Clock
from core.store.database import Database
from core.store.journal import hash_of, read_line, write_line
from core.store.recorder import FencedError, RunRecorder
from core.store.runs import journal_lines

RUN_ID = "run-1"


class Books(Protocol):
    """Where the run's story is kept."""

    def append(self, epoch: int, events: Sequence[Event]) -> tuple[Entry, ...]: ...

    def lines(self) -> tuple[str, ...]: ...


class PaperBooks:
    """In memory, fenced as the database's recorder is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: list[str] = []
        self._epoch = 0
        self._last = ""

    def append(self, epoch: int, events: Sequence[Event]) -> tuple[Entry, ...]:
        if isinstance(events[0].body, RunStarted | RunResumed):
            if epoch != self._epoch + 1:
                raise FencedError("the run is somebody else's")
            self._epoch = epoch
        elif epoch != self._epoch:
            raise FencedError("the run is somebody else's")
        entries: list[Entry] = []
        for event in events:
            entries.append(Entry(RUN_ID, len(self._lines) + 1, self._clock.now(), event))
            self._lines.append(write_line(entries[-1], self._last))
            self._last = hash_of(self._lines[-1])
        return tuple(entries)

    def lines(self) -> tuple[str, ...]:
        return tuple(self._lines)


class DatabaseBooks:
    """In the real database, which moves its tables with every line."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def append(self, epoch: int, events: Sequence[Event]) -> tuple[Entry, ...]:
        return RunRecorder(self._database, RUN_ID, epoch, self._clock, lambda entry: None).record(events)

    def lines(self) -> tuple[str, ...]:
        return journal_lines(self._database, RUN_ID)


def story(lines: Sequence[str]) -> RunRecord:
    return fold(map(read_line, lines))


@dataclass
class FactShelf:
    """The FactStore port: facts as documents, by their digest."""

    documents: dict[str, bytes] = field(default_factory=dict)

    def keep(self, facts: Facts) -> str:
        document = to_document(facts)
        key = digest(document)
        self.documents[key] = canonical(document)
        return key

    def load(self, digest: str) -> Facts:
        return from_json(Facts, self.documents[digest])


@dataclass
class Tray:
    """The Inbox port: what was asked of the run, and what was taken up."""

    asked: list[Request] = field(default_factory=list)
    done: set[int] = field(default_factory=set)
    on_taken: Callable[[], None] = lambda: None

    def waiting(self) -> Sequence[Request]:
        return [one for one in self.asked if one.id not in self.done]

    def taken(self, request: Request) -> None:
        self.on_taken()
        self.done.add(request.id)
