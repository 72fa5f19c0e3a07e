"""When hosts may be worked on: days, a start, a length, and the zone whose clock is meant."""

from typing import Annotated, Literal

from pydantic import Field

from core.settings.phrases import UNIQUE, Name, like
from core.settings.reading import Section
from core.settings.scope import ScopeSection
from core.settings.zones import Zone

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_DAY_MINUTES = 24 * 60


class MaintenanceWindow(Section):
    """Begins on each of these days and may reach into the next."""

    name: Name
    weekdays: Annotated[tuple[Weekday, ...], UNIQUE, Field(min_length=1)]
    start: Annotated[str, *like(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", 'a time of day, like "22:00"')]
    """By the clock of the zone. A start that daylight saving skips is moved behind the gap."""
    duration_minutes: Annotated[int, Field(ge=1, le=_DAY_MINUTES)]
    zone: Zone
    """An IANA name, like Europe/Berlin."""
    applies_to: ScopeSection = ScopeSection()
