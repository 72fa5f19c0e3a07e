"""A script as it is sent: composed with the prelude, known by the hash of its whole text."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Generic, TypeVar

from core.contract.message import Parameters, Result

P = TypeVar("P", bound=Parameters)
R = TypeVar("R", bound=Result)

_INCLUDE = re.compile(r"^[ ]*# include: (?P<file>\w+\.ps1)$", re.MULTILINE)
_INCLUDE_TEXT = re.compile(r"^# include-text: (?P<file>\w+\.ps1) -> (?P<name>\w+)$", re.MULTILINE)


@dataclass(frozen=True)
class Script(Generic[P, R]):
    """One operation on a target, with the models of what goes in and what comes out."""

    name: str
    parameters: type[P]
    result: type[R]

    @property
    def words(self) -> str:
        """As a sentence names it."""
        return f'the script "{self.name.replace("_", " ")}"'

    @cached_property
    def text(self) -> str:
        return compose(f"{self.name}.ps1")

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Call(Generic[P, R]):
    """A script with its parameters filled in."""

    script: Script[P, R]
    parameters: P


def compose(file: str) -> str:
    """The file's text with everything it includes."""
    text = (files("core.contract") / "scripts" / file).read_text(encoding="ascii")
    text = _INCLUDE.sub(lambda match: compose(match["file"]).rstrip("\n"), text)
    return _INCLUDE_TEXT.sub(lambda match: f"${match['name']} = @'\n{compose(match['file'])}'@", text)
