"""The database engine of an imaginary instance: T-SQL, translated, over tables that hold what the host knows."""

import asyncio
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from core.model.build import Build
from core.model.secret import Credential
from core.practice.host.error_log import login_refused
from core.practice.host.machine import Machine
from core.practice.host.sql_server import SqlServer
from core.practice.sql_updates import SQL_UPDATES
from core.practice.tds.login import Login
from core.practice.tds.server import SqlError
from core.practice.tds.values import Column, Rows
from core.practice.translation import translated
from core.practice.views import fill, written

# A login that may not see something is what a real engine shows, too.
_OF_RIGHTS = frozenset({229, 300})
_SERVICE_PACKS = (
    (Build.parse("13.0.6300.2"), "SP3"),
    (Build.parse("13.0.5026.0"), "SP2"),
    (Build.parse("13.0.4001.0"), "SP1"),
)
_TYPES_ASKED = re.compile(r"\s*sp_datatype_info(?:_100)?\s+(-?\d+)\s*,\s*\d+\s*", re.IGNORECASE)
_DELAY = re.compile(r"WAITFOR\s+DELAY\s+'(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)'\s*;?", re.IGNORECASE)


class PracticeEngine:
    """The Engine protocol over one instance of a machine."""

    def __init__(self, machine: Machine, instance: SqlServer, account: Credential, move_on: Callable[[], None]) -> None:
        """Move on: brings the machine's time up to now."""
        self.name = _server_name(machine, instance)
        self._machine = machine
        self._instance = instance
        self._account = account
        self._move_on = move_on

    def product(self) -> tuple[int, int, int]:
        build = Build.parse(self._instance.build)
        return build.major, build.minor, build.number

    def login(self, login: Login) -> None:
        self._move_on()
        right = login.user == self._account.username and login.password == self._account.password.reveal()
        self._machine.note("login", instance=self._instance.name, user=login.user, accepted=right)
        if self._instance.upgrading:
            message = (
                f"Login failed for user '{login.user}'. Reason: Server is in script upgrade mode."
                " Only administrator can connect at this time."
            )
            self._write_refusal(login.user, 18401, 1, "Server is in script upgrade mode.")
            raise SqlError(18401, message, 14)
        if not right:
            self._write_refusal(login.user, 18456, 8, "Password did not match that for the login provided.")
            raise SqlError(18456, f"Login failed for user '{login.user}'.", 14)
        if login.database and login.database not in self._instance.databases:
            raise SqlError(4060, f'Cannot open database "{login.database}" requested by the login.', 11)

    def _write_refusal(self, user: str, number: int, state: int, reason: str) -> None:
        told = login_refused(user, number, state, reason)
        self._instance.error_log.write(self._machine.local_time, "Logon", *told)

    def complain(self, why: str, question: str = "") -> None:
        """What the product asked and this engine cannot answer is written down: a test must not pass in silence."""
        self._machine.note("refused", instance=self._instance.name, why=why, question=" ".join(question.split())[:500])

    async def batch(self, text: str) -> Sequence[Rows]:
        try:
            return await self._answers(text)
        except SqlError as wrong:
            if wrong.number not in _OF_RIGHTS:
                self.complain(str(wrong), text)
            raise

    async def _answers(self, text: str) -> Sequence[Rows]:
        delay = _DELAY.search(text)
        if delay is not None:
            await asyncio.sleep(int(delay[1]) * 3600 + int(delay[2]) * 60 + float(delay[3]))
            text = _DELAY.sub("", text)
        self._move_on()
        types = _TYPES_ASKED.fullmatch(text)
        if types is not None:  # FreeTDS calls it as a statement
            return [_types_offered(int(types[1]))]
        with closing(self._tables()) as connection:
            return [
                self._select(connection, statement, types)
                for statement, types in translated(text)
                if statement is not None
            ]

    def call(self, procedure: str, parameters: dict[str, Any]) -> Sequence[Rows]:
        if procedure.startswith("sp_datatype_info"):
            return [_types_offered(next((one for one in parameters.values() if isinstance(one, int)), 0))]
        self.complain("no such procedure", procedure)
        raise SqlError(2812, f"Could not find stored procedure '{procedure}'.")

    def _select(self, connection: sqlite3.Connection, statement: str, types: tuple[str | None, ...]) -> Rows:
        self._permit(statement)
        try:
            cursor = connection.execute(statement)
        except sqlite3.Error as wrong:
            raise SqlError(208, f"Invalid object or column: {wrong}") from None
        rows = tuple(
            tuple(_value(value, kind) for value, kind in zip(row, types, strict=True)) for row in cursor.fetchall()
        )
        columns = tuple(
            Column(head[0], types[place] or _type_of([row[place] for row in rows]))
            for place, head in enumerate(cursor.description)
        )
        return Rows(columns, rows)

    def _permit(self, statement: str) -> None:
        if self._instance.rights == "public" and "msdb__" in statement:
            raise SqlError(229, "The SELECT permission was denied on the object, database 'msdb', schema 'dbo'.", 14)
        if self._instance.rights == "public" and "sys__dm_hadr_" in statement:
            raise SqlError(300, "VIEW SERVER STATE permission was denied on object 'server', database 'master'.", 14)

    def _tables(self) -> sqlite3.Connection:
        """What the engine's views show now."""
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.create_function("SERVERPROPERTY", 1, self._property)
        connection.create_function("GETDATE", 0, lambda: written(self._machine.local_time))
        connection.create_function("GETUTCDATE", 0, lambda: written(self._machine.host_time.replace(tzinfo=None)))
        connection.create_function("DATEDIFF", 3, _difference)
        connection.create_function("HAS_PERMS_BY_NAME", 3, lambda *_: int(self._instance.rights == "sysadmin"))
        connection.create_function("DB_NAME", 1, self._database)
        connection.create_collation("DATABASE_DEFAULT", _compare)
        fill(connection, self.name, self._machine, self._instance)
        return connection

    def _database(self, number: int | None) -> str | None:
        return dict(enumerate(self._instance.databases, start=1)).get(number or 0)

    def _property(self, name: str) -> str | int | None:
        """One that nobody has thought of here is no NULL, which a real engine could mean, but an error."""
        known: dict[str, Callable[[], str | int | None]] = {
            "productversion": lambda: self._instance.build,
            "productlevel": lambda: _level(self._instance.build),
            "productupdatelevel": lambda: _update_of(self._instance.build)[0],
            "productupdatereference": lambda: _update_of(self._instance.build)[1],
            "edition": lambda: self._instance.edition,
            "servername": lambda: self.name,
            "machinename": lambda: self.name.partition("\\")[0],
            "computernamephysicalnetbios": lambda: self._machine.name,
            "isclustered": lambda: int(self._instance.clustered),
            "ishadrenabled": lambda: int(self._machine.group is not None and self._machine.group.kind == "ag"),
        }
        return known[name.lower()]()


