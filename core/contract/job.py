"""Parameters and results around detached jobs."""

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from core.contract.claim import Held
from core.contract.message import MostChars, Parameters, Part, PollSeconds, Result, Text


class StartJob(Held):
    job_id: Text
    sha256: Text
    file_name: Text
    signer: Text
    arguments: tuple[Text, ...]


class StartRemoval(Held):
    """Package is DISM's own name of it, or the build and revision of the cumulative update."""

    job_id: Text
    package: Text


class StartResult(Result):
    state: Literal["started", "already"]


class WatchJob(Parameters):
    """Waits until the status is newer than the one that was seen, or the time is up."""

    job_id: Text
    seen: int
    wait_seconds: PollSeconds


class StatusPart(Part):
    """Percent and message are those of a job of updates. The first half of it is the download."""

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

    job_id: Text
    folder: Annotated[str, Field(pattern=r"\A(\d{2,3})?\z")]
    max_chars: MostChars


class CollectResult(Result):
    longest: ClassVar[int] = 1_048_576

    output: str
    summary: str


class RemoveJob(Held):
    """Without a package its hash is empty."""

    job_id: Text
    sha256: str


class RemoveResult(Result):
    removed: bool


class Reboot(Held):
    expected_boot_id: Text
    delay_seconds: Annotated[int, Field(ge=0, le=604_800)]


class RebootResult(Result):
    state: Literal["requested", "already"]


class CancelReboot(Held):
    expected_boot_id: Text


class CancelRebootResult(Result):
    """None: no restart was scheduled. Too late: it is under way, or over."""

    state: Literal["cancelled", "none", "too_late"]
