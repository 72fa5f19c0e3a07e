"""What was fetched from a host to find out why something went wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DiagnosticText:
    """One log, without secrets, kept under its hash. Cut: its older part was left out."""

    kind: str
    name: str
    sha256: str
    chars: int
    cut: bool
    redactions: int = 0
