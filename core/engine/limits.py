"""How much a run may do at once, when, and how much may go wrong: what policy and this PC allow, for the gate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from core.planning.windows import Opening


@dataclass(frozen=True, slots=True)
class Limits:
    """Openings are those of this run alone: a host that has none may be worked on at any time."""

    workers: int
    per_tenant: int | None = None
    per_domain: int = 1
    domains: Mapping[str, str | None] = field(default_factory=dict)
    stagger: timedelta = timedelta()
    soak: timedelta = timedelta()
    budget_hosts: int | None = None
    budget_percent: int | None = None
    windows: Mapping[str, tuple[Opening, ...]] = field(default_factory=dict)

    def domain_of(self, host: str) -> str | None:
        return self.domains.get(host)

    def openings(self, host: str) -> tuple[Opening, ...]:
        return self.windows.get(host, ())

    def budget(self, hosts: int) -> int | None:
        """How many of so many hosts may fail; the lower of the two limits counts."""
        limits = [self.budget_hosts, None if self.budget_percent is None else hosts * self.budget_percent // 100]
        return min((one for one in limits if one is not None), default=None)
