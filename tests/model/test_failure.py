"""Failures are values that say what to do."""

from core.model.failure import NOT_REACHED, SILENT, Cause, Failure


def test_a_failure_reads_as_a_sentence_with_its_hint() -> None:
    assert str(Failure(Cause.PACKAGE, "the hash is wrong", "send it again")) == "the hash is wrong (send it again)"
    assert str(Failure(Cause.PACKAGE, "the hash is wrong")) == "the hash is wrong"


def test_asking_again_is_for_silence_alone() -> None:
    assert SILENT < NOT_REACHED
    assert Cause.ACCESS_DENIED not in SILENT, "asking again with a wrong password locks the account"
    assert Cause.BAD_CERTIFICATE not in SILENT
    assert Cause.INSTALLER not in NOT_REACHED
