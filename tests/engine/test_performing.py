"""Effects performed for real, over ports that are faked."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.contextvars import get_contextvars

from core.contract.claim import ClaimResult, TakeClaim
from core.contract.library import RECEIVE_PACKAGE, TAKE_CLAIM
from core.contract.package import ReceivePackage
from core.contract.script import Call
from core.engine.effects import (
    Ask,
    GiveToken,
    LockHost,
    Now,
    Probe,
    Push,
    Record,
    Send,
    Show,
    TakeToken,
    Token,
    Wait,
    Walk,
    ask,
    take_token,
)
from core.engine.performing import AbandonedError, Haulage, Performer, drive
from core.engine.tokens import Purse, Tokens
from core.model.application import FromHere, Seen, TcpCheck
from core.model.events import Entry, Event, StepMoved, Warned
from core.model.facts import Facts
from core.model.failure import Cause, Failure
from core.model.host import Host, Remoting
from core.model.phase import Phase
from core.model.state import StepState
from core.model.step import Package
from core.model.transfer import Progress
from tests.engine.scripted import LOST, NOON

_HOST = Host("SQL01", "127.0.0.1", Remoting("http", 1, "ntlm", None, None))
_PACKAGE = Package("ab" * 32, "p.exe", "/depot/p.exe", 100, None)
_WAITING = Progress("SQL01", "p.exe", "waiting", 0, 100)
_CALL = Call(TAKE_CLAIM, TakeClaim(run_id="run", epoch=1, console="PC-1"))
_TAKEN = ClaimResult(schema_version=1, renewed=False)
_NO = Failure(Cause.CLAIMED, "another run has it")


class _RaisedDuringTheWait(threading.Event):
    def wait(self, timeout: float | None = None) -> bool:
        return True


@dataclass
class _World:
    """All ports of a performer, and a log of what went through them."""

    answers: list[Any] = field(default_factory=list)
    opening: Failure | None = None
    held: Failure | None = None
    log: list[str] = field(default_factory=list)
    shown: list[Progress] = field(default_factory=list)
    tokens: Tokens = field(default_factory=lambda: Tokens(Purse({Token.TRANSFER: 1})))
    abandon: threading.Event = field(default_factory=threading.Event)

    def performer(self) -> Performer:
        return Performer(
            _HOST, self.connect, lambda *_: LOST, self, self, self, self, self, self.abandon, self.haulage(), self.probe
        )

    def haulage(self) -> Haulage:
        return Haulage(self.push, self.tokens, self.shown.append)

    def probe(self, host: Host, check: FromHere) -> Seen:
        self.log.append(f"probe {check.name} of {host.name}")
        return Seen(False, "silent")

    def push(self, host: Host, source: Path, target: str, told: Callable[[int], None]) -> Failure | None:
        self.log.append(f"push {source.name} to {target}")
        told(42)
        return None

    def connect(self, host: Host) -> Any:
        self.log.append("connect")
        return self if self.opening is None else self.opening

    def run(self, call: Any) -> Any:
        self.log.append("run")
        return self.answers.pop(0)

    def send(self, call: Any, source: Path, told: Callable[[int], None]) -> Any:
        told(7)
        return self.run(call)

    def close(self) -> None:
        self.log.append("close")

    def record(self, events: Sequence[Event]) -> tuple[Entry, ...]:
        self.log.append("record")
        return ()

    def keep(self, _: object) -> str:
        return "kept"

    def load(self, digest: str) -> Facts:
        raise KeyError(digest)

    def take(self, host: str) -> Failure | None:
        self.log.append(f"lock {host}")
        return self.held

    def release(self, host: str) -> None:
        self.log.append(f"unlock {host}")

    def now(self) -> datetime:
        return NOON


def test_a_session_is_opened_once_and_used_again() -> None:
    world = _World(answers=[_TAKEN, _TAKEN])
    performer = world.performer()
    assert [performer.perform(Ask(_CALL)) for _ in range(2)] == [_TAKEN, _TAKEN]
    assert world.log == ["connect", "run", "run"]


def test_a_session_that_carried_no_answer_is_thrown_away() -> None:
    world = _World(answers=[LOST, _TAKEN])
    performer = world.performer()
    assert [performer.perform(Ask(_CALL)) for _ in range(2)] == [LOST, _TAKEN]
    assert world.log == ["connect", "run", "close", "connect", "run"]


def test_a_no_is_an_answer_and_keeps_the_session() -> None:
    world = _World(answers=[_NO, _TAKEN])
    performer = world.performer()
    assert [performer.perform(Ask(_CALL)) for _ in range(2)] == [_NO, _TAKEN]
    assert world.log == ["connect", "run", "run"]


def test_a_host_that_can_not_be_reached_is_a_failure_and_no_session() -> None:
    world = _World(opening=LOST)
    performer = world.performer()
    assert performer.perform(Ask(_CALL)) == LOST
    performer.close()
    assert world.log == ["connect", "unlock SQL01"]


def test_locks_journal_and_clock_are_those_of_the_ports() -> None:
    world = _World(held=_NO)
    performer = world.performer()
    assert performer.perform(LockHost()) == _NO
    performer.perform(Record((Event(Warned("code", "message"), "SQL01"),)))
    assert performer.perform(Now()) == NOON
    assert world.log == ["lock SQL01", "record"]


def test_nothing_is_performed_any_more_once_the_process_is_to_end() -> None:
    world = _World()
    world.abandon.set()
    with pytest.raises(AbandonedError):
        world.performer().perform(Record((Event(Warned("code", "message"), "SQL01"),)))
    assert world.log == []


def test_a_wait_ends_when_the_process_is_to_end() -> None:
    with pytest.raises(AbandonedError):
        _World(abandon=_RaisedDuringTheWait()).performer().perform(Wait(3600))


@pytest.mark.parametrize("opening", [None, LOST])
def test_whatever_becomes_of_a_walk_its_lock_falls(opening: Failure | None) -> None:
    def break_down() -> Walk[None]:
        yield from ask(_CALL)
        raise ZeroDivisionError

    world = _World(answers=[_TAKEN], opening=opening)
    with pytest.raises(ZeroDivisionError):
        drive(break_down(), world.performer())
    assert "unlock SQL01" in world.log


def test_a_walk_gets_the_answers_to_its_own_questions() -> None:
    def twice() -> Walk[list[Any]]:
        first = yield from ask(_CALL)
        second = yield from ask(_CALL)
        return [first, second]

    assert drive(twice(), _World(answers=[_TAKEN, _NO]).performer()) == [_TAKEN, _NO]


def test_a_push_goes_to_the_host_and_tells_how_far_it_is() -> None:
    world = _World()
    assert world.performer().perform(Push(_PACKAGE, "C:\\p.exe")) is None
    assert world.log == ["push p.exe to C:\\p.exe"]
    assert world.shown == [Progress("SQL01", "p.exe", "transferring", 42, 100)]


def test_what_goes_through_the_session_tells_how_far_it_is() -> None:
    wanted = ReceivePackage(run_id="run", epoch=1, sha256="ab", file_name="p.exe", size_bytes=100)
    world = _World(answers=[_NO])
    assert world.performer().perform(Send(Call(RECEIVE_PACKAGE, wanted), _PACKAGE)) == _NO
    assert world.shown == [Progress("SQL01", "p.exe", "transferring", 7, 100)]


def test_what_a_walk_shows_is_seen_and_nothing_else_happens() -> None:
    world = _World()
    world.performer().perform(Show(_WAITING))
    assert (world.shown, world.log) == ([_WAITING], [])


def test_a_free_token_is_taken_without_waiting_and_given_back() -> None:
    world = _World()
    first, second = world.performer(), world.performer()
    for performer in (first, second):
        performer.perform(TakeToken(Token.TRANSFER, _WAITING))
        performer.perform(GiveToken(Token.TRANSFER))
    assert world.shown == []


def test_who_waits_for_a_token_is_seen_waiting_and_leaves_when_the_process_ends() -> None:
    world = _World()
    assert world.tokens.take(Token.TRANSFER, "SQL02", world.abandon, lambda: None)
    waiting = world.performer()
    seen = threading.Event()
    raised: list[BaseException] = []

    def show(progress: Progress) -> None:
        world.shown.append(progress)
        seen.set()

    def wait() -> None:
        try:
            waiting.perform(TakeToken(Token.TRANSFER, _WAITING))
        except AbandonedError as abandoned:
            raised.append(abandoned)

    waiting._haulage = Haulage(world.push, world.tokens, show)
    thread = threading.Thread(target=wait)
    thread.start()
    assert seen.wait(30)
    world.abandon.set()
    thread.join(30)
    assert world.shown == [_WAITING]
    assert len(raised) == 1


def test_a_token_falls_with_the_walk_that_took_it() -> None:
    def break_down() -> Walk[None]:
        yield from take_token(Token.TRANSFER, _WAITING)
        raise ZeroDivisionError

    world = _World()
    with pytest.raises(ZeroDivisionError):
        drive(break_down(), world.performer())
    assert world.tokens.take(Token.TRANSFER, "SQL02", world.abandon, lambda: pytest.fail("it was not given back"))


def test_an_application_is_looked_at_without_a_session_on_the_host() -> None:
    world = _World()
    check = TcpCheck("web", 5, True, 443, None)
    assert world.performer().perform(Probe(check)) == Seen(False, "silent")
    assert world.log == [f"probe web of {_HOST.name}"]


def test_what_is_logged_while_a_step_goes_on_names_the_step() -> None:
    performer = _World().performer()
    named = []
    for body in (
        StepMoved(3, StepState.PENDING, StepState.RUNNING),
        Warned("busy", "another installation is in progress"),
        StepMoved(3, StepState.RUNNING, StepState.SUCCESS),
        StepMoved(4, StepState.PENDING, StepState.RUNNING),
    ):
        performer.perform(Record((Event(body, "SQL01", Phase.INSTALL),)))
        named.append(get_contextvars().get("step"))
    performer.close()
    assert (named, get_contextvars().get("step")) == ([3, 3, None, 4], None)
