"""Availability groups and failover clusters: who leads, who could take over, and what happens when a node goes down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal, Protocol

from core.practice.spec.group import GroupKind, GroupSpec
from core.practice.spec.grouping import Membership, grouped
from core.practice.spec.server import ServerSpec

# How long the others wait for a sign of the leader; how long a replica that is back needs to catch up.
LEASE_SECONDS, CATCH_UP_SECONDS = 20.0, 30.0

Part = Literal["leading", "following", "resolving"]


class Node(Protocol):
    """What a group needs of a host."""

    name: str

    @property
    def now(self) -> datetime: ...

    def advance(self, now: datetime) -> None: ...

    def after(self, seconds: float, action: Callable[[], None]) -> None: ...

    def take_part(self, group: Group, before: Part, after: Part) -> None:
        """Its part in the group changes."""
        ...


@dataclass(eq=False)
class Member:
    """A replica or node. One that is not available is down, or cut off from the others."""

    name: str
    synchronous: bool
    automatic: bool
    node: Node | None = None
    available: bool = True
    synchronised: bool = True

    @property
    def is_healthy(self) -> bool:
        return self.available and (self.synchronised or not self.synchronous)


class Group:
    """The members of one group. At most one leads: the primary of an availability group, a cluster's active node."""

    def __init__(self, name: str, kind: GroupKind, members: Iterable[Member], leader: str | None) -> None:
        self.name = name
        self.kind = kind
        self.members = {one.name.casefold(): one for one in members}
        self._leader = None if leader is None else self.members[leader.casefold()]
        self._last_leader = self._leader

    @property
    def leader(self) -> str | None:
        return None if self._leader is None else self._leader.name

    def part_of(self, name: str) -> Part:
        if self._leader is None:
            return "resolving"
        return "leading" if self._leader.name.casefold() == name.casefold() else "following"

    def member(self, name: str) -> Member:
        return self.members[name.casefold()]

    def join(self, node: Node) -> None:
        self.member(node.name).node = node

    def leave(self, name: str, now: datetime) -> None:
        """It goes down. If it led, another takes over when its lease has run out, or nobody can."""
        gone = self.member(name)
        gone.available = gone.synchronised = False
        if gone is not self._leader:
            return
        self._lead(None)
        heir = self._heir(lambda one: one.automatic)
        if heir is not None:
            _later(heir, now, LEASE_SECONDS, partial(self._inherit, heir))

    def come_back(self, name: str, now: datetime) -> None:
        """It is up again, and follows; a group that nobody leads waits for the one that led it last."""
        back = self.member(name)
        back.available = True
        if self._leader is None and back is self._last_leader:
            back.synchronised = True
            self._lead(back)
        else:
            _later(back, now, CATCH_UP_SECONDS, partial(self._catch_up, back))

    def fail_over(self, to: str | None = None) -> bool:
        """Planned, so that nothing is lost: only to one that is up and has everything. Whether it could be done."""
        heir = self._heir(lambda one: to is None or one.name.casefold() == to.casefold())
        if heir is None:
            return False
        self._lead(heir)
        return True

    def _heir(self, fits: Callable[[Member], bool]) -> Member | None:
        able = (one for one in self.members.values() if one is not self._leader and one.is_healthy and one.synchronous)
        return next((one for one in able if fits(one)), None)

    def _inherit(self, heir: Member) -> None:
        if self._leader is None and heir.is_healthy:
            self._lead(heir)

    def _catch_up(self, member: Member) -> None:
        member.synchronised = member.available

    def _lead(self, leader: Member | None) -> None:
        before = {one.name: self.part_of(one.name) for one in self.members.values()}
        self._leader = leader
        if leader is not None:
            self._last_leader = leader
        for one in self.members.values():
            after = self.part_of(one.name)
            if one.node is not None and one.available and after != before[one.name]:
                one.node.take_part(self, before[one.name], after)


def _later(member: Member, now: datetime, seconds: float, action: Callable[[], None]) -> None:
    """The time of a host to which nothing happens stands still: it is told what time it is by now."""
    if member.node is not None:
        member.node.advance(now)
        member.node.after(seconds, action)


def groups_of(servers: Iterable[ServerSpec]) -> dict[str, Group]:
    """By name, folded. A scenario has been checked: whoever bears one name belongs together."""
    return {name: _group(members) for name, members in grouped(servers).items()}


def _group(members: list[Membership]) -> Group:
    first = members[0].group
    leader = next((one.server.name for one in members if one.group.role == "primary"), None)
    return Group(first.name, first.kind, [_member(one.server.name, one.group) for one in members], leader)


def _member(name: str, spec: GroupSpec) -> Member:
    synchronous = spec.commit == "synchronous"
    return Member(name, synchronous, synchronous and (spec.failover == "automatic" or spec.kind == "fci"))
