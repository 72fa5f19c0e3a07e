"""An availability group or cluster, as a scenario describes it."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from core.practice.spec.part import Part

GroupKind = Literal["ag", "fci"]


class GroupSpec(Part):
    """The group that a host belongs to, and its part in it. A cluster's primary is its active node."""

    name: Annotated[str, Field(min_length=1, max_length=128)]
    kind: GroupKind = "ag"
    role: Literal["primary", "secondary"] = "secondary"
    commit: Literal["synchronous", "asynchronous"] = "synchronous"
    failover: Literal["automatic", "manual"] = "automatic"

    def contradictions(self) -> Iterable[tuple[str, str]]:
        if not self.tells("commit") or self.commit == "synchronous":
            return
        if self.tells("kind") and self.kind == "fci":
            yield "commit", 'the nodes of a cluster share their disks; "commit" belongs to an availability group'
        if self.tells("failover") and self.failover == "automatic" and "failover" in self.model_fields_set:
            yield "failover", 'an asynchronous replica cannot take over by itself; give it "manual"'
