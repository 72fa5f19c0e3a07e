"""Time zones by their IANA names, and what else people call them."""

from difflib import get_close_matches
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator

from core.model.time_zones import iana_zone

# What people call zones, and the names that are meant.
_OTHER_NAMES = {
    "cet": "Europe/Berlin",
    "cest": "Europe/Berlin",
    "est": "America/New_York",
    "edt": "America/New_York",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "bst": "Europe/London",
}


@cache
def _zones() -> frozenset[str]:
    """Regions only: "EST" and the like ignore daylight saving, and "localtime" is another zone on every PC."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def _known_zone(name: str) -> str:
    if name in _zones():
        return name
    meant = _OTHER_NAMES.get(name.casefold()) or iana_zone(name)
    near = [meant] if meant else get_close_matches(name, _zones(), n=1, cutoff=0.6)
    hint = f'did you mean "{near[0]}"?' if near else 'write it like "Europe/Berlin" or "UTC"'
    raise ValueError(f"is no IANA time zone; {hint}")


Zone = Annotated[str, AfterValidator(_known_zone)]
