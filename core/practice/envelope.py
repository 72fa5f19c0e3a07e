"""WS-Management's envelopes: requests taken apart, answers and faults put together."""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

_SOAP = "{http://www.w3.org/2003/05/soap-envelope}"
_ADDRESSING = "{http://schemas.xmlsoap.org/ws/2004/08/addressing}"
IN_WSMAN = "{http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd}"
_WINDOWS = "{http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd}"
IN_SHELL = "{http://schemas.microsoft.com/wbem/wsman/1/windows/shell}"
IN_POWERSHELL = "{http://schemas.microsoft.com/powershell}"

SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
ENUMERATION = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer/"
FAULT = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"

TIMED_OUT = 2150858793
UNKNOWN_SHELL = 2150858843
ABORTED = 995
ACCESS_DENIED = 5
TOO_MANY_SHELLS = 2150859173
SHELL_DISCONNECTED = 2150859204
OTHER_SESSION = 2150859206
CONNECTED_ELSEWHERE = 2150859213
STREAM_DISCONNECTED = 2150859230
NOT_SUPPORTED = 2150858752
INVALID = 2150858974

_DURATION = re.compile(r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")
_ENVELOPE = (
    '<s:Envelope xml:lang="en-US" xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"'
    ' xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell"'
    ' xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer"'
    ' xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration">'
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
    session: str

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
    selectors = header.iterfind(f"{IN_WSMAN}SelectorSet/{IN_WSMAN}Selector")
    return Message(
        action=header.findtext(f"{_ADDRESSING}Action", ""),
        id=header.findtext(f"{_ADDRESSING}MessageID", ""),
        timeout=duration(header.findtext(f"{IN_WSMAN}OperationTimeout", "")),
        uri=header.findtext(f"{IN_WSMAN}ResourceURI", ""),
        shell=next((one.text or "" for one in selectors if one.get("Name") == "ShellId"), ""),
        body=body[0] if len(body) else ET.Element("none"),
        largest=_number(header.findtext(f"{IN_WSMAN}MaxEnvelopeSize", "")) or 153_600,
        session=header.findtext(f"{_WINDOWS}SessionId", ""),
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


def duration(text: str, otherwise: float = 60.0) -> float:
    match = _DURATION.fullmatch(text)
    if match is None:
        return otherwise
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return min(days * 86_400 + hours * 3_600 + minutes * 60 + seconds, 86_400.0)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
