"""Opens the database and gives out transactions: many readers, one writer at a time."""

import errno
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from core.model.fault import Fault, RefusedError
from core.store.guards import missing_triggers
from core.store.location import is_on_network

MIGRATIONS = "core.store:migrations"


# What SQLite calls a disk that is full, broken or taken away. Whatever else it complains of is a bug, and stays one.
_OF_THE_DISK = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_BUSY")


@contextmanager
def _told_of_disk(path: Path) -> Iterator[None]:
    try:
        yield
    except DatabaseError as trouble:
        name = getattr(trouble.orig, "sqlite_errorname", "")
        if not name.startswith(_OF_THE_DISK):
            raise
        raise OSError(errno.EIO, f"the database takes nothing more ({trouble.orig})", str(path)) from trouble


class Database:
    """One SQLite file. Intents must survive a power cut, so every commit is synced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = _engine(path)
        self._writing = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction. Threads of this process queue here; other processes at BEGIN IMMEDIATE.

        Raises OSError when the disk does not take it.
        """
        with self._writing, _told_of_disk(self.path), self._engine.connect() as connection:
            connection.execution_options(drydock_write=True)
            with connection.begin():
                yield connection

    @contextmanager
    def noticing(self) -> Iterator[Callable[[], int]]:
        """A number that is another one once anybody else has committed: cheap enough to be asked each second."""
        connection = self._engine.raw_connection()

        def version() -> int:
            with closing(connection.cursor()) as cursor:
                cursor.execute("PRAGMA data_version")
                ((number,),) = cursor.fetchall()
                return int(number)

        try:
            yield version
        finally:
            connection.close()

    def close(self) -> None:
        self._engine.dispose()


def open_database(path: Path) -> Database:
    """Opens the file, making or migrating it first. A copy is kept before a migration."""
    if is_on_network(path.parent):
        raise RefusedError(
            (Fault(str(path), "network_path", "the database must lie on a local disk; move the workspace"),)
        )
    database = Database(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _migrate(database)
        _check_guards(database)
    except (OSError, DatabaseError) as trouble:
        database.close()
        raise RefusedError((_unusable(path, trouble),)) from trouble
    except BaseException:
        database.close()
        raise
    return database


def _check_guards(database: Database) -> None:
    with database.read() as connection:
        missing = missing_triggers(connection)
    if missing:
        message = f"the journal's guards {', '.join(missing)} are gone; restore the database from a backup"
        raise RefusedError((Fault(str(database.path), "guards_missing", message),))


def _unusable(path: Path, trouble: OSError | DatabaseError) -> Fault:
    why = trouble.orig if isinstance(trouble, DatabaseError) else trouble.strerror
    message = f"the database cannot be used: {why}; look at the folder's rights and disk, or restore a backup"
    return Fault(str(path), "unusable", message)


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", pool_size=8, max_overflow=64)

    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        with closing(connection.cursor()) as cursor:
            for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                cursor.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("drydock_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _migrate(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    config.set_main_option("path_separator", "os")
    revisions = ScriptDirectory.from_config(config)
    newest = revisions.get_current_head()
    with database.read() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present == newest:
        return
    if present is not None:
        if present not in {one.revision for one in revisions.walk_revisions()}:
            message = "a newer version of Drydock has written it; use that version, or restore a backup"
            raise RefusedError((Fault(str(database.path), "newer_database", message, found=present, expected=newest),))
        _back_up(database.path, present)
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _back_up(path: Path, revision: str) -> None:
    backup = path.with_name(f"{path.stem}.before-{revision}{path.suffix}")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    shutil.copymode(path, backup)
