"""Requests to a run: taken up once, in the order they came."""

from core.model.requests import Action, Request
from core.store import requests as store
from core.store.database import Database
from tests.samples import AT, RUN


def _request(action: Action, host: str | None = None, run: str = RUN) -> Request:
    return Request(0, run, action, host, "pit", "the storage is slow", AT)


def test_requests_wait_in_the_order_they_came_each_for_its_run(database: Database) -> None:
    numbers = [store.ask(database, _request(Action.WITHDRAW, host)) for host in ("SQL02", "SQL01")]
    store.ask(database, _request(Action.STOP, run="another"))
    waiting = store.open_requests(database, RUN)
    assert [one.host for one in waiting] == ["SQL02", "SQL01"]
    assert [one.id for one in waiting] == numbers
    assert waiting[0] == Request(numbers[0], RUN, Action.WITHDRAW, "SQL02", "pit", "the storage is slow", AT)


def test_a_request_that_was_taken_waits_no_more(database: Database) -> None:
    store.ask(database, _request(Action.STOP))
    store.ask(database, _request(Action.WITHDRAW, "SQL01"))
    first, second = store.open_requests(database, RUN)
    store.mark_taken(database, first)
    assert store.open_requests(database, RUN) == (second,)
