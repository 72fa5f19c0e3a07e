"""WS-Management as PowerShell remoting uses it: envelopes, and the operations on shells."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from core.practice.runspace import Execute, GoneError, Outbox, Pool

_SOAP = "{http://www.w3.org/2003/05/soap-envelope}"
_ADDRESSING = "{http://schemas.xmlsoap.org/ws/2004/08/addressing}"
_WSMAN = "{http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd}"
_SHELL = "{http://schemas.microsoft.com/wbem/wsman/1/windows/shell}"
_POWERSHELL = "{http://schemas.microsoft.com/powershell}"

SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer/"
FAULT = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"

TIMED_OUT = 2150858793
UNKNOWN_SHELL = 2150858843
ABORTED = 995
ACCESS_DENIED = 5
TOO_MANY_SHELLS = 2150859173
NOT_SUPPORTED = 2150858752
INVALID = 2150858974

_MAX_SHELLS = 30
_DURATION = re.compile(r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")
_ENVELOPE = (
    '<s:Envelope xml:lang="en-US" xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"'
    ' xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell"'
    ' xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer">'
    "<s:Header><a:Action>{action}</a:Action><a:MessageID>uuid:{id}</a:MessageID>"
    "<a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To>"
    "<a:RelatesTo>{relates}</a:RelatesTo></s:Header><s:Body>{body}</s:Body></s:Envelope>"
)


class WsmanFaultError(Exception):
    """What the service answers instead of a result."""

    def __init__(self, code: int, reason: str, subcode: str = "w:InternalError") -> None:
        super().__init__(reason)
        self.code = code
        self.subcode = subcode


@dataclass(frozen=True, slots=True)
class Message:
    """A request's envelope, taken apart."""

    action: str
    id: str
    timeout: float
    uri: str
    shell: str
    body: ET.Element
    largest: int

    @property
    def operation(self) -> str:
        return self.action.rpartition("/")[2]


def read_message(xml: bytes) -> Message:
    """Raises WsmanFaultError for anything that is no envelope."""
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise WsmanFaultError(INVALID, "document types are not accepted")
    try:
        root = ET.fromstring(xml)  # noqa: S314 - document types were refused above
    except (ET.ParseError, ValueError) as wrong:
        raise WsmanFaultError(INVALID, f"not XML: {wrong}") from None
    header, body = root.find(f"{_SOAP}Header"), root.find(f"{_SOAP}Body")
    if header is None or body is None:
        raise WsmanFaultError(INVALID, "the envelope has no header or no body")
    selectors = header.iterfind(f"{_WSMAN}SelectorSet/{_WSMAN}Selector")
    return Message(
        action=header.findtext(f"{_ADDRESSING}Action", ""),
        id=header.findtext(f"{_ADDRESSING}MessageID", ""),
        timeout=_seconds(header.findtext(f"{_WSMAN}OperationTimeout", "")),
        uri=header.findtext(f"{_WSMAN}ResourceURI", ""),
        shell=next((one.text or "" for one in selectors if one.get("Name") == "ShellId"), ""),
        body=body[0] if len(body) else ET.Element("none"),
        largest=_number(header.findtext(f"{_WSMAN}MaxEnvelopeSize", "")) or 153_600,
    )


def write_message(action: str, relates: str, body: str) -> bytes:
    message = _ENVELOPE.format(action=action, id=str(uuid.uuid4()).upper(), relates=escape(relates), body=body)
    return message.encode()


def write_fault(relates: str, fault: WsmanFaultError, machine: str) -> bytes:
    reason = escape(str(fault))
    body = (
        f"<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>{fault.subcode}</s:Value></s:Subcode>"
        f'</s:Code><s:Reason><s:Text xml:lang="en-US">{reason}</s:Text></s:Reason><s:Detail>'
        '<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"'
        f" Code={quoteattr(str(fault.code))} Machine={quoteattr(machine)}><f:Message>{reason}</f:Message>"
        "</f:WSManFault></s:Detail></s:Fault>"
    )
    return write_message(FAULT, relates, body)


