"""Turns what pypsrp, requests and spnego raise into failures with a cause and a hint."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import requests.exceptions as http
from pypsrp.exceptions import AuthenticationError, WinRMError, WinRMTransportError, WSManFaultError
from spnego.exceptions import SpnegoError

from core.contract.foreign import tame
from core.model.failure import Cause, Failure

# Faults of the WS-Management service, by code.
_FAULTS: dict[int, tuple[Cause, str]] = {
    5: (Cause.ACCESS_DENIED, "the account must be a local administrator of the target"),
    1115: (Cause.UNREACHABLE, "the target is shutting down"),
    2150859173: (Cause.ACCESS_DENIED, "too many shells of this account are open; raise MaxShellsPerUser or close some"),
    2150858843: (Cause.UNREACHABLE, "the session is gone, as after a restart of WinRM"),
    995: (Cause.UNREACHABLE, "the session was ended on the target"),
}

_LIBRARIES = frozenset({"pypsrp", "xml"})


def failure_of(trouble: BaseException, address: str) -> Failure:
    """The order matters: the more special kinds are kinds of the more general ones."""
    match trouble:
        case AuthenticationError() | SpnegoError():
            hint = "check account and password, the clock, and for Kerberos the target's SPN"
            return Failure(Cause.ACCESS_DENIED, f"{address} refused the logon", hint)
        case WSManFaultError(code=int(code)):
            cause, hint = _FAULTS.get(code, (Cause.PROTOCOL, ""))
            return Failure(cause, f"{address} answered with fault {code}: {_first_line(trouble)}", hint)
        case WinRMTransportError(code=int(code)):
            hint = "another service answers on this port" if code == 404 else "the WinRM service is not well"
            return Failure(Cause.NO_ANSWER, f"{address} answered with HTTP {code}", hint)
        case http.SSLError():
            hint = "give the CA's file in remoting.ca_file, and use the name in the certificate"
            return Failure(Cause.BAD_CERTIFICATE, f"the certificate of {address} is not accepted", hint)
        case http.ConnectTimeout():
            return Failure(
                Cause.UNREACHABLE, f"{address} did not answer the connection", "is it up? is a firewall between?"
            )
        case http.ReadTimeout():
            return Failure(Cause.NO_ANSWER, f"{address} accepted the connection and stayed silent", "is WinRM well?")
        case http.RequestException():
            return _connection(trouble, address)
        case ImportError():
            hint = "install the Kerberos libraries, or choose another authentication"
            return Failure(Cause.NO_CREDENTIAL, f"a library for this authentication is missing: {trouble}", hint)
        case UnicodeEncodeError():
            # Its text and its object hold what could not be written, and that may be the password.
            hint = "choose a password of plain characters, or another authentication"
            return Failure(Cause.NO_CREDENTIAL, f"the credential for {address} cannot be sent this way", hint)
        case WinRMError() | OSError():
            return Failure(Cause.PROTOCOL, f"{address}: {_first_line(trouble)}")
        case _ if _came_up_while_reading(trouble):
            detail = f"{address} answered with something that is no remoting ({type(trouble).__name__})"
            return Failure(Cause.PROTOCOL, detail, "another service answers on this port")
        case _:
            raise trouble


def _connection(trouble: BaseException, address: str) -> Failure:
    causes = list(_chain(trouble))
    if any(isinstance(one, socket.gaierror) or type(one).__name__ == "NameResolutionError" for one in causes):
        return Failure(Cause.NAME_NOT_RESOLVED, f"the name {address} is not known", "check the spelling and the DNS")
    if any(isinstance(one, ConnectionRefusedError) for one in causes):
        hint = "run Enable-PSRemoting -Force on the target; is the port right?"
        return Failure(Cause.UNREACHABLE, f"{address} refused the connection", hint)
    return Failure(Cause.UNREACHABLE, f"the connection to {address} broke", "")


def _came_up_while_reading(trouble: BaseException) -> bool:
    """A stranger's answer can break the library in any way; what breaks in our own code is a bug and stays loud."""
    innermost = None
    trace = trouble.__traceback__
    while trace is not None:
        innermost, trace = trace.tb_frame.f_globals.get("__name__", ""), trace.tb_next
    return innermost is not None and innermost.partition(".")[0] in _LIBRARIES


def _chain(trouble: BaseException) -> Iterator[BaseException]:
    """The error and what caused it, also where a library keeps the cause in an attribute or argument."""
    todo: list[object] = [trouble]
    seen: set[int] = set()
    while todo:
        one = todo.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        todo += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]


def _first_line(trouble: BaseException) -> str:
    lines = str(trouble).strip().splitlines()
    return tame(lines[0], 300) if lines else type(trouble).__name__
