"""What people may ask of a run."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    WITHDRAW = "withdraw"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    NOTE = "note"
    REVERIFY = "reverify"
    DIAGNOSE = "diagnose"
    UNBLOCK = "unblock"
    UNLOCK = "unlock"


# What needs no process that drives the run: whoever asks may write it into the story of a run that nobody drives.
FOR_THE_RECORD = frozenset({Action.NOTE, Action.UNBLOCK, Action.UNLOCK})


@dataclass(frozen=True, slots=True)
class Request:
    """Written by anybody with the workspace, taken up by whoever holds the run. The reason is a note's text."""

    id: int
    run_id: str
    action: Action
    host: str | None
    by: str
    reason: str
    asked_at: datetime
