"""A host that takes the connection and then says nothing is given up with the stop flag, long before its own limit."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import pytest
from urllib3.util.wait import wait_for_write

from core.model.failure import Cause, Failure
from core.model.host import Host, Remoting, Transport
from core.model.secret import Credential, Secret
from core.ports import Stop
from core.remote import leaving, session
from core.remote.session import WinRmConnect, WinRmSession

_ADDRESS = "127.78.0.9"
# Far below the thirty seconds that a silent host is given otherwise.
_LIMIT_SECONDS = 20


class _Vault:
    """Knows one credential for every name."""

    def get(self, reference: str) -> Credential:
        return Credential("admin", Secret("a password"))


@pytest.fixture
def mute() -> Iterator[socket.socket]:
    """Its system takes connections; nobody answers on them."""
    with socket.create_server((_ADDRESS, 0)) as listener:
        listener.settimeout(_LIMIT_SECONDS)
        yield listener


def _connect(mute: socket.socket, transport: Transport, stop: Stop) -> WinRmSession | Failure:
    remoting = Remoting(transport, mute.getsockname()[1], "ntlm", None, "any")
    return WinRmConnect(_Vault(), stop)(Host("HOST", _ADDRESS, remoting))


@pytest.mark.parametrize("transport", ["http", "https"])
def test_a_mute_host_is_given_up_with_the_flag(
    mute: socket.socket, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "_GRACE_SECONDS", 0)
    stop = Event()
    with ThreadPoolExecutor(1) as pool:
        connecting = pool.submit(_connect, mute, transport, stop)
        line, _ = mute.accept()
        with line:
            line.settimeout(_LIMIT_SECONDS)
            assert line.recv(1), "it has begun to speak"
            stop.set()
            failure = connecting.result(_LIMIT_SECONDS)
            line.settimeout(_LIMIT_SECONDS)
            while line.recv(4096):
                pass
    assert isinstance(failure, Failure)
    assert failure.cause is Cause.CANCELLED


@pytest.fixture
def full() -> Iterator[socket.socket]:
    """Its queue of connections is full: whoever knocks hears nothing, not even a refusal."""
    with ExitStack() as open_lines, socket.create_server((_ADDRESS, 0), backlog=0) as listener:
        while True:
            line = open_lines.enter_context(socket.socket())
            line.setblocking(False)
            line.connect_ex(listener.getsockname())
            if not wait_for_write(line, 0.2):
                break
        yield listener


@pytest.mark.parametrize("transport", ["http", "https"])
def test_a_host_that_does_not_take_the_connection_is_given_up_with_the_flag(
    full: socket.socket, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "_GRACE_SECONDS", 0)
    monkeypatch.setattr(session, "_CONNECT_SECONDS", 3 * _LIMIT_SECONDS)
    stop = Event()
    with ThreadPoolExecutor(1) as pool:
        connecting = pool.submit(_connect, full, transport, stop)
        stop.set()
        failure = connecting.result(_LIMIT_SECONDS)
    assert isinstance(failure, Failure)
    assert failure.cause is Cause.CANCELLED


@pytest.mark.parametrize("transport", ["http", "https"])
def test_without_the_flag_a_mute_host_has_its_time(
    mute: socket.socket, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_READ_SECONDS", 0.5)
    monkeypatch.setattr(session, "_CONNECT_SECONDS", 0.5)
    failure = _connect(mute, transport, Event())
    assert isinstance(failure, Failure)
    assert failure.cause is Cause.NO_ANSWER


def test_neither_a_proxy_nor_a_netrc_of_the_environment_comes_between(
    mute: socket.socket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(leaving, "_GRACE_SECONDS", 0)
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {_ADDRESS} login somebody password else\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.78.0.10:9")
    stop = Event()
    with ThreadPoolExecutor(1) as pool:
        connecting = pool.submit(_connect, mute, "http", stop)
        line, _ = mute.accept()
        with line:
            line.settimeout(_LIMIT_SECONDS)
            head = line.recv(65_536)
            stop.set()
            connecting.result(_LIMIT_SECONDS)
    assert head.startswith(b"POST /wsman ")
    assert b"Authorization: Basic" not in head
