"""TDS 8: TLS before the first word, as Microsoft's driver speaks it (FreeTDS does not yet)."""

from __future__ import annotations

import socket
import ssl
from contextlib import closing
from pathlib import Path
from typing import Any

import pyodbc
import pytest

from core.model.host import Host, Instance
from core.remote.odbc import connection_string
from tests.practice.conftest import Network
from tests.practice.drivers import MICROSOFT

pytestmark = pytest.mark.parametrize("driver", MICROSOFT)


def _target(network: Network, name: str) -> tuple[Host, Instance]:
    host = network.host("PLAIN")
    instance = host.instance(name)
    assert instance is not None
    return host, instance


@pytest.fixture
def certificate(network: Network, tmp_path: Path) -> Path:
    """The server's own, which a strict client may be given instead of trusting an authority."""
    host, instance = _target(network, "STRICT")
    path = tmp_path / "server.pem"
    context = ssl.create_default_context(cafile=str(network.authority))
    context.check_hostname = False
    context.set_alpn_protocols(["tds/8.0"])
    with (
        socket.create_connection((host.address, instance.sql.port), timeout=60) as raw,
        context.wrap_socket(raw) as tls,
    ):
        assert tls.selected_alpn_protocol() == "tds/8.0"
        path.write_text(ssl.DER_cert_to_PEM_cert(tls.getpeercert(binary_form=True) or b""), encoding="ascii")
    return path


def _strictly(network: Network, driver: str, name: str, ca: str) -> Any:
    host, instance = _target(network, name)
    text = connection_string(driver, host, instance, network.sql).replace("Encrypt=no", "Encrypt=strict")
    assert "Encrypt=strict" in text
    text = f"{text};ServerCertificate={ca};HostNameInCertificate={host.name}"
    return pyodbc.connect(text, timeout=60, autocommit=True)


@pytest.mark.parametrize("name", ["STRICT", "LOGIN"])
def test_tls_may_come_before_the_first_word(network: Network, driver: str, name: str, certificate: Path) -> None:
    with closing(_strictly(network, driver, name, str(certificate))) as connection:
        assert connection.execute("SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS v").fetchval()


def test_an_engine_before_2022_does_not_know_tls_before_the_first_word(
    network: Network, driver: str, certificate: Path
) -> None:
    with pytest.raises(pyodbc.Error):
        _strictly(network, driver, "WHOLE", str(certificate))
