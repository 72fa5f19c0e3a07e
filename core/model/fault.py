"""Faults of configuration: where, what was found, what was expected, what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    path: str
    code: str
    message: str
    found: str | None = None
    expected: str | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class RefusedError(Exception):
    """The input is refused, for all of these faults at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
