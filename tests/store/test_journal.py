"""The journal: append-only, one unbroken chain a run, and every change to it is found."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import StaticPool

from core.model.events import Entry, Event, Warned
from core.model.fault import RefusedError
from core.store import journal
from core.store.database import Database, open_database
from core.store.tables import metadata
from tests.samples import AT, BODIES, RUN, whole_run

# What each of two other processes does: sixteen threads, all at one run's journal.
_APPEND = """
import pathlib, sys
from concurrent.futures import ThreadPoolExecutor
from core.model.events import Event, Warned
from core.store import journal
from core.store.database import open_database
from tests.samples import AT, RUN
database = open_database(pathlib.Path(sys.argv[1]))
def append(number):
    with database.write() as connection:
        journal.append(connection, RUN, AT, (Event(Warned(sys.argv[2], str(number))),))
with ThreadPoolExecutor(16) as pool:
    list(pool.map(append, range(int(sys.argv[3]))))
database.close()
"""


def _broken_at(database: Database) -> int | None:
    with database.read() as connection:
        return journal.broken_at(connection, RUN)


def _lines(database: Database) -> list[str]:
    with database.read() as connection:
        return list(journal.lines(connection, RUN))


@pytest.fixture
def told(database: Database) -> Database:
    """A database whose journal tells a whole run."""
    with database.write() as connection:
        journal.append(connection, RUN, AT, whole_run())
    return database


def test_every_event_is_read_back_from_its_line(database: Database) -> None:
    events = [Event(body, "SQL01") for body in BODIES]
    with database.write() as connection:
        written = journal.append(connection, RUN, AT, events)
    with database.read() as connection:
        assert tuple(journal.entries(connection, RUN)) == written
    assert [entry.event for entry in written] == events


def test_a_line_has_the_public_keys(told: Database) -> None:
    public = {"schema_version", "timestamp", "seq", "runId", "event", "level", "phaseId", "target", "data", "prevHash"}
    for line in _lines(told):
        assert set(json.loads(line)) == public


def test_the_chain_is_verified_with_a_hash_function_alone(told: Database) -> None:
    previous = ""
    for line in _lines(told):
        assert json.loads(line)["prevHash"] == previous
        previous = hashlib.sha256(line.encode()).hexdigest()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET line = 'x' WHERE seq = 2",
        "UPDATE OR REPLACE journal SET seq = 1 WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 2",
        "DELETE FROM journal",
        f"INSERT OR REPLACE INTO journal VALUES ('{RUN}', 2, 'x', 'y')",
        f"REPLACE INTO journal VALUES ('{RUN}', 2, 'x', 'y')",
        f"INSERT INTO journal VALUES ('{RUN}', 2, 'x', 'y') ON CONFLICT DO UPDATE SET line = 'x'",
    ],
)
def test_the_journal_is_append_only(told: Database, statement: str) -> None:
    before = _lines(told)
    with pytest.raises(IntegrityError, match="append-only"), told.write() as connection:
        connection.exec_driver_sql(statement)
    assert _lines(told) == before


def test_an_event_of_a_newer_version_is_refused(told: Database) -> None:
    document = json.loads(_lines(told)[0]) | {"schema_version": 2}
    with pytest.raises(ValueError, match="newer version"):
        journal.read_line(json.dumps(document))


def _altered(connection: Connection, alter: Callable[[list[tuple[int, str, str]]], object]) -> int | None:
    """The verdict on a journal without guards, after somebody's hand was in it."""
    entries = journal.append(connection, RUN, AT, whole_run())
    rows: list[tuple[int, str, str]] = [
        (row.seq, row.line, row.hash)
        for row in connection.exec_driver_sql("SELECT seq, line, hash FROM journal ORDER BY seq")
    ]
    alter(rows)
    connection.exec_driver_sql("DELETE FROM journal")
    for row in rows:
        connection.exec_driver_sql("INSERT INTO journal VALUES (?, ?, ?, ?)", (RUN, *row))
    assert len(entries) > 20
    return journal.broken_at(connection, RUN)


def _unguarded() -> Connection:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.tables["journal"].create(engine)
    return engine.connect()


