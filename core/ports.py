"""What the core needs from outside, in its own words. Each port has a contract suite for fake and real thing alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from core.contract.package import ReceivePackage, ReceiveResult
from core.contract.script import Call, P, R
from core.model.application import FromHere, Seen
from core.model.events import Entry, Event
from core.model.facts import Facts
from core.model.failure import Failure
from core.model.host import Host, Instance
from core.model.requests import Request
from core.model.secret import Credential
from core.model.state import TargetState
from core.model.transfer import Progress

Row = tuple[Any, ...]
Answer = tuple[Row, ...] | Failure


class Clock(Protocol):
    """The time, always aware and UTC."""

    def now(self) -> datetime: ...


class Stop(Protocol):
    """A flag that ends every wait."""

    def is_set(self) -> bool: ...

    def wait(self, timeout: float | None = None) -> bool: ...


class Session(Protocol):
    """An open line to one host. Owned by one thread; thrown away after a failure of transport."""

    def run(self, call: Call[P, R]) -> R | Failure: ...

    def send(
        self, call: Call[ReceivePackage, ReceiveResult], source: Path, told: Callable[[int], None]
    ) -> ReceiveResult | Failure:
        """Runs the call with the file's content as its input, and tells how many bytes went so far."""
        ...

    def close(self) -> None: ...


class Connect(Protocol):
    def __call__(self, host: Host) -> Session | Failure: ...


class Push(Protocol):
    """Writes a file to a path of the host over its administrative share."""

    def __call__(self, host: Host, source: Path, target: str, told: Callable[[int], None]) -> Failure | None:
        """Goes on behind what lies there already, and tells how many bytes lie there so far."""
        ...


class AskSql(Protocol):
    """Puts questions to a database engine over one connection, and brings the rows of each, or why it has none."""

    def __call__(self, host: Host, instance: Instance, questions: Sequence[str]) -> tuple[Answer, ...] | Failure: ...


class Probe(Protocol):
    """Sees from this PC whether an application of a host works."""

    def __call__(self, host: Host, check: FromHere) -> Seen: ...


class Secrets(Protocol):
    def get(self, reference: str) -> Credential | Failure: ...


class Recorder(Protocol):
    """Appends to the journal and moves the tables, all in one transaction, or not at all."""

    def record(self, events: Sequence[Event]) -> tuple[Entry, ...]: ...


Emit = Callable[[Entry], None]
# Gets what a host said, word for word: the host's name, what was asked, the answer.
Hear = Callable[[str, str, str], None]
Show = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Ending:
    """How work on a host ended: in a state, or left behind without one. Trouble is a bug, and stays loud."""

    host: str
    state: TargetState | None = None
    failure: Failure | None = None
    trouble: Exception | None = None


class Dispatcher(Protocol):
    """Between a run and its hosts: who works on a begun host, and where. Who may begin is decided before, by one gate.

    What was enqueued and has no end when a process is gone is an orphan; the journal names it, and the next process
    that takes the run up enqueues it again.
    """

    def enqueue(self, host: str) -> None: ...

    def cancel(self, host: str) -> bool:
        """Whether nobody had begun with it, and nobody will."""
        ...

    def ended(self, patience: float) -> Sequence[Ending]:
        """Waits so many seconds at most for the next that end."""
        ...

    def close(self) -> None:
        """Returns when nobody is at work any more."""
        ...


class FactStore(Protocol):
    """Facts by their digest."""

    def keep(self, facts: Facts) -> str: ...

    def load(self, digest: str) -> Facts: ...


class Inbox(Protocol):
    """Requests to a run."""

    def waiting(self) -> Sequence[Request]: ...

    def taken(self, request: Request) -> None: ...


class HostLocks(Protocol):
    """One lock for each host on this PC, whichever run asks. It falls when the process ends."""

    def take(self, host: str) -> Failure | None: ...

    def release(self, host: str) -> None: ...


class Outputs(Protocol):
    """Long texts, kept as files named by their hash."""

    def keep(self, text: str) -> str: ...


class Vault(Secrets, Protocol):
    """A place for secrets that can also be written."""

    def names(self) -> tuple[str, ...] | Failure: ...

    def put(self, reference: str, credential: Credential) -> Failure | None: ...

    def forget(self, reference: str) -> Failure | None: ...
