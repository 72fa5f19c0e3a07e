"""Turns what the authentication libraries raise into failures: why a logon did not come about, as precisely as told."""

from __future__ import annotations

from requests_credssp.exceptions import AuthenticationException, NTStatusException
from spnego.exceptions import (
    BadBindingsError,
    BadMechanismError,
    BadMICError,
    BadNameError,
    ContextExpiredError,
    CredentialsExpiredError,
    InvalidCredentialError,
    NoCredentialError,
    SpnegoError,
)

from core.model.failure import Cause, Failure

ACCOUNT_HINT = "check account and password, and whether the account is disabled, locked or expired"
_SPN_HINT = "use the name that the domain knows; setspn -Q host/<name> must find it once, for this host"
_CLOCK_HINT = "set the clocks of this PC, the target and the domain controllers right: five minutes are too far apart"
_TICKET_HINT = "log on to the domain again (kinit on Linux), or name a credential_ref"
_KDC_HINT = "see that this PC reaches a domain controller (port 88), and that the account names its domain"

_CONFIGURATION_HINT = "name the domain in /etc/krb5.conf, or in the file that KRB5_CONFIG names"
_ENCRYPTION_HINT = "RC4 was switched off somewhere: give the account AES keys (set its password anew)"

# What Windows answers when a logon fails, by its own error number.
WINDOWS_LOGON: dict[int, tuple[str, str]] = {
    1326: ("says that account or password are wrong", ACCOUNT_HINT),
    1327: ("restricts the account", "an account without a password may not log on over the network"),
    1328: ("does not let the account in at this hour", "see the account's logon hours"),
    1330: ("says that the password has expired", "change the password of the account, and the vault's copy of it"),
    1331: ("says that the account is disabled", "enable the account"),
    1385: (
        "does not let the account in from the network",
        "grant it the right to access this computer from there",
    ),
    1396: ("is not who the domain says it is (wrong SPN)", _SPN_HINT),
    1398: ("has another time than this PC", _CLOCK_HINT),
    1793: ("says that the account has expired", "extend the account"),
    1907: ("wants a new password for the account", "change the password of the account, and the vault's copy of it"),
    1909: ("says that the account is locked", "unlock the account, and find out who locked it"),
    1311: ("finds no domain controller", _KDC_HINT),
}

# The same by NTSTATUS, as SMB and CredSSP tell it.
NT_LOGON: dict[int, tuple[str, str]] = {
    0xC000006D: ("refused the logon", ACCOUNT_HINT),
    0xC000006A: ("refused the password", ACCOUNT_HINT),
    0xC0000064: ("does not know the account", ACCOUNT_HINT),
    0xC0000072: ("says that the account is disabled", "enable the account"),
    0xC0000234: ("says that the account is locked", "unlock the account, and find out who locked it"),
    0xC0000193: ("says that the account has expired", "extend the account"),
    0xC0000071: (
        "says that the password has expired",
        "change the password of the account, and the vault's copy of it",
    ),
    0xC0000224: ("wants a new password", "change the password of the account, and the vault's copy of it"),
    0xC000006E: ("restricts the account", "an account without a password may not log on over the network"),
    0xC000006F: ("does not let the account in at this hour", "see the account's logon hours"),
    0xC000015B: (
        "does not let the account in from the network",
        "grant it the right to access this computer from there",
    ),
    0xC000005E: ("finds no domain controller", _KDC_HINT),
    0xC0000133: ("has another time than the domain controller", _CLOCK_HINT),
}

