"""Each kind of trouble, from a real event, becomes a failure with a cause the operator can act on."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pypsrp.exceptions import AuthenticationError, WSManFaultError
from requests.exceptions import ChunkedEncodingError, ConnectTimeout
from spnego.exceptions import (
    BadBindingsError,
    BadMICError,
    FeatureMissingError,
    NativeError,
    NegotiateOptions,
    NoCredentialError,
    SpnegoError,
)

from core.model.failure import Cause, Failure
from core.model.host import Host, Remoting
from core.model.secret import Credential, Secret
from core.practice.certificates import Authority
from core.remote import session
from core.remote.session import WinRmConnect
from core.remote.trouble import failure_of, is_passing


class _OnePassword:
    """The Secrets port."""

    def get(self, reference: str) -> Credential | Failure:
        return Credential("somebody", Secret("secret"))


def _connect(address: str, port: int, transport: str = "http", ca_file: str | None = None) -> Failure:
    remoting = Remoting("https" if transport == "https" else "http", port, "ntlm", ca_file, "any")
    found = WinRmConnect(_OnePassword(), threading.Event())(Host("HOST", address, remoting))
    assert isinstance(found, Failure)
    return found


@dataclass
class Listener:
    """Accepts connections and treats each in one way."""

    treat: Callable[[socket.socket], None]
    line: socket.socket = field(default_factory=lambda: socket.create_server(("127.78.1.1", 0)))

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self.line.getsockname()[1])

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.line.accept()
                with closing(client), suppress(OSError):
                    self.treat(client)

    def close(self) -> None:
        self.line.shutdown(socket.SHUT_RDWR)
        self.line.close()
        self._thread.join()


@pytest.fixture
def listen() -> Iterator[Callable[[Callable[[socket.socket], None]], Listener]]:
    opened: list[Listener] = []

    def start(treat: Callable[[socket.socket], None]) -> Listener:
        opened.append(Listener(treat))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


Listen = Callable[[Callable[[socket.socket], None]], Listener]


def _asked(client: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        part = client.recv(65_536)
        if not part:
            return
        data += part


def _answering(status: str, body: bytes = b"", headers: str = "") -> Callable[[socket.socket], None]:
    def treat(client: socket.socket) -> None:
        _asked(client)
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{headers}\r\n"
        client.sendall(head.encode() + body)

    return treat


def test_a_closed_port_is_a_refused_connection() -> None:
    with socket.create_server(("127.78.1.1", 0)) as free:
        port = free.getsockname()[1]
    failure = _connect("127.78.1.1", port)
    assert (failure.cause, "refused" in failure.detail) == (Cause.UNREACHABLE, True)


def test_a_name_that_does_not_exist_is_said_to_be_unknown() -> None:
    assert _connect("nowhere.invalid", 5985).cause is Cause.NAME_NOT_RESOLVED


def test_a_reset_is_a_broken_connection(listen: Listen) -> None:
    def treat(client: socket.socket) -> None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    failure = _connect("127.78.1.1", listen(treat).port)
    assert (failure.cause, "broke" in failure.detail) == (Cause.UNREACHABLE, True)


def test_a_server_that_says_nothing_did_not_answer(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    def treat(client: socket.socket) -> None:
        _asked(client)
        client.recv(1)

    monkeypatch.setattr(session, "_READ_SECONDS", 1)
    assert _connect("127.78.1.1", listen(treat).port).cause is Cause.NO_ANSWER


@pytest.mark.parametrize("status", ["503 Service Unavailable", "404 Not Found"])
def test_another_status_is_another_service(listen: Listen, status: str) -> None:
    failure = _connect("127.78.1.1", listen(_answering(status)).port)
    assert (failure.cause, status[:3] in failure.detail) == (Cause.NO_ANSWER, True)


def test_a_refused_logon_is_said_to_be_one(listen: Listen) -> None:
    refusing = _answering("401 Unauthorized", headers="WWW-Authenticate: Negotiate\r\n")
    assert _connect("127.78.1.1", listen(refusing).port).cause is Cause.ACCESS_DENIED


def test_a_port_without_tls_has_a_bad_certificate(listen: Listen) -> None:
    plain = listen(lambda client: client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    assert _connect("127.78.1.1", plain.port, "https").cause is Cause.BAD_CERTIFICATE


def test_a_ca_file_that_is_missing_is_named() -> None:
    failure = _connect("127.78.1.1", 5986, "https", ca_file="/nowhere/ca.pem")
    assert failure.cause is Cause.PROTOCOL
    assert "/nowhere/ca.pem" in failure.detail


def test_a_certificate_of_a_stranger_is_refused(tmp_path: Path) -> None:
    ours, theirs = Authority(), Authority("A stranger")
    ours.write(tmp_path / "ca.pem")
    context = theirs.issue("HOST", "127.78.1.1").for_web()

    def treat(client: socket.socket) -> None:
        with suppress(ssl.SSLError):
            context.wrap_socket(client, server_side=True)

    one = Listener(treat)
    try:
        failure = _connect("127.78.1.1", one.port, "https", ca_file=str(tmp_path / "ca.pem"))
    finally:
        one.close()
    assert failure.cause is Cause.BAD_CERTIFICATE


def _fault(code: int, reason: str) -> WSManFaultError:
    return WSManFaultError(code, "HOST", reason, None, None, None)


class Krb5Error(Exception):
    """Named and numbered like that of a library that is not everywhere."""

    def __init__(self, err_code: int) -> None:
        super().__init__("a text that may name accounts")
        self.err_code = err_code


@pytest.mark.parametrize(
    ("trouble", "cause"),
    [
        (ConnectTimeout("no answer"), Cause.UNREACHABLE),
        (ChunkedEncodingError("half an answer"), Cause.UNREACHABLE),
        (_fault(5, "Access is denied."), Cause.ACCESS_DENIED),
        (_fault(2150859173, "too many shells"), Cause.ACCESS_DENIED),
        (_fault(1115, "shutting down"), Cause.UNREACHABLE),
        (_fault(2150858843, "no such shell"), Cause.UNREACHABLE),
        (_fault(123, "something else"), Cause.PROTOCOL),
        (_fault(1326, "The user name or password is incorrect."), Cause.ACCESS_DENIED),
        (_fault(123, "The maximum number of concurrent shells for this user has been exceeded."), Cause.ACCESS_DENIED),
        (_fault(123, "The process has exceeded its memory quota."), Cause.RESTRICTED),
        (
            _fault(123, "The maximum number of concurrent operations for this user has been exceeded."),
            Cause.ACCESS_DENIED,
        ),
        (_fault(123, "The resource URI was not found."), Cause.RESTRICTED),
        (BadMICError(), Cause.ACCESS_DENIED),
        (NoCredentialError(), Cause.NO_CREDENTIAL),
        (BadBindingsError(), Cause.ACCESS_DENIED),
        (Krb5Error(-1765328347), Cause.ACCESS_DENIED),
        (Krb5Error(-1765328189), Cause.NO_CREDENTIAL),
        (Krb5Error(1), Cause.ACCESS_DENIED),
        (ImportError("no module named krb5"), Cause.NO_CREDENTIAL),
    ],
)
def test_what_cannot_be_staged_here_is_translated_by_its_kind(trouble: Exception, cause: Cause) -> None:
    failure = failure_of(trouble, "HOST")
    assert failure.cause is cause
    assert "HOST" in failure.detail or cause is Cause.NO_CREDENTIAL


class GssError(Exception):
    """As GSSAPI hands Kerberos' number on: without its sign."""

    def __init__(self, minor: int) -> None:
        super().__init__("a text that may name accounts")
        self.maj_code = 13 << 16  # that the mechanism says more
        self.min_code = minor % 2**32


