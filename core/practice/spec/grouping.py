"""What the members of one group have to agree in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.practice.spec.group import GroupSpec
from core.practice.spec.server import ServerSpec


@dataclass(frozen=True, slots=True)
class Membership:
    """A host in its group, and its place in the list."""

    place: int
    server: ServerSpec
    group: GroupSpec


def grouped(servers: Iterable[ServerSpec]) -> dict[str, list[Membership]]:
    """The members of each group, by its name, folded."""
    found: dict[str, list[Membership]] = {}
    for place, server in enumerate(servers):
        if server.tells("group") and server.group is not None and server.group.tells("name"):
            found.setdefault(server.group.name.casefold(), []).append(Membership(place, server, server.group))
    return found


def disagreements(servers: Sequence[ServerSpec]) -> Iterator[tuple[str, str]]:
    """Each with the place of the member that does not fit those before it."""
    for members in grouped(servers).values():
        yield from _kinds([one for one in members if one.group.tells("kind")])
        yield from _leaders([one for one in members if one.group.tells("role")])
        yield from _shared([one for one in members if one.group.tells("kind") and one.group.kind == "fci"])


def _kinds(members: list[Membership]) -> Iterator[tuple[str, str]]:
    for one in members[1:]:
        first = members[0]
        if one.group.kind != first.group.kind:
            message = f'servers[{first.place}] calls the same group "{first.group.name}" an "{first.group.kind}"'
            yield f"servers[{one.place}].group.kind", message


def _leaders(members: list[Membership]) -> Iterator[tuple[str, str]]:
    leaders = [one for one in members if one.group.role == "primary"]
    for one in leaders[1:]:
        message = f'servers[{leaders[0].place}] is primary of group "{one.group.name}" already; one is at a time'
        yield f"servers[{one.place}].group.role", message


def _shared(members: list[Membership]) -> Iterator[tuple[str, str]]:
    told = [(one, shared) for one in members if (shared := _instances(one.server)) is not None]
    for one, shared in told[1:]:
        first, instances = told[0]
        if shared != instances:
            message = (
                f'the nodes of cluster "{one.group.name}" share their instances: names and editions must be those of'
                f" servers[{first.place}]"
            )
            yield f"servers[{one.place}].instances", message


def _instances(server: ServerSpec) -> frozenset[tuple[str, str]] | None:
    """Names and editions, if all of them could be read."""
    if not server.tells("instances") or not all(one.tells("name", "edition") for one in server.instances):
        return None
    return frozenset((one.name.casefold(), one.edition) for one in server.instances)
