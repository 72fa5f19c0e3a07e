"""What a run decides, without threads: who begins, what a request is answered, and how the run ends."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.engine.admission import Held, Scene, Stand, admit
from core.engine.desk import Answer, answer_for_the_record, taken
from core.engine.effects import Token
from core.engine.errand import Errand
from core.engine.limits import Limits
from core.engine.standing import Standing
from core.evidence.outcome import outcome_of
from core.model.authorisation import Authorisation
from core.model.events import (
    AdmissionFree,
    AdmissionHeld,
    DiagnosticsAsked,
    Event,
    RebootPutOff,
    RebootRecalled,
    ReverifyAsked,
    RunEnded,
)
from core.model.failure import LEFT_BY_THE_RUN, Cause, Failure
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.plan import Plan
from core.model.record import RunRecord, TargetRecord
from core.model.requests import Action, Request
from core.model.state import REVERIFIABLE, TargetState
from core.model.vocabulary import TARGET_WORDS
from core.ports import Clock, Inbox, Recorder, Stop

# Passes so soon that it is not worth a line in the journal.
_FLEETING = frozenset({"stagger"})


def _never_blocked(_: str) -> Failure | None:
    return None


@dataclass(frozen=True, slots=True)
class Orders:
    """What a run is to do, and how far its story has come.

    Blocked: why a host must not be patched, by the story of other runs. Takes up: whether hosts that an earlier process
    left unknown are walked again.
    """

    plan: Plan
    authorisation: Authorisation
    limits: Limits
    story: Callable[[], RunRecord]
    errand: Callable[[str, RunRecord], Errand]
    blocked: Callable[[str], Failure | None] = field(default=_never_blocked)
    takes_up: bool = True


class Conduct:
    """One process's conduct of a run. Threads carry its decisions out, or a scheduler in simulation."""

    def __init__(self, orders: Orders, recorder: Recorder, inbox: Inbox, clock: Clock, start_nothing: Stop) -> None:
        self._orders = orders
        self._recorder = recorder
        self._inbox = inbox
        self._clock = clock
        self._start_nothing = start_nothing
        self._begun_with = orders.story()
        self._stands = {target.host: _stand_of(target, orders.takes_up) for target in self._begun_with.targets}
        self._working: dict[str, Errand] = {}
        asked = (one for one in self._begun_with.targets if one.reverify_by is not None)
        self._reverified = {target.host for target in asked}
        self._logs_wanted = [one.host for one in self._begun_with.targets if one.diagnostics_by is not None]
        self._stopped = self._begun_with.stopped
        self._paused = self._begun_with.paused
        self._held: Held | None = None
        self._told = ""

    @property
    def unfinished(self) -> bool:
        return any(one.was_begun or one.state is TargetState.PENDING for one in self._stands.values())

    @property
    def over(self) -> bool:
        """Nobody is at work, and whoever waits will not begin in this process."""
        if self._working or any(one.waits_until is not None for one in self._stands.values()):
            return False
        waits = any(one.state is TargetState.PENDING for one in self._stands.values())
        return not (waits and self._held is not None and not self._held.for_good)

    @property
    def held(self) -> Held | None:
        return self._held

    def kept_tokens(self) -> dict[Token, frozenset[str]]:
        """A restart that an earlier process asked for may be going on."""
        return {Token.REBOOT: frozenset(host for host, stand in self._stands.items() if stand.urgent)}

    def begin_hosts(self) -> tuple[Errand, ...]:
        """The journal says that a host was begun before anybody works on it, and after what kept others from it."""
        begun: list[Errand] = []
        if self._is_stopped:
            self._tell(self._recall_all("the run was stopped"))
        while True:
            admission = admit(self._orders.plan, self._orders.limits, self._scene())
            left_out = [*admission.deferred, *self._patch_blocked(admission.begin)]
            for host, failure in left_out:
                blocked = failure.cause is Cause.PATCH_BLOCKED
                self._leave_out(host, TargetState.BLOCKED if blocked else TargetState.DEFERRED, failure)
            refused = {host for host, _ in left_out}
            begun += [self._begin(host) for host in admission.begin if host not in refused]
            if not left_out:
                self._hold(admission.held)
                return tuple(begun)

    def ended(self, host: str, state: TargetState, failure: Failure | None) -> None:
        self._working.pop(host, None)
        put_off = failure is not None and failure.cause is Cause.WINDOW and state is TargetState.AWAITING_REBOOT
        target = self._orders.story().target(host) if put_off else TargetRecord(host, state, failure=failure)
        stand = _stand_of(target, takes_up=False)
        self._stands[host] = replace(stand, since=self._clock.now(), begun_at=self._stands[host].begun_at)

    def wanted_logs(self) -> tuple[Errand, ...]:
        """Hosts whose logs somebody asked for, each told once. They are fetched beside the walks."""
        wanted, self._logs_wanted = dict.fromkeys(self._logs_wanted), []
        story = self._orders.story() if wanted else self._begun_with
        return tuple(self._orders.errand(host, story) for host in wanted)

    def left(self, host: str) -> None:
        """Nobody works on the host any more, and it has not ended."""
        self._working.pop(host, None)

    def take_requests(self) -> None:
        """What an earlier process answered and had no time to tick off is not answered again."""
        for request in self._inbox.waiting():
            if request.id in self._begun_with.answered:
                self._inbox.taken(request)
                continue
            accepted, answer, events = self._answer(request)
            self._tell((Event(taken(request, accepted, answer), None, None), *events))
            self._inbox.taken(request)

    def end(self) -> Outcome:
        left = [host for host, stand in self._stands.items() if stand.state is TargetState.PENDING]
        if left:
            why = "nobody could begin this host" if self._held is None else self._held.message
            failure = Failure(Cause.CANCELLED, why, LEFT_BY_THE_RUN)
            self._recorder.record(tuple(self._left_out(host, TargetState.CANCELLED, failure) for host in left))
        outcome = outcome_of(self._orders.story())
        if left and self._start_nothing.is_set():
            outcome = Outcome.CANCELLED
        self._recorder.record((Event(RunEnded(outcome), None, Phase.REPORTING),))
        return outcome

    def _scene(self) -> Scene:
        return Scene(self._clock.now(), self._stands, frozenset(self._working), self._shut(), self._paused)

    @property
    def _is_stopped(self) -> bool:
        return self._stopped or self._start_nothing.is_set()

    def _shut(self) -> str | None:
        """An authorisation that expires stops new hosts, never one that is being worked on. The words stand for the
        whole run and for each host that it leaves."""
        if self._is_stopped:
            return "the run was stopped"
        if not self._orders.authorisation.covers(self._orders.plan.digest, self._clock.now()):
            return "the authorisation has expired"
        return None

    def _hold(self, held: Held | None) -> None:
        """Told once: what keeps hosts from beginning, and that nothing does any more."""
        self._held = held
        code = "" if held is None or held.code in _FLEETING else held.code
        if code == self._told:
            return
        body = AdmissionFree() if held is None or not code else AdmissionHeld(code, held.message, held.until)
        self._recorder.record((Event(body, None, None),))
        self._told = code

    def _patch_blocked(self, hosts: tuple[str, ...]) -> list[tuple[str, Failure]]:
        fresh = [host for host in hosts if self._stands[host].state is TargetState.PENDING]
        found = ((host, self._orders.blocked(host)) for host in fresh)
        return [(host, failure) for host, failure in found if failure is not None]

    def _begin(self, host: str) -> Errand:
        if host in self._reverified:
            errand = self._begin_again(host)
        else:
            waited = self._stands[host].waits_until is not None
            errand = self._orders.errand(host, self._orders.story() if waited else self._begun_with)
            errand = replace(errand, reverified_from=errand.past.reverified_from)
            if errand.standing.target is not TargetState.IN_PROGRESS:
                begun = errand.event(Phase.INITIALIZATION, errand.standing.move(TargetState.IN_PROGRESS))
                self._recorder.record((begun,))
        stand = self._stands[host]
        began = stand.begun_at or self._clock.now()
        self._stands[host] = replace(
            stand, state=TargetState.IN_PROGRESS, again=False, failed=False, begun_at=began, waits_until=None
        )
        self._working[host] = errand
        return errand

    def _begin_again(self, host: str) -> Errand:
        self._reverified.discard(host)
        errand = self._orders.errand(host, self._orders.story())
        before = errand.standing.target
        self._recorder.record((errand.event(Phase.POST_VALIDATION, errand.standing.move(TargetState.IN_PROGRESS)),))
        return replace(errand, reverified_from=before)

    def _answer(self, request: Request) -> Answer:
        match request.action:
            case Action.STOP:
                self._stopped = True
                return True, "nothing new is started; what runs is finished", self._recall_all("the run was stopped")
            case Action.PAUSE:
                self._paused = True
                return True, "nothing new is started until somebody resumes it; what runs is finished", ()
            case Action.RESUME:
                was, self._paused = self._paused, False
                return was, "hosts are begun again" if was else "it was not paused", ()
            case Action.WITHDRAW:
                return self._withdraw(request)
            case Action.REVERIFY:
                return self._reverify(request)
            case Action.DIAGNOSE:
                return self._diagnose(request)
            case Action.NOTE | Action.UNBLOCK | Action.UNLOCK:
                return answer_for_the_record(request, self._orders.story())

    def _withdraw(self, request: Request) -> Answer:
        host = request.host or ""
        stand = self._stands.get(host)
        if stand is None:
            return False, f"{host} is not part of this run", ()
        if stand.waits_until is not None or self._is_announced(host):
            why = f"withdrawn by {request.by}: {request.reason}"
            return True, f"the restart of {host} is called off, if it has not begun", _recalled(why, host)
        if stand.state is not TargetState.PENDING:
            return False, f"{host} was begun already: {TARGET_WORDS[stand.state].text}", ()
        failure = Failure(Cause.CANCELLED, f"withdrawn by {request.by}: {request.reason}")
        event = self._left_out(host, TargetState.CANCELLED, failure)
        self._stands[host] = replace(stand, state=TargetState.CANCELLED)
        return True, f"{host} is taken out of the run", (event,)

    def _is_announced(self, host: str) -> bool:
        """Whether its restart was asked for, and people on the host may still be told of it."""
        return host in self._working and self._orders.story().target(host).announced

    def _recall_all(self, why: str) -> tuple[Event, ...]:
        """Nobody waits for a window in a run that was stopped."""
        waiting = [host for host, one in self._stands.items() if one.waits_until is not None and not one.recalled]
        return tuple(event for host in waiting for event in _recalled(why, host))

    def _tell(self, events: tuple[Event, ...]) -> None:
        """What is told takes effect then, and not before."""
        if events:
            self._recorder.record(events)
        for event in events:
            if isinstance(event.body, RebootRecalled) and event.target is not None:
                self._heed(event.target, event.body.why)

    def _heed(self, host: str, why: str) -> None:
        if host in self._working:
            self._working[host].standing.recalled = why
        stand = self._stands[host]
        if stand.waits_until is not None:
            self._stands[host] = replace(stand, waits_until=self._clock.now(), recalled=True)

    def _reverify(self, request: Request) -> Answer:
        """Never a claim by hand: a fresh assessment decides, against the facts from before the run."""
        host = request.host or ""
        stand = self._stands.get(host)
        if stand is None:
            return False, f"{host} is not part of this run", ()
        if stand.waits_until is not None:
            return False, f"{host} waits for its window; withdraw it first, then restart it and verify it again", ()
        if stand.again or stand.state not in REVERIFIABLE:
            return False, f"there is nothing to verify again on {host}: {TARGET_WORDS[stand.state].text}", ()
        if self._orders.story().target(host).before is None:
            return False, f"{host} was never assessed in this run: nothing to compare with; plan again", ()
        self._stands[host] = replace(stand, again=True)
        self._reverified.add(host)
        asked = Event(ReverifyAsked(request.by), host, Phase.POST_VALIDATION)
        return True, f"{host} is assessed again; what is found decides", (asked,)

    def _diagnose(self, request: Request) -> Answer:
        host = request.host or ""
        if host not in self._stands:
            return False, f"{host} is not part of this run", ()
        self._logs_wanted.append(host)
        asked = Event(DiagnosticsAsked(request.by), host, Phase.DIAGNOSTICS)
        return True, f"the logs of {host} are being fetched", (asked,)

    def _leave_out(self, host: str, state: TargetState, failure: Failure) -> None:
        self._recorder.record((self._left_out(host, state, failure),))
        self._stands[host] = replace(self._stands[host], state=state, since=self._clock.now())

    def _left_out(self, host: str, state: TargetState, failure: Failure) -> Event:
        moved = Standing(self._begun_with.target(host)).move(state, failure)
        return Event(moved, host, Phase.INITIALIZATION)


def _recalled(why: str, host: str) -> tuple[Event, ...]:
    return (Event(RebootRecalled(why), host, Phase.REBOOT),)


def _stand_of(target: TargetRecord, takes_up: bool) -> Stand:
    """What an earlier process could not find out is looked at again, once by each process that takes the run up."""
    return Stand(
        state=target.state,
        again=(takes_up and target.state is TargetState.UNKNOWN) or target.reverify_by is not None,
        since=target.ended_at,
        failed=target.failed,
        well=target.state is TargetState.SKIPPED and target.failure is None,
        leads=target.failure is not None and target.failure.cause is Cause.LEADS,
        urgent=target.announced and target.put_off is None,
        begun_at=target.started_at,
        # One that is not wanted any more is gone on with at once: it is given back.
        waits_until=None if target.put_off is None else _gone_on_with(target, target.put_off),
        recalled=target.recalled is not None,
    )


def _gone_on_with(target: TargetRecord, put_off: RebootPutOff) -> datetime:
    return put_off.until if target.recalled is None else target.ended_at or put_off.until
