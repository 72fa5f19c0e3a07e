"""How hosts stand and plans read, in words."""

from dataclasses import replace

from core.cli.plan_words import plan_in_words
from core.cli.telling import next_of, sentence_of, standing_of
from core.model.failure import Cause, Failure
from core.model.outcome import Outcome
from core.model.plan import Skipped
from core.model.record import RunRecord, TargetRecord
from core.model.state import TargetState
from core.model.vocabulary import COMPLIANCE_WORDS, TARGET_WORDS
from tests.samples import AT, PLAN


def test_a_success_with_warnings_does_not_look_like_one_without() -> None:
    warned = TargetRecord("SQL01", TargetState.SUCCESS, warnings=("setup ended with 1603, yet the build is there",))
    assert standing_of(warned) == "  SQL01: success, with 1 warning: setup ended with 1603, yet the build is there"
    assert standing_of(TargetRecord("SQL01", TargetState.SUCCESS)) == "  SQL01: success"


def test_what_became_of_an_unknown_host_is_found_out_by_resuming() -> None:
    left = TargetRecord("SQL01", TargetState.UNKNOWN, failure=Failure(Cause.UNREACHABLE, "no route"))
    run = RunRecord("run", "plan", "digest", "key", "olga", "PC", "why", None, AT, targets=(left,))
    assert next_of(run) == []
    ended = replace(run, outcome=Outcome.INSTALL_FAILED)
    assert next_of(ended) == ["next, when SQL01 can be reached: drydock deploy --resume run"]


def test_what_a_check_holds_is_not_called_as_what_somebody_has_to_unblock() -> None:
    held = TargetRecord("SQL01", TargetState.BLOCKED, failure=Failure(Cause.NO_BACKUP, "no backup"))
    assert standing_of(held) == "  SQL01: held - no backup"
    moved = {"after": "blocked", "failure": {"detail": "no backup"}}
    assert sentence_of("target_moved", "SQL01", moved) == "SQL01 held: no backup"
    words = (*TARGET_WORDS.values(), *COMPLIANCE_WORDS.values())
    assert not [one for one in words if "blocked" in one.text]


def test_a_failure_is_told_by_its_cause_alone() -> None:
    failed = TargetRecord("SQL01", TargetState.FAILED, failure=Failure(Cause.INSTALLER, "a"), warnings=("b",))
    assert standing_of(failed) == "  SQL01: failed - a"


def test_a_host_without_sql_server_whose_system_is_patched_is_not_called_left_alone() -> None:
    alone = Skipped("SQL09", None, "no_instance", "no SQL Server instance was found on this host")
    worked_on = replace(alone, host="SQL01")
    told = plan_in_words(replace(PLAN, skipped=(worked_on, alone)))
    assert "  SQL09: no SQL Server instance" in told
    assert "  SQL01: no SQL Server instance" not in told
