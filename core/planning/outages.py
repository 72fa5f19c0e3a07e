"""What a host's turn takes from its users: a group's service is not away for as long as one of its hosts."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.model.plan import Plan, PlannedTarget
from core.planning.groups import group_title

# What another member carries on with meanwhile. A cluster or a group of the targets' list is no service.
_CARRIED = frozenset({"ag", "fci"})


@dataclass(frozen=True, slots=True)
class GroupOutage:
    """Of a service that other members can carry. A host that is seen to lead it is begun only after a failover."""

    kind: str
    title: str
    fails_over: bool | None
    """None where nobody knows who leads it. If that is still so at its turn, nothing holds the host for a failover."""

    def __str__(self) -> str:
        match self.fails_over:
            case True:
                return f"{self.title} is away only for the failover before, seconds"
            case False:
                return f"{self.title} stays up on another member"
            case None:
                return f"{self.title} may be away as long: who leads it is not known"


def host_outage(target: PlannedTarget) -> int:
    """Seconds that its instances, or the whole host, are expected to be away."""
    return sum(step.expectation.outage_seconds for step in target.steps)


def group_outages(plan: Plan, target: PlannedTarget) -> Iterator[GroupOutage]:
    """Nothing where the host itself is never away."""
    if not host_outage(target):
        return
    for one in plan.groups_of(target.host):
        if one.kind in _CARRIED:
            title = group_title(one.kind, one.name)
            yield GroupOutage(one.kind, title, _fails_over(plan, target, title))


def _fails_over(plan: Plan, target: PlannedTarget, title: str) -> bool | None:
    if any(role.endswith(f" of {title}") for role in target.held_for):
        return True
    unknown = (one for one in plan.warnings if one.code == "roles_unknown" and target.host in one.hosts)
    return None if any(f" of {title} leads " in one.message for one in unknown) else False
