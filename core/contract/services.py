"""Parameters and result around services that are stopped and started."""

from typing import Annotated, Literal

from pydantic import Field

from core.contract.claim import Held
from core.contract.message import Part, Result, Text


class SetServices(Held):
    action: Literal["stop", "start"]
    names: Annotated[tuple[Text, ...], Field(min_length=1)]
    wait_seconds: Annotated[int, Field(ge=1, le=600)]


class ServiceMovePart(Part):
    name: str
    before: str
    after: str


class ServicesResult(Result):
    """In the order in which they were touched. Incomplete: one did not follow, and nothing was touched after it."""

    complete: bool
    services: tuple[ServiceMovePart, ...]
