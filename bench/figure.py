"""What a bench yields, and what it is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Asking:
    """How a bench is to measure. Quick is for a look, not for a claim."""

    quick: bool = False
    seed: int = 0
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. Without a limit it only tells."""

    figure: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def document(self, bench: str) -> dict[str, str | float | bool | None]:
        return {
            "bench": bench,
            "figure": self.figure,
            "value": round(self.value, 4),
            "unit": self.unit,
            "limit": self.limit,
            "holds": self.holds,
        }


class Bench(Protocol):
    """A module of this package: its name is the bench's name."""

    def measure(self, asking: Asking) -> Iterator[Figure]: ...
