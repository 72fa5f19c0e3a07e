"""Lines that are given up when the stop flag is raised: a host that says nothing keeps nobody waiting."""

from __future__ import annotations

import socket
import ssl
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.ssl_ import create_urllib3_context
from urllib3.util.wait import wait_for_read, wait_for_write

from core.ports import Stop
from core.remote.leaving import LOOK_SECONDS, StoppedError, Waiting, unless_stopped


def give_up_on(session: requests.Session, stop: Stop) -> None:
    """From now on all that the session waits for ends with the flag."""

    class Line(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            dialled = unless_stopped(super()._new_conn, stop, socket.socket.close)
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

        def _new_conn(self) -> socket.socket:
            return unless_stopped(super()._new_conn, stop, socket.socket.close)

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
                self._shake_hands(Waiting(stop, patience))
            except StoppedError:
                # Nobody else knows of it yet.
                self.close()
                raise
            self.settimeout(patience)

        def _shake_hands(self, waiting: Waiting) -> None:
            while True:
                try:
                    super().do_handshake()
                    return
                except ssl.SSLWantReadError:
                    waiting.turn(wait_for_read(self, LOOK_SECONDS))
                except ssl.SSLWantWriteError:
                    waiting.turn(wait_for_write(self, LOOK_SECONDS))

    class Lines(HTTPConnectionPool):
        ConnectionCls = Line

    class SecuredLines(HTTPSConnectionPool):
        ConnectionCls = SecuredLine

    for adapter in session.adapters.values():
        assert isinstance(adapter, HTTPAdapter)  # noqa: S101 - what requests itself mounts
        adapter.poolmanager.pool_classes_by_scheme = {"http": Lines, "https": SecuredLines}


def _until_readable(line: socket.socket, stop: Stop) -> None:
    waiting = Waiting(stop, line.gettimeout())
    while not (readable := wait_for_read(line, LOOK_SECONDS)):
        waiting.turn(readable)
