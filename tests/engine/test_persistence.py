"""Asking until somebody answers."""

from core.contract.claim import ClaimResult, TakeClaim
from core.contract.library import TAKE_CLAIM
from core.contract.script import Call
from core.engine.persistence import LONGEST_PAUSE, persist, persist_assessing
from core.model.events import ConnectionLost
from core.model.failure import Cause, Failure
from core.model.phase import Phase
from tests.engine.scripted import LOST, NOON, Driver, errand, facts

_CALL = Call(TAKE_CLAIM, TakeClaim(run_id="run", epoch=1, console="PC-1"))
_CLAIMED = ClaimResult(schema_version=1, renewed=False)


def test_an_answer_after_silence_is_the_answer() -> None:
    driver = Driver({"take_claim": [LOST, LOST, _CLAIMED]})
    assert driver.drive(persist(errand(), Phase.BASELINE, _CALL, 60)) == _CLAIMED


def test_a_silence_is_told_once_however_long_it_lasts() -> None:
    driver = Driver({"take_claim": [LOST, LOST, LOST, _CLAIMED]})
    driver.drive(persist(errand(), Phase.BASELINE, _CALL, 60))
    assert driver.told == [ConnectionLost(LOST)]


def test_at_the_limit_the_silence_is_the_answer() -> None:
    driver = Driver({"take_claim": [LOST]})
    assert driver.drive(persist(errand(), Phase.BASELINE, _CALL, 60)) == LOST
    assert 60 <= (driver.time - NOON).total_seconds() <= 60 + LONGEST_PAUSE


def test_a_no_is_an_answer_and_not_asked_for_again() -> None:
    refused = Failure(Cause.CLAIMED, "the host is claimed")
    driver = Driver({"take_claim": [refused]})
    assert driver.drive(persist(errand(), Phase.BASELINE, _CALL, 60)) == refused
    assert driver.names() == ["take_claim"]


def test_an_assessment_is_insisted_on_like_a_question() -> None:
    assert Driver({"assess": [LOST, facts()]}).drive(persist_assessing(errand(), Phase.BASELINE)) == facts()
