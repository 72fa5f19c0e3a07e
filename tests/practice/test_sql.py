"""Unmodified ODBC drivers against the imaginary engines, with the product's own questions."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pyodbc
import pytest

from core.app import practice
from core.contract.library import HOST_FACTS
from core.contract.message import NoParameters
from core.contract.script import Call
from core.detection.sql import QUESTIONS, words_of
from core.model.facts import SqlAnswer, SqlSilence
from core.model.failure import Cause, Failure
from core.model.host import Host, Instance
from core.model.secret import Credential, Secret
from core.remote.odbc import OdbcAskSql, connection_string
from core.vault.practice import FILE, PracticeVault
from tests.practice.conftest import BUILD, Network
from tests.practice.drivers import DRIVERS

pytestmark = pytest.mark.parametrize("driver", DRIVERS)


class _OnePassword:
    """The Secrets port."""

    def __init__(self, credential: Credential) -> None:
        self._credential = credential

    def get(self, reference: str) -> Credential | Failure:
        return self._credential


def _target(network: Network, name: str, **sql: Any) -> tuple[Host, Instance]:
    host = network.host("PLAIN")
    instance = host.instance(name)
    assert instance is not None
    return host, replace(instance, sql=replace(instance.sql, **sql))


def _ask(network: Network, driver: str, name: str, **sql: Any) -> SqlAnswer | SqlSilence:
    ask = OdbcAskSql(PracticeVault(network.workspace.path / FILE), driver, Event())
    return words_of(name, ask(*_target(network, name, **sql), QUESTIONS)).witness


@pytest.mark.parametrize(
    ("name", "build", "encrypt"),
    [
        ("MSSQLSERVER", BUILD, False),
        ("LOGIN", "16.0.4135.4", False),
        ("LOGIN", "16.0.4135.4", True),
        ("WHOLE", "14.0.3456.2", False),
        ("WHOLE", "14.0.3456.2", True),
    ],
)
def test_the_products_questions_are_answered(
    network: Network, driver: str, name: str, build: str, encrypt: bool
) -> None:
    told = _ask(network, driver, name, encrypt=encrypt, trust_server_certificate=True)
    assert isinstance(told, SqlAnswer), told
    assert str(told.build) == build
    assert {one.name: one.state for one in told.databases}["master"] == "ONLINE"


def test_an_engine_says_when_its_databases_were_saved(network: Network, driver: str) -> None:
    told = _ask(network, driver, "LOGIN")
    assert isinstance(told, SqlAnswer), told
    saved = {one.database: one for one in told.backups or ()}
    assert set(saved) == {one.name for one in told.databases}
    now = datetime.now(UTC)
    assert all(
        timedelta(hours=5.9) < now - (one.newest or now) < timedelta(hours=6.1)
        for name, one in saved.items()
        if name != "tempdb"
    )
    assert (saved["tempdb"].newest, saved["master"].log) == (None, None)
    assert saved["Sales"].log is not None


def test_work_that_runs_is_named_and_what_a_dead_agent_left_is_not(network: Network, driver: str) -> None:
    network.tell(do="fault", host="BUSY", when="assess", kind="job_running", seconds=86_400)
    session = network.connect("BUSY")
    session.run(Call(HOST_FACTS, NoParameters()))
    session.close()
    host = network.host("BUSY")
    ask = OdbcAskSql(PracticeVault(network.workspace.path / FILE), driver, Event())
    told = words_of("MSSQLSERVER", ask(host, host.instances[0], QUESTIONS))
    assert isinstance(told.witness, SqlAnswer), told.witness
    assert [(one.kind, one.name) for one in told.jobs] == [("backup", "Sales"), ("agent_job", "Nightly backup")]
    assert all(timedelta(0) <= datetime.now(UTC) - one.since < timedelta(minutes=5) for one in told.jobs if one.since)
    network.tell(do="clear")


def test_a_login_without_rights_on_msdb_still_learns_the_rest(network: Network, driver: str) -> None:
    told = _ask(network, driver, "CLOSED")
    assert isinstance(told, SqlAnswer), told
    assert str(told.build) == BUILD
    assert told.databases
    assert told.backups is None
    gaps = {one.about: one.failure for one in told.gaps}
    assert gaps["backups"].cause is Cause.SQL_LOGIN
    assert "229" in gaps["backups"].detail
    assert {"agent_jobs", "running_work", "replicas"} < set(gaps)
    assert "300" in gaps["replicas"].detail


def test_a_question_that_times_out_ends_the_conversation_and_keeps_what_was_said(
    network: Network, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.remote.odbc._QUERY_SECONDS", 3)
    questions = (QUESTIONS[0], "WAITFOR DELAY '00:00:20'; SELECT 1 AS one", QUESTIONS[1])
    ask = OdbcAskSql(PracticeVault(network.workspace.path / FILE), driver, Event())
    answers = ask(*_target(network, "LOGIN"), questions)
    assert isinstance(answers, tuple)
    assert isinstance(answers[0], tuple)
    assert isinstance(answers[1], Failure)
    assert answers[2] == answers[1]


def test_an_instance_is_found_by_its_name(network: Network, driver: str) -> None:
    told = _ask(network, driver, "LOGIN", port=0)
    assert isinstance(told, SqlAnswer), told
    assert str(told.build) == "16.0.4135.4"


def test_a_wrong_password_is_the_logins_fault(network: Network, driver: str) -> None:
    wrong = _OnePassword(Credential(network.sql.username, Secret("wrong;{}=")))
    told = OdbcAskSql(wrong, driver, Event())(*_target(network, "LOGIN"), QUESTIONS)
    assert isinstance(told, Failure)
    assert told.cause is Cause.SQL_LOGIN
    assert "18456" in told.detail


def test_a_closed_port_is_said_at_once(network: Network, driver: str) -> None:
    told = _ask(network, driver, "LOGIN", port=1)
    assert isinstance(told, SqlSilence)
    assert told.failure.cause is Cause.SQL_UNAVAILABLE


@contextmanager
def _connected(network: Network, driver: str, name: str = "LOGIN") -> Iterator[Any]:
    host, instance = _target(network, name)
    with closing(pyodbc.connect(connection_string(driver, host, instance, network.sql), autocommit=True)) as connection:
        yield connection


def test_an_engine_that_takes_nothing_else_turns_everybody_else_away(network: Network, driver: str) -> None:
    with pytest.raises(pyodbc.Error), _connected(network, driver, "STRICT"):
        pass


@pytest.mark.parametrize("user", ["nobody", None])
def test_a_refused_login_has_its_number(network: Network, driver: str, user: str | None) -> None:
    host, instance = _target(network, "LOGIN")
    wrong = Credential(user or network.sql.username, Secret("wrong"))
    with pytest.raises(pyodbc.Error, match="18456"):
        pyodbc.connect(connection_string(driver, host, instance, wrong), timeout=60)


def test_a_database_that_is_not_there_cannot_be_opened(network: Network, driver: str) -> None:
    host, instance = _target(network, "LOGIN")
    text = connection_string(driver, host, instance, network.sql)
    with pytest.raises(pyodbc.Error, match="4060"):
        pyodbc.connect(f"{text};DATABASE=nothing", timeout=60)


def test_an_error_in_a_batch_has_its_number_and_leaves_the_connection_usable(network: Network, driver: str) -> None:
    with _connected(network, driver) as connection:
        with pytest.raises(pyodbc.Error, match="208"):
            connection.execute("SELECT name FROM sys.nothing")
        assert connection.execute("SELECT 1 AS one").fetchval() == 1


def _complaints(network: Network) -> list[str]:
    """What engines were asked and did not know, by the fleet's own account."""
    refused = (one["detail"] for one in practice.ledger(network.workspace) if one["kind"] == "refused")
    return [one["question"] for one in refused if one.get("question")]


