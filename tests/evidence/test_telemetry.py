"""Spans of a run: one trace, whole, in the form that OpenTelemetry's collectors read."""

import json
import re
from typing import Any

from core.evidence.telemetry import traces
from core.model.events import Event, TargetMoved
from core.model.state import TargetState
from tests.samples import LOST, RUN, begun, entries, whole_run


def _spans(events: list[Event]) -> list[dict[str, Any]]:
    (resource,) = json.loads(json.dumps(traces(entries(events))))["resourceSpans"]
    (scope,) = resource["scopeSpans"]
    spans: list[dict[str, Any]] = scope["spans"]
    return spans


def _attributes(span: dict[str, Any]) -> dict[str, Any]:
    return {one["key"]: next(iter(one["value"].values())) for one in span["attributes"]}


def test_all_spans_are_of_one_trace_and_hang_together() -> None:
    spans = _spans(whole_run())
    assert {span["traceId"] for span in spans} == {RUN.replace("-", "")}
    ids = [span["spanId"] for span in spans]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[0-9a-f]{16}", one) for one in ids)
    roots = [span for span in spans if not span["parentSpanId"]]
    assert [root["name"] for root in roots] == ["run"]
    assert all(span["parentSpanId"] in ids for span in spans if span["parentSpanId"])


def test_a_run_holds_its_hosts_and_a_host_its_steps() -> None:
    spans = {span["spanId"]: span for span in _spans(whole_run())}
    steps = [span for span in spans.values() if span["name"].startswith("step")]
    assert sorted((spans[one["parentSpanId"]]["name"], one["name"]) for one in steps) == [
        ("SQL01", "step 1"),
        ("SQL01", "step 2"),
        ("SQL02", "step 1"),
        ("SQL02", "step 2"),
    ]
    assert {_attributes(one).get("process.exit.code") for one in steps if one["name"] == "step 1"} == {"3010"}


def test_no_span_ends_before_it_began_and_times_are_text() -> None:
    for span in _spans(whole_run()):
        assert isinstance(span["startTimeUnixNano"], str)
        assert int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"])


def test_a_lost_line_is_an_event_of_its_host() -> None:
    (host,) = [span for span in _spans(whole_run()) if span["name"] == "SQL01"]
    assert [event["name"] for event in host["events"]] == ["connection lost"]


def test_what_failed_has_the_status_of_an_error_with_its_words() -> None:
    failed = Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.FAILED, LOST), "SQL01")
    (host,) = [span for span in _spans([*whole_run()[:1], *begun("SQL01"), failed]) if span["name"] == "SQL01"]
    assert host["status"] == {"code": 2, "message": LOST.detail}


def test_a_run_without_an_end_says_so() -> None:
    spans = _spans([*whole_run()[:1], *begun("SQL01")])
    assert all(_attributes(span).get("drydock.open") is True for span in spans if span["name"] in ("run", "SQL01"))
