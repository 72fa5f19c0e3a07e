"""Applications as they are seen from this PC: real ports and addresses on loopback, and queries that compare."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from core.model.application import FromHere, HttpCheck, Seen, SqlCheck, TcpCheck
from core.model.failure import Cause, Failure
from core.model.host import Host, Instance, Remoting, SqlAccess
from core.ports import Answer
from core.remote.probing import Probing

_SQL = SqlAccess(1433, None, False, False, 15)
_HOST = Host("SQL01", "127.0.0.1", Remoting("http", 1, "ntlm", None, None), (Instance("A", _SQL), Instance("B", _SQL)))


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, place = {"/moved": (302, "/well")}.get(self.path, (503 if self.path == "/busy" else 200, None))
        self.send_response(status)
        if place is not None:
            self.send_header("Location", place)
        self.end_headers()
        self.wfile.write(b"all is well")

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def site() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _silent(*_: Any) -> Failure:
    return Failure(Cause.SQL_UNAVAILABLE, "nothing listens")


def _see(check: FromHere, ask_in: Any = _silent) -> Seen:
    return Probing(ask_in)(_HOST, check)


def _http(port: int, path: str, status: int = 200, contains: str | None = None) -> HttpCheck:
    return HttpCheck("site", 5, True, f"http://127.0.0.1:{port}{path}", status, contains)


def _closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_port_that_listens_answers_and_one_that_is_closed_does_not(site: int) -> None:
    assert _see(TcpCheck("port", 5, True, site, None)) == Seen(True, "answers")
    closed = _see(TcpCheck("port", 5, True, _closed_port(), "127.0.0.1"))
    assert not closed.well
    assert closed.found.startswith("does not answer")


@pytest.mark.parametrize(
    ("path", "status", "contains", "well", "found"),
    [
        ("/well", 200, None, True, "answers 200"),
        ("/well", 200, "is well", True, "answers 200"),
        ("/well", 200, "is ill", False, "answers 200, without the wanted text"),
        ("/busy", 200, None, False, "answers 503"),
        ("/busy", 503, "well", True, "answers 503"),
        ("/moved", 200, None, False, "answers 302"),
        ("/moved", 302, None, True, "answers 302"),
    ],
)
def test_an_address_answers_with_its_own_status_and_text(
    site: int, path: str, status: int, contains: str | None, well: bool, found: str
) -> None:
    assert _see(_http(site, path, status, contains)) == Seen(well, found)


def test_an_address_where_nobody_listens_does_not_answer() -> None:
    assert not _see(_http(_closed_port(), "/")).well


class _Engines:
    """Answers by instance, and keeps what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str]] = []

    def __call__(self, host: Host, instance: Instance, questions: Sequence[str], database: str) -> tuple[Answer, ...]:
        self.asked.append((instance.name, database))
        answer: Answer = self.answers[instance.name]
        return (answer,)


def _sql(instance: str | None = None) -> SqlCheck:
    return SqlCheck("orders", 5, True, "SELECT 1", "1", instance, "Sales")


def test_every_instance_is_asked_in_its_database_and_all_have_to_answer_so() -> None:
    engines = _Engines(A=((1,),), B=(("1",),))
    assert _see(_sql(), engines) == Seen(True, "A: 1; B: 1")
    assert engines.asked == [("A", "Sales"), ("B", "Sales")]


def test_the_one_that_answers_otherwise_is_named() -> None:
    assert _see(_sql(), _Engines(A=((1,),), B=((2,),))) == Seen(False, "B: 2")


def test_one_instance_is_asked_by_its_name_whatever_its_case() -> None:
    engines = _Engines(A=((1,),))
    assert _see(_sql("a"), engines).well
    assert engines.asked == [("A", "Sales")]


@pytest.mark.parametrize(
    ("answer", "found"),
    [((), "A: no row"), (((None,),), "A: NULL"), (Failure(Cause.SQL_LOGIN, "refused"), "A: refused")],
)
def test_an_answer_that_is_none_is_not_the_wanted_one(answer: Answer, found: str) -> None:
    assert _see(_sql("A"), _Engines(A=answer)) == Seen(False, found)


def test_an_engine_that_is_down_and_an_instance_that_nobody_knows_are_said() -> None:
    assert _see(_sql("A")) == Seen(False, "A: nothing listens")
    assert "no instance C" in _see(_sql("C")).found
