"""Performs a walk's effects for real, on the thread that owns the host's session."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from structlog.contextvars import bind_contextvars, unbind_contextvars

from core import ports
from core.contract.script import Call, P, R
from core.engine.assessing import UpdateQuestion, facts_over
from core.engine.effects import (
    Ask,
    Assess,
    Effect,
    GiveToken,
    KeepFacts,
    KeepOutput,
    LockHost,
    Now,
    Probe,
    Push,
    Record,
    Send,
    Show,
    T,
    TakeToken,
    Token,
    UnlockHost,
    Wait,
    Walk,
)
from core.engine.tokens import Tokens
from core.model.events import Entry, Event, JobIntended, PackageDelivered, StepMoved
from core.model.failure import SILENT, Failure
from core.model.host import Host
from core.model.state import STEP_RESTS
from core.model.step import Package
from core.model.transfer import Progress
from core.ports import AskSql, Clock, Connect, FactStore, HostLocks, Outputs, Recorder, Session, Stop


class AbandonedError(Exception):
    """The process is to end now. The job on the target goes on and is found again by its id."""


@dataclass(frozen=True, slots=True)
class Haulage:
    """What packages travel by. The tokens are those of the whole run."""

    push: ports.Push
    tokens: Tokens
    show: ports.Show


class Performer:
    """One host's effects. The session is opened when first needed and again after it broke."""

    def __init__(
        self,
        host: Host,
        connect: Connect,
        ask_sql: AskSql,
        recorder: Recorder,
        facts: FactStore,
        outputs: Outputs,
        locks: HostLocks,
        clock: Clock,
        abandon: Stop,
        haulage: Haulage,
        probe: ports.Probe,
        search_seconds: int = 1800,
    ) -> None:
        self._host = host
        self._connect = connect
        self._ask_sql = ask_sql
        self._recorder = recorder
        self._facts = facts
        self._outputs = outputs
        self._locks = locks
        self._clock = clock
        self._abandon = abandon
        self._haulage = haulage
        self._probe = probe
        self._search_seconds = search_seconds
        self._session: Session | None = None

    def perform(self, effect: Effect) -> Any:
        if self._abandon.is_set():
            raise AbandonedError
        match effect:
            case Ask(call):
                return self._ask(call)
            case Send(call, package):
                told = self._telling(package)
                return self._with_session(lambda session: session.send(call, Path(package.source), told))
            case Push(package, target):
                return self._haulage.push(self._host, Path(package.source), target, self._telling(package))
            case TakeToken(token, waiting):
                return self._take(token, waiting)
            case GiveToken(token):
                return self._haulage.tokens.give(token, self._host.name)
            case Show(progress):
                return self._haulage.show(progress)
            case Assess(service):
                question = None if service is None else UpdateQuestion(service, self._search_seconds)
                return self._with_session(
                    lambda session: facts_over(session, self._host, self._ask_sql, self._clock, question)
                )
            case Probe(check):
                return self._probe(self._host, check)
            case KeepFacts(facts):
                return self._facts.keep(facts)
            case KeepOutput(text):
                return self._outputs.keep(text)
            case Record(events):
                return self._record(events)
            case Wait(seconds):
                if self._abandon.wait(seconds):
                    raise AbandonedError
                return None
            case Now():
                return self._clock.now()
            case LockHost():
                return self._locks.take(self._host.name)
            case UnlockHost():
                return self._locks.release(self._host.name)

    def close(self) -> None:
        unbind_contextvars("step")
        self._haulage.tokens.give_all(self._host.name)
        self._locks.release(self._host.name)
        if self._session is not None:
            self._session.close()
            self._session = None

    def _record(self, events: tuple[Event, ...]) -> tuple[Entry, ...]:
        """From the first word about a step to its rest, whatever this thread logs belongs to it."""
        for event in events:
            match event.body:
                case StepMoved(after=after) if after in STEP_RESTS:
                    unbind_contextvars("step")
                case StepMoved(step=step) | JobIntended(step=step) | PackageDelivered(step=step):
                    bind_contextvars(step=step)
                case _:
                    pass
        return self._recorder.record(events)

    def _take(self, token: Token, waiting: Progress | None) -> None:
        def told() -> None:
            if waiting is not None:
                self._haulage.show(waiting)

        if not self._haulage.tokens.take(token, self._host.name, self._abandon, told):
            raise AbandonedError

    def _telling(self, package: Package) -> Callable[[int], None]:
        def told(done: int) -> None:
            self._haulage.show(Progress(self._host.name, package.filename, "transferring", done, package.size_bytes))

        return told

    def _ask(self, call: Call[P, R]) -> R | Failure:
        return self._with_session(lambda session: session.run(call))  # type: ignore[no-any-return]

    def _with_session(self, use: Any) -> Any:
        """A session that failed to carry an answer is thrown away; the next question opens a new one."""
        if self._session is None:
            opened = self._connect(self._host)
            if isinstance(opened, Failure):
                return opened
            self._session = opened
        answer = use(self._session)
        if isinstance(answer, Failure) and answer.cause in SILENT:
            self._session.close()
            self._session = None
        return answer


def drive(walk: Walk[T], performer: Performer) -> T:
    """Runs a walk to its end."""
    try:
        effect = next(walk)
        while True:
            effect = walk.send(performer.perform(effect))
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        walk.close()
        performer.close()
