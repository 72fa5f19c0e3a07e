"""Spans of a run in OpenTelemetry's JSON form, derived from its journal: the run, its hosts, their phases and steps."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from core.model.events import (
    ConnectionLost,
    Entry,
    JobEnded,
    PhaseEntered,
    RunEnded,
    RunStarted,
    StepMoved,
    TargetMoved,
    UndoEnded,
    Warned,
)
from core.model.failure import Failure
from core.model.outcome import Outcome
from core.model.phase import TITLES
from core.model.state import STEP_RESTS, TARGET_RESTS, StepState

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INTERNAL = 1
_UNSET, _OK, _ERROR = 0, 1, 2
_Value = str | int | bool


@dataclass(slots=True)
class _Span:
    """Open until it has an end."""

    name: str
    key: str
    parent: str | None
    began: datetime
    ended: datetime | None = None
    status: int = _UNSET
    message: str = ""
    attributes: dict[str, _Value] = field(default_factory=dict)
    events: list[tuple[datetime, str, dict[str, _Value]]] = field(default_factory=list)


class _Trace:
    """The spans of one run, in the order in which they began."""

    def __init__(self) -> None:
        self.spans: list[_Span] = []
        self._open: dict[str, _Span] = {}

    def begin(self, name: str, key: str, parent: str | None, at: datetime, **attributes: _Value) -> None:
        """A key may come again, as after a resume: then it is another span."""
        span = _Span(name, f"{key}#{len(self.spans)}", self._id_of(parent), at, attributes=attributes)
        self.spans.append(span)
        self._open[key] = span

    def end(self, key: str, at: datetime, status: int = _UNSET, message: str = "") -> None:
        span = self._open.pop(key, None)
        if span is not None:
            span.ended, span.status, span.message = at, status, message

    def is_open(self, key: str) -> bool:
        return key in self._open

    def note(self, key: str, at: datetime, name: str, **attributes: _Value) -> None:
        if key in self._open:
            self._open[key].events.append((at, name, attributes))

    def describe(self, key: str, **attributes: _Value) -> None:
        if key in self._open:
            self._open[key].attributes |= attributes

    def _id_of(self, key: str | None) -> str | None:
        return self._open[key].key if key is not None and key in self._open else None


def traces(entries: Iterable[Entry]) -> dict[str, Any]:
    """One trace, whose id is the run's. What has no end yet ends with the last line of the journal, and says so."""
    trace, run_id, last = _Trace(), "", _EPOCH
    for entry in entries:
        run_id, last = entry.run_id, entry.at
        _take(trace, entry)
    return {"resourceSpans": [_resource(run_id, [_written(span, run_id, last) for span in trace.spans])]}


def _take(trace: _Trace, entry: Entry) -> None:
    host = entry.event.target
    match entry.event.body:
        case RunStarted() as body:
            about = {"drydock.plan.id": body.plan_id, "drydock.plan.digest": body.plan_digest}
            trace.begin("run", "run", None, entry.at, **about, **{"enduser.id": body.operator})
        case RunEnded(outcome=outcome):
            good = _OK if outcome is Outcome.SUCCEEDED else _ERROR
            trace.end("run", entry.at, good, str(outcome))
        case _ if host is not None:
            _of_host(trace, entry, host)
        case _:
            return


def _of_host(trace: _Trace, entry: Entry, host: str) -> None:
    whole, phase = f"host {host}", f"phase {host}"
    match entry.event.body:
        case TargetMoved(after=after, failure=failure):
            if after in TARGET_RESTS:
                trace.end(phase, entry.at)
                trace.describe(whole, **{"drydock.state": str(after)})
                trace.end(whole, entry.at, *_status(failure))
            elif not trace.is_open(whole):
                trace.begin(host, whole, "run", entry.at, **{"host.name": host})
        case PhaseEntered():
            trace.end(phase, entry.at)
            title = TITLES[entry.event.phase] if entry.event.phase is not None else "phase"
            trace.begin(title, phase, whole, entry.at, **{"drydock.phase": str(entry.event.phase)})
        case StepMoved(step=step, after=after, failure=failure):
            key = f"step {host} {step}"
            if after is StepState.RUNNING:
                trace.begin(f"step {step}", key, whole, entry.at, **{"drydock.step": step})
            elif after in STEP_RESTS:
                trace.describe(key, **{"drydock.state": str(after)})
                trace.end(key, entry.at, *_status(failure))
        case JobEnded(step=step, exit_code=code, meaning=meaning):
            about: dict[str, _Value] = {"process.exit.code": code, "drydock.meaning": meaning}
            trace.describe(f"step {host} {step}", **about)
        case ConnectionLost(failure=failure):
            trace.note(whole, entry.at, "connection lost", **{"drydock.cause": str(failure.cause)})
        case UndoEnded(taken_back=back, message=message):
            told: dict[str, _Value] = {"drydock.taken_back": back, "drydock.message": message}
            trace.note(whole, entry.at, "undo", **told)
        case Warned(code=code, message=message):
            trace.note(whole, entry.at, "warning", **{"drydock.code": code, "drydock.message": message})
        case _:
            return


def _status(failure: Failure | None) -> tuple[int, str]:
    return (_OK, "") if failure is None else (_ERROR, failure.detail)


def _resource(run_id: str, spans: list[dict[str, Any]]) -> dict[str, Any]:
    resource = {"attributes": _attributes({"service.name": "drydock", "drydock.run.id": run_id})}
    scope = {"name": "drydock.journal", "version": "1"}
    return {"resource": resource, "scopeSpans": [{"scope": scope, "spans": spans}]}


def _written(span: _Span, run_id: str, last: datetime) -> dict[str, Any]:
    attributes = span.attributes if span.ended is not None else span.attributes | {"drydock.open": True}
    status: dict[str, Any] = {"code": span.status} | ({"message": span.message} if span.message else {})
    return {
        "traceId": run_id.replace("-", ""),
        "spanId": _span_id(run_id, span.key),
        "parentSpanId": "" if span.parent is None else _span_id(run_id, span.parent),
        "name": span.name,
        "kind": _INTERNAL,
        "startTimeUnixNano": _nanoseconds(span.began),
        "endTimeUnixNano": _nanoseconds(span.ended or last),
        "attributes": _attributes(attributes),
        "events": [
            {"timeUnixNano": _nanoseconds(at), "name": name, "attributes": _attributes(about)}
            for at, name, about in span.events
        ],
        "status": status,
    }


def _span_id(run_id: str, key: str) -> str:
    return hashlib.sha256(f"{run_id} {key}".encode()).hexdigest()[:16]


def _nanoseconds(at: datetime) -> str:
    """Whole numbers of 64 bits are text in this form."""
    took = at - _EPOCH
    return str((took.days * 86_400 + took.seconds) * 1_000_000_000 + took.microseconds * 1000)


def _attributes(values: dict[str, _Value]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in values.items()]


def _value(value: _Value) -> dict[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case str():
            return {"stringValue": value}
