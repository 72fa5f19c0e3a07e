"""A PowerShell remoting session over WinRM, by pypsrp."""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pypsrp.complex_objects import PSInvocationState
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.serializer import TaggedValue
from pypsrp.wsman import WSMan

from core.contract.answer import read_answer
from core.contract.foreign import tame
from core.contract.package import ReceivePackage, ReceiveResult
from core.contract.script import Call, P, R, Script
from core.model.failure import Cause, Failure
from core.model.host import Host, is_loopback
from core.model.secret import Credential
from core.ports import Hear, Secrets, Stop
from core.remote.leaving import StoppedError
from core.remote.lines import give_up_on
from core.remote.logons import lost_its_answer
from core.remote.restrictions import refusal_of
from core.remote.serializing import make_ready, use_what_is_ready
from core.remote.trouble import failure_of, is_passing

# At DEBUG pypsrp writes whole messages, secrets included, and at ERROR tracebacks of what is translated here.
logging.getLogger("pypsrp").setLevel(logging.CRITICAL)

_CONNECT_SECONDS = 10
_OPERATION_SECONDS = 15
_READ_SECONDS = 30
# How long a stop flag may go unseen while a script runs. Shorter than the grace that a line is given then.
_POLL_SECONDS = 3
_LONGEST_SCRIPT_SECONDS = 300
_CHUNK_BYTES = 256 * 1024
_LARGEST_INT32 = 2**31 - 1
_LARGEST_ANSWER = 8 * 1024 * 1024
# Between attempts to open a line that broke while it was being opened: nothing was asked for yet.
_PAUSES = (0.25, 1.0)

_LOG = logging.getLogger(__name__)


class WinRmConnect:
    """The Connect port."""

    def __init__(self, secrets: Secrets, stop: Stop, hear: Hear | None = None) -> None:
        self._secrets = secrets
        self._stop = stop
        self._hear = hear

    def __call__(self, host: Host) -> WinRmSession | Failure:
        credential = None
        if host.remoting.credential_ref is not None:
            found = self._secrets.get(host.remoting.credential_ref)
            if isinstance(found, Failure):
                return found
            credential = found
        refused = unsafe_logon(host, credential)
        if refused is not None:
            return refused
        for pause in (*_PAUSES, None):
            opened = self._open(host, credential)
            match opened:
                case WinRmSession():
                    return opened
                case Failure() as failure, passing:
                    if not passing or pause is None or self._stop.wait(pause):
                        return failure
                    _LOG.info("tried again", extra={"target": host.name, "cause": str(failure.cause)})
        raise AssertionError("the last attempt returns")

    def _open(self, host: Host, credential: Credential | None) -> WinRmSession | tuple[Failure, bool]:
        """The session, or why not and whether it may work in a moment."""
        wsman = None
        try:
            wsman = _wsman(host, credential, self._stop)
            pool = RunspacePool(wsman)
            use_what_is_ready(pool)
            pool.open()
        except Exception as trouble:
            if wsman is not None:
                wsman.close()
            return failure_of(trouble, host.address), is_passing(trouble)
        how = {"target": host.name, "auth": host.remoting.auth, "transport": host.remoting.transport}
        if host.remoting.auth == "credssp":
            _LOG.info("the password was handed to the host", extra=how)
        _LOG.debug("session opened", extra=how)
        return WinRmSession(host, wsman, pool, self._stop, self._hear)


class WinRmSession:
    """The Session port. Belongs to the thread that opened it."""

    def __init__(self, host: Host, wsman: WSMan, pool: RunspacePool, stop: Stop, hear: Hear | None) -> None:
        self._host = host
        self._wsman = wsman
        self._pool = pool
        self._stop = stop
        self._hear = hear
        self._given_up = False

    def run(self, call: Call[P, R]) -> R | Failure:
        return self._invoke(call.script, call.parameters.model_dump(by_alias=True), None)

    def send(
        self, call: Call[ReceivePackage, ReceiveResult], source: Path, told: Callable[[int], None]
    ) -> ReceiveResult | Failure:
        try:
            chunks = _chunks(source, self._stop, told)
            return self._invoke(call.script, call.parameters.model_dump(by_alias=True), chunks)
        except OSError as trouble:
            return Failure(Cause.PACKAGE, f"{source.name} cannot be read on this PC: {trouble.strerror}")

    def close(self) -> None:
        """A host that did not answer in the end is not asked to close its shell: it does so by itself after a while."""
        for closing in (self._wsman.close,) if self._given_up else (self._pool.close, self._wsman.close):
            try:
                closing()
            except Exception as trouble:
                _LOG.debug("not closed cleanly", extra={"target": self._host.name, "why": type(trouble).__name__})

    def _invoke(self, script: Script[Any, R], parameters: dict[str, Any], chunks: Iterator[str] | None) -> R | Failure:
        make_ready(script.text)
        shell = PowerShell(self._pool)
        shell.add_script(script.text)
        for name, value in parameters.items():
            shell.add_parameter(name, _as_sent(value))
        try:
            shell.begin_invoke(chunks)
            began = time.monotonic()
            until = began + _LONGEST_SCRIPT_SECONDS
            while shell.state == PSInvocationState.RUNNING:
                if self._stop.is_set():
                    shell.stop()
                    return Failure(Cause.CANCELLED, f"{script.words} was given up")
                if time.monotonic() > until:
                    shell.stop()
                    return Failure(
                        Cause.NO_ANSWER, f"{script.words} had no result after {_LONGEST_SCRIPT_SECONDS} seconds"
                    )
                shell.poll_invoke(timeout=_POLL_SECONDS)
            ran = {"target": self._host.name, "script": script.name, "seconds": round(time.monotonic() - began, 2)}
            _LOG.debug("script ran", extra=ran)
            texts = [str(one) for one in shell.output]
            if self._hear is not None:
                self._hear(self._host.name, script.name, "\n".join(texts))
            return _answer(script, shell, texts)
        except StoppedError as stopped:
            self._given_up = True
            return failure_of(stopped, self._host.address)
        except Exception as trouble:
            if lost_its_answer(trouble):
                hint = "it is opened anew; if that goes on, look at the host's event log"
                return Failure(Cause.UNREACHABLE, f"the session on {self._host.address} is gone", hint)
            return failure_of(trouble, self._host.address)


