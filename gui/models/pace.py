"""How far transfers are and how fast they go, from one moment to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.model.size import part_in_words, size_in_words
from core.model.transfer import Moment, Progress
from gui.language import tr

# Of a rate that was measured over less, nobody could read anything.
_LEAST_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Moving:
    """A moment of a transfer; with a second one of the same there is a rate."""

    moment: Moment
    bytes_per_second: float | None = None


class Pace:
    """Of each host its last moment, until its story has gone on."""

    def __init__(self) -> None:
        self._moving: dict[str, Moving] = {}
        self._rested: dict[str, datetime] = {}

    def take(self, moment: Moment) -> bool:
        """Whether it is news: one that is older than what the journal says last is none."""
        host = moment.progress.host
        rested = self._rested.get(host)
        if rested is not None and moment.at < rested:
            return False
        self._moving[host] = Moving(moment, _rate(self._moving.get(host), moment))
        return True

    def rest(self, host: str, at: datetime) -> None:
        """Its story went on."""
        self._rested[host] = at
        moving = self._moving.get(host)
        if moving is not None and moving.moment.at <= at:
            del self._moving[host]

    def stand_still(self) -> tuple[str, ...]:
        """Nobody works any more; the hosts that seemed to be worked on."""
        hosts = tuple(self._moving)
        self._moving.clear()
        return hosts

    def of(self, host: str) -> Moving | None:
        return self._moving.get(host)


def _rate(before: Moving | None, now: Moment) -> float | None:
    if before is None or not _same(before.moment.progress, now.progress):
        return None
    seconds = (now.at - before.moment.at).total_seconds()
    moved = now.progress.done_bytes - before.moment.progress.done_bytes
    return moved / seconds if seconds >= _LEAST_SECONDS and moved >= 0 else before.bytes_per_second


def _same(one: Progress, other: Progress) -> bool:
    return (one.package, one.doing, one.total_bytes) == (other.package, other.doing, other.total_bytes)


def moving_in_words(moving: Moving) -> str:
    progress = moving.moment.progress
    percent = 100 * progress.done_bytes // progress.total_bytes if progress.total_bytes else 0
    match progress.doing:
        case "waiting":
            return tr("waits for its turn to copy")
        case "installing":
            return tr("installing, {n} %", n=percent)
        case "transferring":
            words = tr("copying {n} %", n=percent)
        case "downloading":
            words = tr("downloading {n} %", n=percent)
    words += f", {part_in_words(progress.done_bytes, progress.total_bytes)}" if progress.total_bytes else ""
    rate = moving.bytes_per_second
    return words + (tr(", {rate}/s", rate=size_in_words(round(rate))) if rate else "")
