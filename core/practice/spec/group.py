"""An availability group or cluster, as a scenario describes it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from core.settings.reading import Section

GroupKind = Literal["ag", "fci"]


class GroupSpec(Section):
    """The group that a host belongs to, and its part in it. A cluster's primary is its active node."""

    name: Annotated[str, Field(min_length=1, max_length=128)]
    kind: GroupKind = "ag"
    role: Literal["primary", "secondary"] = "secondary"
    commit: Literal["synchronous", "asynchronous"] = "synchronous"
    failover: Literal["automatic", "manual"] = "automatic"

    @model_validator(mode="after")
    def _what_may_lose_data_never_takes_over_by_itself(self) -> "GroupSpec":
        if self.commit == "asynchronous" and self.kind == "fci":
            raise ValueError('a cluster\'s nodes share their disks; "commit" belongs to an availability group')
        if self.commit == "asynchronous" and self.failover == "automatic" and "failover" in self.model_fields_set:
            raise ValueError('an asynchronous replica cannot take over by itself; give it "failover": "manual"')
        return self
