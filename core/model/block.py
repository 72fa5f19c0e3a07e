"""A host that must not be patched before somebody has looked at it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PatchBlock:
    """Since when, by which run, and for what."""

    host: str
    run_id: str
    blocked_at: datetime
    failure_type: str
    detail: str
