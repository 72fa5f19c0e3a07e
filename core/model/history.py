"""What runs did to an asset, as the tables that the journal moves have it."""

from dataclasses import dataclass
from datetime import datetime

from core.model.state import StepState, TargetState


@dataclass(frozen=True, slots=True)
class BuildChange:
    """One instance in one run. After is None until a fresh assessment told it."""

    instance: str
    before: str
    planned: str
    after: str | None


@dataclass(frozen=True, slots=True)
class PastStep:
    order: int
    installer: str | None
    what: str
    state: StepState
    started_at: datetime | None
    ended_at: datetime | None
    exit_code: int | None


@dataclass(frozen=True, slots=True)
class PatchedSince:
    """A host that another run brought to success after this one had left it."""

    host: str
    run_id: str
    plan_id: str
    at: datetime

    def __str__(self) -> str:
        """The day by this computer's clock."""
        day = self.at.astimezone()
        return f"{self.host} was patched by a later run of {day.day} {day:%B %Y}"


@dataclass(frozen=True, slots=True)
class Visit:
    """One host's part of one run. Steps are told where one asset is asked about, not in the overview of all."""

    run_id: str
    host: str
    state: TargetState
    error: str | None
    operator: str
    run_started_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    # Without what somebody had verified later.
    worked_until: datetime | None
    builds: tuple[BuildChange, ...] = ()
    steps: tuple[PastStep, ...] = ()
