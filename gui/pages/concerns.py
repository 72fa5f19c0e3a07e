"""What somebody should look at first: why, and where that is done."""

from __future__ import annotations

from dataclasses import dataclass

from core.app.runs import RunLine
from core.model.compliance import Compliance, ComplianceState
from gui.desk import Errand, Room
from gui.language import tr
from gui.models.table import Column
from gui.order import badness
from gui.theme import Tone
from gui.words import compliance_tone, compliance_word, run_word

_MENDED_FIRST = (ComplianceState.FAILED, ComplianceState.BLOCKED)
_LOUD = (*_MENDED_FIRST, ComplianceState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that somebody should look at, and where that is done."""

    key: str
    word: str
    tone: Tone
    what: str
    why: str
    remedy: str
    room: Room
    errand: Errand
    weight: int


def is_loud(one: Compliance) -> bool:
    return one.state in _LOUD or one.unanswered is not None


def is_fresh(one: Compliance) -> bool:
    """Nobody ever asked it."""
    return one.assessed_at is None and one.unanswered is None and one.state is ComplianceState.UNKNOWN


def concern_of(one: Compliance) -> Concern:
    remedies = {
        ComplianceState.FAILED: tr("see what went wrong"),
        ComplianceState.BLOCKED: tr("see what holds it"),
        ComplianceState.UNKNOWN: tr("assess it"),
    }
    silent = tr("mend the way to it, assess it again")
    remedy = silent if one.unanswered is not None and one.state not in _MENDED_FIRST else remedies[one.state]
    word, tone = compliance_word(one.state), compliance_tone(one.state)
    return Concern(
        one.host, word, tone, one.host, one.why, remedy, Room.FLEET, Errand(host=one.host), badness(one.state)
    )


def broken_off(run: RunLine) -> Concern:
    why = tr("its process ended before the run did; jobs on the hosts go on")
    errand = Errand(run=run.run_id)
    what = tr("Run {id}", id=run.run_id[:8])
    return Concern(run.run_id, *run_word(run, driven=False), what, why, tr("take it up again"), Room.RUNS, errand, -1)


def concern_columns() -> tuple[Column[Concern], ...]:
    return (
        Column(tr("What"), lambda one: one.what, width=160),
        Column(tr("State"), lambda one: one.word, lambda one: one.weight, lambda one: one.tone, width=110, least=96),
        Column(tr("Why"), lambda one: one.why, width=520),
        Column(tr("What to do (Enter)"), lambda one: one.remedy, width=230, least=200),
    )
