"""A run's process: its pool, its requests, and how it ends."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from core.contract.claim import ClaimResult, ReleaseResult
from core.contract.script import Call, P, R
from core.engine.conduct import Orders
from core.engine.errand import Errand
from core.engine.limits import Limits
from core.engine.performing import Haulage, Performer
from core.engine.runner import Run, Stops
from core.engine.standing import Standing
from core.engine.tokens import Purse, Tokens
from core.evidence.folding import fold
from core.model.application import Seen
from core.model.authorisation import Authorisation
from core.model.events import AdmissionHeld, DiagnosticsAsked, Entry, Event, RequestTaken, RunEnded, RunStarted
from core.model.facts import Facts
from core.model.failure import Cause, Failure
from core.model.host import Host, Place, Remoting
from core.model.outcome import Outcome
from core.model.plan import Plan, PlanInputs, PlannedTarget, Wave
from core.model.record import RunRecord
from core.model.requests import Action, Request
from core.model.state import TargetState
from tests.engine.scripted import NOON, errand

_HOSTS = ("A", "B", "C")
_GONE = Failure(Cause.NAME_NOT_RESOLVED, "the name is not known")


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class _Journal:
    """The Recorder port, in memory."""

    entries: list[Entry] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def record(self, events: Sequence[Event]) -> tuple[Entry, ...]:
        with self.guard:
            for event in events:
                self.entries.append(Entry("run", len(self.entries) + 1, NOON, event))
        return tuple(self.entries[-len(events) :])

    def story(self) -> RunRecord:
        with self.guard:
            return fold(self.entries)

    @property
    def asked_for_logs(self) -> bool:
        with self.guard:
            return any(isinstance(entry.event.body, DiagnosticsAsked) for entry in self.entries)

    def states(self) -> dict[str, TargetState]:
        return {target.host: target.state for target in self.story().targets}


@dataclass
class _Inbox:
    asked: list[Request] = field(default_factory=list)

    def waiting(self) -> Sequence[Request]:
        return tuple(self.asked)

    def taken(self, request: Request) -> None:
        self.asked.remove(request)


class _Shelf:
    """Facts, outputs and locks that are never used here."""

    def keep(self, _: object) -> str:
        return "kept"

    def load(self, digest: str) -> Facts:
        raise KeyError(digest)

    def take(self, host: str) -> Failure | None:
        return None

    def release(self, host: str) -> None:
        pass


class _Session:
    """Claims are given; what comes after it is what the test says."""

    def __init__(self, then: Callable[[], Failure]) -> None:
        self._then = then

    def run(self, call: Call[P, R]) -> R | Failure:
        if call.script.name == "take_claim":
            return ClaimResult(schema_version=1, renewed=False)  # type: ignore[return-value]  # of this script
        if call.script.name == "release_claim":
            return ReleaseResult(schema_version=1, released=True)  # type: ignore[return-value]  # of this script
        return self._then()

    def send(self, call: object, source: object, told: object) -> Failure:
        return self._then()

    def close(self) -> None:
        pass


@dataclass
class _Stage:
    """One run with all its ports faked; what each host does is a function."""

    acts: dict[str, Callable[[], Failure]] = field(default_factory=dict)
    journal: _Journal = field(default_factory=_Journal)
    inbox: _Inbox = field(default_factory=_Inbox)
    stops: Stops = field(default_factory=Stops)
    workers: int = 3
    expires: datetime | None = None
    blocked: Callable[[str], Failure | None] = lambda _: None

    def run(self) -> Outcome:
        plan = _plan()
        if not self.journal.entries:
            self.journal.record((Event(RunStarted("p", "d", "a", "op", "PC", "why", None, _HOSTS)),))
        allowed = Authorisation("a", "p", plan.digest, "op", NOON, "why", None, self.expires)
        orders = Orders(plan, allowed, Limits(self.workers), self.journal.story, _errand, self.blocked)
        run = Run(orders, lambda _: self._performer, {}, self.journal, self.inbox, _Clock(), self.stops)
        return run.to_the_end()

    def _performer(self, name: str) -> Performer:
        host = Host(name, "127.0.0.1", Remoting("http", 1, "ntlm", None, None))
        session = _Session(self.acts.get(name, lambda: _GONE))
        shelf = _Shelf()
        return Performer(
            host,
            lambda _: session,
            lambda *_: _GONE,
            self.journal,
            shelf,
            shelf,
            shelf,
            _Clock(),
            self.stops.abandon,
            Haulage(lambda *_: _GONE, Tokens(Purse({})), lambda _: None),
            lambda *_: Seen(True, "answers"),
        )

    def ask(self, action: Action, host: str | None = None) -> None:
        self.inbox.asked.append(Request(len(self.inbox.asked) + 1, "run", action, host, "op", "why", NOON))

    def answers(self) -> list[bool]:
        bodies = [entry.event.body for entry in self.journal.entries]
        return [body.accepted for body in bodies if isinstance(body, RequestTaken)]


def _plan() -> Plan:
    inputs = PlanInputs("", "", "", "", "")
    targets = tuple(PlannedTarget(host, "machine", Place(), (), (), 0) for host in _HOSTS)
    return Plan("p", NOON, "d", NOON, inputs, (), (Wave(1, "all", _HOSTS, 0),), targets, (), ())


def _errand(host: str, record: RunRecord) -> Errand:
    past = record.target(host)
    usual = errand()
    return replace(usual, planned=replace(usual.planned, host=host), past=past, standing=Standing(past))


def test_every_host_is_worked_on_and_the_run_ends() -> None:
    stage = _Stage()
    assert stage.run() is Outcome.NOT_REACHED
    assert set(stage.journal.states().values()) == {TargetState.FAILED}
    assert stage.journal.entries[-1].event.body == RunEnded(Outcome.NOT_REACHED)


def test_a_withdrawn_host_is_never_begun() -> None:
    stage = _Stage(workers=1)
    stage.ask(Action.WITHDRAW, "B")
    stage.run()
    assert stage.journal.states()["B"] is TargetState.CANCELLED
    assert stage.answers() == [True]


def test_a_stranger_can_not_be_withdrawn() -> None:
    stage = _Stage()
    stage.ask(Action.WITHDRAW, "X")
    stage.run()
    assert stage.answers() == [False]


def test_a_stop_before_the_start_cancels_all() -> None:
    stage = _Stage()
    stage.ask(Action.STOP)
    assert stage.run() is Outcome.CANCELLED
    assert set(stage.journal.states().values()) == {TargetState.CANCELLED}
    (held,) = [one.event.body.message for one in stage.journal.entries if isinstance(one.event.body, AdmissionHeld)]
    assert held == "the run was stopped", "it is said of the whole run, and not of one host"


def test_a_stop_in_the_middle_lets_the_host_at_work_finish() -> None:
    stage = _Stage(workers=1)

    def ask_to_stop() -> Failure:
        stage.ask(Action.STOP)
        return _GONE

    stage.acts["A"] = ask_to_stop
    assert stage.run() is Outcome.CANCELLED
    assert list(stage.journal.states().values()) == [
        TargetState.FAILED,
        TargetState.CANCELLED,
        TargetState.CANCELLED,
    ]


def test_an_expired_authorisation_starts_nothing() -> None:
    stage = _Stage(expires=NOON - timedelta(days=1))
    stage.run()
    assert set(stage.journal.states().values()) == {TargetState.CANCELLED}


def test_an_abandoned_run_has_no_end_and_can_be_resumed() -> None:
    stage = _Stage(workers=1)

    def leave() -> Failure:
        stage.stops.interrupt()
        stage.stops.interrupt()
        return _GONE

    stage.acts["A"] = leave
    assert stage.run() is Outcome.CANCELLED
    assert not any(isinstance(entry.event.body, RunEnded) for entry in stage.journal.entries)
    stage.stops, stage.acts = Stops(), {}
    stage.run()
    assert set(stage.journal.states().values()) == {TargetState.FAILED}


def test_a_bug_on_one_host_is_loud_and_the_others_are_watched_to_their_end() -> None:
    stage = _Stage(workers=2)
    broken = threading.Event()

    def break_down() -> Failure:
        broken.set()
        raise ZeroDivisionError

    def finish_later() -> Failure:
        broken.wait(30)
        return _GONE

    stage.acts |= {"A": break_down, "B": finish_later}
    with pytest.raises(ZeroDivisionError):
        stage.run()
    assert stage.journal.states()["B"] is TargetState.FAILED
    assert stage.journal.story().outcome is None


def test_a_request_that_was_answered_by_a_dead_process_is_only_ticked_off() -> None:
    stage = _Stage()
    stage.journal.record((Event(RunStarted("p", "d", "a", "op", "PC", "why", None, _HOSTS)),))
    stage.journal.record((Event(RequestTaken(1, Action.STOP, "op", "why", True, "nothing new is started")),))
    stage.ask(Action.STOP)
    assert stage.run() is Outcome.CANCELLED
    assert (stage.answers(), stage.inbox.asked) == ([True], [])


def test_no_more_hosts_are_at_work_than_allowed() -> None:
    stage = _Stage(workers=2)
    both = threading.Barrier(2)
    at_work: list[str] = []
    most: list[int] = []

    def work(name: str) -> Callable[[], Failure]:
        def act() -> Failure:
            at_work.append(name)
            most.append(len(at_work))
            if name != "C":
                both.wait(30)
            at_work.remove(name)
            return _GONE

        return act

    stage.acts |= {name: work(name) for name in _HOSTS}
    stage.run()
    assert max(most) == 2


def test_a_paused_run_waits_for_the_word_and_goes_on() -> None:
    stage = _Stage(workers=1)
    stage.ask(Action.PAUSE)
    heard = threading.Event()

    def held(entries: list[Entry]) -> bool:
        return any(isinstance(entry.event.body, AdmissionHeld) for entry in entries)

    class _Listening(_Inbox):
        def waiting(self) -> Sequence[Request]:
            if held(stage.journal.entries) and not heard.is_set():
                heard.set()
                self.asked.append(Request(2, "run", Action.RESUME, None, "op", "why", NOON))
            return super().waiting()

    stage.inbox = _Listening(stage.inbox.asked)
    assert stage.run() is Outcome.NOT_REACHED
    assert stage.answers() == [True, True]
    assert not held(stage.journal.entries[:2])
    assert set(stage.journal.states().values()) == {TargetState.FAILED}


def test_a_host_that_is_patch_blocked_is_not_begun() -> None:
    blocked = Failure(Cause.PATCH_BLOCKED, "by an earlier run")
    stage = _Stage(blocked=lambda host: blocked if host == "B" else None)
    stage.run()
    assert stage.journal.states() == {
        "A": TargetState.FAILED,
        "B": TargetState.BLOCKED,
        "C": TargetState.FAILED,
    }


def test_a_note_is_kept_with_its_host() -> None:
    stage = _Stage()
    stage.ask(Action.NOTE, "A")
    stage.run()
    assert stage.journal.story().target("A").notes == ("op: why",)


def test_a_host_that_was_never_assessed_cannot_be_verified_again() -> None:
    stage = _Stage(workers=1)

    def fail_and_ask() -> Failure:
        stage.ask(Action.REVERIFY, "A")
        return _GONE

    stage.acts["B"] = fail_and_ask
    stage.run()
    assert stage.answers() == [False]


def test_a_refusal_tells_in_plain_words_how_the_host_stands() -> None:
    stage = _Stage(workers=1)

    def fail_and_ask() -> Failure:
        stage.ask(Action.WITHDRAW, "A")
        return _GONE

    stage.acts["B"] = fail_and_ask
    stage.run()
    assert stage.journal.story().requests == ("op asked to withdraw A (why): refused; A was begun already: failed",)


def test_logs_that_somebody_asks_for_are_fetched_beside_the_walk_and_the_run_waits_for_them() -> None:
    """The host's own walk does not end before its logs were asked for, so that the two are there at once."""
    stage = _Stage(workers=1)
    fetching = threading.Event()

    def work() -> Failure:
        if threading.current_thread().name.startswith("aside"):
            fetching.set()
        elif not stage.journal.asked_for_logs:
            stage.ask(Action.DIAGNOSE, "A")
            assert fetching.wait(30), "the walk of the host keeps its logs from being fetched"
        return _GONE

    stage.acts["A"] = work
    stage.run()
    target = stage.journal.story().target("A")
    assert target.diagnostics is not None
    assert (target.diagnostics.result, target.diagnostics.asked_by) == ("failed", "op")
    assert target.diagnostics_by is None
    assert isinstance(stage.journal.entries[-1].event.body, RunEnded)


def test_logs_that_an_earlier_process_was_asked_for_are_fetched_by_the_next() -> None:
    stage = _Stage()
    started = RunStarted("p", "d", "a", "op", "PC", "why", None, _HOSTS)
    stage.journal.record((Event(started), Event(DiagnosticsAsked("olga"), "B")))
    stage.run()
    taken = stage.journal.story().target("B").diagnostics
    assert taken is not None
    assert taken.asked_by == "olga"


def test_nobody_fetches_the_logs_of_a_stranger() -> None:
    stage = _Stage()
    stage.ask(Action.DIAGNOSE, "STRANGER")
    stage.run()
    assert stage.answers() == [False]
