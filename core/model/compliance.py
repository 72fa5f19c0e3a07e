"""Whether an asset is as policy wants it: derived, never set."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.model.build import Build
from core.model.unanswered import Unanswered


class ComplianceState(StrEnum):
    COMPLIANT = "compliant"
    PENDING = "pending"
    FAILED = "failed"
    BLOCKED = "blocked"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PatchLevel:
    """One instance's build, and the one that it is to have, where that is known."""

    instance: str
    current: str
    target: str | None
    # What people call the two, where that is known.
    title: str | None = None
    target_title: str | None = None

    @property
    def family(self) -> str | None:
        """The version of SQL Server that the build belongs to."""
        return Build.parse(self.current).family


@dataclass(frozen=True, slots=True)
class Compliance:
    """One host: its state, why, and since when that is known."""

    host: str
    tenant: str
    client: str
    site: str
    state: ComplianceState
    why: str
    os: str | None = None
    levels: tuple[PatchLevel, ...] = ()
    pending: tuple[str, ...] = ()
    assessed_at: datetime | None = None
    patched_at: datetime | None = None
    run_id: str | None = None
    # The last try to look at it failed, after whatever else is known here.
    unanswered: Unanswered | None = None
