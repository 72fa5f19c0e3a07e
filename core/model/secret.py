"""Secrets whose text shows up nowhere by accident."""

from dataclasses import dataclass


class Secret:
    """A password. Printing, formatting and pickling it never tell."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """The text itself, for the one call that hands it to a protocol."""
        return self.__text

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret cannot be pickled")


@dataclass(frozen=True, slots=True)
class Credential:
    """An account and its password."""

    username: str
    password: Secret
