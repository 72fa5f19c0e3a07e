"""A run's own process: a pool of threads carries the run's conduct out."""

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from core.engine.conduct import Conduct, Orders
from core.engine.performing import AbandonedError, Performer, drive
from core.engine.walk import walk
from core.model.outcome import Outcome
from core.model.state import TargetState
from core.ports import Clock, Inbox, Recorder

_TURN_SECONDS = 0.5


class Stops:
    """Two flags: start nothing new; and end now, leaving the jobs on the targets to themselves."""

    def __init__(self) -> None:
        self.start_nothing = threading.Event()
        self.abandon = threading.Event()

    def interrupt(self) -> None:
        """The operator's Ctrl+C: once to finish what runs, twice to leave."""
        (self.abandon if self.start_nothing.is_set() else self.start_nothing).set()


class Run:
    """Drives one run to its end."""

    def __init__(
        self,
        orders: Orders,
        performer: Callable[[str], Performer],
        recorder: Recorder,
        inbox: Inbox,
        clock: Clock,
        stops: Stops,
    ) -> None:
        self._workers = orders.workers
        self._performer = performer
        self._stops = stops
        self._conduct = Conduct(orders, recorder, inbox, clock, stops.start_nothing)
        self._working: dict[Future[TargetState], str] = {}
        self._bug: Exception | None = None

    def to_the_end(self) -> Outcome:
        """The run's outcome. After an abandonment the journal has no end, and the run can be resumed."""
        with ThreadPoolExecutor(self._workers, thread_name_prefix="host") as pool:
            while True:
                self._conduct.take_requests()
                self._begin_hosts(pool)
                if not self._working:
                    break
                self._collect()
        if self._bug is not None:
            raise self._bug
        if self._stops.abandon.is_set() and self._conduct.unfinished:
            return Outcome.CANCELLED
        return self._conduct.end()

    def _begin_hosts(self, pool: ThreadPoolExecutor) -> None:
        if self._stops.abandon.is_set() or self._bug is not None:
            return
        for errand in self._conduct.begin_hosts():
            self._working[pool.submit(drive, walk(errand), self._performer(errand.host))] = errand.host

    def _collect(self) -> None:
        done, _ = wait(self._working, timeout=_TURN_SECONDS, return_when=FIRST_COMPLETED)
        for future in done:
            host = self._working.pop(future)
            try:
                self._conduct.ended(host, future.result())
            except AbandonedError:
                self._conduct.left(host)
            except Exception as bug:
                # Loud, but not at the others' expense: they are watched to their end first. The run stays resumable.
                self._conduct.left(host)
                self._bug = self._bug or bug
