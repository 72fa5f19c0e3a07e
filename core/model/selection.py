"""Which hosts are meant: by name, tag and place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.model.ids import folded

if TYPE_CHECKING:
    from core.model.host import Host


@dataclass(frozen=True, slots=True)
class Selection:
    """All hosts without a word. Every kind that is given must fit; of names and places one of those given is enough,
    of tags a host must carry all. Failed_in names runs as users do; among are the
    hosts that failed in one of them."""

    servers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    failed_in: tuple[str, ...] = ()
    among: tuple[str, ...] = ()

    def covers(self, host: Host) -> bool:
        place = host.place
        return (
            _among(host.name, self.servers)
            and _among(host.name, self.among)
            and _among(place.tenant, self.tenants)
            and _among(place.client, self.clients)
            and _among(place.site, self.sites)
            and {folded(tag) for tag in self.tags} <= {folded(tag) for tag in host.tags}
        )


def _among(name: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or folded(name) in {folded(one) for one in wanted}
