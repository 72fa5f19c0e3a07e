"""Texts with a form of their own: what they must look like, said in words, and shown to editors as a pattern."""

import re
from collections import Counter
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from core.model.build import FAMILIES, Build

# In editors, which read JSON Schema's dialect of patterns.
_BUILD_PATTERN = r"^\s*[0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,5}(\.[0-9]{1,5})?\s*$"


def like(pattern: str, meaning: str) -> tuple[Any, Any]:
    """For Annotated: the pattern for editors, and a check that names the meaning instead of the pattern."""
    form = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if form.search(text) is None:
            raise ValueError(f"must be {meaning}")
        return text

    return AfterValidator(check), Field(json_schema_extra={"pattern": pattern})


def _build(text: str) -> str:
    Build.parse(text)
    return text


def _known_family(family: str) -> str:
    if family not in FAMILIES.values():
        raise ValueError(f"is no version of SQL Server that is known; known are {', '.join(FAMILIES.values())}")
    return family


def _unique(names: tuple[str, ...]) -> tuple[str, ...]:
    again = sorted(name for name, times in Counter(names).items() if times > 1)
    if again:
        raise ValueError(f"holds {', '.join(again)} more than once; write it once")
    return names


UNIQUE = AfterValidator(_unique)
BuildText = Annotated[str, AfterValidator(_build), Field(json_schema_extra={"pattern": _BUILD_PATTERN})]
Family = Annotated[str, AfterValidator(_known_family), Field(json_schema_extra={"enum": list(FAMILIES.values())})]
Kb = Annotated[str, *like(r"^[0-9]{6,8}$", 'the digits of a KB number, like "5054833", without KB')]
Sha256 = Annotated[str, *like(r"^[0-9a-fA-F]{64}$", "a SHA-256, 64 hexadecimal digits")]
Name = Annotated[str, Field(min_length=1, max_length=255)]
Tag = Annotated[str, *like(r"^[^\s=]+(=[^=]*)?$", 'a word or key=value, like "prod" or "env=prod"')]
CredentialRef = Annotated[
    str,
    *like(
        r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$",
        "the name of a secret that was put into the vault, never a password or a file",
    ),
]
Port = Annotated[int, Field(ge=1, le=65535)]
Minutes = Annotated[float, Field(gt=0, le=24 * 60)]
