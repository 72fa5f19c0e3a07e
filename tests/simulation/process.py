"""One process that drives a simulated run: the real conduct and walks, performed on imaginary hosts as chance has it.

A single walk with answers from a list is tests.engine.scripted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from core.contract.library import HOST_FACTS, SEARCH_UPDATES
from core.contract.message import NoParameters
from core.contract.script import Call
from core.contract.updates import SearchResult, SearchUpdates
from core.detection.updates import with_updates, words_of
from core.detection.windows import facts_of
from core.engine.conduct import Conduct, Orders
from core.engine.effects import (
    Ask,
    Assess,
    Effect,
    GiveToken,
    KeepFacts,
    KeepOutput,
    LockHost,
    Now,
    Probe,
    Push,
    Record,
    Send,
    Show,
    TakeToken,
    Token,
    UnlockHost,
    Wait,
    Walk,
)
from core.engine.errand import Errand, Patience
from core.engine.limits import limits_of
from core.engine.standing import Standing
from core.engine.tokens import Purse
from core.engine.walk import course_of
from core.model.authorisation import Authorisation
from core.model.events import Entry, Event, RunResumed, RunStarted
from core.model.facts import Facts
from core.model.failure import Cause, Failure
from core.model.outcome import Outcome
from core.model.plan import Plan
from core.model.policy import UpdateService
from core.model.record import RunRecord
from core.model.state import TargetState
from core.practice.packages import SIGNER
from tests.simulation.books import RUN_ID, Books, FactShelf, Tray, story
from tests.simulation.schedule import Kill, Schedule
from tests.simulation.tasks import Task, Tasks
from tests.simulation.wire import Ear, Wire
from tests.simulation.world import World, content_of, mapping, policy_of, seconds

_LONGEST_DOZE = 300.0
_TOKEN_LOOK = 10.0
# As patient as a real console is told to be, but with long polls as long as the contract allows: fewer events.
PATIENCE = Patience(connection_loss=600, sql_startup=300, job_start=60, long_poll=60)


class KilledError(Exception):
    """The process dies here."""

    def __init__(self, kill: Kill) -> None:
        super().__init__(kill)
        self.kill = kill


@dataclass
class Fate:
    """Counts effects over the whole run and says when a process dies."""

    kills: list[Kill]
    effects: int = 0
    records: list[int] = field(default_factory=list)

    def strike(self) -> Kill | None:
        self.effects += 1
        return self.kills.pop(0) if self.kills and self.effects >= self.kills[0].effect else None


@dataclass
class Setting:
    """What every process of the run finds when it starts."""

    schedule: Schedule
    world: World
    plan: Plan
    authorisation: Authorisation
    books: Books
    shelf: FactShelf
    tray: Tray
    tasks: Tasks
    wire: Wire
    fate: Fate
    chance: Random
    on_freeze: Callable[["Process", Kill], None]
    most_at_once: int = 0


@dataclass(eq=False)
class Worker:
    """A walk, and the session of its host."""

    walk: Walk[TargetState]
    ear: Ear
    standing: Standing
    doom: Kill | None = None


@dataclass
class Flag:
    """The Stop port without a thread."""

    up: bool = False

    def is_set(self) -> bool:
        return self.up

    def wait(self, timeout: float | None = None) -> bool:
        return self.up


@dataclass
class VirtualClock:
    """The Clock port over the world's time."""

    world: World

    def now(self) -> datetime:
        return self.world.now


