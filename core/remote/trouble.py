"""Turns what pypsrp, requests and spnego raise into failures with a cause and a hint."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import requests.exceptions as http
from pypsrp.exceptions import AuthenticationError, WinRMError, WinRMTransportError, WSManFaultError
from requests_credssp.exceptions import AuthenticationException, NTStatusException
from spnego.exceptions import FeatureMissingError, SpnegoError

from core.contract.foreign import tame
from core.model.failure import Cause, Failure
from core.remote.leaving import StoppedError, left
from core.remote.logons import WINDOWS_LOGON, credssp_failure, is_kerberos_error, kerberos_failure, negotiation_failure

# Faults of the WS-Management service, by code; small ones are Windows' own error numbers.
_FAULTS: dict[int, tuple[Cause, str]] = {
    5: (Cause.ACCESS_DENIED, "the account must be a local administrator of the target"),
    8: (Cause.NO_ANSWER, "the target is out of memory"),
    14: (Cause.NO_ANSWER, "the target is out of memory"),
    1115: (Cause.UNREACHABLE, "the target is shutting down"),
    1450: (Cause.NO_ANSWER, "the target is out of resources"),
    2150859173: (Cause.ACCESS_DENIED, "too many shells of this account are open; raise MaxShellsPerUser or close some"),
    2150858843: (Cause.UNREACHABLE, "the session is gone, as after a restart of WinRM"),
    995: (Cause.UNREACHABLE, "the session was ended on the target"),
}

# Words of a fault whose code says nothing: they are asked for in English.
_FAULT_WORDS: tuple[tuple[str, Cause, str], ...] = (
    ("concurrent shells", Cause.ACCESS_DENIED, "raise MaxShellsPerUser under WSMan:\\localhost\\Shell, or close some"),
    ("concurrent users", Cause.ACCESS_DENIED, "raise MaxConcurrentUsers under WSMan:\\localhost\\Shell"),
    (
        "concurrent operations",
        Cause.ACCESS_DENIED,
        "raise MaxConcurrentOperationsPerUser under WSMan:\\localhost\\Service",
    ),
    ("resource uri", Cause.RESTRICTED, "Enable-PSRemoting -Force on the target registers PowerShell's endpoint anew"),
    ("memory", Cause.RESTRICTED, "raise MaxMemoryPerShellMB under WSMan:\\localhost\\Shell"),
    ("plugin", Cause.RESTRICTED, "Enable-PSRemoting -Force on the target registers PowerShell's endpoint anew"),
)

_MORE = "the target's event log Microsoft-Windows-WinRM/Operational says more"

_STATUSES: dict[int, str] = {
    404: "another service answers on this port",
    413: "the target takes only smaller messages; raise MaxEnvelopeSizekb to 500 or more",
    500: "the WinRM service is not well",
    503: "the WinRM service is starting or not well",
}

_LIBRARIES = frozenset({"pypsrp", "xml"})


def failure_of(trouble: BaseException, address: str) -> Failure:
    """The order matters: the more special kinds are kinds of the more general ones."""
    match trouble:
        case StoppedError():
            return left(address)
        case AuthenticationError() if "authentication methods" in str(trouble):
            hint = "see winrm get winrm/config/service/auth on the target, and remoting.auth"
            return Failure(Cause.ACCESS_DENIED, f"{address} does not take this kind of authentication", hint)
        case AuthenticationError():
            hint = "check account and password, the clock, and for Kerberos the target's SPN"
            return Failure(Cause.ACCESS_DENIED, f"{address} refused the logon", hint)
        case AuthenticationException() | NTStatusException():
            return credssp_failure(trouble, address)
        case SpnegoError():
            return negotiation_failure(trouble, address)
        case _ if is_kerberos_error(trouble):
            return kerberos_failure(trouble, address)
        case WSManFaultError(code=int(code)):
            return _fault(code, trouble, address)
        case WinRMTransportError(code=int(code)):
            hint = _STATUSES.get(code, "the WinRM service is not well")
            return Failure(Cause.NO_ANSWER, f"{address} answered with HTTP {code}", hint)
        case http.SSLError():
            return _certificate(trouble, address)
        case http.ConnectTimeout():
            return Failure(
                Cause.UNREACHABLE, f"{address} did not answer the connection", "is it up? is a firewall between?"
            )
        case http.ReadTimeout():
            return Failure(
                Cause.NO_ANSWER,
                f"{address} accepted the connection and stayed silent",
                "look whether WinRM is well there",
            )
        case http.RequestException():
            return _connection(trouble, address)
        case ImportError() | FeatureMissingError():
            hint = "install it (Kerberos: gssapi and krb5), or choose another"
            return Failure(Cause.NO_CREDENTIAL, f"a library for this authentication is missing: {trouble}", hint)
        case UnicodeEncodeError():
            # Its text and its object hold what could not be written, and that may be the password.
            hint = "choose a password of plain characters, or another authentication"
            return Failure(Cause.NO_CREDENTIAL, f"the credential for {address} cannot be sent this way", hint)
        case WinRMError() | OSError():
            return Failure(Cause.PROTOCOL, f"{address}: {_first_line(trouble)}")
        case _ if _came_up_while_reading(trouble):
            detail = f"{address} answered with something that is no PowerShell remoting"
            return Failure(Cause.PROTOCOL, detail, "another service answers on this port")
        case _:
            raise trouble


def is_passing(trouble: BaseException) -> bool:
    """Whether opening the line may succeed in a moment. A refused logon never: three of them lock an account."""
    match trouble:
        case WinRMTransportError(code=int(code)):
            return code in (500, 503)
        case http.SSLError() | http.Timeout():
            return False
        case http.RequestException():
            return not any(isinstance(one, socket.gaierror | ConnectionRefusedError) for one in _chain(trouble))
        case _:
            return False


def _fault(code: int, trouble: BaseException, address: str) -> Failure:
    if code in WINDOWS_LOGON:
        said, hint = WINDOWS_LOGON[code]
        return Failure(Cause.ACCESS_DENIED, f"{address} {said}", hint)
    text = _first_line(trouble)
    known = _FAULTS.get(code)
    if known is None:
        found = (one[1:] for one in _FAULT_WORDS if one[0] in text.casefold())
        known = next(found, (Cause.PROTOCOL, _MORE))
    return Failure(known[0], f"{address} answered with fault {code}: {text}", known[1])


def _certificate(trouble: BaseException, address: str) -> Failure:
    """Which of its faults the certificate has decides what to do."""
    text = " ".join(str(one) for one in _chain(trouble)).casefold()
    if "hostname mismatch" in text or "doesn't match" in text or "ip address mismatch" in text:
        hint = "use the name that stands in the certificate; without an ip_address the target's own name is used"
        return Failure(Cause.BAD_CERTIFICATE, f"the certificate of {address} is for another name", hint)
    if "expired" in text:
        return Failure(Cause.BAD_CERTIFICATE, f"the certificate of {address} has expired", "renew it on the target")
    if "wrong version number" in text or "record layer failure" in text:
        hint = "port 5986 is for https and 5985 for http; see remoting.transport and remoting.port"
        return Failure(Cause.BAD_CERTIFICATE, f"the certificate of {address} is not there: no TLS is spoken", hint)
    hint = "give the CA's file in remoting.ca_file, and use the name in the certificate"
    return Failure(Cause.BAD_CERTIFICATE, f"the certificate of {address} is not accepted", hint)


def _connection(trouble: BaseException, address: str) -> Failure:
    causes = list(_chain(trouble))
    if any(isinstance(one, socket.gaierror) or type(one).__name__ == "NameResolutionError" for one in causes):
        return Failure(Cause.NAME_NOT_RESOLVED, f"the name {address} is not known", "check the spelling and the DNS")
    if any(isinstance(one, ConnectionRefusedError) for one in causes):
        hint = "run Enable-PSRemoting -Force on the target; is the port right?"
        return Failure(Cause.UNREACHABLE, f"{address} refused the connection", hint)
    hint = "the network, or a restart of the target or of its WinRM service"
    return Failure(Cause.UNREACHABLE, f"the connection to {address} broke", hint)


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
