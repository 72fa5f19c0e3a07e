"""Finds in an ERRORLOG why an engine or a database does not come up."""

import re
from itertools import pairwise

from core.detection.redaction import redacted

_HEAD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \S+ +Error: (?P<number>\d+), Severity: (?P<severity>\d+), State: \d+\.\s*$"
)
_STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \S+ +")
# From here on an error ends a database, or the engine itself.
_FATAL = 20
_LONGEST = 300


def fatal_error(text: str) -> str | None:
    """The first fatal error with its message: those that follow are its consequences."""
    for line, message in pairwise([*text.splitlines(), ""]):
        head = _HEAD.match(line)
        if head is not None and int(head["severity"]) >= _FATAL:
            words = redacted(_STAMP.sub("", message))[0][:_LONGEST].strip()
            return f"error {head['number']}, severity {head['severity']}: {words}"
    return None
