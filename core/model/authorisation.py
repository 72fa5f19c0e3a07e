"""Who allowed which plan, why and until when."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Authorisation:
    """Bound to a plan's digest: another plan, or the same one changed by a byte, is not covered."""

    id: str
    plan_id: str
    plan_digest: str
    granted_by: str
    granted_at: datetime
    reason: str
    change: str | None
    expires_at: datetime | None
    schema_version: int = 1

    def covers(self, digest: str, now: datetime) -> bool:
        return self.plan_digest == digest and (self.expires_at is None or now < self.expires_at)