class Shells:
    """The shells that are open on one host."""

    def __init__(self, machine: str, execute: Execute) -> None:
        self._machine = machine
        self._execute = execute
        self._pools: dict[str, Pool] = {}

    def __len__(self) -> int:
        return len(self._pools)

    def close(self) -> None:
        """All of them end, as when the host goes down."""
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()

    async def handle(self, message: Message, owner: str) -> bytes:
        match message.operation:
            case "Create" if message.action.startswith(TRANSFER):
                return self._create(message, owner)
            case "Delete" if message.action.startswith(TRANSFER):
                return self._delete(message)
            case "Command":
                return self._command(message)
            case "Send":
                return self._send(message)
            case "Receive":
                return await self._receive(message)
            case "Signal":
                return await self._signal(message)
            case _:
                raise WsmanFaultError(NOT_SUPPORTED, f"unsupported action {message.action}", "a:ActionNotSupported")

    def _pool(self, message: Message) -> Pool:
        pool = self._pools.get(message.shell)
        if pool is None:
            raise WsmanFaultError(UNKNOWN_SHELL, "the request contained invalid selectors", "w:InvalidSelectors")
        return pool

    def _create(self, message: Message, owner: str) -> bytes:
        if len(self._pools) >= _MAX_SHELLS:
            raise WsmanFaultError(TOO_MANY_SHELLS, "the number of concurrent shells has been exceeded", "w:QuotaLimit")
        pool = Pool(message.body.get("ShellId") or str(uuid.uuid4()).upper(), owner, self._execute)
        creation = message.body.findtext(f"{_POWERSHELL}creationXml") or message.body.findtext("creationXml")
        _understood(lambda: pool.feed(_decoded(creation)))
        self._pools[pool.key] = pool
        key = escape(pool.key)
        created = (
            f"<x:ResourceCreated><a:Address>http://{escape(self._machine)}/wsman</a:Address><a:ReferenceParameters>"
            f"<w:ResourceURI>{escape(message.uri)}</w:ResourceURI><w:SelectorSet>"
            f'<w:Selector Name="ShellId">{key}</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>'
            f"<rsp:Shell><rsp:ShellId>{key}</rsp:ShellId><rsp:ResourceUri>{escape(message.uri)}</rsp:ResourceUri>"
            f"<rsp:Owner>{escape(owner)}</rsp:Owner><rsp:IdleTimeOut>PT7200.000S</rsp:IdleTimeOut>"
            "<rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams>"
            "<rsp:State>Connected</rsp:State></rsp:Shell>"
        )
        return write_message(f"{TRANSFER}CreateResponse", message.id, created)

    def _delete(self, message: Message) -> bytes:
        self._pool(message).close()
        del self._pools[message.shell]
        return write_message(f"{TRANSFER}DeleteResponse", message.id, "")

    def _command(self, message: Message) -> bytes:
        key = message.body.get("CommandId") or str(uuid.uuid4()).upper()
        pool, arguments = self._pool(message), _decoded(message.body.findtext(f"{_SHELL}Arguments"))
        _understood(lambda: pool.command(key, arguments))
        body = f"<rsp:CommandResponse><rsp:CommandId>{escape(key)}</rsp:CommandId></rsp:CommandResponse>"
        return write_message(f"{SHELL}/CommandResponse", message.id, body)

    def _send(self, message: Message) -> bytes:
        pool, stream = self._pool(message), _decoded(message.body.findtext(f"{_SHELL}Stream"))
        _understood(lambda: pool.feed(stream))
        return write_message(f"{SHELL}/SendResponse", message.id, "<rsp:SendResponse/>")

    async def _receive(self, message: Message) -> bytes:
        wanted = message.body.find(f"{_SHELL}DesiredStream")
        key = None if wanted is None else wanted.get("CommandId")
        outbox = self._outbox(self._pool(message), key)
        if outbox.last is not None and outbox.last[0] == message.id:
            return outbox.last[1]
        try:
            chunks = await outbox.take(message.timeout, (message.largest - 4096) * 3 // 4)
        except GoneError:
            raise WsmanFaultError(ABORTED, "the operation was aborted") from None
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

    async def _signal(self, message: Message) -> bytes:
        pool, key = self._pool(message), _guid(message.body.get("CommandId", ""))
        code = message.body.findtext(f"{_SHELL}Code", "")
        if code.lower().endswith("ctrl_c"):
            if key in pool.pipelines:
                await pool.pipelines[key].stopped()
        else:
            pool.forget(key)
        return write_message(f"{SHELL}/SignalResponse", message.id, "<rsp:SignalResponse/>")


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


def _seconds(text: str) -> float:
    match = _DURATION.fullmatch(text)
    if match is None:
        return 60.0
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return min(days * 86_400 + hours * 3_600 + minutes * 60 + seconds, 3_600.0)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
