"""What goes into planning: hosts with their facts and verdicts."""

from dataclasses import dataclass

from core.model.facts import Facts
from core.model.host import Host
from core.model.verdict import HostVerdict, LeftOut


@dataclass(frozen=True, slots=True)
class Candidate:
    """A host as it goes into planning."""

    host: Host
    facts: Facts
    verdict: HostVerdict
    patch_blocked: bool = False

    @property
    def name(self) -> str:
        return self.host.name

    @property
    def has_work(self) -> bool:
        return not self.verdict.obstacles and bool(self.verdict.needs or self.verdict.wanted)

    @property
    def stays_behind(self) -> bool:
        """An instance of it would stay below its target, whatever this plan does."""
        held_back = any(isinstance(one, LeftOut) and one.instance is not None for one in self.verdict.verdicts)
        return held_back or bool(self.verdict.obstacles and self.verdict.needs)
