"""The fold: the whole story of a run from its journal, and an illegal journal is loud."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.evidence.folding import fold
from core.model.diagnostics import DiagnosticText
from core.model.events import (
    DiagnosticsAsked,
    DiagnosticsTaken,
    Event,
    PhaseEntered,
    RequestTaken,
    RunEnded,
    RunResumed,
    StepMoved,
    TargetMoved,
    Warned,
)
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.record import RunRecord
from core.model.state import IllegalMoveError, StepState, TargetState
from tests.samples import (
    AT,
    BOOT_AFTER,
    JOB,
    LOST,
    NEW,
    RUN,
    STARTED,
    begun,
    entries,
    left_unknown,
    verified_again,
    whole_run,
)


def _folded(*events: Event) -> RunRecord:
    return fold(entries([Event(STARTED), *events]))


def test_a_whole_run_is_told_from_its_journal_alone() -> None:
    record = fold(entries(whole_run()))
    assert (record.run_id, record.plan_id, record.operator) == (RUN, STARTED.plan_id, "olga")
    assert record.outcome is Outcome.SUCCEEDED
    assert record.started_at == AT + timedelta(seconds=1)
    assert record.ended_at == AT + timedelta(seconds=len(whole_run()))
    target = record.target("SQL01")
    assert target.state is TargetState.SUCCESS
    assert target.connection_losses == 1
    assert target.after is not None
    assert target.after.builds[0].build == NEW
    assert [step.state for step in target.steps] == [StepState.SUCCESS, StepState.SUCCESS]
    assert target.jobs == (JOB,)
    assert target.reboots[0].after == BOOT_AFTER
    assert target.checks_after[0].name == "build"


def test_hosts_stay_in_the_order_of_the_plan() -> None:
    assert [target.host for target in _folded(*begun("SQL02")).targets] == ["SQL01", "SQL02"]


def test_a_host_that_nothing_was_told_of_is_pending() -> None:
    assert _folded().target("SQL01").state is TargetState.PENDING


def test_a_target_has_its_times_from_its_moves() -> None:
    running = _folded(*begun("SQL01")).target("SQL01")
    assert running.started_at == AT + timedelta(seconds=2)
    assert running.ended_at is None
    assert running.last_sign_at == AT + timedelta(seconds=7)
    overdue = Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.OVERDUE), "SQL01")
    ended = Event(TargetMoved(TargetState.OVERDUE, TargetState.FAILED, LOST), "SQL01")
    assert _folded(*begun("SQL01"), overdue).target("SQL01").ended_at is None
    assert _folded(*begun("SQL01"), overdue, ended).target("SQL01").ended_at == AT + timedelta(seconds=9)


def test_a_later_look_adds_nothing_to_how_long_the_run_worked() -> None:
    left = fold(entries(left_unknown()))
    seen = fold(entries([*left_unknown(), *verified_again()]))
    assert (left.worked_until, left.target("SQL01").worked_until) == (left.ended_at, left.target("SQL01").ended_at)
    assert (seen.worked_until, seen.target("SQL01").worked_until) == (left.ended_at, left.target("SQL01").ended_at)
    assert seen.ended_at == AT + timedelta(seconds=len(left_unknown()) + len(verified_again()))
    assert seen.target("SQL01").ended_at == seen.ended_at - timedelta(seconds=1)


def test_what_only_a_later_look_finds_over_has_no_end() -> None:
    installer, restart = fold(entries([*left_unknown(), *verified_again()])).target("SQL01").steps
    assert (installer.state, installer.ended_at) == (StepState.SUCCESS, None)
    assert (restart.state, restart.started_at == restart.ended_at is not None) == (StepState.SKIPPED, True)


def test_a_look_that_a_process_did_not_survive_stays_a_look() -> None:
    resumed, asked, begins, *rest = verified_again()
    seen = fold(entries([*left_unknown(), resumed, asked, begins, resumed, *rest]))
    assert seen.worked_until == AT + timedelta(seconds=len(left_unknown()))
    assert seen.target("SQL01").worked_until == AT + timedelta(seconds=len(left_unknown()) - 1)


def test_a_run_that_goes_on_with_a_host_works_on_it_until_that_ends() -> None:
    resumed, _, *rest = verified_again()
    done = fold(entries([*left_unknown(), resumed, *rest]))
    assert (done.worked_until, done.target("SQL01").worked_until) == (done.ended_at, done.target("SQL01").ended_at)
    assert done.target("SQL01").steps[0].ended_at is not None


def test_a_run_that_is_taken_up_for_logs_worked_no_longer() -> None:
    left = fold(entries(left_unknown()))
    seen = fold(entries([*left_unknown(), verified_again()[0], verified_again()[-1]]))
    assert left.ended_at is not None and seen.ended_at is not None
    assert (seen.worked_until, seen.ended_at - left.ended_at) == (left.ended_at, timedelta(seconds=2))


def test_a_failure_is_forgotten_when_the_target_moves_on() -> None:
    unknown = Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.UNKNOWN, LOST), "SQL01")
    again = Event(TargetMoved(TargetState.UNKNOWN, TargetState.IN_PROGRESS), "SQL01")
    assert _folded(*begun("SQL01"), unknown).target("SQL01").failure == LOST
    assert _folded(*begun("SQL01"), unknown, again).target("SQL01").failure is None


def test_phases_and_warnings_are_kept() -> None:
    target = _folded(
        Event(PhaseEntered(), "SQL01", Phase.REBOOT), *(Event(Warned("x", word), "SQL01") for word in ("late", "later"))
    ).target("SQL01")
    assert target.phase is Phase.REBOOT
    assert target.warnings == ("late", "later")


def test_a_run_that_was_taken_up_has_no_end_until_it_ends_again() -> None:
    record = _folded(Event(RunEnded(Outcome.CANCELLED)), Event(RunResumed("pit", "PC", 2)))
    assert (record.epoch, record.outcome, record.ended_at) == (2, None, None)


@pytest.mark.parametrize(
    ("action", "accepted", "stopped"), [("stop", True, True), ("stop", False, False), ("withdraw", True, False)]
)
def test_only_an_accepted_stop_stops(action: str, accepted: bool, stopped: bool) -> None:
    record = _folded(Event(RequestTaken(1, action, "pit", "why", accepted, "so")))
    assert record.stopped is stopped
    assert len(record.requests) == 1
    assert ("accepted" if accepted else "refused") in record.requests[0]


_ILLEGAL: dict[str, tuple[list[Event], type[Exception]]] = {
    "empty": ([], ValueError),
    "no beginning": (whole_run()[1:], ValueError),
    "two beginnings": ([Event(STARTED), Event(STARTED)], ValueError),
    "a stranger": ([Event(STARTED), Event(PhaseEntered(), "SQL99")], ValueError),
    "from another state": (
        [Event(STARTED), Event(TargetMoved(TargetState.OVERDUE, TargetState.FAILED), "SQL01")],
        ValueError,
    ),
    "no such arrow": (
        [Event(STARTED), Event(TargetMoved(TargetState.PENDING, TargetState.SUCCESS), "SQL01")],
        IllegalMoveError,
    ),
    "a step from another state": (
        [
            Event(STARTED),
            *begun("SQL01"),
            Event(StepMoved(1, StepState.RUNNING, StepState.OVERDUE), "SQL01"),
            Event(StepMoved(1, StepState.RUNNING, StepState.SUCCESS), "SQL01"),
        ],
        ValueError,
    ),
    "a step without a beginning": (
        [Event(STARTED), Event(StepMoved(1, StepState.PENDING, StepState.SUCCESS), "SQL01")],
        IllegalMoveError,
    ),
}


@pytest.mark.parametrize(("events", "error"), _ILLEGAL.values(), ids=_ILLEGAL)
def test_an_illegal_journal_is_loud(events: list[Event], error: type[Exception]) -> None:
    with pytest.raises(error):
        fold(entries(events))


def test_a_shorter_journal_never_tells_of_a_later_state() -> None:
    """A crash may cut the journal anywhere: what is left folds, and success is not told before its line."""
    story = whole_run()
    for length in range(1, len(story)):
        record = fold(entries(story[:length]))
        assert record.outcome is None
        succeeded = sum(
            isinstance(one.body, TargetMoved) and one.body.after is TargetState.SUCCESS for one in story[:length]
        )
        assert sum(target.state is TargetState.SUCCESS for target in record.targets) == succeeded
    assert replace(fold(entries(story)), outcome=None) != record


def test_who_asks_for_logs_in_vain_takes_none_away() -> None:
    log = DiagnosticText("errorlog", "ERRORLOG", "ab" * 32, 12, False, 0)
    by_policy = Event(DiagnosticsTaken("collected", True, (log,)), "SQL01")
    asked, in_vain = Event(DiagnosticsAsked("olga"), "SQL01"), DiagnosticsTaken("failed", False, asked_by="olga")
    wanted = _folded(*begun("SQL01"), by_policy, asked).target("SQL01")
    assert wanted.diagnostics_by == "olga"
    after = _folded(*begun("SQL01"), by_policy, asked, Event(in_vain, "SQL01")).target("SQL01")
    assert after.diagnostics is not None
    assert after.diagnostics.texts == (log,)
    assert after.diagnostics_by is None
