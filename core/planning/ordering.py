"""Who may not work at the same time, who goes before whom, and who cannot be ordered safely."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from core.model.facts import LinkKind, LinkRole
from core.model.plan import PlanWarning
from core.planning.candidates import Candidate
from core.planning.groups import Circle
from core.planning.names import Directory

_LINK_RANKS: dict[LinkKind, dict[LinkRole, int]] = {
    "replication": {"distributor": 0, "publisher": 1, "subscriber": 2},
    "log_shipping": {"secondary": 0, "primary": 1},
    "mirroring": {"mirror": 0, "principal": 1},
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a host cannot have a safe place in the order."""

    code: str
    reason: str


@dataclass(slots=True)
class Bonds:
    """What ties hosts to each other."""

    apart: dict[str, set[str]] = field(default_factory=dict)
    # Never to be broken: a replica before the primary that it would take over from.
    before: dict[str, set[str]] = field(default_factory=dict)
    # Kept where it can be: replication that runs both ways has no first.
    rather_before: dict[str, set[str]] = field(default_factory=dict)
    held_for: dict[str, list[str]] = field(default_factory=dict)
    soft_rank: dict[str, int] = field(default_factory=dict)
    refused: dict[str, Refusal] = field(default_factory=dict)
    warnings: list[PlanWarning] = field(default_factory=list)


def bonds_of(candidates: Iterable[Candidate], circles: Iterable[Circle], directory: Directory) -> Bonds:
    known = {one.name: one for one in candidates}
    bonds = Bonds()
    for circle in circles:
        _keep_apart(bonds, circle.hosts)
        _check_quorum(bonds, circle, known)
        if circle.kind in ("ag", "fci"):
            _leaders_last(bonds, circle, known)
    for candidate in known.values():
        _links(bonds, candidate, known, directory)
    return bonds


def _keep_apart(bonds: Bonds, hosts: tuple[str, ...]) -> None:
    for one, other in combinations(hosts, 2):
        bonds.apart.setdefault(one, set()).add(other)
        bonds.apart.setdefault(other, set()).add(one)


def _leaders_last(bonds: Bonds, circle: Circle, known: Mapping[str, Candidate]) -> None:
    if len(circle.leaders) > 1:
        names = " and ".join(sorted(circle.leaders))
        reason = (
            f"{names} both count as leading in {circle.title}: the roles are moving or the facts are of two moments"
        )
        _refuse(bonds, circle.hosts, known, Refusal("roles_disagree", f"{reason}; assess again, then plan again"))
        return
    for name, member in circle.members.items():
        rank = 1 if member.synchronous else 0
        bonds.soft_rank[name] = max(bonds.soft_rank.get(name, 0), rank)
    leader = next(iter(circle.leaders), None)
    if leader is None:
        message = f"which member of {circle.title} leads is not known; whoever is seen to lead at its turn is held"
        bonds.warnings.append(PlanWarning("roles_unknown", None, message, circle.hosts))
        return
    if leader not in known:
        return
    bonds.before.setdefault(leader, set()).update(name for name in circle.hosts if name != leader)
    if known[leader].has_work:
        _hold(bonds, leader, circle)
        _check_followers(bonds, leader, circle, known)


def _hold(bonds: Bonds, leader: str, circle: Circle) -> None:
    role = circle.members[leader].role
    bonds.held_for.setdefault(leader, []).append(f"{'primary' if role == 'primary' else role} of {circle.title}")


def _check_followers(bonds: Bonds, leader: str, circle: Circle, known: Mapping[str, Candidate]) -> None:
    """A primary on a higher build than its replicas could never be taken over from."""
    absent = sorted(circle.outsiders)
    if absent:
        reason = f"it leads {circle.title}, and {', '.join(absent)} of that group is not among the assessed hosts"
        _refuse(bonds, (leader,), known, Refusal("partner_unknown", f"{reason}; plan them together"))
    behind = [name for name in circle.hosts if name != leader and known[name].stays_behind]
    if behind:
        reason = f"it leads {circle.title}, and {', '.join(behind)} of that group cannot be patched before it"
        _refuse(bonds, (leader,), known, Refusal("partner_behind", reason))
    others = [one for name, one in circle.members.items() if name != leader]
    if circle.kind == "ag" and not any(one.healthy and one.synchronous for one in others):
        reason = f"it leads {circle.title}, which has no healthy synchronous secondary to fail over to"
        _refuse(bonds, (leader,), known, Refusal("no_failover_target", reason))


def _check_quorum(bonds: Bonds, circle: Circle, known: Mapping[str, Candidate]) -> None:
    if circle.kind not in ("fci", "cluster") or len(circle.members) < 2:
        return
    total = sum(one.votes for one in circle.members.values()) + circle.witness_votes
    for name in circle.hosts:
        others = [one for other, one in circle.members.items() if other != name]
        left = sum(one.votes for one in others if one.healthy) + circle.witness_votes
        if left * 2 < total:
            reason = (
                f"without it {circle.title} keeps {left} of {total} votes and loses its quorum; mend the other nodes"
            )
            _refuse(bonds, (name,), known, Refusal("quorum", reason))
        elif left * 2 == total and known[name].has_work:
            message = f"without it {circle.title} keeps {left} of {total} votes: no majority but for dynamic quorum"
            bonds.warnings.append(PlanWarning("quorum_edge", name, message))


def _links(bonds: Bonds, candidate: Candidate, known: Mapping[str, Candidate], directory: Directory) -> None:
    for link in candidate.facts.links:
        ranks = _LINK_RANKS[link.kind]
        if link.role == "principal" and candidate.has_work:
            bonds.held_for.setdefault(candidate.name, []).append("principal of a mirrored database")
        for partner in link.partners:
            other = directory.find(partner)
            if other is None or other == candidate.name:
                continue
            _keep_apart(bonds, (candidate.name, other))
            theirs = [one.role for one in known[other].facts.links if one.kind == link.kind]
            if any(ranks.get(role, -1) > ranks.get(link.role, 99) for role in theirs):
                strict = link.kind == "mirroring"
                edges = bonds.before if strict else bonds.rather_before
                edges.setdefault(other, set()).add(candidate.name)


def _refuse(bonds: Bonds, hosts: Iterable[str], known: Mapping[str, Candidate], refusal: Refusal) -> None:
    """The first reason stands: it is the one to mend first."""
    for name in hosts:
        if name in known and known[name].has_work:
            bonds.refused.setdefault(name, refusal)
