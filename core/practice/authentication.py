"""Who calls, as WinRM asks it: NTLM, Kerberos, Negotiate, sealed or bound to the channel; Basic and CredSSP in TLS."""

from __future__ import annotations

import base64
import binascii
import hmac
import importlib.util
import os
import struct
from collections.abc import Callable
from pathlib import Path

import spnego
from pypsrp.encryption import WinRMEncryption
from spnego._ntlm_raw.crypto import ntowfv1
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import SpnegoError

from core.model.secret import Credential
from core.practice.http import Headers, Request, Response

_NTLM_FIRST = b"NTLMSSP\x00\x01\x00\x00\x00"
_BOUNDARY = "Encrypted Boundary"
_KERBEROS_LIBRARIES = ("gssapi", "krb5")
# How CredSSP's acceptor calls the answer that tells the client why.
_CREDSSP_REFUSED = "Authentication failure"
_SEALS = {b"Negotiate": WinRMEncryption.SPNEGO, b"Kerberos": WinRMEncryption.KERBEROS}


class Users:
    """Whom the fleet lets in. The acceptors read accounts and keys from files that environment variables name."""

    def __init__(self, path: Path, accounts: tuple[Credential, ...], keytab: Path | None = None) -> None:
        """Keytab: the keys of the hosts in a Kerberos realm, which knows its accounts itself."""
        self._accounts = {account.username: account.password for account in accounts}
        self.in_realm = keytab is not None and all(map(importlib.util.find_spec, _KERBEROS_LIBRARIES))
        if keytab is not None:
            os.environ["KRB5_KTNAME"] = str(keytab)
        lines = []
        for account in accounts:
            # With the NT hash alone the acceptor needs no slow DES at each logon.
            nt_hash = ntowfv1(account.password.reveal()).hex().upper()
            lines.append(f"{account.username}:1000:{'0' * 32}:{nt_hash}:[U]:LCT-00000000\n")
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
            file.writelines(lines)
        os.environ["NTLM_USER_FILE"] = str(path)

    def knows(self, name: str, password: str) -> bool:
        secret = self._accounts.get(name)
        return secret is not None and hmac.compare_digest(secret.reveal().encode(), password.encode())


Told = Callable[[str | None, bool], None]


class Logon:
    """The state of one connection: first the handshake, then the keys that seal its messages."""

    def __init__(
        self, hostname: str, users: Users, channel: bytes | None, told: Told, takes_passwords: bool = False
    ) -> None:
        """Channel: the hash of the certificate, where the connection is encrypted already. Takes passwords: whether
        CredSSP was enabled on the host."""
        self._takes_passwords = takes_passwords and channel is not None
        self._hostname = hostname
        self._users = users
        self._channel = channel
        self._told = told
        self._context: spnego.ContextProxy | None = None
        # The acceptor's last word travels with the answer to what was asked along with the logon.
        self._last_word: Headers = ()
        self._sealing: WinRMEncryption | None = None
        self.principal: str | None = None

    def step(self, request: Request) -> Response | None:
        """None when the request is from somebody who has logged on, else what to answer."""
        header = request.headers.get(b"authorization")
        if header is None:
            return None if self.principal is not None else self.denied()
        scheme, _, encoded = header.partition(b" ")
        try:
            token = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            return self._refused(None)
        match scheme.lower():
            case b"basic" if self._channel is not None:
                return self._basic(token)
            case b"negotiate":
                return self._negotiate(request, b"Negotiate", token)
            case b"kerberos" if self._users.in_realm:
                return self._negotiate(request, b"Kerberos", token)
            case b"credssp" if self._takes_passwords:
                return self._negotiate(request, b"CredSSP", token)
            case _:
                return self.denied()

    def denied(self) -> Response:
        """Basic is offered only where nobody on the way can read it."""
        schemes = [b"Negotiate"]
        if self._users.in_realm:
            schemes.append(b"Kerberos")
        if self._channel is not None:
            schemes.append(b'Basic realm="WSMAN"')
        if self._takes_passwords:
            schemes.append(b"CredSSP")
        return Response(401, headers=tuple((b"WWW-Authenticate", scheme) for scheme in schemes))

    def _basic(self, token: bytes) -> Response | None:
        name, _, password = token.decode("utf-8", "replace").partition(":")
        if not self._users.knows(name, password):
            return self._refused(name)
        if self.principal != name:
            self._told(name, True)
        self.principal = name
        return None

    def _negotiate(self, request: Request, scheme: bytes, token: bytes) -> Response | None:
        try:
            answer = self._advance(scheme, token)
        except (SpnegoError, ValueError, struct.error, KeyError, IndexError, TypeError, AttributeError):
            # What hostile bytes make of the acceptor is no more than a logon that failed.
            self._context = None
            return self._refused(None)
        return self._reply(request, scheme, answer)

    def _refused(self, name: str | None) -> Response:
        self.principal = None
        self._told(name, False)
        return self.denied()

    def _advance(self, scheme: bytes, token: bytes) -> bytes:
        if self._context is None or self._context.complete or token.startswith(_NTLM_FIRST):
            self.principal = self._sealing = None
            bindings = None
            if self._channel is not None:
                bindings = GssChannelBindings(application_data=b"tls-server-end-point:" + self._channel)
            self._context = spnego.server(
                hostname=self._hostname, service="host", protocol=scheme.decode().lower(), channel_bindings=bindings
            )
        return self._context.step(token) or b""

    def _reply(self, request: Request, scheme: bytes, answer: bytes) -> Response | None:
        assert self._context is not None  # noqa: S101 - it was just stepped
        header = ((b"WWW-Authenticate", scheme + b" " + base64.b64encode(answer)),)
        if not self._context.complete:
            if self._context.get_extra_info("auth_stage") == _CREDSSP_REFUSED:
                self._told(None, False)
            return Response(401, headers=header)
        self.principal = self._context.client_principal
        self._told(self.principal, True)
        if self._channel is None:
            self._sealing = WinRMEncryption(self._context, _SEALS[scheme])
        self._last_word = header if answer else ()
        return None if request.body else Response(200, headers=self._take_last_word())

    def _take_last_word(self) -> Headers:
        word, self._last_word = self._last_word, ()
        return word

    def open(self, request: Request) -> bytes | None:
        """The body in the clear, or None. Unsealed bodies are refused over HTTP, as WinRM does."""
        if self._channel is not None:
            return request.body
        if self._sealing is None or not request.headers.get(b"content-type", b"").startswith(b"multipart/"):
            return None
        try:
            opened: bytes = self._sealing.unwrap_message(request.body, _BOUNDARY)
        except (SpnegoError, ValueError, struct.error, IndexError, KeyError):
            return None
        return opened

    def seal(self, status: int, body: bytes) -> Response:
        if self._sealing is None:
            plain = (b"Content-Type", b"application/soap+xml;charset=UTF-8")
            return Response(status, body, (plain, *self._take_last_word()))
        kind, payload = self._sealing.wrap_message(body)
        value = f'{kind};protocol="{self._sealing.protocol}";boundary="{_BOUNDARY}"'
        return Response(status, payload, ((b"Content-Type", value.encode()),))
