"""What is to happen in a simulated world, and who takes it with him when he dies."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from tests.simulation.world import seconds


def _never() -> bool:
    return False


@dataclass(eq=False)
class Task:
    """Something that happens when it is due, or sooner when it is ready. An arrival is a question on its way."""

    due: datetime
    act: Callable[[], None]
    owner: object | None = None
    arrival: str = ""
    ready: Callable[[], bool] = field(default=_never)


class Tasks:
    """Everything that is under way."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._tasks: list[Task] = []

    def add(self, task: Task) -> None:
        self._tasks.append(task)

    def take(self, now: datetime) -> Task | None:
        """One of those that can happen now: chance says which."""
        possible = [one for one in self._tasks if one.due <= now or one.ready()]
        if not possible:
            return None
        chosen = self._chance.choice(possible)
        self._tasks.remove(chosen)
        return chosen

    def next_due(self) -> datetime | None:
        return min((one.due for one in self._tasks), default=None)

    def bury(self, owner: object) -> None:
        """His tasks die with him. A question that is on its way may still arrive, a little late or on time."""
        self._tasks = [one for one in self._tasks if one.owner is not owner or self._outlives(one)]

    def postpone(self, owner: object, until: datetime) -> None:
        """He is frozen, and goes on then as if nothing had happened."""
        for one in self._tasks:
            if one.owner is owner:
                one.due = until + seconds(self._chance.uniform(0, 5))
                one.ready = _never

    def _outlives(self, task: Task) -> bool:
        if not task.arrival or self._chance.random() < 0.5:
            return False
        # Seldom so late that whoever took the run up has given the host back already.
        task.due += seconds(self._chance.choice((0, self._chance.uniform(0, 20), self._chance.uniform(0, 7200))))
        return True
