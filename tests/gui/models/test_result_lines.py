"""A run's results in lines, in a sentence and in figures."""

from __future__ import annotations

from datetime import timedelta

from core.model.record import RunRecord, TargetRecord
from core.model.state import TargetState
from core.reports.words import duration as report_duration
from gui.models.result_lines import ResultLine, result_columns, result_counts, summary_of
from gui.times import elapsed
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


def _took(seconds: int) -> ResultLine:
    ended = AT + timedelta(seconds=seconds)
    return ResultLine(TargetRecord("SQL1", TargetState.SUCCESS, started_at=AT, worked_until=ended), "")


def test_hosts_are_sorted_by_how_long_they_took_and_not_by_its_letters() -> None:
    took = next(one for one in result_columns() if one.title == "Took")
    lines = [_took(600), _took(8), _took(10), ResultLine(TargetRecord("SQL2", TargetState.SKIPPED), "")]
    assert took.key is not None
    assert [took.text(one) for one in sorted(lines, key=took.key)] == ["", "8 s", "10 s", "10 min 00 s"]


def test_how_long_a_host_took_is_what_lies_between_the_times_that_are_shown() -> None:
    """As the run's sheet and the reports say it: a second less or more beside them would be read as another run."""
    began, ended = AT.replace(microsecond=900_000), AT.replace(microsecond=100_000) + timedelta(seconds=9)
    record = TargetRecord("SQL1", TargetState.SUCCESS, started_at=began, worked_until=ended)
    took = next(one for one in result_columns() if one.title == "Took")
    assert took.text(ResultLine(record, "")) == elapsed(began, ended) == report_duration(began, ended) == "9 s"


def test_a_warning_of_a_host_that_is_patched_is_called_one() -> None:
    warned = TargetRecord("SQL1", TargetState.SUCCESS, warnings=("the last full backup is nine days old",))
    assert ResultLine(warned, "").why == "Warning: the last full backup is nine days old"
    assert ResultLine(TargetRecord("SQL1", TargetState.SUCCESS), "").why == ""
