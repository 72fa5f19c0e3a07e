"""Whatever arrives on any of its ports, a fleet stays up and goes on answering."""

from __future__ import annotations

import asyncio
import base64
import socket
import struct
import uuid
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.contract.library import HOST_FACTS
from core.contract.message import NoParameters
from core.contract.script import Call
from core.model.failure import Failure
from core.practice.envelope import ENUMERATION, SHELL, TRANSFER, WsmanFaultError, read_message
from core.practice.runspace import Pipeline, Pool
from core.practice.tds.login import read_encryption, read_login
from core.practice.tds.values import Reader, TruncatedError, read_parameter
from core.practice.wsman import Shells
from tests.practice.conftest import Network

_QUICK = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
_MANY = settings(max_examples=3 * settings().max_examples)

_HTTP = b"POST /wsman HTTP/1.1\r\nHost: x\r\nAuthorization: Negotiate TlRMTVNTUAABAAAA\r\nContent-Length: 3\r\n\r\nabc"
_PRELOGIN = struct.pack(">BBHHBB", 18, 1, 8 + 11, 0, 0, 0) + b"\x00\x00\x0b\x00\x06\xff" + b"\x00" * 5
_CLIENT_HELLO = b"\x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03" + bytes(32) + b"\x00\x00\x02\x13\x01\x01\x00"
_ENVELOPE = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"'
    ' xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell">'
    "<s:Header><a:Action>{action}</a:Action><a:MessageID>uuid:1</a:MessageID></s:Header><s:Body>{body}</s:Body>"
    "</s:Envelope>"
)


def _mutated(sample: bytes) -> st.SearchStrategy[bytes]:
    """The sample with a part of it replaced."""

    def replaced(where: tuple[int, int, bytes]) -> bytes:
        start, length, new = where
        start %= len(sample)
        return sample[:start] + new + sample[start + length :]

    return st.tuples(st.integers(0, 4096), st.integers(0, 16), st.binary(max_size=24)).map(replaced)


def _send(address: str, port: int, data: bytes) -> None:
    """Says it, listens to the answer if there is one, and leaves."""
    with suppress(OSError), socket.create_connection((address, port), timeout=60) as line:
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        while line.recv(65_536):
            pass


def _assert_alive(network: Network, name: str) -> None:
    session = network.connect(name)
    facts = session.run(Call(HOST_FACTS, NoParameters()))
    session.close()
    assert not isinstance(facts, Failure)


@pytest.mark.parametrize("name", ["PLAIN", "SECURED"])
@_QUICK
@given(data=st.binary(max_size=400) | _mutated(_HTTP))
def test_bytes_to_the_remoting_port(network: Network, name: str, data: bytes) -> None:
    host = network.host(name)
    _send(host.address, host.remoting.port, data)


@_QUICK
@given(data=st.binary(max_size=400) | _mutated(_PRELOGIN))
def test_bytes_to_the_sql_port(network: Network, data: bytes) -> None:
    host = network.host("PLAIN")
    for instance in host.instances:
        _send(host.address, instance.sql.port, data)


def test_a_request_without_end_and_one_of_any_size(network: Network) -> None:
    host = network.host("PLAIN")
    endless = b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 30_000
    huge = b"POST /wsman HTTP/1.1\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 9_000_000
    many = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 2000
    for data in (endless, huge, many, b"GET / HTTP/1.1\r\nX: " + b"y" * 1_000_000):
        _send(host.address, host.remoting.port, data)
    _send(host.address, host.instances[0].sql.port, struct.pack(">BBHHBB", 1, 0, 65_535, 0, 0, 0) + b"x" * 3_000_000)


def test_datagrams_to_the_browser(network: Network) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        for data in (b"", b"\x04", b"\x04" + b"\xff" * 500, b"\xff" * 1000, b"\x03"):
            line.sendto(data, (network.host("PLAIN").address, 1434))
        line.settimeout(60)
        assert b"InstanceName;LOGIN" in line.recv(65_536)


