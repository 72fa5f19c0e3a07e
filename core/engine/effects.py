"""What a walk asks for. Whoever drives the walk performs the effect and sends the result back."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from core.contract.package import ReceivePackage, ReceiveResult
from core.contract.script import Call, P, R
from core.model.application import FromHere, Seen
from core.model.events import Event
from core.model.facts import Facts
from core.model.failure import Failure
from core.model.policy import UpdateService
from core.model.step import Package
from core.model.transfer import Progress


@dataclass(frozen=True, slots=True)
class Ask:
    """Run a script on the target: its result, or a failure."""

    call: Call[Any, Any]


@dataclass(frozen=True, slots=True)
class Send:
    """Send a package through the session, in chunks."""

    call: Call[ReceivePackage, ReceiveResult]
    package: Package


@dataclass(frozen=True, slots=True)
class Push:
    """Write a package to a path of the target over its administrative share: nothing, or why not."""

    package: Package
    target: str


class Token(StrEnum):
    """What only so many hosts of a run may do at once."""

    TRANSFER = "transfer"
    REBOOT = "reboot"


@dataclass(frozen=True, slots=True)
class TakeToken:
    """Wait for a token. Whoever performs the walk gives it back if the walk ends without."""

    token: Token
    waiting: Progress | None = None


@dataclass(frozen=True, slots=True)
class GiveToken:
    token: Token


@dataclass(frozen=True, slots=True)
class Show:
    """Let whoever watches know. Nothing depends on it."""

    progress: Progress


@dataclass(frozen=True, slots=True)
class Assess:
    """Collect fresh facts; with a service, also what it offers the host."""

    updates: UpdateService | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """See from this PC whether an application works."""

    check: FromHere


@dataclass(frozen=True, slots=True)
class KeepFacts:
    """Store facts; the answer is their digest."""

    facts: Facts


@dataclass(frozen=True, slots=True)
class KeepOutput:
    """Store a long text; the answer is its hash."""

    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """Append to the journal, in one transaction."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Let time pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Now:
    """The time."""


@dataclass(frozen=True, slots=True)
class LockHost:
    """Take this PC's lock of the host: nothing, or who has it."""


@dataclass(frozen=True, slots=True)
class UnlockHost:
    pass


Effect = (
    Ask
    | Send
    | Push
    | TakeToken
    | GiveToken
    | Show
    | Assess
    | Probe
    | KeepFacts
    | KeepOutput
    | Record
    | Wait
    | Now
    | LockHost
    | UnlockHost
)

T = TypeVar("T")
Walk = Generator[Effect, Any, T]


def ask(call: Call[P, R]) -> Walk[R | Failure]:
    result: R | Failure = yield Ask(call)
    return result


def send(call: Call[ReceivePackage, ReceiveResult], package: Package) -> Walk[ReceiveResult | Failure]:
    result: ReceiveResult | Failure = yield Send(call, package)
    return result


def push(package: Package, target: str) -> Walk[Failure | None]:
    failed: Failure | None = yield Push(package, target)
    return failed


def take_token(token: Token, waiting: Progress | None = None) -> Walk[None]:
    yield TakeToken(token, waiting)


def give_token(token: Token) -> Walk[None]:
    yield GiveToken(token)


def show(progress: Progress) -> Walk[None]:
    yield Show(progress)


def assess(updates: UpdateService | None = None) -> Walk[Facts | Failure]:
    result: Facts | Failure = yield Assess(updates)
    return result


def probe(check: FromHere) -> Walk[Seen]:
    seen: Seen = yield Probe(check)
    return seen


def keep_facts(facts: Facts) -> Walk[str]:
    key: str = yield KeepFacts(facts)
    return key


def keep_output(text: str) -> Walk[str]:
    key: str = yield KeepOutput(text)
    return key


def record(*events: Event) -> Walk[None]:
    yield Record(events)


def wait(seconds: float) -> Walk[None]:
    yield Wait(seconds)


def now() -> Walk[datetime]:
    time: datetime = yield Now()
    return time


def lock_host() -> Walk[Failure | None]:
    held: Failure | None = yield LockHost()
    return held


def unlock_host() -> Walk[None]:
    yield UnlockHost()
