"""How much a run may do at once, when, and how much may go wrong, as the plan says: for the gate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.model.plan import Plan
from core.planning.windows import Opening, next_opening


@dataclass(frozen=True, slots=True)
class Limits:
    """Openings are those of this run alone: a host that has none may be worked on at any time."""

    workers: int
    per_tenant: int | None = None
    per_domain: int = 1
    domains: Mapping[str, str | None] = field(default_factory=dict)
    stagger: timedelta = timedelta()
    failures_allowed: int | None = None
    windows: Mapping[str, tuple[Opening, ...]] = field(default_factory=dict)

    def domain_of(self, host: str) -> str | None:
        return self.domains.get(host)

    def openings(self, host: str) -> tuple[Opening, ...]:
        return self.windows.get(host, ())


def limits_of(plan: Plan, now: datetime) -> Limits:
    """The openings of a run are those that its process finds: open now, or next."""
    pace = plan.rules.pace
    openings = {one.window.name: next_opening(one.window, now) for one in plan.windows}
    return Limits(
        workers=max(1, min(plan.rules.workers, len(plan.targets))),
        per_tenant=pace.max_per_tenant,
        per_domain=pace.max_per_failure_domain,
        domains={target.host: target.failure_domain for target in plan.targets},
        stagger=timedelta(seconds=pace.stagger_seconds),
        failures_allowed=plan.rules.failures_allowed,
        windows={target.host: tuple(openings[name] for name in target.windows) for target in plan.targets},
    )
