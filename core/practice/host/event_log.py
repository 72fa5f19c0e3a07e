"""The Windows event log of a host: what starts, stops, setup and engines write into it."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Log = Literal["System", "Application", "Setup"]
Level = Literal["Critical", "Error", "Warning", "Information"]

_KEPT = 400


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """At: as the host's own clock had it, in UTC."""

    at: datetime
    log: Log
    source: str
    number: int
    level: Level
    message: str


class EventLog:
    """The newest events of all logs, oldest first."""

    def __init__(self) -> None:
        self._events: deque[LoggedEvent] = deque(maxlen=_KEPT)

    def write(self, event: LoggedEvent) -> None:
        self._events.append(event)

    def since(self, at: datetime, levels: Iterable[Level]) -> tuple[LoggedEvent, ...]:
        wanted = frozenset(levels)
        return tuple(one for one in self._events if one.at >= at and one.level in wanted)

    def __iter__(self) -> Iterator[LoggedEvent]:
        return iter(self._events)
