"""Parameters and result around services that are stopped and started."""

from typing import Literal

from core.contract.claim import Held
from core.contract.message import Part, Result


class SetServices(Held):
    action: Literal["stop", "start"]
    names: tuple[str, ...]
    wait_seconds: int


class ServiceMovePart(Part):
    name: str
    before: str
    after: str


class ServicesResult(Result):
    """In the order in which they were touched. Incomplete: one did not follow, and nothing was touched after it."""

    complete: bool
    services: tuple[ServiceMovePart, ...]
