"""What differs between two snapshots of a host."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One key that is not as it was. None: it is not there."""

    key: str
    before: str | None
    after: str | None
