"""Who belongs together: availability groups, failover clusters and the groups that the targets name."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.model.facts import Group, GroupKind, Member, MemberRole
from core.model.ids import folded
from core.model.plan import GroupRule
from core.planning.candidates import Candidate
from core.planning.names import Directory

_LEADING: frozenset[MemberRole] = frozenset({"primary", "active"})

_TITLES = {"ag": "availability group", "fci": "failover cluster instance", "cluster": "cluster"}

_RULES: dict[str, str] = {
    "ag": "secondaries first, asynchronous before synchronous, then the primary, each as found at that moment",
    "fci": "passive nodes first, one at a time, then the node that was active",
    "cluster": "one node at a time, so that the others keep the quorum",
    "group": "one at a time; at each turn the roles found then decide",
}


@dataclass(slots=True)
class Circle:
    """One group as all its members describe it together. Members that are no hosts of the plan keep their own names."""

    kind: str
    name: str
    members: dict[str, Member] = field(default_factory=dict)
    leaders: set[str] = field(default_factory=set)
    outsiders: set[str] = field(default_factory=set)
    witness_votes: int = 0
    known_from: str = "facts"

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(sorted(self.members.keys() - self.outsiders))

    @property
    def title(self) -> str:
        return group_title(self.kind, self.name)

    def rule(self) -> GroupRule:
        return GroupRule(self.name, self.kind, _RULES[self.kind], self.hosts, self.known_from)


def group_title(kind: str, name: str) -> str:
    return f"{_TITLES.get(kind, 'group')} {name}"


def circles_of(candidates: Iterable[Candidate], directory: Directory) -> list[Circle]:
    """In the order of their first member."""
    found: dict[tuple[str, str, str], Circle] = {}
    for candidate in candidates:
        for group in candidate.facts.groups:
            _take_view(found, group.kind, group, candidate.name, directory)
        if candidate.host.group:
            _take_target(found, candidate)
    return list({id(circle): circle for circle in found.values()}.values())


def _take_view(
    found: dict[tuple[str, str, str], Circle], kind: GroupKind, group: Group, viewer: str, directory: Directory
) -> None:
    """Two groups may bear one name; they are the same only if they share a member."""
    resolved = {directory.find(one.host) or one.host: one for one in group.members}
    resolved.setdefault(viewer, Member(viewer))
    keys = [(kind, folded(group.name), folded(name)) for name in resolved]
    circle = next((found[key] for key in keys if key in found), None) or Circle(kind, group.name)
    for key, (name, member) in zip(keys, resolved.items(), strict=True):
        _merge(circle, found.get(key))
        found[key] = circle
        _add(circle, name, member, name == viewer)
        if directory.find(member.host) is None and name != viewer:
            circle.outsiders.add(name)
    circle.witness_votes = max(circle.witness_votes, group.witness_votes)


def _merge(circle: Circle, other: Circle | None) -> None:
    if other is None or other is circle:
        return
    circle.members.update(other.members)
    circle.leaders |= other.leaders
    circle.outsiders |= other.outsiders
    circle.witness_votes = max(circle.witness_votes, other.witness_votes)


def _add(circle: Circle, name: str, member: Member, is_own_word: bool) -> None:
    """A member's own word about itself counts more than what others say of it; who leads, all may say."""
    if is_own_word or name not in circle.members:
        circle.members[name] = member
    if member.role in _LEADING:
        circle.leaders.add(name)


def _take_target(found: dict[tuple[str, str, str], Circle], candidate: Candidate) -> None:
    name = str(candidate.host.group)
    key = ("group", folded(name), "")
    circle = found.setdefault(key, Circle("group", name, known_from="targets"))
    circle.members[candidate.name] = Member(candidate.name)
