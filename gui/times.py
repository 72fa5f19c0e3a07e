"""The operator's words for times and how long things take."""

from __future__ import annotations

from datetime import datetime, tzinfo

from gui.language import tr


def elapsed(since: datetime, until: datetime) -> str:
    return duration(seconds_shown(since, until))


def seconds_shown(since: datetime, until: datetime) -> int:
    """Between the two as they are shown, without parts of a second: who subtracts them comes to the same."""
    return max(0, int((until.replace(microsecond=0) - since.replace(microsecond=0)).total_seconds()))


def duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return tr("{hours} h {minutes:02d} min", hours=hours, minutes=minutes)
    if minutes:
        return tr("{minutes} min {seconds:02d} s", minutes=minutes, seconds=rest)
    return tr("{seconds} s", seconds=rest)


def about(seconds: int) -> str:
    """Rounded up to minutes: an estimate says no seconds."""
    minutes = -(-seconds // 60)
    hours, rest = divmod(minutes, 60)
    return tr("{hours} h {minutes:02d} min", hours=hours, minutes=rest) if hours else tr("{n} min", n=minutes)


def day_and_time(at: datetime, zone: tzinfo | None = None) -> str:
    """In the zone; without one, by this computer's clock."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def lately(at: datetime) -> str:
    """By this computer's clock: of today the time alone."""
    told = at.astimezone()
    return told.strftime("%H:%M") if told.date() == datetime.now().astimezone().date() else day_and_time(at)


def clock_time(at: datetime) -> str:
    return at.astimezone().strftime("%H:%M:%S")


def age(at: datetime, now: datetime) -> str:
    """How long ago, in one unit."""
    seconds = max(0, int((now - at).total_seconds()))
    if seconds < 90:
        return tr("just now")
    if seconds < 5400:
        return tr("{n} min ago", n=seconds // 60)
    if seconds < 48 * 3600:
        return tr("{n} h ago", n=seconds // 3600)
    return tr("{n} days ago", n=seconds // 86400)
