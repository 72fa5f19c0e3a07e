"""Collecting facts: a search for updates is waited for up to its limit, and its failure leaves the rest."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.contract.script import Call
from core.contract.updates import SearchResult, ServicePart
from core.detection.families import DETECTORS, Detector, Family
from core.engine.assessing import UpdateQuestion, facts_over
from core.model.facts import Facts, UpdateAnswer, UpdateSilence
from core.model.failure import Cause, Failure
from core.model.host import Host, Instance, Remoting, SqlAccess
from tests.engine.scripted import LOST, NOON, facts

_HOST = Host("SQL01", "127.0.0.1", Remoting("http", 5985, "ntlm", None, None), ())
_WAITS = SearchResult(
    schema_version=1, done=False, hresult=0, message="", result_code=0, service=None, offered=(), installed=()
)
_DONE = _WAITS.model_copy(
    update={"done": True, "result_code": 2, "service": ServicePart(id="x", name="Windows Update", server="")}
)


@dataclass
class _Line:
    """A session and a clock: answers searches in order, the last for ever. Each question takes ten seconds."""

    answers: list[Any]
    time: datetime = NOON
    asked: list[str] = field(default_factory=list)

    def run(self, call: Call[Any, Any]) -> Any:
        if call.script.name != "search_updates":
            return "the host's own words"
        self.time += timedelta(seconds=10)
        self.asked.append(call.parameters.search_id)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def now(self) -> datetime:
        return self.time


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the host says of itself is not what this is about."""
    windows = DETECTORS[Family.WINDOWS]
    monkeypatch.setitem(DETECTORS, Family.WINDOWS, Detector(windows.call, lambda *_: facts()))


def _facts(line: _Line, question: UpdateQuestion | None) -> Facts:
    found = facts_over(line, _HOST, lambda *_: LOST, line, question)  # type: ignore[arg-type]  # it sends nothing
    assert isinstance(found, Facts)
    return found


def test_a_search_is_waited_for_under_one_name() -> None:
    line = _Line([_WAITS, _WAITS, _DONE])
    assert isinstance(_facts(line, UpdateQuestion()).update_witness, UpdateAnswer)
    assert len(line.asked) == 3
    assert len(set(line.asked)) == 1


def test_a_search_that_does_not_end_is_given_up_and_the_rest_is_kept() -> None:
    line = _Line([_WAITS])
    found = _facts(line, UpdateQuestion(limit_seconds=60))
    assert isinstance(found.update_witness, UpdateSilence)
    assert found.update_witness.failure.cause is Cause.UPDATE_SERVICE
    assert len(line.asked) == 6
    assert found.instances == facts().instances


def test_a_search_that_fails_is_a_gap() -> None:
    broken = Failure(Cause.NO_ANSWER, "no answer came")
    assert _facts(_Line([broken]), UpdateQuestion()).update_witness == UpdateSilence(broken)


def test_nobody_is_asked_without_a_question() -> None:
    line = _Line([_DONE])
    assert _facts(line, None).update_witness is None
    assert line.asked == []


def test_an_engine_that_was_left_with_the_flag_is_not_one_that_was_silent() -> None:
    left = Failure(Cause.CANCELLED, "it was not waited for any longer")
    line = _Line([_DONE])
    host = replace(_HOST, instances=(Instance("PROD", SqlAccess(1433, None, True, False, 15)),))
    assert facts_over(line, host, lambda *_: left, line) == left  # type: ignore[arg-type]  # it sends nothing
    assert line.asked == []
