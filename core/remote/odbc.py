"""Asks database engines over ODBC, with whatever driver is installed."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from core.contract.foreign import tame
from core.model.failure import Cause, Failure
from core.model.host import Host, Instance
from core.model.secret import Credential
from core.ports import Answer, Hear, Row, Secrets, Stop
from core.remote.leaving import StoppedError, left, unless_stopped

_PROBE_SECONDS = 2.0
_QUERY_SECONDS = 30
_LONGEST_TEXT = 4000
_MICROSOFT = re.compile(r"ODBC Driver (\d+) for SQL Server")
_NUMBER = re.compile(r"\((\d{3,6})\)")

# SQL Server's own numbers: SQLSTATEs differ between drivers.
_NUMBERS: dict[int, tuple[Cause, str]] = {
    18456: (Cause.SQL_LOGIN, "check the login and its password"),
    18401: (Cause.SQL_UPGRADING, "upgrade scripts run after a patch; it is waited for"),
    4060: (Cause.SQL_LOGIN, "the login may not open the database"),
    229: (Cause.SQL_LOGIN, "grant the login SELECT on it"),
    297: (Cause.SQL_LOGIN, "grant the login VIEW SERVER STATE"),
    300: (Cause.SQL_LOGIN, "grant the login VIEW SERVER STATE"),
    916: (Cause.SQL_LOGIN, "make the login a user of the database"),
    17142: (Cause.SQL_UNAVAILABLE, "the instance is paused"),
    17148: (Cause.SQL_UNAVAILABLE, "the instance is shutting down"),
}


class OdbcAskSql:
    """The AskSql port."""

    def __init__(self, secrets: Secrets, driver: str | None, stop: Stop, hear: Hear | None = None) -> None:
        self._secrets = secrets
        self._driver = driver
        self._stop = stop
        self._hear = hear

    def __call__(self, host: Host, instance: Instance, questions: Sequence[str]) -> tuple[Answer, ...] | Failure:
        answers = self.ask_in(host, instance, questions, None)
        if self._hear is not None:
            self._hear(host.name, f"sql_{instance.name}", _word_for_word(questions, answers))
        return answers

    def ask_in(
        self, host: Host, instance: Instance, questions: Sequence[str], database: str | None
    ) -> tuple[Answer, ...] | Failure:
        """The same in a database other than the login's own. No driver can be called off in a login: it is left."""
        try:
            return unless_stopped(lambda: self.converse(host, instance, questions, database), self._stop)
        except StoppedError:
            return left(_where(host, instance))

    def converse(
        self, host: Host, instance: Instance, questions: Sequence[str], database: str | None
    ) -> tuple[Answer, ...] | Failure:
        """For as long as it takes: until the driver's own limits at the longest."""
        credential = None
        if instance.sql.credential_ref is not None:
            found = self._secrets.get(instance.sql.credential_ref)
            if isinstance(found, Failure):
                return found
            credential = found
        pyodbc = _load()
        if isinstance(pyodbc, Failure):
            return pyodbc
        driver = self._driver or installed_driver()
        if isinstance(driver, Failure):
            return driver
        closed = _probe(host.address, instance.sql.port)
        if closed is not None:
            return closed
        where = _where(host, instance)
        try:
            connection = pyodbc.connect(
                connection_string(driver, host, instance, credential, database),
                timeout=instance.sql.connect_timeout,
                autocommit=True,
            )
            with closing(connection):
                connection.timeout = _QUERY_SECONDS
                return tuple(_answers(connection, pyodbc.Error, where, questions, self._stop))
        except pyodbc.Error as trouble:
            return failure_of(trouble, where)
        except UnicodeError as trouble:
            # Its object is the whole text: on the way out that is the connection string with the password.
            detail = f"{where} holds text that is no Unicode ({type(trouble).__name__})"
            return Failure(Cause.SQL_UNAVAILABLE, detail, "look at the login, its password, and the databases' names")


def installed_driver() -> str | Failure:
    """The name of the best driver on this PC."""
    pyodbc = _load()
    if isinstance(pyodbc, Failure):
        return pyodbc
    driver = newest_driver(pyodbc.drivers())
    if driver is None:
        hint = "install Microsoft's ODBC Driver 18 for SQL Server"
        return Failure(Cause.NO_DRIVER, "no ODBC driver for SQL Server is installed", hint)
    return driver


def _load() -> Any:
    """The module, or why not: on Linux it needs the system's driver manager."""
    try:
        import pyodbc
    except ImportError as trouble:
        return Failure(Cause.NO_DRIVER, f"ODBC cannot be loaded: {trouble}", "install unixodbc")
    pyodbc.pooling = False
    return pyodbc


