"""Asking a target that may be out of reach for a while."""

from collections.abc import Callable
from typing import TypeVar

from core.contract.script import Call, P, R
from core.engine.effects import Walk, ask, assess, now, record, wait
from core.engine.errand import Errand
from core.model.events import ConnectionLost
from core.model.facts import Facts, UpdateSilence
from core.model.failure import SILENT, Failure
from core.model.phase import Phase
from core.model.policy import UpdateService

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 15.0


T = TypeVar("T")


def persist(errand: Errand, phase: Phase, call: Call[P, R], limit: int) -> Walk[R | Failure]:
    """Asks again while nobody answers, up to the limit. Only for scripts that may be asked twice: all of ours."""
    return (yield from _insist(errand, phase, lambda: ask(call), limit))


def persist_assessing(errand: Errand, phase: Phase, updates: UpdateService | None = None) -> Walk[Facts | Failure]:
    """Assesses a host that is ours already: one lost packet is no answer."""
    return (yield from _insist(errand, phase, lambda: assess(updates), errand.patience.connection_loss))


def persist_searching(errand: Errand, phase: Phase, updates: UpdateService) -> Walk[Facts | Failure]:
    """The same where the word of the update service is what matters."""
    return (yield from _insist(errand, phase, lambda: _search(updates), errand.patience.connection_loss))


def _search(updates: UpdateService) -> Walk[Facts | Failure]:
    facts = yield from assess(updates)
    if isinstance(facts, Facts) and isinstance(facts.update_witness, UpdateSilence):
        return facts.update_witness.failure
    return facts


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
