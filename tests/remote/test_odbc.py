"""Which driver is taken, and what it is told."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from core.model.failure import Cause, Failure
from core.model.host import Host, Instance, Remoting, SqlAccess
from core.model.secret import Credential, Secret
from core.remote import leaving
from core.remote.odbc import OdbcAskSql, connection_string, failure_of, newest_driver
from tests.practice.drivers import DRIVERS

_HOST = Host("SQL01", "10.0.0.5", Remoting("https", 5986, "kerberos", None, None))
_LOGIN = Credential("dba", Secret("p;{a}=b"))


class _Vault:
    """Knows one login for every name."""

    def get(self, reference: str) -> Credential:
        return _LOGIN


def _instance(**access: Any) -> Instance:
    return Instance("PROD", SqlAccess(**({"port": 1433, "encrypt": True} | _ACCESS | access)))


_ACCESS: dict[str, Any] = {"credential_ref": "dba", "trust_server_certificate": False, "connect_timeout": 15}


@pytest.mark.parametrize(
    ("installed", "taken"),
    [
        (
            ["FreeTDS", "ODBC Driver 17 for SQL Server", "ODBC Driver 18 for SQL Server"],
            "ODBC Driver 18 for SQL Server",
        ),
        (["ODBC Driver 9 for SQL Server", "ODBC Driver 13 for SQL Server"], "ODBC Driver 13 for SQL Server"),
        (["SQLite3", "FreeTDS"], "FreeTDS"),
        (["SQL Server", "PostgreSQL"], None),
        ([], None),
    ],
)
def test_the_newest_of_microsofts_drivers_is_taken_else_freetds(installed: list[str], taken: str | None) -> None:
    assert newest_driver(installed) == taken


def _parts(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.replace("{p;{a}}=b}", "PASSWORD").split(";"))


@pytest.mark.parametrize(("encrypt", "word"), [(True, "yes"), (False, "no")])
def test_microsofts_driver_is_told_the_port_after_a_comma(encrypt: bool, word: str) -> None:
    parts = _parts(connection_string("ODBC Driver 18 for SQL Server", _HOST, _instance(encrypt=encrypt), _LOGIN))
    assert (parts["SERVER"], parts["Encrypt"], parts["TrustServerCertificate"]) == ("10.0.0.5,1433", word, "no")
    assert (parts["UID"], parts["PWD"]) == ("dba", "PASSWORD")


def test_freetds_is_told_the_port_apart_and_a_version() -> None:
    parts = _parts(connection_string("FreeTDS", _HOST, _instance(), _LOGIN))
    assert (parts["SERVER"], parts["PORT"], parts["TDS_Version"]) == ("10.0.0.5", "1433", "7.4")
    assert parts["Encryption"] == "require"


@pytest.mark.parametrize("driver", ["FreeTDS", "ODBC Driver 18 for SQL Server"])
def test_without_a_port_the_instance_is_asked_for_by_name(driver: str) -> None:
    parts = _parts(connection_string(driver, _HOST, _instance(port=0), _LOGIN))
    assert parts["SERVER"] == "10.0.0.5\\PROD"
    assert "PORT" not in parts


def test_without_a_login_the_operators_own_account_is_used() -> None:
    parts = _parts(connection_string("ODBC Driver 18 for SQL Server", _HOST, _instance(), None))
    assert parts["Trusted_Connection"] == "yes"
    assert not {"UID", "PWD"} & set(parts)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("[28000] Login failed for user 'dba'. (18456) (SQLDriverConnect)", Cause.SQL_LOGIN),
        ("[42000] Login failed; server is in script upgrade mode (18401)", Cause.SQL_UPGRADING),
        ("[42000] Cannot open database (4060)", Cause.SQL_LOGIN),
        ("[08S01] SQL Server is shutting down (17148)", Cause.SQL_UNAVAILABLE),
        ("[08001] SSL Provider: certificate verify failed (-1)", Cause.BAD_CERTIFICATE),
        ("[HYT00] Login timeout expired (0)", Cause.SQL_UNAVAILABLE),
    ],
)
def test_servers_own_numbers_tell_what_is_wrong(text: str, cause: Cause) -> None:
    assert failure_of(Exception(text[1:6], text), "SQL01").cause is cause


def test_what_a_driver_says_never_reaches_a_failure_as_it_is() -> None:
    told = failure_of(Exception("08001", "connection string: UID=dba;PWD=secret"), "SQL01")
    assert "secret" not in str(told)


@pytest.mark.parametrize("driver", DRIVERS)
def test_an_engine_that_says_nothing_to_a_login_is_left_with_the_flag(
    driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver itself cannot be called off: its thread ends when the line does, or with the login's own limit."""
    monkeypatch.setattr(leaving, "_GRACE_SECONDS", 0)
    stop = Event()
    with socket.create_server(("127.78.1.9", 0)) as listener, ThreadPoolExecutor(1) as pool:
        listener.settimeout(10)
        host = replace(_HOST, address="127.78.1.9")
        instance = _instance(port=listener.getsockname()[1], connect_timeout=30)
        asking = pool.submit(OdbcAskSql(_Vault(), driver, stop), host, instance, ("SELECT 1",))
        knocked, _ = listener.accept()
        knocked.close()
        line, _ = listener.accept()
        with line:
            line.settimeout(10)
            assert line.recv(1), "the driver has begun to speak"
            stop.set()
            failure = asking.result(10)
    assert isinstance(failure, Failure)
    assert failure.cause is Cause.CANCELLED
    for thread in threading.enumerate():
        if thread.name == "left-when-stopped":
            thread.join(10)
            assert not thread.is_alive()
