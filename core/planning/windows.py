"""When a maintenance window opens next, by the clock of its zone, and whether a patch day lies before it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.model.policy import WEEKDAYS, MaintenanceWindow

_DAYS_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Opening:
    window: MaintenanceWindow
    opens_at: datetime
    closes_at: datetime


def next_opening(window: MaintenanceWindow, after: datetime) -> Opening:
    """The first that is still open then, or opens later.

    A start that daylight saving skips lies as far behind the gap as it would have lain in it; of a start that comes
    twice the first counts. The length is true minutes, so that a window never grows by a change of the clock.
    """
    zone = ZoneInfo(window.zone)
    first = after.astimezone(zone).date() - timedelta(days=1)
    found = (_opening(window, zone, first + timedelta(days=ahead)) for ahead in range(_DAYS_AHEAD + 1))
    return next(one for one in found if one is not None and one.closes_at > after)


def patch_day_between(start: datetime, end: datetime) -> date | None:
    """Microsoft's second Tuesday, if it falls after the start and not after the end."""
    year, month = start.year, start.month
    while (year, month) <= (end.year, end.month):
        day = _second_tuesday(year, month)
        if start.date() < day <= end.date():
            return day
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return None


def _opening(window: MaintenanceWindow, zone: ZoneInfo, day: date) -> Opening | None:
    if WEEKDAYS[day.weekday()] not in window.weekdays:
        return None
    opens_at = datetime.combine(day, window.start, zone).astimezone(UTC)
    return Opening(window, opens_at, opens_at + timedelta(minutes=window.minutes))


def _second_tuesday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(1 - first.weekday()) % 7 + 7)
