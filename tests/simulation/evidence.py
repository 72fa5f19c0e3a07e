"""The story of a schedule, read once, for all who judge it."""

from dataclasses import dataclass

from core.model.events import Entry
from core.model.record import RunRecord
from core.practice.host.machine import Machine
from tests.simulation.scheduler import Story
from tests.simulation.world import Noted


@dataclass(frozen=True, slots=True)
class Evidence:
    """The story, read once."""

    story: Story
    entries: tuple[Entry, ...]
    record: RunRecord

    def machine(self, host: str) -> Machine:
        return self.story.world.machines[host]

    def noted(self, host: str, *kinds: str) -> list[Noted]:
        return [one for one in self.story.world.ledger if one.host == host and one.kind in kinds]
