"""The time zone of this PC by its IANA name, which is the same in winter and in summer."""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from core.model.time_zones import iana_zone

_LINK = Path("/etc/localtime")
_NAME = Path("/etc/timezone")
_KEY = r"SYSTEM\CurrentControlSet\Control\TimeZoneInformation"
_HALF_A_YEAR = timedelta(days=182)
_UTC = frozenset({"Etc/UTC", "Etc/Zulu", "Etc/Universal", "Zulu", "Universal", "Etc/UCT", "UCT"})


def local_zone(now: datetime) -> str | None:
    """None where the system does not say it by a name that tells what its clock shows, now and half a year later."""
    named = os.environ.get("TZ", "").lstrip(":") or _of_the_system()
    if not named or not all(_shows(named, at) for at in (now, now + _HALF_A_YEAR)):
        return None
    return "UTC" if named in _UTC else named


def _shows(name: str, at: datetime) -> bool:
    try:
        return at.astimezone(ZoneInfo(name)).utcoffset() == at.astimezone().utcoffset()
    except (KeyError, OSError, ValueError):
        return False


def _of_the_system() -> str | None:
    if sys.platform == "win32":
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _KEY) as key:
            return iana_zone(str(winreg.QueryValueEx(key, "TimeZoneKeyName")[0]))
    _, _, linked = str(_LINK.resolve()).partition("zoneinfo/")
    if linked:
        return linked
    try:
        return _NAME.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