def newest_driver(installed: Sequence[str]) -> str | None:
    """Microsoft's newest, else FreeTDS."""
    numbered = [(int(match[1]), name) for name in installed if (match := _MICROSOFT.fullmatch(name))]
    if numbered:
        return max(numbered)[1]
    return next((name for name in installed if name == "FreeTDS"), None)


def connection_string(
    driver: str, host: Host, instance: Instance, credential: Credential | None, database: str | None = None
) -> str:
    """The drivers differ in how they take a port and in what they call encryption."""
    access = instance.sql
    parts = {"DRIVER": driver, "APP": "Drydock"}
    if "tdsodbc" in driver or driver == "FreeTDS":
        parts |= {
            "TDS_Version": "7.4",
            "ClientCharset": "UTF-8",
            "Encryption": "require" if access.encrypt else "request",
        }
        parts |= (
            {"SERVER": host.address, "PORT": str(access.port)} if access.port else {"SERVER": _named(host, instance)}
        )
    else:
        parts["SERVER"] = f"{host.address},{access.port}" if access.port else _named(host, instance)
        parts["Encrypt"] = "yes" if access.encrypt else "no"
        parts["TrustServerCertificate"] = "yes" if access.trust_server_certificate else "no"
    if database is not None:
        parts["DATABASE"] = database
    if credential is None:
        parts["Trusted_Connection"] = "yes"
    else:
        parts |= {"UID": credential.username, "PWD": credential.password.reveal()}
    return ";".join(f"{key}={_quoted(value)}" for key, value in parts.items())


def failure_of(trouble: Any, where: str) -> Failure:
    """By SQL Server's own number in the text. The text itself is the server's, without the connection string."""
    text = " ".join(str(part) for part in trouble.args)
    for number in map(int, _NUMBER.findall(text)):
        if number in _NUMBERS:
            cause, hint = _NUMBERS[number]
            return Failure(cause, f"{where} refused with error {number}", hint)
    if "certificate" in text.lower():
        hint = "install the CA on this PC, or set trust_server_certificate for this target"
        return Failure(Cause.BAD_CERTIFICATE, f"the certificate of {where} is not accepted", hint)
    state = str(trouble.args[0]) if trouble.args else "unknown"
    return Failure(Cause.SQL_UNAVAILABLE, f"{where} cannot be asked (SQLSTATE {state})")


def _answers(
    connection: Any, error: type[Exception], where: str, questions: Sequence[str], stop: Stop
) -> Iterator[Answer]:
    """A statement that the server refuses leaves the others; after any other trouble nothing more is asked."""
    lost: Failure | None = None
    for one in questions:
        lost = lost or (left(where) if stop.is_set() else None)
        if lost is None:
            try:
                yield tuple(_tamed(row) for row in connection.execute(one).fetchall())
            except error as trouble:
                failure = failure_of(trouble, where)
                lost = None if _is_refusal(trouble) else failure
                yield failure
        else:
            yield lost


def _is_refusal(trouble: Exception) -> bool:
    """SQLSTATE's class 42: the statement is not allowed or not understood, and the connection goes on."""
    return bool(trouble.args) and str(trouble.args[0]).startswith("42")


def _word_for_word(questions: Sequence[str], answers: tuple[Answer, ...] | Failure) -> str:
    if isinstance(answers, Failure):
        return json.dumps({"failure": str(answers)}, ensure_ascii=False)
    told = [{"failure": str(one)} if isinstance(one, Failure) else {"rows": one} for one in answers]
    asked = [{"question": question.strip()} | one for question, one in zip(questions, told, strict=True)]
    return json.dumps(asked, ensure_ascii=False, default=str)


def _tamed(row: Sequence[Any]) -> Row:
    return tuple(tame(value, _LONGEST_TEXT) if isinstance(value, str) else value for value in row)


def _probe(address: str, port: int) -> Failure | None:
    """On a closed port the driver would burn its whole login timeout."""
    if port == 0:
        return None
    try:
        with socket.create_connection((address, port), timeout=_PROBE_SECONDS):
            return None
    except OSError:
        hint = "is the engine up, TCP enabled, and the port right?"
        return Failure(Cause.SQL_UNAVAILABLE, f"nothing listens on {address}, port {port}", hint)


def _where(host: Host, instance: Instance) -> str:
    return f"{host.name}\\{instance.name}"


def _named(host: Host, instance: Instance) -> str:
    return f"{host.address}\\{instance.name}"


def _quoted(value: str) -> str:
    """In braces where a driver would take a character for its own, or drop a space at an end."""
    plain = value == value.strip() and not set(value) & set(";{}[]()=?*!@'\"")
    return value if plain else "{" + value.replace("}", "}}") + "}"
