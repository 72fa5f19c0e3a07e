"""What must work on a host before it is touched, and again afterwards."""

import re
from collections.abc import Iterable
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from core.settings.phrases import Name, Port, like
from core.settings.reading import Section
from core.settings.scope import ScopeSection

_SELECT = re.compile(r"\s*select\b", re.IGNORECASE)
_WRITES = re.compile(
    r"\b(insert|update|delete|merge|drop|alter|create|truncate|exec|execute|into|grant|shutdown)\b|;|--|/\*",
    re.IGNORECASE,
)


class _Check(Section):
    """What all kinds of checks have."""

    name: Name
    applies_to: ScopeSection = ScopeSection()
    timeout_seconds: Annotated[int, Field(ge=1, le=3600)] = 30
    required: bool = True
    """A required check that fails before keeps the host from being touched; afterwards it is a regression."""


class ProcessCheck(_Check):
    kind: Literal["process"]
    process: Annotated[str, *like(r"^[^\\/:*?\"<>|]{1,255}$", 'the name of a process, like "w3wp.exe", without a path')]


class ServiceCheck(_Check):
    kind: Literal["service"]
    service: Annotated[str, *like(r"^[^\\/]{1,256}$", 'the name of a Windows service, like "W3SVC"')]


class TcpCheck(_Check):
    kind: Literal["tcp"]
    port: Port
    host: str | None = None
    """Where to knock, as seen from the audit PC. Without one it is the host itself."""


def _plain_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, has_login = parts.hostname, "@" in parts.netloc
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        host, has_login = None, False
    if has_login:
        raise ValueError("must not hold a login; addresses are written to journals and reports")
    if host is None or parts.scheme not in ("http", "https") or re.search(r"\s", url):
        raise ValueError('must be an address like "https://intranet.example.com/health"')
    return url


class HttpCheck(_Check):
    kind: Literal["http"]
    url: Annotated[str, AfterValidator(_plain_url)]
    status: Annotated[int, Field(ge=100, le=599)] = 200
    contains: str | None = None
    """A text that the answer must hold."""


class SqlCheck(_Check):
    """One SELECT whose first value is compared."""

    kind: Literal["sql"]
    query: Annotated[str, Field(min_length=1, max_length=4000)]
    expect: str
    instance: str | None = None
    """Without one, every instance of the host is asked."""
    database: Name = "master"

    def contradictions(self) -> Iterable[tuple[str, str]]:
        if not _SELECT.match(self.query):
            yield "query", "must be one SELECT; a check changes nothing"
        elif found := _WRITES.search(self.query):
            yield "query", f'must be one SELECT that changes nothing; "{found.group()}" is not allowed in it'


ApplicationCheck = Annotated[ProcessCheck | ServiceCheck | TcpCheck | HttpCheck | SqlCheck, Field(discriminator="kind")]
