"""A part of the hosts, as the policy names it."""

from typing import Annotated

from core.model.selection import Selection
from core.settings.phrases import UNIQUE, Name, Tag
from core.settings.reading import Section

Names = Annotated[tuple[Name, ...], UNIQUE]


class ScopeSection(Section):
    """Every kind that is given must fit: one of the names, all of the tags. Nothing given means every host."""

    servers: Names = ()
    tags: Annotated[tuple[Tag, ...], UNIQUE] = ()
    tenants: Names = ()
    clients: Names = ()
    sites: Names = ()

    def selection(self) -> Selection:
        return Selection(self.servers, self.tags, self.tenants, self.clients, self.sites)
