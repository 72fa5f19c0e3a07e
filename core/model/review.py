"""What somebody who is to sign a plan must have seen."""

from dataclasses import dataclass
from enum import StrEnum

# The finding of hosts that the plan leaves as they are.
NOT_PATCHED = "not_patched"


class Weight(StrEnum):
    """Stops: not with this plan. Holds: these hosts will not be patched unless somebody acts. Know: as it is."""

    STOPS = "stops"
    HOLDS = "holds"
    KNOW = "know"


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of thing, however many hosts it is about."""

    code: str
    weight: Weight
    title: str
    hosts: tuple[str, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """The worst first."""

    findings: tuple[Finding, ...]

    @property
    def go(self) -> bool:
        return not self.of(Weight.STOPS)

    def of(self, weight: Weight) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.weight is weight)