_PLACES = st.integers(0, len(whole_run()) - 2)
# Each example tries whole chains.
_MANY = settings(max_examples=settings().max_examples // 3)


@_MANY
@given(place=_PLACES, at=st.integers(0, 10_000), to=st.characters(codec="utf-8"))
def test_any_character_that_was_changed_is_found(place: int, at: int, to: str) -> None:
    def alter(rows: list[tuple[int, str, str]]) -> None:
        seq, line, stored = rows[place]
        at_character = at % len(line)
        other = to if to != line[at_character] else to + "x"
        rows[place] = (seq, line[:at_character] + other + line[at_character + 1 :], stored)

    with _unguarded() as connection:
        assert _altered(connection, alter) == place + 1


@_MANY
@given(place=_PLACES)
def test_a_changed_line_with_its_hash_made_to_fit_breaks_the_next(place: int) -> None:
    def alter(rows: list[tuple[int, str, str]]) -> None:
        seq, line, _ = rows[place]
        changed = line.replace('"level":"', '"level":"in')
        rows[place] = (seq, changed, journal.hash_of(changed))

    with _unguarded() as connection:
        assert _altered(connection, alter) == place + 2


@_MANY
@given(place=_PLACES, renumbered=st.booleans())
def test_a_line_that_was_removed_is_found(place: int, renumbered: bool) -> None:
    def alter(rows: list[tuple[int, str, str]]) -> None:
        del rows[place]
        if renumbered:
            rows[:] = [(seq, line, stored) for seq, (_, line, stored) in enumerate(rows, start=1)]

    with _unguarded() as connection:
        assert _altered(connection, alter) == place + 1


@_MANY
@given(one=_PLACES, other=_PLACES)
def test_lines_that_changed_places_are_found(one: int, other: int) -> None:
    def alter(rows: list[tuple[int, str, str]]) -> None:
        first, second = rows[one], rows[other]
        rows[one], rows[other] = (first[0], *second[1:]), (second[0], *first[1:])

    with _unguarded() as connection:
        assert _altered(connection, alter) == (None if one == other else min(one, other) + 1)


@pytest.mark.parametrize("line", ["", "null", "[]", "{}", "\x00", '{"seq": 1}'])
def test_a_line_that_nobody_can_read_is_found_not_stumbled_over(line: str) -> None:
    def alter(rows: list[tuple[int, str, str]]) -> None:
        rows[4] = (5, line, journal.hash_of(line))

    with _unguarded() as connection:
        assert _altered(connection, alter) == 5


@pytest.mark.parametrize(
    "change", ["line = replace(line, 'success', 'failed')", "line = '{'", "hash = 'x'"], ids=["words", "json", "hash"]
)
def test_nothing_is_derived_from_a_line_that_was_changed(told: Database, change: str) -> None:
    moved = next(place for place, line in enumerate(_lines(told), start=1) if '"after":"success"' in line)
    with told.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER journal_no_update")
        connection.exec_driver_sql(f"UPDATE journal SET {change} WHERE seq = {moved}")
    with pytest.raises(RefusedError, match=f"line {moved} is not as it was written"), told.read() as connection:
        tuple(journal.entries(connection, RUN))


def test_a_line_of_a_newer_version_is_refused_with_what_to_do(told: Database) -> None:
    newer = journal.write_line(Entry(RUN, 1, AT, Event(Warned("code", "x"))), "").replace(
        '"schema_version":1', '"schema_version":2'
    )
    with told.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER journal_no_delete")
        connection.exec_driver_sql("DELETE FROM journal")
        connection.exec_driver_sql("INSERT INTO journal VALUES (?, 1, ?, ?)", (RUN, newer, journal.hash_of(newer)))
    with pytest.raises(RefusedError, match="newer version of Drydock; use that version"), told.read() as connection:
        tuple(journal.entries(connection, RUN))


def test_a_line_of_another_run_does_not_fit(told: Database) -> None:
    other = "019ca000-0000-7000-8000-000000000002"
    with told.write() as connection:
        foreign = _lines(told)[0]
        connection.exec_driver_sql(
            "INSERT INTO journal VALUES (?, 1, ?, ?)", (other, foreign, journal.hash_of(foreign))
        )
    with told.read() as connection:
        assert journal.broken_at(connection, other) == 1
    assert _broken_at(told) is None


def test_sixteen_threads_and_two_processes_keep_one_unbroken_chain(tmp_path: Path) -> None:
    path, each = tmp_path / "history.db", 24
    database = open_database(path)
    command = [sys.executable, "-W", "error", "-c", _APPEND, str(path)]
    others = [
        subprocess.Popen([*command, name, str(each)], stderr=subprocess.PIPE, text=True) for name in ("one", "two")
    ]

    def append(number: int) -> None:
        with database.write() as connection:
            journal.append(connection, RUN, AT, (Event(Warned("mine", str(number))),))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(append, range(each)))
    said = [other.communicate(timeout=150)[1] for other in others]
    assert [other.returncode for other in others] == [0, 0], said
    told = [json.loads(line)["data"] for line in _lines(database)]
    for name in ("mine", "one", "two"):
        assert sorted(int(data["message"]) for data in told if data["code"] == name) == list(range(each))
    assert _broken_at(database) is None
    database.close()
