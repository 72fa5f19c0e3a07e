"""How questions travel to imaginary hosts and answers back: late, lost, cut, or only after the asker has died."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from core.contract.answer import read_answer, write_error, write_result
from core.contract.job import WatchJob
from core.contract.script import Call
from core.contract.updates import SearchUpdates
from core.model.failure import Cause, Failure
from core.practice.answers.answer import Hold, RefusalError
from core.practice.answers.answering import answer
from tests.simulation.schedule import Line
from tests.simulation.tasks import Task, Tasks
from tests.simulation.world import Executed, World, seconds

_QUICK = 0.3
_LONGEST_SILENCE = 30.0


@dataclass
class Ear:
    """Who asked: the owner of the session, and what to do with the answer."""

    owner: object
    host: str
    hear: Callable[[Any], None]
    connected: bool = False


class Wire:
    """All lines of one schedule."""

    def __init__(self, world: World, tasks: Tasks, line: Line, chance: Random) -> None:
        self._world = world
        self._tasks = tasks
        self._line = line
        self._chance = chance

    def ask(self, ear: Ear, call: Call[Any, Any], content: bytes = b"") -> None:
        if self._chance.random() < self._line.request_lost:
            self._fail(ear, Cause.NO_ANSWER, "no answer came")
            return
        due = self._world.now + seconds(self._chance.uniform(0.01, _QUICK))
        arrival = call.script.name

        def arrive() -> None:
            self._arrive(ear, call, content)

        self._tasks.add(Task(due, arrive, ear.owner, arrival=arrival))

    def _arrive(self, ear: Ear, call: Call[Any, Any], content: bytes) -> None:
        machine = self._world.machines[ear.host]
        if not ear.connected and machine.reachable and machine.fault("connect", "refuse") is not None:
            self._fail(ear, Cause.UNREACHABLE, "the connection was refused")
            return
        cut = self._chance.random() < self._line.cut
        if cut and self._chance.random() < 0.5:
            machine.cut_network(self._line.cut_seconds)
        if not machine.reachable:
            self._fail(ear, Cause.UNREACHABLE, "the host cannot be reached")
            return
        ear.connected = True
        self._world.executed.append(Executed(self._world.now, ear.host, call.script.name))
        self._execute(ear, call, content, None)
        if cut:
            machine.cut_network(self._line.cut_seconds)

    def _execute(self, ear: Ear, call: Call[Any, Any], content: bytes, until: datetime | None) -> None:
        if until is not None and self._world.now >= until:
            call = Call(call.script, call.parameters.model_copy(update={"wait_seconds": 0}))
        try:
            found = answer(self._world.machines[ear.host], call.script.name, call.parameters, content)
        except RefusalError as refused:
            self._answer(ear, read_answer(call.script, write_error(refused.code, str(refused))))
            return
        if isinstance(found, Hold):
            assert isinstance(call.parameters, WatchJob | SearchUpdates)
            self._hold(ear, call, found, until or found.until)
            return
        self._answer(ear, read_answer(call.script, write_result(found)))

    def _hold(self, ear: Ear, call: Call[Any, Any], hold: Hold, until: datetime) -> None:
        """The host answers when there is something to say, when the time is up, or never: the line may break."""
        cuts = self._world.cuts.get(ear.host, 0)

        def broken() -> bool:
            return self._world.cuts.get(ear.host, 0) != cuts

        def look() -> None:
            if broken():
                self._fail(ear, Cause.UNREACHABLE, "the line broke")
            else:
                self._execute(ear, call, b"", until)

        self._tasks.add(Task(until, look, ear.owner, ready=lambda: broken() or hold.ready()))

    def _answer(self, ear: Ear, found: Any) -> None:
        if self._chance.random() < self._line.answer_lost:
            self._fail(ear, Cause.NO_ANSWER, "the answer was lost")
            return
        cuts = self._world.cuts.get(ear.host, 0)

        def hear() -> None:
            if self._world.cuts.get(ear.host, 0) != cuts:
                self._fail(ear, Cause.UNREACHABLE, "the line broke")
            else:
                ear.hear(found)

        self._tasks.add(Task(self._world.now + seconds(self._chance.uniform(0, 0.05)), hear, ear.owner))

    def _fail(self, ear: Ear, cause: Cause, detail: str) -> None:
        ear.connected = False
        due = self._world.now + seconds(self._chance.uniform(0.1, _LONGEST_SILENCE))
        self._tasks.add(Task(due, lambda: ear.hear(Failure(cause, detail)), ear.owner))
