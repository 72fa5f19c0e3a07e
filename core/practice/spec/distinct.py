"""Names that may appear once."""

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Named(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=Sequence[Named])


def distinct(named: N, what: str) -> N:
    """Raises ValueError for two of one name."""
    names = [one.name.casefold() for one in named]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two {what} have the name {', '.join(twice)}; names differ by more than case")
    return named