def test_what_kerberos_said_by_way_of_gssapi_is_told_too() -> None:
    failure = failure_of(SpnegoError(base_error=GssError(-1765328377)), "HOST")
    assert (failure.cause, "no such SPN" in failure.detail) == (Cause.ACCESS_DENIED, True)
    assert failure_of(SpnegoError(base_error=GssError(7)), "HOST").detail == "HOST refused the logon"


def test_a_bug_is_not_taken_for_trouble_on_a_host() -> None:
    with pytest.raises(ZeroDivisionError):
        failure_of(ZeroDivisionError(), "HOST")


def test_a_hint_names_the_clock_where_the_clock_is_wrong() -> None:
    assert "clocks" in failure_of(Krb5Error(-1765328347), "HOST").hint
    assert "clocks" in failure_of(_fault(1398, "x"), "HOST").hint


def test_a_certificate_for_another_name_is_told_from_one_of_a_stranger(tmp_path: Path) -> None:
    ours = Authority()
    ours.write(tmp_path / "ca.pem")
    context = ours.issue("OTHER", "127.78.9.9").for_web()

    def treat(client: socket.socket) -> None:
        with suppress(ssl.SSLError):
            context.wrap_socket(client, server_side=True)

    one = Listener(treat)
    try:
        failure = _connect("127.78.1.1", one.port, "https", ca_file=str(tmp_path / "ca.pem"))
    finally:
        one.close()
    assert (failure.cause, "another name" in failure.detail) == (Cause.BAD_CERTIFICATE, True)