def unsafe_logon(host: Host, credential: Credential | None) -> Failure | None:
    """What would give a password, or a logon that can be passed on, to whoever listens. Nothing is sent then."""
    remoting = host.remoting
    choose = "set remoting.transport to https, or choose another authentication"
    if remoting.auth in ("basic", "credssp") and credential is None:
        hint = "name one in os_credential_ref or remoting.credential_ref"
        return Failure(Cause.NO_CREDENTIAL, f"{remoting.auth} to {host.address} needs a credential", hint)
    if remoting.transport == "https":
        return None
    if remoting.auth in ("basic", "credssp"):
        return Failure(Cause.NO_CREDENTIAL, f"the password for {host.address} would travel in plain text", choose)
    if remoting.auth in ("ntlm", "negotiate") and not is_loopback(host.address):
        detail = f"{remoting.auth} to {host.address} over http could be relayed to another server"
        return Failure(Cause.NO_CREDENTIAL, detail, choose)
    return None


def _wsman(host: Host, credential: Credential | None, stop: Stop) -> WSMan:
    remoting = host.remoting
    wsman = WSMan(
        host.address,
        port=remoting.port,
        ssl=remoting.transport == "https",
        auth=remoting.auth,
        username=None if credential is None else credential.username,
        password=None if credential is None else credential.password.reveal(),
        cert_validation=remoting.ca_file or True,  # type: ignore[arg-type]  # a path is taken, too
        connection_timeout=_CONNECT_SECONDS,
        operation_timeout=_OPERATION_SECONDS,
        read_timeout=_READ_SECONDS,
        reconnection_retries=0,
        no_proxy=True,
        negotiate_hostname_override=host.name_in_domain,
        # Older ones let whoever sits between use the logon (CVE-2018-0886).
        credssp_minimum_version=5,
    )
    transport = wsman.transport
    # Made before the library makes it itself at the first message: it has no other way to reach its lines.
    transport.session = transport._build_session()  # noqa: SLF001 - see above
    # What the environment says of authorities is read by now. With each message it would be asked for proxies again,
    # and a .netrc of whoever runs this would be looked into.
    transport.session.trust_env = False
    give_up_on(transport.session, stop)
    return wsman


def _as_sent(value: Any) -> Any:
    """The library calls every number an Int32, also one that is none."""
    match value:
        case tuple():
            return list(value)
        case int() if abs(value) > _LARGEST_INT32:
            return TaggedValue("I64", value)
        case _:
            return value


def _chunks(source: Path, stop: Stop, told: Callable[[int], None]) -> Iterator[str]:
    """Told comes after the chunk went: the next one is asked for only then."""
    with source.open("rb") as file:
        while not stop.is_set() and (chunk := file.read(_CHUNK_BYTES)):
            yield base64.b64encode(chunk).decode("ascii")
            told(file.tell())


def _answer(script: Script[Any, R], shell: PowerShell, texts: list[str]) -> R | Failure:
    """A script of ours always writes one document; without one PowerShell itself refused to run it."""
    if len(texts) == 1 and len(texts[0]) <= _LARGEST_ANSWER:
        return read_answer(script, texts[0])
    restricted = refusal_of(script.words, shell.streams.error)
    if restricted is not None:
        return restricted
    errors = tame("; ".join(str(one) for one in shell.streams.error), 500)
    detail = errors or f"{len(texts)} answers of {sum(map(len, texts))} characters instead of one"
    return Failure(
        Cause.SCRIPT,
        f"{script.words} gave no answer that can be read: {detail}",
        "PowerShell on the target may be restricted",
    )
