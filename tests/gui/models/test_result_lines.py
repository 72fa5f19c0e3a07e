"""A run's results in lines, in a sentence and in figures."""

from __future__ import annotations

from core.model.record import RunRecord, TargetRecord
from core.model.state import TargetState
from gui.models.result_lines import result_counts, summary_of
from tests.samples import AT


def _run(*states: TargetState) -> RunRecord:
    targets = tuple(TargetRecord(f"SQL{number}", state) for number, state in enumerate(states))
    return RunRecord("run", "plan", "digest", "key", "olga", "PC", "why", None, AT, targets=targets)


def test_a_host_that_needed_nothing_is_not_called_patched() -> None:
    run = _run(TargetState.SUCCESS, TargetState.SKIPPED, TargetState.SKIPPED)
    assert summary_of(run) == "1 patched and verified, 2 nothing to do."
    assert [(word, count) for word, count, _ in result_counts(run)] == [
        ("patched and verified", 1),
        ("nothing to do", 2),
    ]


def test_what_is_patched_is_counted_first_also_where_nothing_is() -> None:
    counted = [(word, count) for word, count, _ in result_counts(_run(TargetState.FAILED, TargetState.SKIPPED))]
    assert counted == [("patched and verified", 0), ("nothing to do", 1), ("failed", 1)]