@pytest.mark.parametrize(
    "question",
    [
        "SELECT name FROM sys.nothing",
        "SELECT nothing FROM sys.databases",
        "SELECT * FROM sys.databases",
        "SELECT CAST(SERVERPROPERTY('Nothing') AS int) AS one",
        "SELECT NOTHING(1) AS one",
        "SELECT (1",
        "UPDATE sys.databases SET name = 'x'",
        "EXEC sp_configure",
        "ALTER AVAILABILITY GROUP [AG] FAILOVER",
        "DBCC CHECKDB",
    ],
)
def test_what_an_engine_does_not_know_is_an_error_and_written_down(
    network: Network, driver: str, question: str
) -> None:
    before = _complaints(network)
    with _connected(network, driver) as connection:
        with pytest.raises(pyodbc.Error):
            connection.execute(question).fetchall()
        assert connection.execute("SELECT 1 AS one").fetchval() == 1
    assert _complaints(network) == [*before, question]


def test_the_products_questions_are_all_known(network: Network, driver: str) -> None:
    before = _complaints(network)
    for name in ("MSSQLSERVER", "LOGIN", "CLOSED"):
        _ask(network, driver, name)
    told = _ask(network, driver, "LOGIN")
    assert isinstance(told, SqlAnswer)
    assert (told.gaps, told.level) == ((), "RTM")
    assert _complaints(network) == before


def test_settings_of_the_connection_are_taken(network: Network, driver: str) -> None:
    before = _complaints(network)
    with _connected(network, driver) as connection:
        for setting in ("SET NOCOUNT ON", "USE [master]", "IF @@TRANCOUNT > 0 ROLLBACK TRAN"):
            connection.execute(setting)
        assert connection.execute("SELECT 1 AS one").fetchval() == 1
    assert _complaints(network) == before


def test_a_question_can_be_taken_back(network: Network, driver: str) -> None:
    with _connected(network, driver) as connection, ThreadPoolExecutor(1) as pool:
        cursor = connection.cursor()
        asking = pool.submit(cursor.execute, "WAITFOR DELAY '00:00:20'; SELECT 1 AS one")
        while not asking.done():
            with suppress(pyodbc.Error):  # it came before the question
                cursor.cancel()
            wait([asking], timeout=0.05)
        assert isinstance(asking.exception(), pyodbc.Error)
        assert connection.execute("SELECT 2 AS two").fetchval() == 2


def test_a_question_that_takes_too_long_times_out(network: Network, driver: str) -> None:
    with _connected(network, driver) as connection:
        connection.timeout = 1
        with pytest.raises(pyodbc.Error):
            connection.execute("WAITFOR DELAY '00:00:20'; SELECT 1 AS one")


def test_rows_of_every_type_arrive(network: Network, driver: str) -> None:
    with _connected(network, driver) as connection:
        row = connection.execute(
            "SELECT CAST(7 AS int) AS a, CAST('é€' AS nvarchar(10)) AS b, CAST(NULL AS nvarchar(10)) AS c,"
            " CAST(5000000000 AS bigint) AS d, CAST(1 AS bit) AS e"
        ).fetchone()
    assert tuple(row) == (7, "é€", None, 5_000_000_000, True)


def test_many_rows_and_long_values_arrive_whole(network: Network, driver: str) -> None:
    values = " UNION ALL ".join(f"SELECT {number} AS n, '{'x' * 5000}' AS t" for number in range(40))
    with _connected(network, driver) as connection:
        rows = connection.execute(values).fetchall()
    assert [row.n for row in rows] == list(range(40))
    assert {len(row.t) for row in rows} == {5000}