# MIT Kerberos' own numbers.
_KERBEROS: dict[int, tuple[Cause, str, str]] = {
    -1765328378: (Cause.ACCESS_DENIED, "the domain does not know the account", ACCOUNT_HINT),
    -1765328377: (Cause.ACCESS_DENIED, "the domain does not know the target (no such SPN)", _SPN_HINT),
    -1765328373: (Cause.ACCESS_DENIED, "the clocks are too far apart for Kerberos", _CLOCK_HINT),
    -1765328372: (
        Cause.ACCESS_DENIED,
        "the domain's policy forbids this logon",
        "see the account's logon restrictions",
    ),
    -1765328370: (Cause.ACCESS_DENIED, "domain and account share no kind of encryption", _ENCRYPTION_HINT),
    -1765328366: (Cause.ACCESS_DENIED, "the account is disabled, locked or expired", ACCOUNT_HINT),
    -1765328361: (Cause.ACCESS_DENIED, "the password has expired", "change the password of the account"),
    -1765328360: (Cause.ACCESS_DENIED, "the password is wrong", ACCOUNT_HINT),
    # What a domain that asks for no proof first lets the client find out itself.
    -1765328353: (Cause.ACCESS_DENIED, "the password is wrong", ACCOUNT_HINT),
    -1765328352: (Cause.NO_CREDENTIAL, "the Kerberos ticket has expired", _TICKET_HINT),
    -1765328351: (Cause.ACCESS_DENIED, "the ticket is not valid yet: the clocks differ", _CLOCK_HINT),
    -1765328347: (Cause.ACCESS_DENIED, "the clocks are too far apart for Kerberos", _CLOCK_HINT),
    -1765328343: (Cause.ACCESS_DENIED, "the target cannot read the ticket that was made for its name", _SPN_HINT),
    -1765328249: (Cause.NO_CREDENTIAL, "Kerberos is not configured on this PC", _CONFIGURATION_HINT),
    -1765328248: (Cause.NO_CREDENTIAL, "Kerberos' configuration on this PC cannot be read", _CONFIGURATION_HINT),
    -1765328243: (Cause.NO_CREDENTIAL, "there is no Kerberos ticket", _TICKET_HINT),
    -1765328236: (Cause.ACCESS_DENIED, "the clocks are too far apart for Kerberos", _CLOCK_HINT),
    -1765328230: (Cause.NO_CREDENTIAL, "the domain's controllers cannot be found", _KDC_HINT),
    -1765328228: (Cause.NO_CREDENTIAL, "no domain controller answers", _KDC_HINT),
    -1765328190: (Cause.NO_CREDENTIAL, "the file of Kerberos tickets may not be read", _TICKET_HINT),
    -1765328189: (Cause.NO_CREDENTIAL, "there is no Kerberos ticket", _TICKET_HINT),
    -1765328185: (Cause.NO_CREDENTIAL, "the file of Kerberos tickets is damaged", _TICKET_HINT),
    -1765328174: (Cause.ACCESS_DENIED, "the password is wrong", ACCOUNT_HINT),
    -1765328164: (Cause.NO_CREDENTIAL, "the domain's controllers cannot be found", _KDC_HINT),
    -1765328160: (Cause.NO_CREDENTIAL, "Kerberos on this PC knows no domain", _CONFIGURATION_HINT),
}

# What Windows itself says where it is the audit PC.
_SSPI: dict[int, tuple[Cause, str, str]] = {
    0x80090303: (Cause.ACCESS_DENIED, "the domain does not know the target (no such SPN)", _SPN_HINT),
    0x80090322: (Cause.ACCESS_DENIED, "the target is not who the domain says it is (wrong SPN)", _SPN_HINT),
    0x80090311: (Cause.NO_CREDENTIAL, "no domain controller answers", _KDC_HINT),
    0x80090324: (Cause.ACCESS_DENIED, "the clocks are too far apart for Kerberos", _CLOCK_HINT),
    0x8009030C: (Cause.ACCESS_DENIED, "account or password are wrong", ACCOUNT_HINT),
    0x8009030D: (Cause.NO_CREDENTIAL, "the credential is not of a known kind", _TICKET_HINT),
    0x8009030E: (Cause.NO_CREDENTIAL, "there is no credential to log on with", _TICKET_HINT),
    0x80090342: (Cause.ACCESS_DENIED, "domain and account share no kind of encryption", _ENCRYPTION_HINT),
}

_ANY_LOGON_HINT = "check account and password, the clock, and for Kerberos the target's SPN"


def is_kerberos_error(trouble: BaseException) -> bool:
    """By name: where the library is missing, its errors cannot come, and cannot be named either."""
    return type(trouble).__name__ == "Krb5Error"


def kerberos_failure(trouble: BaseException, address: str) -> Failure:
    code = getattr(trouble, "err_code", 0)
    return _failure_by_code(code if isinstance(code, int) else 0, address)


