"""What a run leaves on an imaginary host: packages, detached jobs, and the claim."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.contract.updates import UpdatesResult
from core.practice.packages import Content


@dataclass
class File:
    """A package on the host's disk."""

    size: int
    sha256: str
    content: Content | None
    signed: bool


@dataclass
class Job:
    """A detached job, as its folder on the host shows it."""

    id: str
    sha256: str
    file_name: str
    arguments: tuple[str, ...]
    signer: str = ""
    sequence: int = 0
    state: str = "registered"
    running: bool = True
    started_at: datetime | None = None
    ended_at: datetime | None = None
    exit_code: int | None = None
    percent: int | None = None
    message: str = ""
    output: str = ""
    outcome: UpdatesResult | None = None


@dataclass
class Search:
    """What a task of SYSTEM asks the update agent. One that a restart ended leaves nothing."""

    began_at: datetime
    state: Literal["running", "found", "lost"] = "running"


@dataclass
class Claim:
    console: str
    run_id: str
    epoch: int
    taken_at: datetime
