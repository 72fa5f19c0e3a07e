"""The last assessment that failed: one of each host, and none of a host that has answered since."""

from datetime import datetime, timedelta

from core.model.failure import Cause, Failure
from core.model.unanswered import Unanswered
from core.store import facts as fact_store
from core.store import unanswered
from core.store.database import Database
from tests.samples import AT, facts

_HOUR = timedelta(hours=1)


def _silent(at: datetime = AT, host: str = "SQL01", detail: str = "connection refused") -> Unanswered:
    return Unanswered(host, at, Failure(Cause.UNREACHABLE, detail, "is WinRM on?"))


def test_it_comes_back_as_it_was_kept(database: Database) -> None:
    unanswered.keep(database, _silent())
    assert unanswered.of_host(database, "SQL01") == _silent()
    assert unanswered.of_host(database, "SQL02") is None


def test_a_later_one_takes_the_place_of_the_earlier(database: Database) -> None:
    later = _silent(AT + _HOUR, detail="the name is not resolved")
    for one in (_silent(), later, _silent(host="SQL02")):
        unanswered.keep(database, one)
    assert unanswered.of_all(database) == {"SQL01": later, "SQL02": _silent(host="SQL02")}


def test_facts_that_come_later_put_an_end_to_it_and_to_no_other_hosts(database: Database) -> None:
    unanswered.keep(database, _silent())
    unanswered.keep(database, _silent(host="SQL02"))
    fact_store.keep(database, facts(at=AT + _HOUR))
    assert unanswered.of_all(database) == {"SQL02": _silent(host="SQL02")}


def test_facts_that_are_older_leave_it_standing(database: Database) -> None:
    unanswered.keep(database, _silent())
    fact_store.keep(database, facts(at=AT - _HOUR))
    assert unanswered.of_host(database, "SQL01") == _silent()


def test_a_host_that_another_process_has_assessed_meanwhile_has_answered(database: Database) -> None:
    fact_store.keep(database, facts(at=AT + _HOUR))
    unanswered.keep(database, _silent())
    assert unanswered.of_all(database) == {}
