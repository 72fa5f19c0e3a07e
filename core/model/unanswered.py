"""A host that was asked what it is, and did not say."""

from dataclasses import dataclass
from datetime import datetime

from core.model.failure import Failure


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The last try to assess a host, where it failed; facts that come later put an end to it."""

    host: str
    at: datetime
    failure: Failure
