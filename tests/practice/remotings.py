"""The remoting service of one host without the rest of a fleet, so that a test decides what scripts do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pypsrp.wsman import WSMan

from core.model.secret import Credential, Secret
from core.practice.authentication import Users
from core.practice.certificates import Authority
from core.practice.host.machine import Machine
from core.practice.remoting import Remoting, tls_context
from core.practice.runspace import Execute
from core.practice.spec.server import ServerSpec
from tests.practice.listening import listening

ACCOUNT = Credential("practice", Secret("right"))


@dataclass(frozen=True, slots=True)
class Way:
    """A transport, and how to log on there."""

    transport: str
    auth: str


EVERY_WAY = [
    pytest.param(Way("http", "ntlm"), id="http-ntlm"),
    pytest.param(Way("http", "negotiate"), id="http-negotiate"),
    pytest.param(Way("https", "ntlm"), id="https-ntlm"),
    pytest.param(Way("https", "basic"), id="https-basic"),
]


@dataclass(frozen=True, slots=True)
class Service:
    """One that listens."""

    address: str
    port: int
    ca: str
    way: Way

    def client(self, **changed: Any) -> WSMan:
        """Of an unmodified pypsrp."""
        given: dict[str, Any] = {
            "port": self.port,
            "ssl": self.way.transport == "https",
            "auth": self.way.auth,
            "username": ACCOUNT.username,
            "password": ACCOUNT.password.reveal(),
            "cert_validation": self.ca if self.way.transport == "https" else False,
            "operation_timeout": 5,
            "read_timeout": 60,
            "no_proxy": True,
        }
        return WSMan(self.address, **(given | changed))


@contextmanager
def remoting(way: Way, execute: Execute, folder: Path) -> Iterator[Service]:
    before = os.environ.get("NTLM_USER_FILE", "")
    machine = Machine(
        ServerSpec(name="HOST", transport="https" if way.transport == "https" else "http"),
        1,
        1,
        Ed25519PrivateKey.generate().public_key(),
        lambda *_: None,
    )
    machine.start(datetime.now(UTC))
    authority = Authority()
    authority.write(folder / "ca.pem")
    certificate = authority.issue("HOST", "127.78.0.1")
    secured = way.transport == "https"
    service = Remoting(
        machine, Users(folder / "users", (ACCOUNT,)), execute, (lambda: certificate.digest) if secured else None
    )
    context = tls_context(machine, certificate.for_web, certificate.for_web) if secured else None
    try:
        with listening(service.connection, context) as (address, port):
            yield Service(address, port, str(folder / "ca.pem"), way)
    finally:
        os.environ["NTLM_USER_FILE"] = before
