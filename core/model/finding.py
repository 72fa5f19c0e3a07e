"""Something about a host that nobody should learn of only at night."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message
