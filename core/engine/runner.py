"""A run's own process: takes requests, lets hosts begin, and hears how they end."""

import threading
from collections.abc import Callable

from core.engine.asides import Asides
from core.engine.conduct import Conduct, Orders
from core.engine.effects import Token
from core.engine.errand import Errand
from core.engine.performing import Performer, drive
from core.engine.phases.diagnose import diagnose_for
from core.engine.pool import LocalPool
from core.engine.tokens import Purse, Tokens
from core.engine.walk import course_of
from core.model.failure import Failure
from core.model.outcome import Outcome
from core.model.state import TargetState
from core.ports import Clock, Dispatcher, Inbox, Recorder

# How soon a request is heard: well within a second.
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
        performers: Callable[[Tokens], Callable[[str], Performer]],
        numbers: dict[Token, int],
        recorder: Recorder,
        inbox: Inbox,
        clock: Clock,
        stops: Stops,
    ) -> None:
        self._stops = stops
        self._conduct = Conduct(orders, recorder, inbox, clock, stops.start_nothing)
        self._performer = performers(Tokens(Purse(numbers, self._conduct.kept_tokens())))
        # Whoever only reads beside a walk must not give back what the walk holds.
        self._reader = performers(Tokens(Purse({})))
        self._errands: dict[str, Errand] = {}
        self._pool: Dispatcher = LocalPool(self._work, orders.limits.workers)
        self._asides = Asides(self._fetch)
        self._bug: BaseException | None = None

    def to_the_end(self) -> Outcome:
        """The run's outcome. After an abandonment the journal has no end, and the run can be resumed."""
        try:
            while not self._is_over():
                self._collect()
        finally:
            self._pool.close()
            self._asides.close()
        if self._bug is not None:
            raise self._bug
        if self._stops.abandon.is_set() and self._conduct.unfinished:
            return Outcome.CANCELLED
        return self._conduct.end()

    def _is_over(self) -> bool:
        """Takes a turn, and says whether it was the last."""
        self._conduct.take_requests()
        leaving = self._stops.abandon.is_set() or self._bug is not None
        if leaving:
            return not self._errands and not self._asides.busy
        for errand in self._conduct.wanted_logs():
            self._asides.begin(errand)
        for errand in self._conduct.begin_hosts():
            self._errands[errand.host] = errand
            self._pool.enqueue(errand.host)
        return self._conduct.over and not self._asides.busy

    def _work(self, host: str) -> tuple[TargetState, Failure | None]:
        errand = self._errands[host]
        state = drive(course_of(errand), self._performer(host))
        return state, errand.standing.failure

    def _fetch(self, errand: Errand) -> None:
        drive(diagnose_for(errand, errand.past.diagnostics_by or ""), self._reader(errand.host))

    def _collect(self) -> None:
        self._bug = self._bug or self._asides.collect()
        for ending in self._pool.ended(_TURN_SECONDS):
            del self._errands[ending.host]
            if ending.state is not None:
                self._conduct.ended(ending.host, ending.state, ending.failure)
                continue
            # A bug is loud, but not at the others' expense: they are watched to their end first.
            self._conduct.left(ending.host)
            self._bug = self._bug or ending.trouble
