"""Fetches logs from a host that did not go well, so that nobody has to go there for them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args

from core.catalog.setup_codes import LOG_FOLDERS
from core.contract.library import COLLECT_DIAGNOSTICS
from core.contract.looking import CollectDiagnostics, DiagnosticKind, DiagnosticsResult
from core.contract.script import Call
from core.detection.redaction import redacted
from core.engine.effects import Walk, ask, keep_output, now, record
from core.engine.errand import Ended, Errand
from core.model.diagnostics import DiagnosticText
from core.model.events import DiagnosticsTaken, PhaseEntered
from core.model.failure import SILENT, Cause, Failure
from core.model.phase import Phase
from core.model.state import TargetState
from core.model.step import PatchStep

_BAD = frozenset({TargetState.FAILED, TargetState.PARTIAL, TargetState.BLOCKED, TargetState.UNKNOWN})
_OTHERS = frozenset({Cause.CLAIMED, Cause.LOCKED})
# More does not fit into one answer.
_MOST_CHARS = 1_048_576
_KNOWN: tuple[DiagnosticKind, ...] = get_args(DiagnosticKind)


@dataclass(slots=True)
class _Haul:
    """What was fetched so far, and how much more there is room and time for."""

    room: int
    until: datetime
    texts: list[DiagnosticText] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    @property
    def result(self) -> Literal["collected", "partial", "failed"]:
        if not self.trouble:
            return "collected"
        return "partial" if self.texts else "failed"


def diagnose(errand: Errand, ended: Ended) -> Walk[None]:
    """Once for each host and run, and not again and again for a device that fails every night."""
    rules = errand.rules.diagnostics
    earlier = errand.past.diagnostics
    if not _wanted(errand, ended) or (earlier is not None and not earlier.asked_by):
        return
    began = yield from now()
    yield from record(errand.event(Phase.DIAGNOSTICS, PhaseEntered()))
    if errand.diagnosed_at is not None and began - errand.diagnosed_at < timedelta(seconds=rules.rest_seconds):
        words = (f"its logs were fetched at {errand.diagnosed_at:%Y-%m-%d %H:%M} UTC, and not again so soon",)
        taken = DiagnosticsTaken("throttled", rules.required, trouble=words)
    else:
        haul = yield from _collect(errand, began)
        taken = DiagnosticsTaken(haul.result, rules.required, tuple(haul.texts), tuple(haul.trouble))
    yield from record(errand.event(Phase.DIAGNOSTICS, taken))


def diagnose_for(errand: Errand, asked_by: str) -> Walk[None]:
    """Because somebody asked: however the host stands, and however short ago it was done. It only reads, so that the
    host's own walk goes on beside it."""
    began = yield from now()
    haul = yield from _collect(errand, began)
    taken = DiagnosticsTaken(haul.result, False, tuple(haul.texts), tuple(haul.trouble), asked_by)
    yield from record(errand.event(Phase.DIAGNOSTICS, taken))


def _wanted(errand: Errand, ended: Ended) -> bool:
    """Only of a host that this run touched: what somebody else did to it is not ours to explain."""
    if not errand.standing.touched or (ended.failure is not None and ended.failure.cause in _OTHERS):
        return False
    match errand.rules.diagnostics.collect:
        case "never":
            return False
        case "always":
            return True
        case "on_failure":
            return ended.state in _BAD


def _collect(errand: Errand, began: datetime) -> Walk[_Haul]:
    rules = errand.rules.diagnostics
    haul = _Haul(rules.max_bytes, began + timedelta(seconds=rules.max_seconds))
    since = errand.past.started_at or began - timedelta(days=1)
    kinds = ("state", *rules.include)
    for kind in (one for one in _KNOWN if one in kinds):
        if haul.room <= 0 or (yield from now()) >= haul.until:
            haul.trouble.append(f"{kind}: left out, the policy's limit is reached")
            continue
        told = yield from ask(Call(COLLECT_DIAGNOSTICS, _wish(errand, kind, since, haul.room)))
        if isinstance(told, Failure):
            haul.trouble.append(f"{kind}: {told.detail}")
            if told.cause in SILENT:
                break
            continue
        yield from _keep(kind, told, haul)
    return haul


def _wish(errand: Errand, kind: DiagnosticKind, since: datetime, room: int) -> CollectDiagnostics:
    families = {step.version_family for step in errand.planned.steps if isinstance(step, PatchStep)}
    folders = tuple(sorted(LOG_FOLDERS[one] for one in families))
    return CollectDiagnostics(
        kind=kind, since=since.isoformat(), folders=folders, max_chars=max(1, min(_MOST_CHARS, room))
    )


def _keep(kind: DiagnosticKind, told: DiagnosticsResult, haul: _Haul) -> Walk[None]:
    for part in told.parts:
        text, places = redacted(part.text)
        haul.room -= len(text.encode())
        key = yield from keep_output(text)
        haul.texts.append(DiagnosticText(kind, part.name, key, len(text), part.cut, places))
