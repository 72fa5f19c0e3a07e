"""The operator's words: one for every state, and times that can be read."""

from datetime import UTC, datetime, timedelta

import pytest

from core.model.failure import Cause, Failure
from core.model.outcome import Outcome
from core.model.record import RunRecord, TargetRecord
from core.model.state import TargetState
from core.model.vocabulary import BAD, GOOD
from core.reports.words import brief, cause_words, clock, duration, outcome_words, tone, yours
from tests.samples import AT


def _ended(outcome: Outcome | None, *targets: TargetRecord) -> RunRecord:
    return RunRecord("run", "plan", "d", "key", "olga", "PC", "why", None, AT, outcome=outcome, targets=targets)


def _left(host: str, state: TargetState, cause: Cause) -> TargetRecord:
    return TargetRecord(host, state, failure=Failure(cause, "why"))


_FAILED = _left("SQL01", TargetState.FAILED, Cause.INSTALLER)
_RESTART = _left("SQL02", TargetState.BLOCKED, Cause.REBOOT)
_LOST = _left("SQL03", TargetState.UNKNOWN, Cause.JOB_LOST)
_LEFT_OUT = _left("SQL04", TargetState.BLOCKED, Cause.NO_BACKUP)


def test_every_outcome_has_its_words() -> None:
    assert len({outcome_words(_ended(outcome)) for outcome in [*Outcome, None]}) == len(Outcome) + 1


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ((_FAILED,), "An installation failed on 1 host"),
        ((_FAILED, _RESTART, _LEFT_OUT), "2 hosts failed"),
        ((_LOST, _LEFT_OUT), "Nobody knows how it ended on 1 host"),
        ((_FAILED, _FAILED, _LOST), "An installation failed on 2 hosts, and nobody knows how it ended on 1 more"),
        # Of a report for one tenant the others' hosts are cut away.
        ((), "An installation failed, or nobody knows how it ended"),
    ],
)
def test_what_failed_and_what_nobody_knows_are_counted_apart(targets: tuple[TargetRecord, ...], words: str) -> None:
    assert outcome_words(_ended(Outcome.INSTALL_FAILED, *targets)) == words


def test_a_run_speaks_for_its_own_hosts_and_not_for_all_of_its_plan() -> None:
    """A retry of one host that ends well leaves the plan's others as they were."""
    assert outcome_words(_ended(Outcome.SUCCEEDED, TargetRecord("SQL01", TargetState.SUCCESS))) == (
        "Every host of the run is patched and verified, or needed nothing"
    )


def test_a_run_that_left_no_host_well_says_so() -> None:
    silent = _left("SQL05", TargetState.FAILED, Cause.UNREACHABLE)
    well = TargetRecord("SQL01", TargetState.SUCCESS)
    assert outcome_words(_ended(Outcome.PARTIAL, silent)).startswith("No host is patched and verified")
    assert outcome_words(_ended(Outcome.PARTIAL, silent, well)).startswith("Some hosts")


def test_three_colours_stand_on_paper() -> None:
    assert {state for state in TargetState if tone(state) == "good"} == GOOD
    assert {state for state in TargetState if tone(state) == "bad"} == BAD


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.6, "59 s"),
        (60, "1 min"),
        (61, "1 min 01 s"),
        (3599.7, "59 min 59 s"),
        (3600, "1 h 00 min"),
        (90061, "25 h 01 min"),
    ],
)
def test_durations_carry_over(seconds: float, words: str) -> None:
    assert duration(AT, AT + timedelta(seconds=seconds)) == words


def test_what_has_no_time_yet_shows_none() -> None:
    assert duration(AT, None) == duration(None, AT) == clock(None, "UTC") == ""


def test_times_are_those_of_the_zone_in_summer_and_in_winter() -> None:
    assert clock(AT, "Europe/Berlin") == "2026-03-01 23:00:00"
    assert clock(AT.replace(month=7), "Europe/Berlin") == "2026-07-02 00:00:00"


def test_every_cause_has_words_of_its_own() -> None:
    assert len({cause_words(cause) for cause in Cause}) == len(Cause)


def test_the_readers_clock_is_told_where_it_differs_and_its_day_where_that_does() -> None:
    assert yours(AT, "Europe/Berlin", "Europe/Paris") == ""
    assert yours(AT, "Europe/Berlin", "Europe/London") == "22:00:00"
    assert yours(AT, "Europe/Berlin", "Asia/Tokyo") == "2026-03-02 07:00:00"


def test_a_long_list_of_findings_says_how_many_more_there_are() -> None:
    assert brief("a; b; c", 99) == "a; b; c"
    assert brief("a" * 20 + "; " + "b" * 20 + "; c", 44) == "a" * 20 + "; " + "b" * 20 + "; and 1 more"
    assert brief("a" * 50, 20) == "a" * 19 + "…"


def test_the_hour_that_comes_twice_bears_its_offset() -> None:
    """Else a run would end before it began."""
    began, ended = datetime(2026, 10, 25, 0, 50, tzinfo=UTC), datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    shown = [clock(at, "Europe/Berlin") for at in (began, ended)]
    assert shown == ["2026-10-25 02:50:00+02:00", "2026-10-25 02:10:00+01:00"]
    assert clock(began - timedelta(hours=1), "Europe/Berlin") == "2026-10-25 01:50:00"
    assert clock(began, "UTC") == "2026-10-25 00:50:00"
