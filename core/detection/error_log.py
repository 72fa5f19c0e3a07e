"""Reads an ERRORLOG: why an engine or a database does not come up, and what was written last."""

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from core.detection.redaction import redacted
from core.model.signs import LogLine

_HEAD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \S+ +Error: (?P<number>\d+), Severity: (?P<severity>\d+), State: \d+\.\s*$"
)
_STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \S+ +")
_FOLDER = re.compile(r"\\MSSQL\d+(?:_\d+)?\.(?P<instance>[^\\]+)\\")
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


def last_lines(logs: Iterable[tuple[str, str]]) -> tuple[LogLine, ...]:
    """Of each instance the newest line of its logs, given by path and text, without secrets."""
    newest: dict[str, str] = {}
    for path, text in logs:
        instance = _instance_of(path)
        for line in map(str.strip, text.splitlines()):
            # Lines begin with their time, so that the newest is the greatest.
            if _STAMP.match(line) and line[:_TIME] >= newest.get(instance, "")[:_TIME]:
                newest[instance] = line
    return tuple(_line(instance, line) for instance, line in newest.items())


def _line(instance: str, line: str) -> LogLine:
    words = redacted(_STAMP.sub("", line))[0][:_LONGEST]
    return LogLine(instance, datetime.fromisoformat(line[: len("2026-01-01 00:00:00")]), words)


def _instance_of(path: str) -> str:
    """As setup names its folders; where an operator has put the log elsewhere, that place tells it from the others."""
    found = _FOLDER.search(path)
    return path.rpartition("\\")[0] if found is None else found["instance"]
