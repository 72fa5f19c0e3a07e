"""A machine on the network: its address, what listens there, and who is connected."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable, Coroutine
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any

from core.model.secret import Credential
from core.practice.authentication import Users
from core.practice.browser import PORT, Browser, Listed
from core.practice.certificates import Authority, Certificate
from core.practice.engine import PracticeEngine
from core.practice.host.machine import Machine
from core.practice.host.sql_server import SqlServer
from core.practice.remoting import Remoting, Scripts, tls_context
from core.practice.tds.login import LOGIN_ONLY, NOT_SUPPORTED, REQUIRED
from core.practice.tds.server import Conversation, Encryption
from core.practice.tds.wire import Wire

_log = logging.getLogger(__name__)
_OFFERS = {"none": NOT_SUPPORTED, "login": LOGIN_ONLY, "required": REQUIRED, "strict": REQUIRED}
_BACKLOG = 100


class Listener:
    """One port that opens and closes with what is behind it. The port stays the same."""

    def __init__(self, address: str, open_at: Callable[[socket.socket], Coroutine[Any, Any, asyncio.Server]]) -> None:
        self._address = address
        self._open_at = open_at
        self._server: asyncio.Server | None = None
        self.port = 0

    def reserve(self) -> socket.socket:
        """Chooses the port, also for a host that nobody can reach yet. While the socket is open nobody else gets it."""
        place = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        place.bind((self._address, 0))
        self.port = place.getsockname()[1]
        return place

    async def follow(self, wanted: bool) -> None:
        """Whoever comes while it is closed is refused by the operating system."""
        if wanted and self._server is None:
            place = socket.create_server((self._address, self.port), backlog=_BACKLOG, reuse_port=False)
            self._server = await self._open_at(place)
        elif not wanted:
            self.close()

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


class Station:
    """Opens and closes the listeners of one machine as its state says."""

    def __init__(
        self,
        machine: Machine,
        address: str,
        users: Users,
        sql: Credential,
        authority: Authority,
        wake: Callable[[Station], None],
    ) -> None:
        self.machine = machine
        self.address = address
        self._sql = sql
        self._authority = authority
        self._wake = partial(wake, self)
        self._scripts = Scripts(machine, self._wake)
        secured = machine.spec.transport == "https"
        channel = (lambda: self._certificate.digest) if secured else None
        self._remoting = Remoting(machine, users, self._scripts.execute, channel)
        self._tls = tls_context(machine, lambda: self._web, self._stranger) if secured else None
        self._door = Listener(address, self._listen_for_remoting)
        self._engines = {one.name: Listener(address, partial(self._listen_for_sql, one)) for one in machine.instances}
        self._browser: asyncio.DatagramTransport | None = None
        self._conversations: set[asyncio.StreamWriter] = set()
        machine.on_cut = self._cut
        machine.on_winrm_restart = self._restart_winrm
        machine.on_change = self._changed

    @property
    def remoting_port(self) -> int:
        return self._door.port

    @property
    def shells(self) -> int:
        return self._remoting.shells

    @property
    def connections(self) -> int:
        return self._remoting.connections + len(self._conversations)

    @property
    def sql_ports(self) -> dict[str, int]:
        return {name: listener.port for name, listener in self._engines.items()}

    async def start(self) -> None:
        with ExitStack() as held:  # all at once: a port given back could be given out again
            for listener in (self._door, *self._engines.values()):
                held.enter_context(listener.reserve())
        for instance in self.machine.instances:
            instance.tcp_port = self._engines[instance.name].port
        await self.settle()
        if self.machine.instances:
            with suppress(OSError):  # another fleet on this PC has the port: instances are found by theirs
                await self._start_browser()

    async def settle(self) -> None:
        """What should listen listens; what should not does not."""
        machine = self.machine
        try:
            await self._door.follow(machine.listens)
            for instance in machine.instances:
                await self._engines[instance.name].follow(machine.reachable and instance.running)
        except OSError:
            _log.exception("a port of %s cannot be opened again", machine.name)

    def stop(self) -> None:
        self._close_listeners()
        if self._browser is not None:
            self._browser.close()
        self._cut()

    @cached_property
    def _certificate(self) -> Certificate:
        return self._authority.issue(self.machine.name, self.address)

    @cached_property
    def _web(self) -> ssl.SSLContext:
        return self._certificate.for_web()

    @cached_property
    def _encryption(self) -> ssl.SSLContext:
        return self._certificate.for_sql()

    @cached_property
    def _strict_encryption(self) -> ssl.SSLContext:
        return self._certificate.for_strict_sql()

    def _stranger(self) -> ssl.SSLContext:
        """Signed by nobody whom a client of this fleet would trust."""
        return Authority("A stranger").issue(self.machine.name, self.address).for_web()

    async def _listen_for_remoting(self, place: socket.socket) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(self._remoting.connection, sock=place, ssl=self._tls)

    async def _listen_for_sql(self, instance: SqlServer, place: socket.socket) -> asyncio.Server:
        return await asyncio.start_server(partial(self._converse, instance), sock=place)

    async def _start_browser(self) -> None:
        loop = asyncio.get_running_loop()
        self._browser, _ = await loop.create_datagram_endpoint(
            lambda: Browser(self._listed), local_addr=(self.address, PORT)
        )

    def _listed(self) -> list[Listed]:
        if not self.machine.reachable:
            return []
        return [
            Listed(self.machine.name, one.name, one.build, self._engines[one.name].port)
            for one in self.machine.instances
            if one.running
        ]

    async def _converse(self, instance: SqlServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._conversations.add(writer)
        encryption = Encryption(
            _OFFERS[instance.encryption],
            lambda: self._encryption,
            (lambda: self._strict_encryption) if instance.knows_strict else None,
            strict_only=instance.encryption == "strict",
        )
        try:
            engine = PracticeEngine(self.machine, instance, self._sql, self._move_on)
            await Conversation(engine, encryption, Wire(reader, writer)).hold()
        except asyncio.CancelledError:
            pass
        except Exception:
            _log.exception("a conversation could not be held")
        finally:
            self._conversations.discard(writer)
            writer.close()

    def _move_on(self) -> None:
        """What is asked now is answered as of now, and what that sets going is looked at in its time."""
        self.machine.advance(datetime.now(UTC))
        self._wake()

    def _cut(self) -> None:
        """Every connection breaks at once. What runs on the machine goes on, unless the machine itself went down."""
        if not self.machine.reachable:
            self._close_listeners()
        self._remoting.cut()
        for writer in list(self._conversations):
            writer.transport.abort()
        if not self.machine.up:
            self._remoting.end_shells()
        self._changed()

    def _restart_winrm(self) -> None:
        self._remoting.cut()
        self._remoting.end_shells()
        self._changed()

    def _close_listeners(self) -> None:
        for listener in (self._door, *self._engines.values()):
            listener.close()

    def _changed(self) -> None:
        self._scripts.changed.set()
        self._wake()
