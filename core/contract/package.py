"""Parameters and results around packages."""

from core.contract.claim import Held
from core.contract.message import Parameters, Result, Text


class ReceivePackage(Held):
    """The content follows through the pipeline, Base64 in chunks."""

    sha256: Text
    file_name: Text
    size_bytes: int


class ReceiveResult(Result):
    size_bytes: int


class PlacePackage(Held):
    """Asked before a push to learn where the file goes and how much of it lies there, and again when it is whole."""

    sha256: Text
    file_name: Text
    size_bytes: int


class PlaceResult(Result):
    """Placed: the file is whole, its hash is right, and it has its name."""

    placed: bool
    folder: str
    received_bytes: int


class PullPackage(Held):
    """Source is a file on a share that the machine account may read. Another pull id begins anew; giving up ends it."""

    pull_id: Text
    sha256: Text
    file_name: Text
    size_bytes: int
    source: Text
    wait_seconds: int
    give_up: bool


class PullResult(Result):
    done: bool
    received_bytes: int


class VerifyPackage(Parameters):
    sha256: Text
    file_name: Text


class VerifyResult(Result):
    """Partial bytes are what an unfinished transfer left; they are not counted as free."""

    present: bool
    sha256: str | None
    signature: str
    signer: str
    partial_bytes: int
    free_bytes: int