@dataclass(eq=False)
class Process:
    """Does with tasks what core.engine.runner does with threads. It is its own Recorder, which may be its death."""

    setting: Setting
    epoch: int
    start_nothing: Flag = field(default_factory=Flag)
    outcome: Outcome | None = None
    _searches: int = 0

    def start(self) -> None:
        """As core.app.driving begins a run or takes one up."""
        targets = tuple(target.host for target in self.setting.plan.targets)
        plan = self.setting.plan
        started = RunStarted(plan.id, plan.digest, "auth-1", "op", "PC-1", "simulated", None, targets)
        resumed = RunResumed("op", "PC-1", self.epoch)
        self.record((Event(started if self.epoch == 1 else resumed),))
        clock = VirtualClock(self.setting.world)
        self._workers: list[Worker] = []
        self._conduct = Conduct(self._orders(), self, self.setting.tray, clock, self.start_nothing)
        numbers = {Token.REBOOT: self.setting.plan.rules.pace.max_reboots, Token.TRANSFER: 1}
        self._purse = Purse(numbers, self._conduct.kept_tokens())
        self._alarm: datetime | None = None
        self.turn()

    def turn(self) -> None:
        """What the runner does between two waits. A process that has nobody at work has come to its end."""
        if self.outcome is not None:
            return
        self._conduct.take_requests()
        for errand in self._conduct.begin_hosts():
            self._employ(errand)
        self.setting.most_at_once = max(self.setting.most_at_once, len(self._workers))
        if self._conduct.over:
            self.outcome = self._conduct.end()
        else:
            self._set_alarm()

    def _set_alarm(self) -> None:
        """The runner looks every half second; here the next moment at which something can be different is enough."""
        now, held = self.setting.world.now, self._conduct.held
        if held is None:
            return
        latest = now + seconds(_LONGEST_DOZE)
        due = latest if held.until is None else min(latest, held.until)
        if self._alarm is None or self._alarm <= now or due < self._alarm:
            self._alarm = due
            self._later((due - now).total_seconds(), self.turn)

    def wake(self) -> None:
        self._later(self.setting.chance.uniform(0, 0.5), self.turn)

    def record(self, events: Sequence[Event]) -> tuple[Entry, ...]:
        kill = self._struck()
        self.setting.fate.records.append(self.setting.fate.effects)
        if kill is not None and kill.death == "before":
            raise KilledError(kill)
        entries = self.setting.books.append(self.epoch, events)
        if kill is not None:
            raise KilledError(kill)
        return entries

    def _struck(self) -> Kill | None:
        kill = self.setting.fate.strike()
        if kill is not None and kill.frozen:
            self.setting.on_freeze(self, kill)
            return None
        return kill

    def _orders(self) -> Orders:
        setting = self.setting
        return Orders(
            setting.plan,
            setting.authorisation,
            limits_of(setting.plan, setting.world.now),
            lambda: story(setting.books.lines()),
            self._errand,
        )

    def _errand(self, host: str, record: RunRecord) -> Errand:
        past = record.target(host)
        return Errand(
            run_id=RUN_ID,
            epoch=self.epoch,
            console="PC-1",
            planned=self.setting.plan.target(host),
            packages=self.setting.plan.packages,
            updates=self.setting.plan.updates,
            policy=policy_of(self.setting.schedule),
            mapping=mapping(),
            trusted_signers=(SIGNER,),
            patience=PATIENCE,
            past=past,
            standing=Standing(past),
            baseline=None if past.before is None else self.setting.shelf.load(past.before.digest),
            rules=self.setting.plan.rules,
            applications=self.setting.plan.applications_of(host),
            windows=self.setting.plan.windows_of(host),
        )

    def _employ(self, errand: Errand) -> None:
        ear = Ear(self, errand.host, lambda value: None)
        worker = Worker(course_of(errand), ear, errand.standing)
        self._workers.append(worker)
        self._later(0, lambda: self._go_on(worker, None))

    def _go_on(self, worker: Worker, value: Any) -> None:
        if worker.doom is not None:
            raise KilledError(worker.doom)
        try:
            effect = worker.walk.send(value)
        except StopIteration as end:
            self._workers.remove(worker)
            self._purse.give_all(worker.ear.host)
            self._conduct.ended(worker.ear.host, end.value, worker.standing.failure)
            self.wake()
            return
        self._perform(worker, effect)

    def _perform(self, worker: Worker, effect: Effect) -> None:
        if isinstance(effect, Record):
            self.record(effect.events)
            self._give(worker, None, self.setting.chance.uniform(0, 0.02))
            return
        worker.doom = self._struck()
        if worker.doom is not None and worker.doom.death == "before":
            raise KilledError(worker.doom)
        match effect:
            case Ask(call):
                self._ask(worker, call, b"", lambda found: found)
            case Send(call, package):
                self._ask(worker, call, self._content(package.source), lambda found: found)
            case Push():
                refused = Failure(Cause.PACKAGE, "an imaginary host has no administrative share")
                self._give(worker, refused, self.setting.chance.uniform(0.1, 10))
            case TakeToken(token):
                self._take(worker, token)
            case GiveToken(token):
                self._purse.give(token, worker.ear.host)
                self._give(worker, None)
            case Show():
                self._give(worker, None)
            case Assess(service):
                self._assess(worker, service)
            case Probe(check):
                self._give(worker, self.setting.world.probe(worker.ear.host, check), self.setting.chance.uniform(0, 1))
            case KeepFacts(facts):
                self._give(worker, self.setting.shelf.keep(facts))
            case KeepOutput(text):
                self._give(worker, f"hash of {len(text)} characters")
            case Wait(pause):
                self._give(worker, None, pause)
            case Now():
                self._give(worker, self.setting.world.now)
            case LockHost() | UnlockHost():
                self._give(worker, None)

    def _assess(self, worker: Worker, service: UpdateService | None) -> None:
        def heard(found: Any) -> None:
            facts = self._facts(worker, found)
            if isinstance(facts, Failure) or service is None:
                self._go_on(worker, facts)
                return
            self._searches += 1
            name = f"{self.epoch}.{self._searches}"
            asked = SearchUpdates(search_id=name, service=service, wait_seconds=PATIENCE.long_poll)
            self._search(worker, facts, Call(SEARCH_UPDATES, asked))

        worker.ear.hear = heard
        self.setting.wire.ask(worker.ear, Call(HOST_FACTS, NoParameters()))

    def _search(self, worker: Worker, facts: Facts, call: Call[Any, Any]) -> None:
        """Asked again until it is done, as a real session asks."""

        def heard(found: Any) -> None:
            if isinstance(found, SearchResult) and not found.done:
                self.setting.wire.ask(worker.ear, call)
            else:
                self._go_on(worker, with_updates(facts, words_of(found, self.setting.world.now)))

        worker.ear.hear = heard
        self.setting.wire.ask(worker.ear, call)

    def _take(self, worker: Worker, token: Token) -> None:
        if self._purse.take(token, worker.ear.host):
            self._give(worker, None)
        else:
            self._later(_TOKEN_LOOK, lambda: self._take(worker, token))

    def _ask(self, worker: Worker, call: Call[Any, Any], content: bytes, then: Callable[[Any], Any]) -> None:
        worker.ear.hear = lambda found: self._go_on(worker, then(found))
        self.setting.wire.ask(worker.ear, call, content)

    def _facts(self, worker: Worker, found: Any) -> Any:
        if isinstance(found, Failure):
            return found
        world = self.setting.world
        return facts_of(worker.ear.host, found, world.engines(worker.ear.host), world.now)

    def _content(self, family: str) -> bytes:
        return content_of(family, self.setting.schedule.unsigned_packages)

    def _give(self, worker: Worker, value: Any, delay: float = 0.0) -> None:
        self._later(delay, lambda: self._go_on(worker, value))

    def _later(self, delay: float, act: Callable[[], None]) -> None:
        self.setting.tasks.add(Task(self.setting.world.now + seconds(delay), act, self))
