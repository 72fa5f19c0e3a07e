"""What must work on a host before it is touched, and again afterwards."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class _Check:
    """A required check that fails before keeps the host from being touched; afterwards it is a regression."""

    name: str
    timeout_seconds: int
    required: bool


@dataclass(frozen=True, slots=True)
class ProcessCheck(_Check):
    """A process of this name runs on the host."""

    process: str
    kind: Literal["process"] = "process"


@dataclass(frozen=True, slots=True)
class ServiceCheck(_Check):
    """A Windows service runs on the host."""

    service: str
    kind: Literal["service"] = "service"


@dataclass(frozen=True, slots=True)
class TcpCheck(_Check):
    """A port answers, as seen from the audit PC. Without a host it is the host itself."""

    port: int
    host: str | None
    kind: Literal["tcp"] = "tcp"


@dataclass(frozen=True, slots=True)
class HttpCheck(_Check):
    """An address answers so, as seen from the audit PC."""

    url: str
    status: int
    contains: str | None
    kind: Literal["http"] = "http"


@dataclass(frozen=True, slots=True)
class SqlCheck(_Check):
    """One SELECT whose first value is compared as text. Without an instance every one of the host is asked."""

    query: str
    expect: str
    instance: str | None
    database: str
    kind: Literal["sql"] = "sql"


ApplicationCheck = ProcessCheck | ServiceCheck | TcpCheck | HttpCheck | SqlCheck
