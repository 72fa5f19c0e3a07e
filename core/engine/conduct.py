"""What a run decides, without threads: who begins, what a request is answered, and how the run ends."""

from collections.abc import Callable
from dataclasses import dataclass

from core.engine.admission import RESUMABLE, Room, admit
from core.engine.errand import Errand
from core.engine.standing import Standing
from core.evidence.outcome import outcome_of
from core.model.authorisation import Authorisation
from core.model.events import Event, RequestTaken, RunEnded
from core.model.failure import Cause, Failure
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.plan import Plan
from core.model.record import RunRecord
from core.model.requests import Action, Request
from core.model.state import TargetState
from core.ports import Clock, Inbox, Recorder, Stop


@dataclass(frozen=True, slots=True)
class Orders:
    """What a run is to do, and how far its story has come."""

    plan: Plan
    authorisation: Authorisation
    workers: int
    story: Callable[[], RunRecord]
    errand: Callable[[str, RunRecord], Errand]


class Conduct:
    """One process's conduct of a run. Threads carry its decisions out, or a scheduler in simulation."""

    def __init__(self, orders: Orders, recorder: Recorder, inbox: Inbox, clock: Clock, start_nothing: Stop) -> None:
        self._orders = orders
        self._recorder = recorder
        self._inbox = inbox
        self._clock = clock
        self._start_nothing = start_nothing
        self._begun_with = orders.story()
        self._states = {target.host: _taken_up(target.state) for target in self._begun_with.targets}
        self._working: set[str] = set()
        self._stopped = self._begun_with.stopped

    @property
    def unfinished(self) -> bool:
        return any(state in RESUMABLE for state in self._states.values())

    def begin_hosts(self) -> tuple[Errand, ...]:
        """The journal says that a host was begun before anybody works on it, and after what kept others from it."""
        room = Room(self._orders.workers - len(self._working), self._may_start())
        chosen = admit(self._orders.plan, self._states, frozenset(self._working), room)
        return tuple(self._begin(host) for host in chosen)

    def ended(self, host: str, state: TargetState) -> None:
        self._working.discard(host)
        self._states[host] = state

    def left(self, host: str) -> None:
        """Nobody works on the host any more, and it has not ended."""
        self._working.discard(host)

    def take_requests(self) -> None:
        """What an earlier process answered and had no time to tick off is not answered again."""
        for request in self._inbox.waiting():
            if request.id in self._begun_with.answered:
                self._inbox.taken(request)
                continue
            accepted, answer, events = self._answer(request)
            body = RequestTaken(request.id, request.action, request.by, request.reason, accepted, answer)
            self._recorder.record((Event(body, None, None), *events))
            self._inbox.taken(request)

    def end(self) -> Outcome:
        left = [host for host, state in self._states.items() if state is TargetState.PENDING]
        if left:
            failure = Failure(Cause.CANCELLED, self._why_not_started(), "plan again for the hosts that are left")
            self._recorder.record(tuple(self._cancel(host, failure) for host in left))
        record = self._orders.story()
        outcome = outcome_of(record)
        if left and self._start_nothing.is_set():
            outcome = Outcome.CANCELLED
        self._recorder.record((Event(RunEnded(outcome), None, Phase.REPORTING),))
        return outcome

    def _begin(self, host: str) -> Errand:
        errand = self._orders.errand(host, self._begun_with)
        if errand.standing.target is not TargetState.IN_PROGRESS:
            begun = errand.event(Phase.INITIALIZATION, errand.standing.move(TargetState.IN_PROGRESS))
            self._recorder.record((begun,))
        self._states[host] = TargetState.IN_PROGRESS
        self._working.add(host)
        return errand

    def _may_start(self) -> bool:
        """An authorisation that expires stops new hosts, never one that is being worked on."""
        expired = not self._orders.authorisation.covers(self._orders.plan.digest, self._clock.now())
        return not (self._stopped or self._start_nothing.is_set() or expired)

    def _answer(self, request: Request) -> tuple[bool, str, tuple[Event, ...]]:
        match request.action:
            case Action.STOP:
                self._stopped = True
                return True, "nothing new is started; what runs is finished", ()
            case Action.WITHDRAW:
                return self._withdraw(request)

    def _withdraw(self, request: Request) -> tuple[bool, str, tuple[Event, ...]]:
        host = request.host or ""
        state = self._states.get(host)
        if state is None:
            return False, f"{host} is not part of this run", ()
        if state is not TargetState.PENDING:
            return False, f"{host} is {state}: it was begun already", ()
        self._states[host] = TargetState.CANCELLED
        failure = Failure(Cause.CANCELLED, f"withdrawn by {request.by}: {request.reason}")
        return True, f"{host} is taken out of the run", (self._cancel(host, failure),)

    def _cancel(self, host: str, failure: Failure) -> Event:
        moved = Standing(self._begun_with.target(host)).move(TargetState.CANCELLED, failure)
        return Event(moved, host, Phase.INITIALIZATION)

    def _why_not_started(self) -> str:
        if self._stopped or self._start_nothing.is_set():
            return "the run was stopped before this host was begun"
        return "the authorisation expired before this host was begun"


def _taken_up(state: TargetState) -> TargetState:
    """What an earlier process could not find out is looked at again, once by each process that takes the run up."""
    return TargetState.IN_PROGRESS if state is TargetState.UNKNOWN else state
