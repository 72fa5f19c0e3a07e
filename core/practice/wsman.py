"""The operations of WS-Management on the shells of one host."""

from __future__ import annotations

import base64
import binascii
import time
import uuid
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from core.practice.envelope import (
    ABORTED,
    ACCESS_DENIED,
    CONNECTED_ELSEWHERE,
    ENUMERATION,
    IN_POWERSHELL,
    IN_SHELL,
    IN_WSMAN,
    INVALID,
    NOT_SUPPORTED,
    OTHER_SESSION,
    SHELL,
    SHELL_DISCONNECTED,
    STREAM_DISCONNECTED,
    TIMED_OUT,
    TOO_MANY_SHELLS,
    TRANSFER,
    UNKNOWN_SHELL,
    Message,
    WsmanFaultError,
    duration,
    write_message,
)
from core.practice.outbox import DetachedError, GoneError, Outbox
from core.practice.runspace import Execute, Pool

_MAX_SHELLS = 30
_IDLE_SECONDS = 7200.0


class Shells:
    """The shells that are open on one host."""

    def __init__(self, machine: str, execute: Execute, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._machine = machine
        self._execute = execute
        self._elapsed = elapsed
        self._pools: dict[str, Pool] = {}

    def __len__(self) -> int:
        return len(self._pools)

    def close(self) -> None:
        """All of them end, as when the host goes down."""
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()

    async def handle(self, message: Message, owner: str) -> bytes:
        if message.action == f"{TRANSFER}Create":
            return self._create(message, owner)
        if message.action == f"{ENUMERATION}Enumerate":
            return self._enumerate(message, owner)
        if message.operation not in _OPERATIONS:
            raise WsmanFaultError(NOT_SUPPORTED, f"unsupported action {message.action}", "a:ActionNotSupported")
        pool = self._pool(message, owner)
        if message.operation not in _WHILE_DISCONNECTED and not pool.connected:
            raise WsmanFaultError(SHELL_DISCONNECTED, "the shell is disconnected; connect to it first")
        pool.used_at = self._elapsed()
        return await self._on(pool, message)

    async def _on(self, pool: Pool, message: Message) -> bytes:
        match message.operation:
            case "Delete":
                return self._delete(pool, message)
            case "Command":
                return self._command(pool, message)
            case "Send":
                return self._send(pool, message)
            case "Receive":
                return await self._receive(pool, message)
            case "Signal":
                return await self._signal(pool, message)
            case "Disconnect":
                return self._disconnect(pool, message)
            case "Reconnect":
                return self._reconnect(pool, message)
            case "Connect":
                return self._connect(pool, message)
            case _:
                raise WsmanFaultError(NOT_SUPPORTED, f"unsupported action {message.action}", "a:ActionNotSupported")

    def _pool(self, message: Message, owner: str) -> Pool:
        """Nobody gets at the shell of somebody else."""
        pool = self._pools.get(message.shell)
        if pool is None:
            raise WsmanFaultError(UNKNOWN_SHELL, "the request contained invalid selectors", "w:InvalidSelectors")
        if pool.owner != owner:
            raise WsmanFaultError(ACCESS_DENIED, "Access is denied.", "w:AccessDenied")
        return pool

    def _create(self, message: Message, owner: str) -> bytes:
        self._end_idle()
        if len(self._pools) >= _MAX_SHELLS:
            raise WsmanFaultError(TOO_MANY_SHELLS, "the number of concurrent shells has been exceeded", "w:QuotaLimit")
        pool = Pool(message.body.get("ShellId") or str(uuid.uuid4()).upper(), owner, self._execute)
        pool.session, pool.uri, pool.used_at = message.session, message.uri, self._elapsed()
        pool.idle_seconds = duration(message.body.findtext(f"{IN_SHELL}IdleTimeOut", ""), _IDLE_SECONDS)
        creation = message.body.findtext(f"{IN_POWERSHELL}creationXml") or message.body.findtext("creationXml")
        _understood(lambda: pool.feed(_decoded(creation)))
        self._pools[pool.key] = pool
        key = escape(pool.key)
        created = (
            f"<x:ResourceCreated><a:Address>http://{escape(self._machine)}/wsman</a:Address><a:ReferenceParameters>"
            f"<w:ResourceURI>{escape(message.uri)}</w:ResourceURI><w:SelectorSet>"
            f'<w:Selector Name="ShellId">{key}</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>'
        )
        return write_message(f"{TRANSFER}CreateResponse", message.id, created + _described(pool))

    def _end_idle(self) -> None:
        """Shells whose clients went away without a word live as long as they were told to."""
        now = self._elapsed()
        for key, pool in list(self._pools.items()):
            if now - pool.used_at > pool.idle_seconds and not pool.is_busy:
                pool.close()
                del self._pools[key]

    def _enumerate(self, message: Message, owner: str) -> bytes:
        """The caller's shells; or the commands of one of them, which the filter names."""
        own = {key: pool for key, pool in self._pools.items() if pool.owner == owner}
        if message.uri.endswith("/Command"):
            wanted = next((one.text or "" for one in message.body.iter(f"{IN_WSMAN}Selector")), "")
            items = "".join(_command_of(wanted, key) for key in own[wanted].pipelines) if wanted in own else ""
        else:
            items = "".join(_described(pool) for pool in own.values())
        body = f"<n:EnumerateResponse><w:Items>{items}</w:Items><w:EndOfSequence/></n:EnumerateResponse>"
        return write_message(f"{ENUMERATION}EnumerateResponse", message.id, body)

    def _disconnect(self, pool: Pool, message: Message) -> bytes:
        """What runs goes on, and what it says waits. Whoever waits for it on the way out learns that it is over."""
        pool.disconnect()
        return write_message(f"{SHELL}/DisconnectResponse", message.id, "<rsp:DisconnectResponse/>")

    def _reconnect(self, pool: Pool, message: Message) -> bytes:
        """By the client that left, with the session that it had."""
        if pool.session != message.session:
            raise WsmanFaultError(OTHER_SESSION, "the shell was made in another session; connect to it instead")
        pool.connected = True
        return write_message(f"{SHELL}/ReconnectResponse", message.id, "<rsp:ReconnectResponse/>")

    def _connect(self, pool: Pool, message: Message) -> bytes:
        """By another client, that begins a conversation with the pool anew; then with its commands, one by one."""
        key = message.body.get("CommandId")
        if key is not None:
            self._outbox(pool, key)
            return write_message(f"{SHELL}/ConnectResponse", message.id, "<rsp:ConnectResponse/>")
        if pool.connected:
            raise WsmanFaultError(CONNECTED_ELSEWHERE, "the shell is connected to another client")
        opening = message.body.findtext(f"{IN_POWERSHELL}connectXml") or message.body.findtext("connectXml")
        answers: list[bytes] = []
        _understood(lambda: answers.append(pool.connect(_decoded(opening))))
        pool.session = message.session
        body = (
            '<rsp:ConnectResponse><pwsh:connectResponseXml xmlns:pwsh="http://schemas.microsoft.com/powershell">'
            f"{base64.b64encode(answers[0]).decode()}</pwsh:connectResponseXml></rsp:ConnectResponse>"
        )
        return write_message(f"{SHELL}/ConnectResponse", message.id, body)

    def _delete(self, pool: Pool, message: Message) -> bytes:
        pool.close()
        del self._pools[message.shell]
        return write_message(f"{TRANSFER}DeleteResponse", message.id, "")

    def _command(self, pool: Pool, message: Message) -> bytes:
        key = message.body.get("CommandId") or str(uuid.uuid4()).upper()
        arguments = _decoded(message.body.findtext(f"{IN_SHELL}Arguments"))
        _understood(lambda: pool.command(key, arguments))
        body = f"<rsp:CommandResponse><rsp:CommandId>{escape(key)}</rsp:CommandId></rsp:CommandResponse>"
        return write_message(f"{SHELL}/CommandResponse", message.id, body)

    def _send(self, pool: Pool, message: Message) -> bytes:
        stream = _decoded(message.body.findtext(f"{IN_SHELL}Stream"))
        _understood(lambda: pool.feed(stream))
        return write_message(f"{SHELL}/SendResponse", message.id, "<rsp:SendResponse/>")

    async def _receive(self, pool: Pool, message: Message) -> bytes:
        wanted = message.body.find(f"{IN_SHELL}DesiredStream")
        key = None if wanted is None else wanted.get("CommandId")
        outbox = self._outbox(pool, key)
        if outbox.last is not None and outbox.last[0] == message.id:
            return outbox.last[1]
        try:
            chunks = await outbox.take(message.timeout, (message.largest - 4096) * 3 // 4)
        except GoneError:
            raise WsmanFaultError(ABORTED, "the operation was aborted") from None
        except DetachedError:
            raise WsmanFaultError(STREAM_DISCONNECTED, "the shell was disconnected meanwhile") from None
        if not chunks and not outbox.done:
            raise WsmanFaultError(TIMED_OUT, "the operation timed out; ask again", "w:TimedOut")
        reply = write_message(f"{SHELL}/ReceiveResponse", message.id, _streams(key, chunks, outbox))
        outbox.last = (message.id, reply)
        return reply

    def _outbox(self, pool: Pool, key: str | None) -> Outbox:
        if key is None:
            return pool.outbox
        pipeline = pool.pipelines.get(_guid(key))
        if pipeline is None:
            raise WsmanFaultError(UNKNOWN_SHELL, "there is no such command", "w:InvalidSelectors")
        return pipeline.outbox

    async def _signal(self, pool: Pool, message: Message) -> bytes:
        key = _guid(message.body.get("CommandId", ""))
        code = message.body.findtext(f"{IN_SHELL}Code", "")
        if code.lower().endswith("ctrl_c"):
            if key in pool.pipelines:
                await pool.pipelines[key].stopped()
        else:
            pool.forget(key)
        return write_message(f"{SHELL}/SignalResponse", message.id, "<rsp:SignalResponse/>")


_WHILE_DISCONNECTED = frozenset({"Delete", "Disconnect", "Reconnect", "Connect"})
_OPERATIONS = frozenset({"Command", "Send", "Receive", "Signal"}) | _WHILE_DISCONNECTED


def _described(pool: Pool) -> str:
    state = "Connected" if pool.connected else "Disconnected"
    return (
        f"<rsp:Shell><rsp:ShellId>{escape(pool.key)}</rsp:ShellId><rsp:ResourceUri>{escape(pool.uri)}</rsp:ResourceUri>"
        f"<rsp:Owner>{escape(pool.owner)}</rsp:Owner><rsp:IdleTimeOut>PT{pool.idle_seconds:.3f}S</rsp:IdleTimeOut>"
        "<rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams>"
        f"<rsp:State>{state}</rsp:State></rsp:Shell>"
    )


def _command_of(shell: str, key: uuid.UUID) -> str:
    return (
        f"<rsp:Command><rsp:ShellId>{escape(shell)}</rsp:ShellId><rsp:CommandId>{str(key).upper()}</rsp:CommandId>"
        "<rsp:State>Running</rsp:State></rsp:Command>"
    )


def _streams(key: str | None, chunks: list[bytes], outbox: Outbox) -> str:
    attribute = "" if key is None else f" CommandId={quoteattr(key)}"
    parts = [f'<rsp:Stream Name="stdout"{attribute}>{base64.b64encode(one).decode()}</rsp:Stream>' for one in chunks]
    if key is not None:
        state = "Done" if outbox.done and outbox.is_empty else "Running"
        parts.append(f'<rsp:CommandState{attribute} State="{SHELL}/CommandState/{state}"></rsp:CommandState>')
    return f"<rsp:ReceiveResponse>{''.join(parts)}</rsp:ReceiveResponse>"


def _decoded(text: str | None) -> bytes:
    try:
        return base64.b64decode(text or "", validate=False)
    except binascii.Error:
        raise WsmanFaultError(INVALID, "the payload is not Base64") from None


def _understood(feed: Callable[[], None]) -> None:
    """psrpcore names no errors of its own: whatever hostile bytes make it raise is a message that is not understood."""
    try:
        feed()
    except Exception as wrong:
        raise WsmanFaultError(INVALID, f"the message is not understood: {type(wrong).__name__}") from None


def _guid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise WsmanFaultError(INVALID, "the command's id is not a GUID") from None
