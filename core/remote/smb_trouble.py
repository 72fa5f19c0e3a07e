"""Turns what smbprotocol and sockets raise, and what a host answers, into failures with a cause and a hint."""

from __future__ import annotations

import socket

from smbprotocol.exceptions import (
    SMBAuthenticationError,
    SMBConnectionClosed,
    SMBException,
    SMBResponseException,
)
from spnego.exceptions import FeatureMissingError, SpnegoError

from core.model.failure import Cause, Failure
from core.remote.leaving import StoppedError
from core.remote.logons import NT_LOGON, is_kerberos_error, kerberos_failure, negotiation_failure

_ADMINISTRATOR = "the account must be an administrator of the host; a local one needs LocalAccountTokenFilterPolicy = 1"
_BROKEN = "the line is tried once more"

# What a host answers, by NTSTATUS.
_STATUSES: dict[int, tuple[Cause, str, str]] = {
    **{status: (Cause.ACCESS_DENIED, *told) for status, told in NT_LOGON.items()},
    0xC0000022: (Cause.ACCESS_DENIED, "denied access to its administrative share", _ADMINISTRATOR),
    0xC00000CC: (Cause.PACKAGE, "has no administrative share", "see AutoShareServer and AutoShareWks in the registry"),
    0xC0000034: (Cause.PACKAGE, "has no such file", ""),
    0xC000003A: (Cause.PACKAGE, "does not have the package's folder on that share", "is the drive an ordinary one?"),
    0xC0000043: (Cause.PACKAGE, "has the file open elsewhere", "an earlier transfer may still hold it"),
    0xC00000D0: (Cause.PACKAGE, "takes no more connections", "close some, or wait"),
    0xC000007F: (Cause.NOT_ENOUGH_SPACE, "has no space left on the drive", "free some space on the system drive"),
    0xC0000044: (Cause.NOT_ENOUGH_SPACE, "has used up the account's quota", "raise the quota, or free some space"),
    0xC00000C9: (Cause.UNREACHABLE, "took its share away during the transfer", _BROKEN),
    0xC0000203: (Cause.UNREACHABLE, "ended the session during the transfer", _BROKEN),
    0xC000035C: (Cause.UNREACHABLE, "let the session expire during the transfer", _BROKEN),
    0xC00000B5: (Cause.NO_ANSWER, "could not write in time", "look at the host's disk"),
    0xC000009A: (Cause.NO_ANSWER, "is out of resources", "look at the host's memory"),
    0xC0000205: (Cause.NO_ANSWER, "is out of resources", "look at the host's memory"),
}


class UnprotectedError(SMBException):  # type: ignore[misc]  # the library has no types
    """An answer without a valid signature, where one is required."""


class UnreadableError(Exception):
    """The file cannot be read on this PC."""

    def __init__(self, name: str, trouble: OSError) -> None:
        super().__init__(f"{name} cannot be read on this PC: {trouble.strerror}")


def failure_of(trouble: BaseException, address: str, port: int) -> Failure:
    """The order matters: the more special kinds are kinds of the more general ones."""
    where = f"{address} (SMB, port {port})"
    match trouble:
        case StoppedError():
            return Failure(Cause.CANCELLED, "the transfer was given up")
        case UnreadableError():
            return Failure(Cause.PACKAGE, str(trouble))
        case UnprotectedError():
            hint = "SMB signing is never given up: something between this PC and the host may be changing messages"
            return Failure(Cause.ACCESS_DENIED, f"{where}: {trouble}", hint)
        case SMBAuthenticationError(__cause__=SpnegoError() as why):
            return negotiation_failure(why, where)
        case _ if is_kerberos_error(trouble):
            return kerberos_failure(trouble, where)
        case SMBAuthenticationError():
            hint = "check account and password, the clock, and for Kerberos the host's SPN cifs/<name>"
            return Failure(Cause.ACCESS_DENIED, f"{where}: no logon came about", hint)
        case SMBResponseException(status=int(status)):
            unknown = (Cause.PACKAGE, f"answered with status 0x{status:08X}", "")
            cause, said, hint = _STATUSES.get(status, unknown)
            return Failure(cause, f"{where} {said}", hint)
        case SMBConnectionClosed() | ConnectionError():
            return Failure(Cause.UNREACHABLE, f"the connection to {where} broke", _BROKEN)
        case TimeoutError():
            return Failure(Cause.NO_ANSWER, f"{where} stood still during the transfer", _BROKEN)
        case SMBException() if "as a guest" in str(trouble):
            hint = "guests are refused: check account and password, and switch guests off on the host"
            return Failure(Cause.ACCESS_DENIED, f"{where} took the account for a guest", hint)
        case SMBException():
            return Failure(Cause.PACKAGE, f"{where} speaks no SMB that is taken here: {_first_line(trouble)}")
        case ValueError(__cause__=OSError() as cause):
            return _not_connected(cause, where)
        case ImportError() | FeatureMissingError():
            hint = "install the Kerberos libraries, or choose another authentication"
            return Failure(Cause.NO_CREDENTIAL, f"a library for this authentication is missing: {trouble}", hint)
        case OSError():
            return Failure(Cause.UNREACHABLE, f"the connection to {where} broke", _BROKEN)
        case _:
            raise trouble


def _not_connected(cause: OSError, where: str) -> Failure:
    """The port is closed, or somebody keeps it closed: trying again would not open it."""
    hint = "open port 445 (File and Printer Sharing) from this PC, or take the route smb out of transfer.routes"
    match cause:
        case socket.gaierror():
            return Failure(Cause.NAME_NOT_RESOLVED, f"the name {where} is not known", "check the spelling and the DNS")
        case ConnectionRefusedError():
            return Failure(Cause.PACKAGE, f"{where} refused the connection", hint)
        case _:
            return Failure(Cause.PACKAGE, f"{where} did not answer the connection", hint)


def _first_line(trouble: BaseException) -> str:
    lines = str(trouble).strip().splitlines()
    return lines[0][:300] if lines else type(trouble).__name__