def _failure_by_code(code: int, address: str) -> Failure:
    unknown = (Cause.ACCESS_DENIED, f"Kerberos failed (code {code})", _ANY_LOGON_HINT)
    cause, said, hint = _KERBEROS.get(code, unknown)
    return Failure(cause, f"{address}: {said}", hint)


def negotiation_failure(trouble: SpnegoError, address: str) -> Failure:
    """The texts of these errors are the system's and can name accounts, so only their kinds are told."""
    match trouble:
        case NoCredentialError():
            detail = f"{address}: there is no Kerberos ticket, and no credential is named to log on with"
            return Failure(Cause.NO_CREDENTIAL, detail, _TICKET_HINT)
        case CredentialsExpiredError() | ContextExpiredError():
            return Failure(Cause.NO_CREDENTIAL, f"{address}: the credential has expired", _TICKET_HINT)
        case BadBindingsError():
            hint = "something between this PC and the target ends the TLS connection: go past that proxy"
            return Failure(Cause.ACCESS_DENIED, f"{address}: the logon is bound to another TLS connection", hint)
        case BadNameError():
            return Failure(Cause.ACCESS_DENIED, f"{address}: the domain knows no target of this name", _SPN_HINT)
        case BadMechanismError():
            hint = 'the target does not take it; in a domain use "kerberos", outside "ntlm" over https'
            return Failure(Cause.ACCESS_DENIED, f"{address}: this kind of authentication is not possible here", hint)
        case BadMICError() | InvalidCredentialError():
            return Failure(Cause.ACCESS_DENIED, f"{address} refused the logon", ACCOUNT_HINT)
        case _ if (code := _minor_code(trouble)) in _KERBEROS:
            return _failure_by_code(code, address)
        case _ if (code := _windows_code(trouble)) in _SSPI:
            cause, said, hint = _SSPI[code]
            return Failure(cause, f"{address}: {said}", hint)
        case _:
            return Failure(Cause.ACCESS_DENIED, f"{address} refused the logon", _ANY_LOGON_HINT)


def _windows_code(trouble: SpnegoError) -> int:
    code = getattr(trouble.base_error, "winerror", None)
    return code & 0xFFFFFFFF if isinstance(code, int) else 0


def _minor_code(trouble: SpnegoError) -> int:
    return _signed(getattr(trouble.base_error, "min_code", 0))


def _signed(code: int) -> int:
    """What Kerberos itself said, where it was asked through GSSAPI, which tells its numbers without their sign."""
    return code - 2**32 if code >= 2**31 else code


def ticket_failure(trouble: BaseException) -> Failure:
    """Of GSSAPI, asked for the ticket alone."""
    unknown = (Cause.NO_CREDENTIAL, "there is no Kerberos ticket that still lasts", _TICKET_HINT)
    cause, said, hint = _KERBEROS.get(_signed(getattr(trouble, "min_code", 0)), unknown)
    return Failure(cause, said, hint)


def lost_its_answer(trouble: BaseException) -> bool:
    """Where a line is made anew, CredSSP's library takes an answer that is a fault for a logon that broke off."""
    return isinstance(trouble, AuthenticationException) and "Credential exchange - actual ''" in str(trouble)


def credssp_failure(trouble: AuthenticationException | NTStatusException, address: str) -> Failure:
    match trouble:
        case NTStatusException(status=int(status)):
            unknown = (f"refused the logon (status 0x{status & 0xFFFFFFFF:08X})", ACCOUNT_HINT)
            said, hint = NT_LOGON.get(status & 0xFFFFFFFF, unknown)
            return Failure(Cause.ACCESS_DENIED, f"{address} {said}", hint)
        case _ if "available authentication" in str(trouble):
            hint = 'use "kerberos", which needs nothing; or enable it there: Enable-WSManCredSSP -Role Server'
            return Failure(Cause.ACCESS_DENIED, f"{address} does not take CredSSP", hint)
        case _:
            hint = f"{ACCOUNT_HINT}; a host without the updates of May 2018 is refused"
            return Failure(Cause.ACCESS_DENIED, f"{address}: no logon by CredSSP came about", hint)
