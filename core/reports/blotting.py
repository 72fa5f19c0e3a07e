"""Blots the names of others out of whatever a noun says."""

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from core.model.ids import folded

Noun = TypeVar("Noun")

ANOTHER = "(not yours)"

_WORD = re.compile(r"[^\W_]+")
# A short number is a part of builds, dates and exit codes, and nobody can be told by it.
_NUMBER = re.compile(r"\d{1,4}")
# Words of ours, which are looked up, and a time zone: though a site may be called "Berlin" and a client "Partial".
_OURS = frozenset(
    {"zone", "kind", "state", "result", "moment", "severity", "classification", "code", "action", "route"}
)
# The same is said of many hosts; what is longer is somebody's own log.
_OFTEN_SAID = 300


class Blotting:
    """Looks names up by their first word: the others may have thousands of hosts. A name of one's own that holds one of
    theirs stays whole, and theirs is found beside a hyphen or an underscore, too."""

    def __init__(self, others: Iterable[str], own: Iterable[str]) -> None:
        kept = {folded(name): name for name in own}
        told = {folded(name): name for name in others if not _NUMBER.fullmatch(name)}
        self._others = told.keys() - kept.keys()
        self._names: dict[str, list[tuple[int, str]]] = {}
        for name in sorted((told | kept).values(), key=len, reverse=True):
            word = _WORD.search(name)
            if word is not None:
                self._names.setdefault(folded(word[0]), []).append((word.start(), name))
        self._said: dict[str, str] = {}

    def out_of(self, noun: Noun) -> Noun:
        """The noun itself where nothing is to be blotted out."""
        cleaned: Noun = self._cleaned(noun) if self._others else noun
        return cleaned

    def _cleaned(self, value: Any) -> Any:
        if type(value) is str:
            return self._text(value)
        if type(value) is tuple:
            parts = tuple(map(self._cleaned, value))
            return value if all(a is b for a, b in zip(parts, value, strict=True)) else parts
        if is_dataclass(value) and not isinstance(value, type):
            held = ((field.name, getattr(value, field.name)) for field in fields(value) if field.name not in _OURS)
            changed = {name: new for name, old in held if (new := self._cleaned(old)) is not old}
            return replace(value, **changed) if changed else value
        return value

    def _text(self, text: str) -> str:
        if len(text) > _OFTEN_SAID:
            return self._blotted(text)
        known = self._said.get(text)
        if known is None:
            known = self._said[text] = self._blotted(text)
        return known

    def _blotted(self, text: str) -> str:
        parts: list[str] = []
        done = 0
        for word in _WORD.finditer(text):
            if word.start() < done:
                continue
            begin, end, name = self._name_at(text, word, done)
            if name is not None:
                parts += text[done:begin], ANOTHER if folded(name) in self._others else text[begin:end]
                done = end
        return text if not parts else "".join(parts) + text[done:]

    def _name_at(self, text: str, word: re.Match[str], done: int) -> tuple[int, int, str | None]:
        """The longest name whose first word this is, unless it goes on as another word."""
        for before, name in self._names.get(folded(word[0]), ()):
            begin = word.start() - before
            end = begin + len(name)
            if begin >= done and folded(text[begin:end]) == folded(name) and not text[end : end + 1].isalnum():
                return begin, end, name
        return 0, 0, None
