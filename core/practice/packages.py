"""Practice packages: installers in name only, signed by a practice root so that signatures can be right and wrong."""

import hashlib
import json
from dataclasses import dataclass
from random import Random

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_MAGIC = b"DRYDOCK PRACTICE PACKAGE\n"
_SIGNATURE_BYTES = 64
_PADDING_BYTES = 600_000

SIGNER = "CN=Drydock Practice Packages"


@dataclass(frozen=True, slots=True)
class Content:
    """What a package says it would do."""

    family: str
    build: str
    kb: str


def write_package(content: Content, root: Ed25519PrivateKey, seed: int) -> bytes:
    head = json.dumps({"family": content.family, "build": content.build, "kb": content.kb}).encode() + b"\n"
    body = _MAGIC + head + Random(f"{seed}/{content.build}").randbytes(_PADDING_BYTES)
    return body + root.sign(body)


def read_package(data: bytes) -> Content | None:
    """None for a file that is no practice package."""
    if not data.startswith(_MAGIC):
        return None
    head = data[len(_MAGIC) : data.index(b"\n", len(_MAGIC))]
    return Content(**json.loads(head))


def is_signed(data: bytes, root: Ed25519PublicKey) -> bool:
    try:
        root.verify(data[-_SIGNATURE_BYTES:], data[:-_SIGNATURE_BYTES])
    except InvalidSignature:
        return False
    return True


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
