"""Parameters and results around detached jobs."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime

from core.contract.claim import Held
from core.contract.message import Parameters, Part, Result


class StartJob(Held):
    job_id: str
    sha256: str
    file_name: str
    signer: str
    arguments: tuple[str, ...]


class StartRemoval(Held):
    """Package is DISM's own name of it, or the build and revision of the cumulative update."""

    job_id: str
    package: str


class StartResult(Result):
    state: Literal["started", "already"]


class WatchJob(Parameters):
    """Waits until the status is newer than the one that was seen, or the time is up."""

    job_id: str
    seen: int
    wait_seconds: int


class StatusPart(Part):
    sequence: int
    state: Literal["starting", "running", "ended", "refused"]
    started_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    exit_code: int | None
    percent: int | None = None
    message: str


class WatchResult(Result):
    known: bool
    running: bool
    status: StatusPart | None


class CollectJob(Parameters):
    """Folder is the version's number in setup's paths: 150 for SQL Server 2019. Empty where setup has no part in it."""

    job_id: str
    folder: str
    max_chars: int


class CollectResult(Result):
    longest: ClassVar[int] = 1_048_576

    output: str
    summary: str


class RemoveJob(Held):
    """Without a package its hash is empty."""

    job_id: str
    sha256: str


class RemoveResult(Result):
    removed: bool


class Reboot(Held):
    expected_boot_id: str
    delay_seconds: int


class RebootResult(Result):
    state: Literal["requested", "already"]


class CancelReboot(Held):
    expected_boot_id: str


class CancelRebootResult(Result):
    """None: no restart was scheduled. Too late: it is under way, or over."""

    state: Literal["cancelled", "none", "too_late"]
