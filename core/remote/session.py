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
from core.model.host import Host
from core.model.secret import Credential
from core.ports import Secrets, Stop
from core.remote.trouble import failure_of

# At DEBUG pypsrp writes whole messages, secrets included.
logging.getLogger("pypsrp").setLevel(logging.WARNING)

_CONNECT_SECONDS = 10
_OPERATION_SECONDS = 15
_READ_SECONDS = 30
_POLL_SECONDS = 5
_LONGEST_SCRIPT_SECONDS = 300
_CHUNK_BYTES = 256 * 1024
_LARGEST_INT32 = 2**31 - 1
_LARGEST_ANSWER = 8 * 1024 * 1024


class WinRmConnect:
    """The Connect port."""

    def __init__(self, secrets: Secrets, stop: Stop) -> None:
        self._secrets = secrets
        self._stop = stop

    def __call__(self, host: Host) -> WinRmSession | Failure:
        credential = None
        if host.remoting.credential_ref is not None:
            found = self._secrets.get(host.remoting.credential_ref)
            if isinstance(found, Failure):
                return found
            credential = found
        if host.remoting.auth == "basic" and host.remoting.transport != "https":
            hint = "set remoting.transport to https, or choose another authentication"
            return Failure(Cause.NO_CREDENTIAL, f"the password for {host.address} would travel in plain text", hint)
        try:
            wsman = _wsman(host, credential)
            pool = RunspacePool(wsman)
            pool.open()
        except Exception as trouble:
            return failure_of(trouble, host.address)
        return WinRmSession(host, wsman, pool, self._stop)


class WinRmSession:
    """The Session port. Belongs to the thread that opened it."""

    def __init__(self, host: Host, wsman: WSMan, pool: RunspacePool, stop: Stop) -> None:
        self._host = host
        self._wsman = wsman
        self._pool = pool
        self._stop = stop

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
        for closing in (self._pool.close, self._wsman.close):
            try:
                closing()
            except Exception as trouble:
                logging.getLogger(__name__).debug("closing %s: %s", self._host.name, type(trouble).__name__)

    def _invoke(self, script: Script[Any, R], parameters: dict[str, Any], chunks: Iterator[str] | None) -> R | Failure:
        shell = PowerShell(self._pool)
        shell.add_script(script.text)
        for name, value in parameters.items():
            shell.add_parameter(name, _as_sent(value))
        try:
            shell.begin_invoke(chunks)
            until = time.monotonic() + _LONGEST_SCRIPT_SECONDS
            while shell.state == PSInvocationState.RUNNING:
                if self._stop.is_set():
                    shell.stop()
                    return Failure(Cause.CANCELLED, f"{script.name} was given up")
                if time.monotonic() > until:
                    shell.stop()
                    return Failure(
                        Cause.NO_ANSWER, f"{script.name} had no result after {_LONGEST_SCRIPT_SECONDS} seconds"
                    )
                shell.poll_invoke(timeout=_POLL_SECONDS)
            return _answer(script, shell)
        except Exception as trouble:
            return failure_of(trouble, self._host.address)


def _wsman(host: Host, credential: Credential | None) -> WSMan:
    remoting = host.remoting
    return WSMan(
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
    )


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


def _answer(script: Script[Any, R], shell: PowerShell) -> R | Failure:
    """A script of ours always writes one document; without one PowerShell itself refused to run it."""
    texts = [str(one) for one in shell.output]
    if len(texts) == 1 and len(texts[0]) <= _LARGEST_ANSWER:
        return read_answer(script, texts[0])
    errors = tame("; ".join(str(one) for one in shell.streams.error), 500)
    detail = errors or f"{len(texts)} answers of {sum(map(len, texts))} characters instead of one"
    return Failure(Cause.SCRIPT, f"{script.name}: {detail}", "PowerShell on the target may be restricted")
