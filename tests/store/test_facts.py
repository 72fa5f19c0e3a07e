"""Stored facts: once for each content, the newest of a host, and not older than asked for."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import NoResultFound, StatementError

from core.model.facts import OsUpdate, UpdateAnswer
from core.model.host import Host, Remoting
from core.store import facts as store
from core.store.database import Database
from tests.samples import AT, NEW, OLD, facts

_REMOTING = Remoting("https", 5986, "kerberos", None, None)


def test_facts_come_back_by_their_digest(database: Database) -> None:
    taken = facts()
    assert store.load(database, store.keep(database, taken)) == taken


def test_the_same_facts_are_kept_once(database: Database) -> None:
    assert store.keep(database, facts()) == store.keep(database, facts())
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM facts").scalar_one() == 1


def test_facts_that_nobody_kept_are_loud(database: Database) -> None:
    with pytest.raises(NoResultFound):
        store.load(database, "0" * 64)


def test_the_newest_facts_of_a_host_are_its_own_whatever_came_last(database: Database) -> None:
    newer = facts(at=AT + timedelta(hours=1), build=NEW)
    for one in (newer, facts(), facts("SQL02", at=AT + timedelta(days=1))):
        store.keep(database, one)
    assert store.newest(database, "SQL01") == newer
    assert store.newest(database, "SQL99") is None


def test_a_look_that_asked_for_no_updates_leaves_the_last_answer_standing(database: Database) -> None:
    """As the look after a run that installed SQL Server alone."""
    update = OsUpdate("u1", "Security update", "5044281")
    answer = UpdateAnswer("Windows Update", "wu", "", AT, complete=True)
    store.keep(database, replace(facts(), updates=(update,), update_witness=answer))
    after = facts(at=AT + timedelta(hours=1), build=NEW)
    store.keep(database, after)
    known = replace(after, updates=(update,), update_witness=answer)
    assert store.newest(database, "SQL01") == known
    assert store.newest_of_all(database) == {"SQL01": known}
    assert store.newest(database, "SQL01", AT + timedelta(minutes=1)) == after, "an answer that is too old says nothing"


def test_a_machine_that_was_replaced_inherits_no_answer(database: Database) -> None:
    answer = UpdateAnswer("Windows Update", "wu", "", AT, complete=True)
    store.keep(database, replace(facts(), update_witness=answer))
    other = replace(facts(at=AT + timedelta(hours=1)), machine_id="another")
    store.keep(database, other)
    assert store.newest(database, "SQL01") == other


def test_facts_that_are_too_old_are_none(database: Database) -> None:
    store.keep(database, facts())
    assert store.newest(database, "SQL01", AT) == facts()
    assert store.newest(database, "SQL01", AT + timedelta(microseconds=1)) is None


def test_a_zone_does_not_change_which_facts_are_newer(database: Database) -> None:
    """As text, 23:30 with an offset of two hours looks later than 22:00 UTC; it is earlier."""
    earlier = facts(at=datetime.fromisoformat("2026-03-01T23:30:00+02:00"), build=OLD)
    later = facts(at=AT, build=NEW)
    for one in (later, earlier):
        store.keep(database, one)
    assert store.newest(database, "SQL01") == later


def test_a_time_without_a_zone_is_never_stored(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        store.keep(database, replace(facts(), collected_at=AT.replace(tzinfo=None)))


def test_the_inventory_follows_the_files_and_what_was_seen(database: Database) -> None:
    hosts = tuple(Host(name, f"10.0.0.{number}", _REMOTING) for number, name in enumerate(("SQL01", "SQL02")))
    store.follow_inventory(database, hosts)
    store.keep(database, facts())
    store.keep(database, facts(at=AT + timedelta(hours=1), build=NEW))
    store.follow_inventory(database, hosts[:1])
    with database.read() as connection:
        servers = connection.exec_driver_sql("SELECT hostname, machine_id, is_active FROM servers ORDER BY id")
        assert servers.all() == [("SQL01", "machine-of-SQL01", 1), ("SQL02", None, 0)]
        assert connection.exec_driver_sql("SELECT version, version_major FROM instances").all() == [(NEW, 15)]


def test_the_builds_of_all_hosts_are_those_of_their_newest_facts(database: Database) -> None:
    bare = replace(facts("SQL02"), instances=())
    for one in (facts(at=AT + timedelta(hours=1), build=NEW), facts(build=OLD), bare):
        store.keep(database, one)
    found = {one.host: (one.collected_at, one.builds) for one in store.builds_of_all(database)}
    assert found == {"SQL01": (AT + timedelta(hours=1), (NEW,)), "SQL02": (AT, ())}
