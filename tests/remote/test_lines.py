"""A host that takes the connection and then says nothing is given up with the stop flag, long before its own limit."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from core.model.failure import Cause, Failure
from core.model.host import Host, Remoting, Transport
from core.model.secret import Credential, Secret
from core.ports import Stop
from core.remote import lines, session
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
    monkeypatch.setattr(lines, "_GRACE_SECONDS", 0)
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


@pytest.mark.parametrize("transport", ["http", "https"])
def test_without_the_flag_a_mute_host_has_its_time(
    mute: socket.socket, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_READ_SECONDS", 0.5)
    monkeypatch.setattr(session, "_CONNECT_SECONDS", 0.5)
    failure = _connect(mute, transport, Event())
    assert isinstance(failure, Failure)
    assert failure.cause is Cause.NO_ANSWER
