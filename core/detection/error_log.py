"""Reads an ERRORLOG: why an engine or a database does not come up, and what was written last."""

import re
from collections.abc import Iterable
from itertools import pairwise

from core.detection.redaction import redacted

_HEAD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \S+ +Error: (?P<number>\d+), Severity: (?P<severity>\d+), State: \d+\.\s*$"
)
_STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \S+ +")
# From here on an error ends a database, or the engine itself.
_FATAL = 20
_LONGEST = 300
_TIME = len("2026-01-01 00:00:00.00")


def fatal_error(text: str) -> str | None:
    """The first fatal error with its message: those that follow are its consequences."""
    for line, message in pairwise([*text.splitlines(), ""]):
        head = _HEAD.match(line)
        if head is not None and int(head["severity"]) >= _FATAL:
            words = redacted(_STAMP.sub("", message))[0][:_LONGEST].strip()
            return f"error {head['number']}, severity {head['severity']}: {words}"
    return None


def last_line(texts: Iterable[str]) -> str:
    """The newest of all logs, without secrets. Lines begin with their time, so that the newest is the greatest."""
    newest = ""
    for line in (line.strip() for text in texts for line in text.splitlines()):
        if _STAMP.match(line) and line[:_TIME] >= newest[:_TIME]:
            newest = line
    return redacted(newest)[0][:_LONGEST]
