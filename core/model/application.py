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

# What the host itself has to be asked for, and what is seen from the audit PC.
OnHost = ProcessCheck | ServiceCheck
FromHere = TcpCheck | HttpCheck | SqlCheck


@dataclass(frozen=True, slots=True)
class Seen:
    """How an application check went, and what was found instead of what was expected."""

    well: bool
    found: str


def expected(check: ApplicationCheck) -> str:
    """What the check asks for, in words."""
    match check:
        case ProcessCheck(process=process):
            return f"process {process} runs"
        case ServiceCheck(service=service):
            return f"service {service} runs"
        case TcpCheck(port=port, host=host):
            return f"port {port}{f' of {host}' if host else ''} answers"
        case HttpCheck(url=url, status=status, contains=contains):
            return f"{url} answers {status}{' with the wanted text' if contains else ''}"
        case SqlCheck(expect=expect, instance=instance):
            return f"{instance or 'every instance'} answers {expect}"
