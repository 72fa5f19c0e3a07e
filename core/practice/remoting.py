"""The WinRM service of one host: who may speak, and scripts that the contract knows."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, get_args

from pydantic import ValidationError

from core.contract.answer import write_error, write_result
from core.contract.library import by_hash
from core.contract.script import Script
from core.practice.answers.answer import Hold, RefusalError
from core.practice.answers.answering import TAKES_INPUT, answer
from core.practice.authentication import Logon, Users
from core.practice.envelope import ACCESS_DENIED, WsmanFaultError, read_message, write_fault
from core.practice.host.machine import Machine
from core.practice.http import Connection, Request, Response
from core.practice.runspace import Execute, Pipeline, ScriptError, Stream
from core.practice.wsman import Shells

# The hash of the certificate, where connections are inside TLS.
Channel = Callable[[], bytes]


class Remoting:
    """Answers on every connection to one host."""

    def __init__(self, machine: Machine, users: Users, execute: Execute, channel: Channel | None) -> None:
        self._machine = machine
        self._users = users
        self._channel = channel
        self._shells = Shells(machine.name, execute)
        self._logons: dict[Connection, Logon] = {}

    def connection(self) -> Connection:
        return Connection(self._serve, self._opened, self._closed)

    @property
    def shells(self) -> int:
        return len(self._shells)

    @property
    def connections(self) -> int:
        return len(self._logons)

    def cut(self) -> None:
        for connection in list(self._logons):
            connection.reset()

    def end_shells(self) -> None:
        self._shells.close()

    def _opened(self, connection: Connection) -> bool:
        if not self._machine.reachable:
            return False
        channel = None if self._channel is None else self._channel()
        enabled = self._machine.spec.auth == "credssp"
        self._logons[connection] = Logon(self._machine.name, self._users, channel, self._note_login, enabled)
        return True

    def _closed(self, connection: Connection) -> None:
        self._logons.pop(connection, None)

    def _note_login(self, user: str | None, accepted: bool) -> None:
        self._machine.advance(datetime.now(UTC))
        self._machine.note("login", user=user, accepted=accepted)

    async def _serve(self, connection: Connection, request: Request) -> Response:
        logon = self._logons[connection]
        if self._machine.suffers("mute"):
            await asyncio.Event().wait()  # until the client loses patience and with it the connection
        if not request.path.startswith(b"/wsman"):
            return Response(404)
        if self._machine.suffers("auth_failed"):
            return logon.denied()
        early = logon.step(request)
        if early is not None:
            return early
        body = logon.open(request)
        if body is None:
            return Response(500, close=True)
        relates = ""
        try:
            message = read_message(body)
            relates = message.id
            if message.operation == "Create" and self._machine.spec.rights == "user":
                raise WsmanFaultError(ACCESS_DENIED, "Access is denied.", "w:AccessDenied")
            return logon.seal(200, await self._shells.handle(message, logon.principal or ""))
        except WsmanFaultError as fault:
            return logon.seal(500, write_fault(relates, fault, self._machine.name))


def tls_context(
    machine: Machine, right: Callable[[], ssl.SSLContext], wrong: Callable[[], ssl.SSLContext]
) -> ssl.SSLContext:
    """Chooses the certificate when a client comes: the host's own, or a stranger's while the host suffers from that.

    A thousand hosts would take seconds to be given theirs, and most are never asked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def choose(connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        connection.context = wrong() if machine.suffers("bad_tls") else right()

    context.sni_callback = choose
    return context


class Scripts:
    """Runs the contract's scripts on one machine, and wakes whoever waits for its changes."""

    def __init__(self, machine: Machine, wake: Callable[[], None]) -> None:
        self._machine = machine
        self._wake = wake
        self.changed = asyncio.Event()

    async def execute(self, pipeline: Pipeline) -> str:
        machine = self._machine
        script = by_hash().get(hashlib.sha256(pipeline.script.encode()).hexdigest())
        if script is None:
            machine.note("refused", why="the contract does not know this script", question=pipeline.script[:200])
            raise ScriptError("this host runs only scripts of the contract")
        if machine.spec.chatty:
            _chatter(pipeline)
        content = await _content(pipeline) if script.name in TAKES_INPUT else b""
        machine.advance(datetime.now(UTC))
        try:
            parameters = _parameters(script, pipeline.parameters)
            machine.note("script", name=script.name, job=getattr(parameters, "job_id", None))
            return write_result(await self._wait_for(script, parameters, content))
        except RefusalError as refused:
            return write_error(refused.code, str(refused))
        except ValidationError as wrong:
            raise ScriptError(f"Cannot validate argument: {wrong.errors(include_input=False)[0]['msg']}") from None
        finally:
            self._wake()

    async def _wait_for(self, script: Script[Any, Any], parameters: Any, content: bytes) -> Any:
        until: datetime | None = None
        while True:
            self._machine.advance(datetime.now(UTC))
            found = answer(self._machine, script.name, parameters, content)
            if not isinstance(found, Hold):
                return found
            until = until or found.until
            # What the question itself has set going is due at times that nobody else knows of.
            self._wake()
            self.changed.clear()
            seconds = (until - datetime.now(UTC)).total_seconds()
            if seconds <= 0:
                parameters = parameters.model_copy(update={"wait_seconds": 0})
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self.changed.wait(), seconds)


def _chatter(pipeline: Pipeline) -> None:
    for stream in get_args(Stream):
        pipeline.say(stream, f"{stream} that nobody asked for")


async def _content(pipeline: Pipeline) -> bytes:
    try:
        return b"".join([base64.b64decode(str(item), validate=True) for item in await pipeline.piped()])
    except binascii.Error:
        raise ScriptError("the input is not Base64") from None


def _parameters(script: Script[Any, Any], given: dict[str, Any]) -> Any:
    """As PowerShell binds them: lists arrive as lists."""
    plain = {name: tuple(map(str, value)) if isinstance(value, list) else value for name, value in given.items()}
    return script.parameters.model_validate(plain)