def _level(build: str) -> str:
    """Versions up to 2016 have service packs."""
    found = Build.parse(build)
    packs = (pack for first, pack in _SERVICE_PACKS if found.major == first.major and found >= first)
    return next(packs, "RTM")


def _update_of(build: str) -> tuple[str | None, str | None]:
    """Which update made it: its level, if it is a cumulative one, and its article."""
    update = next((one for one in SQL_UPDATES.values() if one.target == build), None)
    if update is None:
        return None, None
    return update.title.split()[0] if update.title.startswith("CU") else None, f"KB{update.kb}"


def _server_name(machine: Machine, instance: SqlServer) -> str:
    """A clustered instance bears the cluster's network name, whichever node it runs on."""
    host = machine.group.name if instance.clustered and machine.group is not None else machine.name
    return host if instance.is_default else f"{host}\\{instance.name}"


def _difference(unit: str, since: str, until: str) -> int:
    """DATEDIFF counts the boundaries that lie between, which is what is left of whole units here."""
    between = datetime.fromisoformat(until) - datetime.fromisoformat(since)
    return round(between / timedelta(**{f"{unit.lower()}s": 1}))


def _compare(one: str, other: str) -> int:
    """The collation of most servers does not tell case apart."""
    left, right = one.casefold(), other.casefold()
    return (left > right) - (left < right)


def _value(value: Any, kind: str | None) -> Any:
    return datetime.fromisoformat(value) if kind == "datetime" and isinstance(value, str) else value


def _type_of(values: list[Any]) -> str:
    return "int" if values and all(isinstance(value, int) for value in values if value is not None) else "nvarchar"


_OFFERED = (
    ("nvarchar", -9, 4000, "N'", "'"),
    ("varchar", 12, 8000, "'", "'"),
    ("varbinary", -3, 8000, "0x", None),
    ("datetime2", 93, 27, "'", "'"),
    ("int", 4, 10, None, None),
    ("bit", -7, 1, None, None),
)


def _types_offered(wanted: int) -> Rows:
    """What drivers ask before their first query, to choose sizes: the columns that ODBC's catalogue names."""
    columns = (
        Column("TYPE_NAME", "nvarchar"),
        Column("DATA_TYPE", "smallint"),
        Column("PRECISION", "int"),
        Column("LITERAL_PREFIX", "nvarchar"),
        Column("LITERAL_SUFFIX", "nvarchar"),
        Column("CREATE_PARAMS", "nvarchar"),
        Column("NULLABLE", "smallint"),
        Column("CASE_SENSITIVE", "smallint"),
        Column("SEARCHABLE", "smallint"),
        Column("UNSIGNED_ATTRIBUTE", "smallint"),
        Column("MONEY", "smallint"),
        Column("AUTO_INCREMENT", "smallint"),
        Column("LOCAL_TYPE_NAME", "nvarchar"),
        Column("MINIMUM_SCALE", "smallint"),
        Column("MAXIMUM_SCALE", "smallint"),
        Column("SQL_DATA_TYPE", "smallint"),
        Column("SQL_DATETIME_SUB", "smallint"),
        Column("NUM_PREC_RADIX", "int"),
        Column("INTERVAL_PRECISION", "smallint"),
        Column("USERTYPE", "smallint"),
    )
    rows = tuple(
        (name, code, size, before, after, None, 1, 0, 3, None, 0, None, name, None, None, code, None, None, None, 0)
        for name, code, size, before, after in _OFFERED
        if wanted in (0, code)
    )
    return Rows(columns, rows)
