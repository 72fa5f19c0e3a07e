"""A whole scenario: the hosts that it lists, and those that it has made."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import Field

from core.practice.spec.grouping import disagreements
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.part import Part, repeated
from core.practice.spec.server import ServerSpec
from core.practice.sql_updates import SQL_UPDATES
from core.settings.phrases import like

MOST_HOSTS = 1000
Share = Annotated[str, *like(r"^\\\\[^\\]+\\[^\\]+$", r"a share, like \\server\patches")]
Version = Literal["2016", "2017", "2019", "2022", "2025"]


class Generate(Part):
    """Makes servers: of every three, two are behind and one is up to date."""

    count: Annotated[int, Field(ge=1, le=MOST_HOSTS)]
    tenants: Annotated[int, Field(ge=1, le=1000)] = 1
    sites: Annotated[int, Field(ge=1, le=1000)] = 1
    versions: Annotated[tuple[Version, ...], Field(min_length=1)] = ("2019",)


class Scenario(Part):
    schema_version: Literal[1] = 1
    seed: int = 7
    time_scale: Annotated[int, Field(ge=1, le=10_000)] = 200
    generate: Generate | None = None
    shares: dict[Share, str] = Field(default_factory=dict)
    """Folders of this PC, by the names of the shares under which the hosts read them."""
    keytab: str | None = None
    """Of a real Kerberos realm, with the keys of host/<name> for its members among the hosts."""
    servers: Annotated[tuple[ServerSpec, ...], Field(max_length=MOST_HOSTS)] = ()

    def contradictions(self) -> Iterable[tuple[str, str]]:
        if self.tells("servers", "generate"):
            yield from self._about_their_number()
        if self.tells("servers"):
            yield from repeated("servers", self.servers, "name")
            yield from disagreements(self.servers)
        if self.tells("servers", "keytab") and self.keytab is None:
            members = ((index, one) for index, one in enumerate(self.servers) if one.tells("auth"))
            for index, one in members:
                if one.auth == "kerberos":
                    yield f"servers[{index}].auth", '"kerberos" needs the keys of the hosts: name a "keytab"'

    def _about_their_number(self) -> Iterator[tuple[str, str]]:
        if not self.servers and self.generate is None:
            yield "servers", 'there are none: list some here, or "generate" them'
        made = self.generate.count if self.generate is not None and self.generate.tells("count") else 0
        if made and len(self.servers) + made > MOST_HOSTS:
            yield "generate.count", f"with those that are listed there would be more than {MOST_HOSTS} hosts"


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
