"""Certificates made on the spot: an authority for the fleet, and one certificate a host."""

import hashlib
import ipaddress
import os
import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_VALID = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A host's certificate with its key, and the hash to which clients bind their logon."""

    pem: bytes
    digest: bytes

    def for_web(self) -> ssl.SSLContext:
        return self._context()

    def for_sql(self) -> ssl.SSLContext:
        """Capped: with TLS 1.3 the drivers' handshake inside TDS packets hangs."""
        context = self._context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_TICKET
        return context

    def for_strict_sql(self) -> ssl.SSLContext:
        """For TLS before TDS 8, of which the client is told by the name of the protocol."""
        context = self._context()
        context.set_alpn_protocols(["tds/8.0"])
        return context

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        # The module reads certificates from files only; this one is the owner's alone, and gone at once.
        descriptor, name = tempfile.mkstemp(suffix=".pem")
        try:
            with open(descriptor, "wb") as file:  # noqa: PTH123 - opened by its descriptor
                file.write(self.pem)
            context.load_cert_chain(name)
        finally:
            os.unlink(name)  # noqa: PTH108 - beside the descriptor it belongs to
        return context


class Authority:
    """Signs certificates. Its key lives in this process alone."""

    def __init__(self, name: str = "Drydock Practice CA") -> None:
        self._key = generate_private_key(SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._certificate = (
            _builder(self._name, self._name, self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .add_extension(self._identifier, critical=False)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def _identifier(self) -> x509.SubjectKeyIdentifier:
        return x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())

    def write(self, path: Path) -> None:
        path.write_bytes(self._certificate.public_bytes(Encoding.PEM))

    def issue(self, name: str, address: str) -> Certificate:
        key = generate_private_key(SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address(address))]
        certificate = (
            _builder(subject, self._name, key)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._identifier), critical=False
            )
            .sign(self._key, hashes.SHA256())
        )
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        pem = secret + certificate.public_bytes(Encoding.PEM)
        return Certificate(pem, hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest())


def _builder(subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _VALID)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
