"""Review: what is to be seen of a plan before it is signed, and what would run in its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.app import composition
from core.app.workspace import Workspace, settings_of
from core.catalog.reference import release_of
from core.model.authorisation import Authorisation
from core.model.build import Build
from core.model.facts import Facts, MemberRole
from core.model.ids import folded
from core.model.plan import Plan
from core.model.review import Review
from core.planning.comparing import Difference, difference, step_in_words
from core.planning.outages import GroupOutage, group_outages, host_outage
from core.planning.reviewing import review
from core.settings.build_reference import reference_of
from core.store import facts as fact_store
from core.store import plans as plan_store
from core.store.database import Database

__all__ = [
    "Difference",
    "GroupOutage",
    "Reviewed",
    "group_outages",
    "host_outage",
    "review",
    "reviewed",
    "step_in_words",
]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A plan, what is to be seen of it, and what has changed since the last plan that somebody kept."""

    plan: Plan
    review: Review
    last: Plan | None
    since_last: Difference | None
    titles: dict[str, str]
    """What people call a build: CU32 for 15.0.4430.1."""
    roles: dict[str, str]
    """What each host of a group was when it was last looked at."""
    last_allowed: Authorisation | None = None
    """Who authorised the last plan, the newest first, if anybody did. Who made it is not recorded."""


def reviewed(workspace: Workspace, plan: Plan) -> Reviewed:
    """The plan may be a draft that nobody kept."""
    with composition.open_database(workspace) as database:
        last = next((one for one in plan_store.newest_plans(database, 2) if one.id != plan.id), None)
        roles = roles_of(database, plan)
        allowed = () if last is None else plan_store.authorisations_of(database, last.id)
    since_last = None if last is None else difference(last, plan)
    return Reviewed(plan, review(plan), last, since_last, _titles(workspace, plan), roles, next(iter(allowed), None))


def roles_of(database: Database, plan: Plan) -> dict[str, str]:
    """What each host of a group was when it was last looked at."""
    in_groups = [one.host for one in plan.targets if one.groups]
    facts = {host: fact_store.newest(database, host) for host in in_groups}
    return {host: role for host, one in facts.items() if one is not None and (role := _role(one))}


def titles_of(workspace: Workspace, builds: Iterable[str]) -> dict[str, str]:
    """A build that the reference does not know has no title."""
    reference = reference_of(settings_of(workspace).reference)
    known = {build: release_of(reference, Build.parse(build)) for build in set(builds)}
    return {build: release.title for build, release in known.items() if release is not None}


def _titles(workspace: Workspace, plan: Plan) -> dict[str, str]:
    instances = [instance for target in plan.targets for instance in target.instances]
    return titles_of(workspace, (build for one in instances for build in (one.before, one.after)))


def _role(facts: Facts) -> str:
    roles = [
        _part(member.role, group.name)
        for group in facts.groups
        for member in group.members
        if folded(member.host) == folded(facts.host)
    ]
    return ", ".join(roles)


def _part(role: MemberRole, group: str) -> str:
    """The role first: where there is no room for all, it is what decides."""
    match role:
        case "unknown":
            return f"role not known in {group}"
        case "active" | "passive":
            return f"{role} node of {group}"
        case "primary" | "secondary" | "node":
            return f"{role} of {group}"
