"""The outcome of a run, for every state and cause that its hosts can end with."""

from itertools import product

import pytest

from core.evidence.outcome import outcome_of
from core.model.events import FactsTaken, JobIntended, RebootIntended
from core.model.failure import NOT_REACHED, Cause, Failure
from core.model.outcome import Outcome
from core.model.record import RunRecord, StepRecord, TargetRecord
from core.model.state import TargetState
from tests.samples import AT, BOOT, HASH

_SUCCESS = TargetRecord("SQL00", TargetState.SUCCESS)
_SEEN = FactsTaken("before", HASH, (), BOOT)
_INTENDED = (StepRecord(1, intent=JobIntended(1, "job", ())),)
_RESTARTED = (StepRecord(2, reboot_intent=RebootIntended(2, BOOT, AT)),)


def _run(*targets: TargetRecord, stopped: bool = False) -> RunRecord:
    return RunRecord(
        run_id="run",
        plan_id="plan",
        plan_digest="digest",
        authorisation_id="authorisation",
        operator="olga",
        console="PC",
        reason="why",
        change=None,
        started_at=AT,
        targets=targets,
        stopped=stopped,
    )


def _target(state: TargetState, cause: Cause | None = None, host: str = "SQL01") -> TargetRecord:
    return TargetRecord(host, state, failure=None if cause is None else Failure(cause, "x"))


_WITHOUT_A_CAUSE = {
    TargetState.SUCCESS: Outcome.SUCCEEDED,
    TargetState.SKIPPED: Outcome.SUCCEEDED,
    TargetState.AWAITING_REBOOT: Outcome.REBOOT_REQUIRED,
    TargetState.DEFERRED: Outcome.PARTIAL,
    TargetState.BLOCKED: Outcome.PARTIAL,
    TargetState.CANCELLED: Outcome.PARTIAL,
    TargetState.FAILED: Outcome.INSTALL_FAILED,
    TargetState.PARTIAL: Outcome.INSTALL_FAILED,
    TargetState.UNKNOWN: Outcome.INSTALL_FAILED,
    TargetState.OVERDUE: Outcome.INSTALL_FAILED,
    TargetState.PENDING: Outcome.INSTALL_FAILED,
    TargetState.IN_PROGRESS: Outcome.INSTALL_FAILED,
}
_BY_CAUSE = {
    Cause.LOCKED: Outcome.LOCKED,
    Cause.CLAIMED: Outcome.LOCKED,
    Cause.VERIFICATION: Outcome.VERIFICATION_FAILED,
    Cause.WITNESSES_DISAGREE: Outcome.VERIFICATION_FAILED,
    **dict.fromkeys(NOT_REACHED, Outcome.PARTIAL),
}


@pytest.mark.parametrize("state", TargetState)
def test_every_state_has_its_outcome(state: TargetState) -> None:
    assert outcome_of(_run(_SUCCESS, _target(state))) is _WITHOUT_A_CAUSE[state]


@pytest.mark.parametrize("cause", Cause)
def test_a_failed_host_counts_by_its_cause(cause: Cause) -> None:
    expected = _BY_CAUSE.get(cause, Outcome.INSTALL_FAILED)
    assert outcome_of(_run(_SUCCESS, _target(TargetState.FAILED, cause))) is expected


@pytest.mark.parametrize("cause", [Cause.OVERDUE, Cause.REBOOT])
def test_an_installer_or_a_restart_that_does_not_end_is_no_mere_need_for_attention(cause: Cause) -> None:
    assert outcome_of(_run(_SUCCESS, _target(TargetState.BLOCKED, cause))) is Outcome.INSTALL_FAILED


@pytest.mark.parametrize("cause", [Cause.NOT_ENOUGH_SPACE, Cause.PENDING_REBOOT, Cause.PATCH_BLOCKED])
def test_a_host_that_was_held_back_before_anything_was_begun_needs_attention(cause: Cause) -> None:
    assert outcome_of(_run(_SUCCESS, _target(TargetState.BLOCKED, cause))) is Outcome.PARTIAL


@pytest.mark.parametrize(("state", "cause"), list(product(TargetState, Cause)))
def test_success_is_never_said_of_a_host_with_a_cause_to_complain(state: TargetState, cause: Cause) -> None:
    outcome = outcome_of(_run(_SUCCESS, _target(state, cause)))
    assert (outcome is Outcome.SUCCEEDED) == (state is TargetState.SUCCESS)


@pytest.mark.parametrize("cause", sorted(NOT_REACHED))
def test_a_run_that_reached_nobody_says_so(cause: Cause) -> None:
    lost = [_target(TargetState.FAILED, cause, host) for host in ("SQL01", "SQL02")]
    assert outcome_of(_run(*lost)) is Outcome.NOT_REACHED
    assert outcome_of(_run(_SUCCESS, *lost)) is Outcome.PARTIAL


@pytest.mark.parametrize("steps", [_INTENDED, _RESTARTED], ids=["installer", "restart"])
def test_silence_after_something_was_begun_is_no_unreached_host(steps: tuple[StepRecord, ...]) -> None:
    silent = TargetRecord(
        "SQL01", TargetState.UNKNOWN, failure=Failure(Cause.NO_ANSWER, "x"), before=_SEEN, steps=steps
    )
    assert outcome_of(_run(silent)) is Outcome.INSTALL_FAILED


def test_a_host_that_answered_before_it_fell_silent_was_reached() -> None:
    silent = TargetRecord("SQL01", TargetState.FAILED, failure=Failure(Cause.NO_ANSWER, "x"), before=_SEEN)
    assert outcome_of(_run(silent)) is Outcome.PARTIAL


def test_a_stop_that_left_hosts_out_is_a_cancelled_run() -> None:
    left_out = _target(TargetState.CANCELLED, Cause.CANCELLED)
    assert outcome_of(_run(_SUCCESS, left_out, stopped=True)) is Outcome.CANCELLED
    assert outcome_of(_run(_SUCCESS, left_out)) is Outcome.PARTIAL
    assert outcome_of(_run(_SUCCESS, stopped=True)) is Outcome.SUCCEEDED


def test_the_worst_host_decides() -> None:
    run = _run(
        _SUCCESS,
        _target(TargetState.AWAITING_REBOOT),
        _target(TargetState.FAILED, Cause.VERIFICATION),
        _target(TargetState.FAILED, Cause.INSTALLER),
    )
    assert outcome_of(run) is Outcome.VERIFICATION_FAILED


def test_a_run_without_hosts_had_nothing_to_do() -> None:
    assert outcome_of(_run()) is Outcome.SUCCEEDED