@pytest.mark.parametrize("name", ["PLAIN", "SECURED"])
def test_after_all_that_the_hosts_still_answer(network: Network, name: str) -> None:
    _assert_alive(network, name)


async def _nothing(_: Pipeline) -> str:
    return ""


async def _handle(data: bytes) -> None:
    """Anything but a fault of the service, and a time-out of it, is a bug."""
    shells = Shells("HOST", _nothing)
    with suppress(WsmanFaultError):
        await shells.handle(read_message(data), "somebody")
    shells.close()


_ON_SHELLS = ("Command", "Send", "Receive", "Signal", "Disconnect", "Reconnect", "Connect")
_ACTIONS = [
    f"{TRANSFER}Create",
    f"{TRANSFER}Delete",
    f"{ENUMERATION}Enumerate",
    *(f"{SHELL}/{one}" for one in _ON_SHELLS),
]


@_MANY
@given(data=st.binary(max_size=300) | _mutated(_ENVELOPE.format(action=f"{TRANSFER}Create", body="<a/>").encode()))
def test_envelopes_that_are_none_are_faults(data: bytes) -> None:
    asyncio.run(_handle(data))


@_MANY
@given(action=st.sampled_from(_ACTIONS), payload=st.binary(max_size=200))
def test_powershell_messages_that_are_none_are_faults(action: str, payload: bytes) -> None:
    text = base64.b64encode(payload).decode()
    creation = (
        f'<rsp:Shell><creationXml xmlns="http://schemas.microsoft.com/powershell">{text}</creationXml></rsp:Shell>'
    )
    asyncio.run(_handle(_ENVELOPE.format(action=action, body=creation).encode()))


async def _handle_on_a_pool(action: str, payload: bytes, connected: bool) -> None:
    """The same on a pool that is open, or that somebody left."""
    shells = Shells("HOST", _nothing)
    pool = Pool("KEY", "somebody", _nothing)
    pool.connected = connected
    shells._pools["KEY"] = pool
    text = base64.b64encode(payload).decode()
    body = (
        f'<rsp:X CommandId="{uuid.UUID(int=1)}"><connectXml xmlns="http://schemas.microsoft.com/powershell">{text}'
        f"</connectXml><rsp:Arguments>{text}</rsp:Arguments><rsp:Stream>{text}</rsp:Stream></rsp:X>"
    )
    if payload[:1] > b"\x80":
        body = body.replace(f' CommandId="{uuid.UUID(int=1)}"', "")
    head = '<w:OperationTimeout>PT0.001S</w:OperationTimeout><w:SelectorSet><w:Selector Name="ShellId">KEY</w:Selector>'
    envelope = _ENVELOPE.format(action=action, body=body).replace("</s:Header>", f"{head}</w:SelectorSet></s:Header>")
    with suppress(WsmanFaultError):
        await shells.handle(read_message(envelope.encode()), "somebody")
    shells.close()


_FRAGMENT = bytes(7) + b"\x01" + bytes(8) + b"\x03" + struct.pack(">I", 40) + bytes(40)


@_MANY
@given(action=st.sampled_from(_ACTIONS), payload=st.binary(max_size=200) | _mutated(_FRAGMENT), connected=st.booleans())
def test_messages_to_a_pool_that_is_open_or_was_left_are_answered_or_are_faults(
    action: str, payload: bytes, connected: bool
) -> None:
    asyncio.run(_handle_on_a_pool(action, payload, connected))


@_QUICK
@given(data=_mutated(_CLIENT_HELLO))
def test_bytes_to_the_sql_port_that_look_like_tls(network: Network, data: bytes) -> None:
    host = network.host("PLAIN")
    for instance in host.instances:
        _send(host.address, instance.sql.port, data)


def test_entities_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>&b;</a>'
    with pytest.raises(WsmanFaultError):
        read_message(bomb)


@_MANY
@given(data=st.binary(max_size=300))
def test_logins_and_parameters_that_are_none_are_truncated(data: bytes) -> None:
    for read in (read_login, read_encryption, lambda body: read_parameter(Reader(body))):
        with suppress(TruncatedError):
            read(data)
