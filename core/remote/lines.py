"""Lines that are given up when the stop flag is raised: a host that says nothing keeps nobody waiting."""

from __future__ import annotations

import socket
import ssl
import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.ssl_ import create_urllib3_context
from urllib3.util.wait import wait_for_read, wait_for_write

from core.ports import Stop

_LOOK_SECONDS = 0.25
# What is on its way when the flag is raised may still come, so that a host that is well is left in good order.
_GRACE_SECONDS = 4


class StoppedError(Exception):
    """The stop flag was raised. No kind of OSError: nobody on the way up takes it for trouble of the line."""


def give_up_on(session: requests.Session, stop: Stop) -> None:
    """From now on all that the session waits for ends with the flag."""

    class Line(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            dialled = super()._new_conn()
            patience = dialled.gettimeout()
            line = _Plain(dialled.family, dialled.type, dialled.proto, dialled.detach())
            line.settimeout(patience)
            return line

    class SecuredLine(HTTPSConnection):
        def connect(self) -> None:
            if self.ssl_context is None:
                context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
                context.sslsocket_class = _Secured
                if session.verify is True:
                    # Without a file of its own an authority of the domain is found where the system keeps it.
                    context.load_default_certs()
                self.ssl_context = context
            super().connect()

    class _Plain(socket.socket):
        def recv_into(self, *positional: Any, **named: Any) -> int:
            _until_readable(self, stop)
            return super().recv_into(*positional, **named)

    class _Secured(ssl.SSLSocket):
        def recv_into(self, *positional: Any, **named: Any) -> int:
            if not self.pending():
                _until_readable(self, stop)
            return super().recv_into(*positional, **named)

        def do_handshake(self, block: bool = False) -> None:
            patience = self.gettimeout()
            self.settimeout(0)
            try:
                self._shake_hands(_Waiting(stop, patience))
            except StoppedError:
                # Nobody else knows of it yet.
                self.close()
                raise
            self.settimeout(patience)

        def _shake_hands(self, waiting: _Waiting) -> None:
            while True:
                try:
                    super().do_handshake()
                    return
                except ssl.SSLWantReadError:
                    waiting.turn(wait_for_read(self, _LOOK_SECONDS))
                except ssl.SSLWantWriteError:
                    waiting.turn(wait_for_write(self, _LOOK_SECONDS))

    class Lines(HTTPConnectionPool):
        ConnectionCls = Line

    class SecuredLines(HTTPSConnectionPool):
        ConnectionCls = SecuredLine

    for adapter in session.adapters.values():
        assert isinstance(adapter, HTTPAdapter)  # noqa: S101 - what requests itself mounts
        adapter.poolmanager.pool_classes_by_scheme = {"http": Lines, "https": SecuredLines}


class _Waiting:
    """Counts the time of one wait, which the flag makes short."""

    def __init__(self, stop: Stop, patience: float | None) -> None:
        self._stop = stop
        self._until = float("inf") if patience is None else time.monotonic() + patience
        self._given_up: float | None = None

    def turn(self, happened: bool) -> None:
        """Goes on, or raises: TimeoutError as the socket itself would, StoppedError once the grace is over."""
        if happened:
            return
        now = time.monotonic()
        if self._stop.is_set():
            self._given_up = self._given_up or now + _GRACE_SECONDS
            if now >= self._given_up:
                raise StoppedError
        if now >= self._until:
            raise TimeoutError("timed out")


def _until_readable(line: socket.socket, stop: Stop) -> None:
    waiting = _Waiting(stop, line.gettimeout())
    while not (readable := wait_for_read(line, _LOOK_SECONDS)):
        waiting.turn(readable)
