"""What is due on a host, and when: time is handed in, so that it can be real or virtual, and can be made to stand."""

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class Agenda:
    """The time of one host. With a time scale it lives faster than the clock on the wall."""

    def __init__(self, time_scale: int) -> None:
        self.now = BEFORE_ALL
        self._time_scale = time_scale
        self._held_since: datetime | None = None
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def after(self, seconds: float, action: Callable[[], None], shortest: timedelta = timedelta()) -> None:
        """Seconds of the host's own life; the shortest time is by the clock on the wall."""
        heapq.heappush(self._due, (self.now + max(self.scaled(seconds), shortest), next(self._order), action))

    def scaled(self, seconds: float) -> timedelta:
        return timedelta(seconds=seconds / self._time_scale)

    def advance(self, now: datetime) -> None:
        """Lets everything happen that is due by then, in order."""
        while self._held_since is None and self._due and self._due[0][0] <= now:
            at, _, action = heapq.heappop(self._due)
            self.now = max(self.now, at)
            action()
        self.now = max(self.now, now)

    def next_due(self) -> datetime | None:
        return self._due[0][0] if self._due and self._held_since is None else None

    def hold(self) -> None:
        if self._held_since is None:
            self._held_since = self.now

    def go_on(self) -> None:
        """As if no time had passed since it was held."""
        if self._held_since is not None:
            stood = self.now - self._held_since
            self._due = [(at + stood, order, action) for at, order, action in self._due]
            self._held_since = None
