"""The database as a file: its settings, its guards, its migrations, and where it may lie."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import OperationalError

from core.model.failure import Cause, Failure
from core.model.fault import Fault, RefusedError
from core.model.unanswered import Unanswered
from core.store import location, unanswered
from core.store.database import Database, open_database
from core.store.guards import TRIGGERS
from core.store.rebuilding import rebuild
from core.store.recorder import RunRecorder
from core.store.tables import metadata
from tests.conftest import HandClock
from tests.samples import AT, RUN, left_unknown, verified_again

_OPEN = "import sys, pathlib; from core.store.database import open_database as o; o(pathlib.Path(sys.argv[1])).close()"


_NEWEST = "0003"


_WITHOUT_WORKED_UNTIL = (
    "ALTER TABLE hotfix_runs DROP COLUMN worked_until",
    "ALTER TABLE hotfix_targets DROP COLUMN worked_until",
    "ALTER TABLE hotfix_targets DROP COLUMN reverify_by",
)


def _only_fault(path: Path) -> Fault:
    with pytest.raises(RefusedError) as refused:
        open_database(path)
    (fault,) = refused.value.faults
    return fault


def _change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30000)]
)
def test_every_connection_has_the_settings(database: Database, pragma: str, value: object) -> None:
    with database.read() as one, database.read() as another:
        for connection in (one, another):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


def test_the_migrations_make_exactly_the_tables(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        connection.exec_driver_sql("INSERT INTO servers (hostname, is_active) VALUES ('SQL77', 1)")
        raise ZeroDivisionError
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM servers").scalar_one() == 0


def test_a_disk_that_is_full_is_told_as_trouble_with_the_disk(database: Database) -> None:
    with pytest.raises(OSError, match=r"takes nothing more .*full") as told, database.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        connection.exec_driver_sql("INSERT INTO servers (hostname, is_active) VALUES (hex(zeroblob(1000000)), 1)")
    assert told.value.filename == str(database.path)
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM servers").scalar_one() == 0


def test_a_statement_that_is_wrong_stays_a_bug(database: Database) -> None:
    with pytest.raises(OperationalError), database.write() as connection:
        connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")


def test_opening_again_changes_nothing_and_keeps_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    open_database(path).close()
    before = path.read_bytes()
    open_database(path).close()
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*.before-*"))


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_database_without_one_of_its_guards_is_refused(tmp_path: Path, trigger: str) -> None:
    path = tmp_path / "history.db"
    open_database(path).close()
    _change(path, f"DROP TRIGGER {trigger}")
    fault = _only_fault(path)
    assert fault.code == "guards_missing"
    assert trigger in fault.message


def test_a_guard_that_was_made_harmless_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    open_database(path).close()
    _change(path, "DROP TRIGGER journal_no_delete")
    _change(path, "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT 1; END")
    assert _only_fault(path).code == "guards_missing"


def test_a_migration_backs_up_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "history.db"
    open_database(path).close()
    _change(path, "INSERT INTO servers (hostname, is_active) VALUES ('SQL77', 1)")
    monkeypatch.setattr("core.store.database.MIGRATIONS", str(_newer_migrations(tmp_path / "migrations")))
    open_database(path).close()
    with (
        closing(sqlite3.connect(path)) as migrated,
        closing(sqlite3.connect(tmp_path / f"history.before-{_NEWEST}.db")) as old,
    ):
        assert "mood" in _columns(migrated)
        assert "mood" not in _columns(old)
        assert old.execute("SELECT hostname FROM servers").fetchall() == [("SQL77",)]


def test_a_database_of_the_first_form_is_taken_over_with_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    open_database(path).close()
    for statement in (
        "INSERT INTO servers (hostname, is_active) VALUES ('SQL77', 1)",
        "DROP TABLE unanswered",
        *_WITHOUT_WORKED_UNTIL,
        "UPDATE alembic_version SET version_num = '0001'",
    ):
        _change(path, statement)
    database = open_database(path)
    silent = Unanswered("SQL77", AT, Failure(Cause.UNREACHABLE, "connection refused", "is WinRM on?"))
    unanswered.keep(database, silent)
    assert unanswered.of_all(database) == {"SQL77": silent}
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT hostname FROM servers").scalar_one() == "SQL77"
    database.close()
    assert (tmp_path / "history.before-0001.db").exists()


@pytest.mark.parametrize("told_of_it", range(len(verified_again()) + 1))
def test_a_database_of_the_second_form_learns_from_its_journals_how_long_runs_worked(
    database: Database, clock: HandClock, told_of_it: int
) -> None:
    """Wherever a later look stood by then: the tables are as if they had been moved by the journal."""
    for epoch, events in ((1, left_unknown()), (2, verified_again()[:told_of_it])):
        for event in events:
            clock.move(minutes=7)
            RunRecorder(database, RUN, epoch, clock, lambda _: None).record((event,))
    with database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE hotfix_steps SET completed_at = started_at WHERE completed_at IS NULL AND status = 'success'"
        )
    database.close()
    for statement in (*_WITHOUT_WORKED_UNTIL, "UPDATE alembic_version SET version_num = '0002'"):
        _change(database.path, statement)
    migrated = open_database(database.path)
    assert rebuild(migrated) == ()
    migrated.close()


def _columns(connection: sqlite3.Connection) -> set[str]:
    return {row[1] for row in connection.execute("PRAGMA table_info(servers)")}


def _newer_migrations(folder: Path) -> Path:
    """Today's migrations and one more."""
    today = Path(sys.modules["core.store.database"].__file__ or "").parent / "migrations"
    (folder / "versions").mkdir(parents=True)
    for name in ("env.py", *(f"versions/{one.name}" for one in sorted((today / "versions").glob("v*.py")))):
        (folder / name).write_text((today / name).read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "versions" / "v9001_mood.py").write_text(
        f"import sqlalchemy as sa\nfrom alembic import op\nrevision = '9001'\ndown_revision = '{_NEWEST}'\n"
        "def upgrade():\n    op.add_column('servers', sa.Column('mood', sa.String(8)))\n",
        encoding="utf-8",
    )
    return folder


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    open_database(path).close()
    _change(path, "UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    fault = _only_fault(path)
    assert (fault.code, fault.found) == ("newer_database", "9999")
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*.before-*"))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    path.write_text("not a database, but long enough to have a header " * 20, encoding="utf-8")
    assert _only_fault(path).code == "unusable"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("a file in the way", encoding="utf-8")
    assert _only_fault(tmp_path / "output" / "history.db").code == "unusable"


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "fuse.sshfs"])
@pytest.mark.parametrize("folder", ["share", "my share"])
def test_a_network_path_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, folder: str) -> None:
    there = tmp_path / folder
    _mount(tmp_path, monkeypatch, f"server:/export {str(there).replace(' ', chr(92) + '040')} {kind} rw 0 0")
    fault = _only_fault(there / "output" / "history.db")
    assert fault.code == "network_path"
    assert not there.exists()


def test_a_local_disk_inside_a_network_mount_is_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _mount(tmp_path, monkeypatch, f"server:/export {tmp_path} nfs rw 0 0", f"/dev/sdb1 {tmp_path}/local ext4 rw 0 0")
    assert location.is_on_network(tmp_path / "elsewhere")
    assert not location.is_on_network(tmp_path / "local" / "output")
    assert location.is_on_network(tmp_path / "local-not")


def _mount(folder: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    mounts = folder / "mounts"
    mounts.write_text("\n".join(["/dev/sda1 / ext4 rw 0 0", *lines]) + "\n", encoding="utf-8")
    monkeypatch.setattr(location, "_MOUNTS", mounts)


def test_two_processes_may_make_the_database_at_once(tmp_path: Path) -> None:
    path = tmp_path / "output" / "history.db"
    command = [sys.executable, "-W", "error", "-c", _OPEN, str(path)]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate(timeout=150)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(_NEWEST,)]
