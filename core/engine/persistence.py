"""Asking a target that may be out of reach for a while."""

from collections.abc import Callable
from typing import TypeVar

from core.contract.script import Call, P, R
from core.engine.effects import Walk, ask, assess, now, record, wait
from core.engine.errand import Errand
from core.model.events import ConnectionLost
from core.model.facts import Facts
from core.model.failure import SILENT, Failure
from core.model.phase import Phase

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 15.0


T = TypeVar("T")


def persist(errand: Errand, phase: Phase, call: Call[P, R], limit: int) -> Walk[R | Failure]:
    """Asks again while nobody answers, up to the limit. Only for scripts that may be asked twice: all of ours."""
    return (yield from _insist(errand, phase, lambda: ask(call), limit))


def persist_assessing(errand: Errand, phase: Phase) -> Walk[Facts | Failure]:
    """Assesses a host that is ours already: one lost packet is no answer."""
    return (yield from _insist(errand, phase, assess, errand.patience.connection_loss))


def _insist(errand: Errand, phase: Phase, question: Callable[[], Walk[T | Failure]], limit: int) -> Walk[T | Failure]:
    lost_at = None
    pause = FIRST_PAUSE
    while True:
        answer = yield from question()
        if not isinstance(answer, Failure) or answer.cause not in SILENT:
            return answer
        time = yield from now()
        if lost_at is None:
            lost_at = time
            yield from record(errand.event(phase, ConnectionLost(answer)))
        if (time - lost_at).total_seconds() >= limit:
            return answer
        yield from wait(pause)
        pause = min(LONGEST_PAUSE, pause * 2)
