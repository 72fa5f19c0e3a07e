"""An availability group or cluster, as a scenario describes it."""

from typing import Annotated, Literal

from pydantic import Field

from core.settings.reading import Section


class GroupSpec(Section):
    """The availability group or cluster that a host belongs to, and its part in it."""

    name: Annotated[str, Field(min_length=1, max_length=128)]
    kind: Literal["ag", "fci"] = "ag"
    role: Literal["primary", "secondary"] = "secondary"
