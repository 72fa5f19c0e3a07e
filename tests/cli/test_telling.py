"""How a host stands, in a line."""

from core.cli.telling import standing_of
from core.model.failure import Cause, Failure
from core.model.record import TargetRecord
from core.model.state import TargetState


def test_a_success_with_warnings_does_not_look_like_one_without() -> None:
    warned = TargetRecord("SQL01", TargetState.SUCCESS, warnings=("setup ended with 1603, yet the build is there",))
    assert standing_of(warned) == "  SQL01: success, with 1 warning: setup ended with 1603, yet the build is there"
    assert standing_of(TargetRecord("SQL01", TargetState.SUCCESS)) == "  SQL01: success"


def test_a_failure_is_told_by_its_cause_alone() -> None:
    failed = TargetRecord("SQL01", TargetState.FAILED, failure=Failure(Cause.INSTALLER, "a"), warnings=("b",))
    assert standing_of(failed) == "  SQL01: failed - a"
