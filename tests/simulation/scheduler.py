"""Lives one schedule through: chance picks what happens next, time jumps to it, processes die and are replaced."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from core.model.authorisation import Authorisation
from core.model.plan import Plan
from core.model.requests import Action, Request
from core.model.state import REVERIFIABLE
from core.ports import Clock
from core.store.recorder import FencedError
from tests.simulation.books import RUN_ID, Books, FactShelf, PaperBooks, Tray, story
from tests.simulation.process import Fate, KilledError, Process, Setting, VirtualClock
from tests.simulation.schedule import Asked, Kill, Schedule
from tests.simulation.tasks import Task, Tasks
from tests.simulation.wire import Wire
from tests.simulation.world import BEGINNING, World, claim_by_others, make_world, plan_of, seconds

_MOST_EVENTS = 60_000
# Numbers of requests that follow from others.
_SECOND = 1000
# Whoever wants to verify a host again waits for one that has failed.
_LOOK_AGAIN = 200.0
_LATEST = BEGINNING + seconds(14 * 86_400)

Bookshop = Callable[[Plan, Clock], Books]


@dataclass(frozen=True, slots=True)
class Story:
    """How a schedule went: what the journal tells, what the hosts know, and what broke on the way."""

    schedule: Schedule
    plan: Plan
    lines: tuple[str, ...]
    world: World
    most_at_once: int
    epoch: int
    effects: int
    records: tuple[int, ...]
    interrupted: bool
    bugs: tuple[str, ...]


def simulate(schedule: Schedule, bookshop: Bookshop | None = None) -> Story:
    """The whole run, with all its processes, to its end."""
    return _Scheduler(schedule, bookshop or (lambda plan, clock: PaperBooks(clock))).live()


class _Scheduler:
    def __init__(self, schedule: Schedule, bookshop: Bookshop) -> None:
        chance = Random(f"order/{schedule.seed}")
        world = make_world(schedule)
        plan = plan_of(world)
        claim_by_others(world)
        tasks = Tasks(chance)
        self._world = world
        self._chance = chance
        self._tasks = tasks
        self._bugs: list[str] = []
        self._process: Process | None = None
        self._setting = Setting(
            schedule=schedule,
            world=world,
            plan=plan,
            authorisation=_authorisation(schedule, plan),
            books=bookshop(plan, VirtualClock(world)),
            shelf=FactShelf(),
            tray=Tray(),
            tasks=tasks,
            wire=Wire(world, tasks, schedule.line, chance),
            fate=Fate(list(schedule.kills)),
            chance=chance,
            on_freeze=self._freeze,
        )
        self._setting.tray.on_taken = self._may_die_between
        self._interrupted = False

    def live(self) -> Story:
        for number, asked in enumerate(self._setting.schedule.asked, start=1):
            self._plan_request(number, asked)
        self._replace(0.0)
        events = 0
        while not self._is_over():
            events += 1
            if events > _MOST_EVENTS or self._world.now > _LATEST:
                self._bugs.append("the run never ends")
                break
            self._happen()
        return Story(
            self._setting.schedule,
            self._setting.plan,
            self._setting.books.lines(),
            self._world,
            self._setting.most_at_once,
            0 if self._process is None else self._process.epoch,
            self._setting.fate.effects,
            tuple(self._setting.fate.records),
            self._interrupted,
            tuple(self._bugs),
        )

    def _is_over(self) -> bool:
        return bool(self._bugs) or (self._process is not None and self._process.outcome is not None)

    def _happen(self) -> None:
        self._world.advance(self._world.now)
        task = self._tasks.take(self._world.now)
        if task is not None:
            self._do(task)
            return
        upcoming = [due for due in (self._tasks.next_due(), self._world.next_due()) if due is not None]
        if self._tasks.next_due() is None:
            self._bugs.append("nobody does anything any more, and the run has not ended")
            return
        self._world.advance(min(upcoming))

    def _do(self, task: Task) -> None:
        try:
            task.act()
        except KilledError as killed:
            self._tasks.bury(task.owner)
            if task.owner is self._process:
                self._replace(killed.kill.pause)
        except FencedError:
            self._tasks.bury(task.owner)
            if task.owner is self._process:
                self._bugs.append("the process that drives the run was fenced off")
        except Exception:
            self._bugs.append(traceback.format_exc())

    def _replace(self, pause: float) -> None:
        """Another process takes the run up, or begins it if nothing of it was written."""

        def begin() -> None:
            epoch = 1 + sum('"event":"run_' in line and '"event":"run_ended' not in line for line in self._lines())
            self._process = Process(self._setting, epoch)
            task.owner = self._process
            self._process.start()

        self._process = None
        task = Task(self._world.now + seconds(pause), begin)
        self._tasks.add(task)

    def _freeze(self, process: Process, kill: Kill) -> None:
        """It is given up for dead, replaced, and wakes: it must do no harm."""
        if process is not self._process:
            return
        wakes = self._world.now + seconds(kill.pause + self._chance.uniform(5, 300))
        self._tasks.add(Task(self._world.now, lambda: self._tasks.postpone(process, wakes)))
        self._replace(kill.pause)

    def _may_die_between(self) -> None:
        """A request that is answered and not yet ticked off is the narrowest place of all."""
        kill = self._setting.fate.strike()
        if kill is not None:
            raise KilledError(kill)

    def _plan_request(self, number: int, asked: Asked) -> None:
        self._tasks.add(Task(self._world.now + seconds(asked.at), lambda: self._ask(number, asked)))

    def _ask(self, number: int, asked: Asked) -> None:
        if asked.action == "interrupt":
            self._interrupt()
            return
        if asked.action == "reverify" and not self._failed():
            self._tasks.add(Task(self._world.now + seconds(_LOOK_AGAIN), lambda: self._ask(number, asked)))
            return
        host = self._meant(asked)
        if host is not None and asked.mended and host in self._failed() and not self._world.mend(host):
            return
        self._put(number, Action(asked.action), host)
        if asked.action == "pause":
            ends = self._world.now + seconds(asked.lasts)
            self._tasks.add(Task(ends, lambda: self._put(_SECOND + number, Action.RESUME, None)))

    def _meant(self, asked: Asked) -> str | None:
        if asked.action in ("stop", "pause"):
            return None
        hosts = [target.host for target in self._setting.plan.targets]
        if asked.action == "reverify":
            hosts = self._failed()
        return hosts[asked.host % len(hosts)] if hosts else None

    def _failed(self) -> list[str]:
        """Those that somebody may work on by hand: no run has them in hand."""
        lines = self._lines()
        return [one.host for one in story(lines).targets if one.state in REVERIFIABLE] if lines else []

    def _put(self, number: int, action: Action, host: str | None) -> None:
        request = Request(number, RUN_ID, action, host, "op", "simulated", self._world.now)
        self._setting.tray.asked.append(request)
        if self._process is not None:
            self._process.wake()

    def _interrupt(self) -> None:
        if self._process is not None:
            self._interrupted = True
            self._process.start_nothing.up = True
            self._process.wake()

    def _lines(self) -> tuple[str, ...]:
        return self._setting.books.lines()


def _authorisation(schedule: Schedule, plan: Plan) -> Authorisation:
    expires: datetime | None = None
    if schedule.expires_after is not None:
        expires = BEGINNING + seconds(schedule.expires_after)
    return Authorisation("auth-1", plan.id, plan.digest, "op", BEGINNING, "simulated", None, expires)
