"""How a package comes to a host, and how far it is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


class Route(StrEnum):
    """In the order of preference: what is best for a gigabyte comes first."""

    SHARE = "share"
    SMB = "smb"
    PSRP = "psrp"


# What the journal says of a package that needed no route.
NO_ROUTE = "none"

_WORDS: dict[str, str] = {
    Route.SHARE: "from the share",
    Route.SMB: "by its administrative share",
    Route.PSRP: "over PowerShell remoting",
    NO_ROUTE: "it was there already",
}


def route_words(route: str) -> str:
    """As an operator would say how a package came. A journal of another version may name other routes."""
    return _WORDS.get(route, f"by {route}")


@dataclass(frozen=True, slots=True)
class Depot:
    """A share that hosts read as their machine accounts. It is laid out like the local folder that it mirrors."""

    share: str
    mirrors: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """Which routes are tried, in this order. A transfer that stands still for so many seconds is cut."""

    routes: tuple[Route, ...] = (Route.PSRP,)
    depot: Depot | None = None
    stall_seconds: int = 60


ONLY_PSRP = Delivery()


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a transfer, or of a session of the update agent: shown and forgotten, never journalled."""

    host: str
    package: str
    doing: Literal["waiting", "transferring", "downloading", "installing"]
    done_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A progress, and when it was so."""

    progress: Progress
    at: datetime