def test_a_line_that_breaks_while_it_is_opened_is_tried_again_up_to_a_limit(
    listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_PAUSES", (0.0, 0.0))
    calls: list[int] = []

    def treat(client: socket.socket) -> None:
        calls.append(1)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert _connect("127.78.1.1", listen(treat).port).cause is Cause.UNREACHABLE
    assert len(calls) == 3


def test_a_refused_logon_is_never_tried_again_lest_it_locks_the_account(listen: Listen) -> None:
    calls: list[int] = []
    answer = _answering("401 Unauthorized", headers="WWW-Authenticate: Negotiate\r\n")

    def treat(client: socket.socket) -> None:
        calls.append(1)
        answer(client)

    assert _connect("127.78.1.1", listen(treat).port).cause is Cause.ACCESS_DENIED
    assert len(calls) <= 2, "one handshake takes two connections here, because each is closed"


def test_nobody_waits_for_another_attempt_after_the_stop(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_PAUSES", (3600.0,))
    stop = threading.Event()

    def treat(client: socket.socket) -> None:
        stop.set()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    remoting = Remoting("http", listen(treat).port, "ntlm", None, "any")
    assert isinstance(WinRmConnect(_OnePassword(), stop)(Host("HOST", "127.78.1.1", remoting)), Failure)


@pytest.mark.parametrize("trouble", [ConnectTimeout("x"), BadMICError(), OSError("x"), _fault(5, "x")])
def test_what_will_not_pass_by_itself_is_not_tried_again(trouble: Exception) -> None:
    assert not is_passing(trouble)


@pytest.mark.parametrize(
    ("code", "cause", "word"),
    [
        (0x80090311, Cause.NO_CREDENTIAL, "no domain controller"),
        (0x80090324, Cause.ACCESS_DENIED, "clocks"),
        (0x80090322, Cause.ACCESS_DENIED, "SPN"),
        (0x8009030C, Cause.ACCESS_DENIED, "password"),
    ],
)
@pytest.mark.parametrize("written", [lambda code: code, lambda code: code - 2**32], ids=["unsigned", "signed"])
def test_what_windows_says_of_a_logon_is_told_by_its_number(
    code: int, cause: Cause, word: str, written: Callable[[int], int]
) -> None:
    failure = failure_of(SpnegoError(error_code=13, base_error=NativeError("no", winerror=written(code))), "HOST")
    assert (failure.cause, word in failure.detail) == (cause, True)


def test_a_library_that_cannot_seal_is_a_failure_of_that_host() -> None:
    failure = failure_of(FeatureMissingError(NegotiateOptions.wrapping_winrm), "HOST")
    assert failure.cause is Cause.NO_CREDENTIAL


def test_a_host_that_takes_another_authentication_is_no_wrong_password() -> None:
    text = "The server did not response with one of the following authentication methods Negotiate - actual: 'Basic'"
    failure = failure_of(AuthenticationError(text), "HOST")
    assert (failure.cause, "does not take" in failure.detail) == (Cause.ACCESS_DENIED, True)
