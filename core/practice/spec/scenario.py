"""A whole scenario: the hosts that it lists, and those that it has made."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from core.practice.spec.distinct import distinct
from core.practice.spec.group import GroupSpec
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.server import ServerSpec
from core.practice.sql_updates import SQL_UPDATES
from core.settings.reading import Section

Version = Literal["2016", "2017", "2019", "2022", "2025"]


class Generate(Section):
    """Makes servers: of every three, two are behind and one is up to date."""

    count: Annotated[int, Field(ge=1, le=1000)]
    tenants: Annotated[int, Field(ge=1, le=1000)] = 1
    sites: Annotated[int, Field(ge=1, le=1000)] = 1
    versions: Annotated[tuple[Version, ...], Field(min_length=1)] = ("2019",)


class Scenario(Section):
    schema_version: Literal[1] = 1
    seed: int = 7
    time_scale: Annotated[int, Field(ge=1, le=10_000)] = 200
    generate: Generate | None = None
    shares: dict[Annotated[str, Field(pattern=r"^\\\\[^\\]+\\[^\\]+$")], str] = Field(default_factory=dict)
    """Folders of this PC, by the names of the shares under which the hosts read them."""
    keytab: str | None = None
    """Of a real Kerberos realm, with the keys of host/<name> for its members among the hosts."""
    servers: Annotated[tuple[ServerSpec, ...], Field(max_length=1000)] = ()

    @field_validator("servers")
    @classmethod
    def _each_once(cls, servers: tuple[ServerSpec, ...]) -> tuple[ServerSpec, ...]:
        return distinct(servers, "servers")

    @model_validator(mode="after")
    def _somebody_is_there(self) -> "Scenario":
        if not self.servers and self.generate is None:
            raise ValueError('no servers: list some under "servers", or "generate" them')
        return self

    @model_validator(mode="after")
    def _kerberos_has_keys(self) -> "Scenario":
        if self.keytab is None and any(server.auth == "kerberos" for server in self.servers):
            raise ValueError('"kerberos" needs the keys of the hosts: name a "keytab"')
        return self

    @model_validator(mode="after")
    def _groups_agree(self) -> "Scenario":
        """What the members of one group say together."""
        wrong = [fault for members in grouped(self.servers).values() for fault in _disagreements(members)]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


def grouped(servers: Iterable[ServerSpec]) -> dict[str, list[tuple[ServerSpec, GroupSpec]]]:
    """The members of each group, by its name, folded."""
    found: dict[str, list[tuple[ServerSpec, GroupSpec]]] = {}
    for server in servers:
        if server.group is not None:
            found.setdefault(server.group.name.casefold(), []).append((server, server.group))
    return found


def _disagreements(members: list[tuple[ServerSpec, GroupSpec]]) -> Iterator[str]:
    name = members[0][1].name
    if len({group.kind for _, group in members}) > 1:
        yield f'group "{name}" is an "ag" for some of its members and an "fci" for others'
    leaders = [server.name for server, group in members if group.role == "primary"]
    if len(leaders) > 1:
        yield f'{", ".join(leaders)} are all primary of group "{name}"; one is at a time'
    if members[0][1].kind == "fci" and len({_shared(server) for server, _ in members}) > 1:
        yield f'the nodes of cluster "{name}" share their instances, so that names and editions must be the same'


def _shared(server: ServerSpec) -> frozenset[tuple[str, str]]:
    return frozenset((one.name.casefold(), one.edition) for one in server.instances)


def servers_of(scenario: Scenario) -> tuple[ServerSpec, ...]:
    """The listed servers and the generated ones."""
    wanted = scenario.generate
    if wanted is None:
        return scenario.servers
    taken = {server.name.casefold() for server in scenario.servers}
    free = (name for number in itertools.count(1) if (name := f"SQL{number:02}").casefold() not in taken)
    made = (_generated(wanted, number, name) for number, name in zip(range(wanted.count), free, strict=False))
    return (*scenario.servers, *made)


def _generated(wanted: Generate, number: int, name: str) -> ServerSpec:
    update = SQL_UPDATES[wanted.versions[number % len(wanted.versions)]]
    build = update.target if number % 3 == 2 else update.before
    tenant = number % wanted.tenants
    return ServerSpec(
        name=name,
        tenant="default" if wanted.tenants == 1 else f"tenant{tenant + 1}",
        site="default" if wanted.sites == 1 else f"site{number // wanted.tenants % wanted.sites + 1}",
        instances=(InstanceSpec(build=build),),
    )
