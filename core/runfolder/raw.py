"""What hosts said, word for word, until it lies in the run's folder: secrets masked, and never without end."""

import json
import threading
from typing import Any

from core.detection.redaction import redacted

_LONGEST = 1024 * 1024
# What facts are made of. Answers to everything else are in the journal, or are files of their own.
_KEPT = ("host_facts", "host_inventory", "search_updates")
_OF_ENGINES = "sql_"


class RawAnswers:
    """Keeps the newest answer of each kind and host. Several threads hear at once."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._answers: dict[str, dict[str, str]] = {}

    def heard(self, host: str, what: str, text: str) -> None:
        """The Hear port."""
        if what in _KEPT or what.startswith(_OF_ENGINES):
            with self._guard:
                self._answers.setdefault(host, {})[what] = text

    def taken(self, host: str) -> dict[str, str]:
        """All that was kept of the host by the names of their files, and from now on nothing of it is kept any more."""
        with self._guard:
            answers = self._answers.pop(host, {})
        return dict(_file(what, text) for what, text in sorted(answers.items()))


def _file(what: str, text: str) -> tuple[str, str]:
    """As JSON where it is JSON and short enough, else as the text that it is."""
    try:
        document = json.loads(text)
    except ValueError:
        return f"{what}.txt", _cut(redacted(text)[0])
    masked = json.dumps(_masked(document), ensure_ascii=False, indent=1)
    return (f"{what}.json", masked) if len(masked) <= _LONGEST else (f"{what}.txt", _cut(masked))


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]}\n[cut: {_LONGEST} of {len(text)} characters are kept]\n"


def _masked(value: Any) -> Any:
    match value:
        case str():
            return redacted(value)[0]
        case list():
            return [_masked(one) for one in value]
        case dict():
            return {redacted(key)[0]: _masked(one) for key, one in value.items()}
        case _:
            return value
