"""What people may ask of a run that is going on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    WITHDRAW = "withdraw"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Request:
    """Written by anybody with the workspace, taken up by the run's own process."""

    id: int
    run_id: str
    action: Action
    host: str | None
    by: str
    reason: str
    asked_at: datetime
