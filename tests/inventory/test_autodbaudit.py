"""AutoDBAudit's database as a source of hosts."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.inventory.autodbaudit import read_database
from core.model.fault import RefusedError
from tests.inventory.databases import audit_database


def _code(path: Path) -> list[str]:
    with pytest.raises(RefusedError) as refused:
        read_database(path)
    return [fault.code for fault in refused.value.faults]


def test_servers_and_instances_become_targets(tmp_path: Path) -> None:
    path = audit_database(
        tmp_path / "h.db",
        [(1, "SQL01", "10.0.0.1"), (2, "SQL02", None), (3, "SQL03", "")],
        [(1, "MSSQLSERVER", 1433), (1, "PROD", 1444), (2, "", None)],
    )
    assert [row.fields for row in read_database(path).rows] == [
        {"server": "SQL01", "metadata": {"ip_address": "10.0.0.1"}, "instance": "MSSQLSERVER", "port": 1433},
        {"server": "SQL01", "metadata": {"ip_address": "10.0.0.1"}, "instance": "PROD", "port": 1444},
        {"server": "SQL02", "instance": "MSSQLSERVER"},
        {"server": "SQL03"},
    ]


def test_values_of_any_type_are_understood(tmp_path: Path) -> None:
    path = audit_database(tmp_path / "h.db", [(1, b"SQL01", None)], [(1, "SQL01\\PROD", "1444"), (1, "T", "dynamic")])
    assert [row.fields for row in read_database(path).rows] == [
        {"server": "SQL01", "instance": "PROD", "port": 1444},
        {"server": "SQL01", "instance": "T"},
    ]


def test_servers_that_are_not_active_are_left_out_and_that_is_told(tmp_path: Path) -> None:
    path = audit_database(tmp_path / "h.db", [(1, "SQL01", None, 1), (2, "SQL02", None, 0), (3, "SQL03", None, None)])
    listing = read_database(path)
    assert [row.fields["server"] for row in listing.rows] == ["SQL01"]
    assert listing.notes == (f"{path}: 2 inactive servers left out",)


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert _code(tmp_path / "absent.db") == ["missing_file"]
    assert list(tmp_path.iterdir()) == []


def test_a_database_is_not_changed_by_reading(tmp_path: Path) -> None:
    path = audit_database(tmp_path / "h.db", [(1, "SQL01", None)])
    before = path.read_bytes()
    read_database(path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["h.db"]


def test_a_database_in_use_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.inventory.autodbaudit._WAIT_SECONDS", 0)
    path = audit_database(tmp_path / "h.db", [(1, "SQL01", None)])
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        assert _code(path) == ["locked"]


def test_a_database_that_is_open_elsewhere_with_a_log_beside_it_can_be_read(tmp_path: Path) -> None:
    path = audit_database(tmp_path / "h.db", [(1, "SQL01", None)])
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO servers VALUES (2, 'SQL02', NULL)")
        assert [row.fields["server"] for row in read_database(path).rows] == ["SQL01", "SQL02"]


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "h.db"
    path.write_bytes(b"SQLite format 3\0" + b"x" * 4096)
    assert _code(path) in (["not_a_database"], ["unreadable"])
    path.write_text("hello" * 300, encoding="utf-8")
    assert _code(path) == ["not_a_database"]


def test_another_programs_database_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "h.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE servers (id, name)")
    with pytest.raises(RefusedError) as refused:
        read_database(path)
    assert [str(fault) for fault in refused.value.faults] == [
        f'{path}: the table "servers" has no hostname, ip_address; is this AutoDBAudit\'s history.db?',
        f'{path}: the table "instances" has no instance_name, port, server_id; is this AutoDBAudit\'s history.db?',
    ]


def test_rows_that_are_no_hosts_are_refused_by_their_key(tmp_path: Path) -> None:
    path = audit_database(tmp_path / "h.db", [(1, "SQL 01", None), (7, None, None)])
    with pytest.raises(RefusedError) as refused:
        read_database(path)
    assert {fault.path for fault in refused.value.faults} == {
        f"{path}: servers 1: server",
        f"{path}: servers 7: server",
    }
