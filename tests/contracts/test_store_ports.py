"""The ports of the store: Recorder, FactStore and Inbox. A fake of one of them joins its list of makers."""

from collections.abc import Callable

import pytest

from core.model.document import digest, to_document
from core.model.events import Event, RunStarted
from core.model.requests import Action, Request
from core.ports import FactStore, Inbox, Recorder
from core.store.database import Database
from core.store.facts import StoredFacts
from core.store.recorder import RunRecorder
from core.store.requests import RunInbox, ask
from tests.conftest import HandClock
from tests.samples import AT, NEW, RUN, STARTED, begun, facts, whole_run


def _sqlite_recorder(database: Database) -> Recorder:
    return RunRecorder(database, RUN, 1, HandClock(), lambda _: None)


def _sqlite_facts(database: Database) -> FactStore:
    return StoredFacts(database)


def _sqlite_inbox(database: Database) -> tuple[Inbox, Callable[[Request], object]]:
    return RunInbox(database, RUN), lambda request: ask(database, request)


@pytest.fixture(params=[_sqlite_recorder], ids=["sqlite"])
def recorder(request: pytest.FixtureRequest, database: Database) -> Recorder:
    made: Recorder = request.param(database)
    return made


@pytest.fixture(params=[_sqlite_facts], ids=["sqlite"])
def store(request: pytest.FixtureRequest, database: Database) -> FactStore:
    made: FactStore = request.param(database)
    return made


@pytest.fixture(params=[_sqlite_inbox], ids=["sqlite"])
def inbox(request: pytest.FixtureRequest, database: Database) -> tuple[Inbox, Callable[[Request], object]]:
    made: tuple[Inbox, Callable[[Request], object]] = request.param(database)
    return made


def test_recording_gives_each_event_its_place_and_time(recorder: Recorder) -> None:
    first = recorder.record((Event(STARTED), *begun("SQL01")))
    second = recorder.record(begun("SQL02"))
    assert [entry.seq for entry in (*first, *second)] == list(range(1, len(first) + len(second) + 1))
    assert {(entry.run_id, entry.at) for entry in (*first, *second)} == {(RUN, AT)}
    assert [entry.event for entry in first] == [Event(STARTED), *begun("SQL01")]


def test_a_whole_run_is_recorded_event_by_event(recorder: Recorder) -> None:
    assert [entry.event for event in whole_run() for entry in recorder.record((event,))] == whole_run()


def test_what_does_not_fit_takes_no_place(recorder: Recorder) -> None:
    recorder.record((Event(STARTED),))
    move = begun("SQL01")[0]
    with pytest.raises(Exception, match=r"."):
        recorder.record((move, move))
    (entry,) = recorder.record((move,))
    assert entry.seq == 2


def test_facts_are_kept_under_the_digest_of_their_document(store: FactStore) -> None:
    for taken in (facts(), facts(build=NEW), facts()):
        key = store.keep(taken)
        assert key == digest(to_document(taken))
        assert store.load(key) == taken


def test_a_request_waits_until_it_is_taken(inbox: tuple[Inbox, Callable[[Request], object]]) -> None:
    port, send = inbox
    assert tuple(port.waiting()) == ()
    for host in ("SQL01", "SQL02"):
        send(Request(0, RUN, Action.WITHDRAW, host, "pit", "why", AT))
    send(Request(0, "another run", Action.STOP, None, "pit", "why", AT))
    first, second = port.waiting()
    assert (first.host, second.host) == ("SQL01", "SQL02")
    port.taken(first)
    port.taken(first)
    assert tuple(port.waiting()) == (second,)


def test_the_start_names_the_run(recorder: Recorder) -> None:
    (entry,) = recorder.record((Event(STARTED),))
    assert isinstance(entry.event.body, RunStarted)
