"""What the journal tells: intents and outcomes, each a value of its own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from core.model.check import Check
from core.model.diagnostics import DiagnosticText
from core.model.facts import BootMarks
from core.model.failure import BLOCKING_TYPES, Failure
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.state import StepState, TargetState
from core.model.step import UndoStep


class Level(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run exists. Its targets are those of the plan, in the plan's order; of a retry, those that failed before."""

    plan_id: str
    plan_digest: str
    authorisation_id: str
    operator: str
    console: str
    reason: str
    change: str | None
    targets: tuple[str, ...]
    # The run whose failed hosts this one tries again, and whose attempt at them this is.
    retry_of: str | None = None
    attempt: int = 1
    kind: Literal["run_started"] = "run_started"


@dataclass(frozen=True, slots=True)
class RunResumed:
    """The run was taken up again after its process had ended. The epoch fences whoever had it before."""

    operator: str
    console: str
    epoch: int
    kind: Literal["run_resumed"] = "run_resumed"


@dataclass(frozen=True, slots=True)
class RequestTaken:
    """Somebody asked the run for something, and this was the answer."""

    request_id: int
    action: str
    by: str
    reason: str
    accepted: bool
    answer: str
    # About which host; journals of earlier versions tell it in the answer alone.
    host: str | None = None
    kind: Literal["request_taken"] = "request_taken"


@dataclass(frozen=True, slots=True)
class AdmissionHeld:
    """Why no further host is begun, or for what. Until somebody says otherwise, or the time has come."""

    code: str
    message: str
    until: datetime | None = None
    kind: Literal["admission_held"] = "admission_held"


@dataclass(frozen=True, slots=True)
class AdmissionFree:
    """Hosts are begun again."""

    kind: Literal["admission_free"] = "admission_free"


@dataclass(frozen=True, slots=True)
class Noted:
    """Somebody's words about a host."""

    by: str
    text: str
    kind: Literal["noted"] = "noted"


@dataclass(frozen=True, slots=True)
class ReverifyAsked:
    """The host is to be looked at once more after work by hand; nothing is installed."""

    by: str
    kind: Literal["reverify_asked"] = "reverify_asked"


@dataclass(frozen=True, slots=True)
class DiagnosticsAsked:
    """Somebody wants the host's logs now, however it stands."""

    by: str
    kind: Literal["diagnostics_asked"] = "diagnostics_asked"


@dataclass(frozen=True, slots=True)
class PatchUnblocked:
    """The host may be patched again, on somebody's word and for a reason."""

    by: str
    reason: str
    kind: Literal["patch_unblocked"] = "patch_unblocked"


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A stale lock or claim of the host was cleared by hand; whose it was."""

    by: str
    reason: str
    kind: Literal["unlocked"] = "unlocked"


@dataclass(frozen=True, slots=True)
class RunEnded:
    outcome: Outcome
    kind: Literal["run_ended"] = "run_ended"


@dataclass(frozen=True, slots=True)
class TargetMoved:
    before: TargetState
    after: TargetState
    failure: Failure | None = None
    kind: Literal["target_moved"] = "target_moved"

    @property
    def blocks_patching(self) -> bool:
        """From here on the host is not patched again before somebody unblocks it. Never for being unreachable; what is
        unknown keeps its claim anyway."""
        failed = self.after in (TargetState.FAILED, TargetState.PARTIAL, TargetState.BLOCKED)
        return failed and self.failure is not None and self.failure.kind in BLOCKING_TYPES


@dataclass(frozen=True, slots=True)
class PhaseEntered:
    kind: Literal["phase_entered"] = "phase_entered"


@dataclass(frozen=True, slots=True)
class BuildSeen:
    instance: str
    build: str
    edition: str


@dataclass(frozen=True, slots=True)
class FactsTaken:
    """A snapshot. The facts themselves are stored under their digest."""

    moment: Literal["before", "after"]
    digest: str
    builds: tuple[BuildSeen, ...]
    boot: BootMarks
    # The host's own, by Windows' name; told of the look before alone.
    zone: str = ""
    kind: Literal["facts_taken"] = "facts_taken"


@dataclass(frozen=True, slots=True)
class Checked:
    """Checks before or after, with what they found."""

    moment: Literal["before", "after"]
    checks: tuple[Check, ...]
    kind: Literal["checked"] = "checked"


@dataclass(frozen=True, slots=True)
class PackageDelivered:
    """The package lies on the target, its hash and signer verified there."""

    step: int
    sha256: str
    size_bytes: int
    signer: str
    route: str
    already_there: bool
    kind: Literal["package_delivered"] = "package_delivered"


@dataclass(frozen=True, slots=True)
class ServicesIntended:
    """Written before services are stopped, so that whoever comes after a crash knows what to start again."""

    names: tuple[str, ...]
    kind: Literal["services_intended"] = "services_intended"


@dataclass(frozen=True, slots=True)
class ServiceMoved:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ServicesMoved:
    """Services were stopped before the first step, or started after the last one, with what depends on them."""

    action: Literal["stop", "start"]
    services: tuple[ServiceMoved, ...]
    complete: bool
    kind: Literal["services_moved"] = "services_moved"


@dataclass(frozen=True, slots=True)
class StepMoved:
    step: int
    before: StepState
    after: StepState
    failure: Failure | None = None
    kind: Literal["step_moved"] = "step_moved"


@dataclass(frozen=True, slots=True)
class JobIntended:
    """Written before the job is asked for, so that a crash between the two loses nothing."""

    step: int
    job_id: str
    arguments: tuple[str, ...]
    attempt: int = 1
    # The package's name; empty where the update agent does the work.
    file: str = ""
    kind: Literal["job_intended"] = "job_intended"


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """The line to the target broke while something went on there."""

    failure: Failure
    kind: Literal["connection_lost"] = "connection_lost"


@dataclass(frozen=True, slots=True)
class JobEnded:
    step: int
    job_id: str
    exit_code: int
    meaning: str
    needs_reboot: bool
    started_at: datetime
    ended_at: datetime
    summary: str
    output_sha256: str
    kind: Literal["job_ended"] = "job_ended"


UpdateState = Literal[
    "installed",
    "install_failed",
    "download_failed",
    "barred",
    "lost",
    "superseded",
    "not_offered",
    "already_installed",
]


@dataclass(frozen=True, slots=True)
class UpdateEnded:
    """What became of one update of the system, by the agent's own numbers."""

    step: int
    patch_id: str
    kb: str | None
    title: str
    classification: str
    state: UpdateState
    downloaded: bool = False
    hresult: int = 0
    reboot_required: bool = False
    duration_ms: int = 0
    message: str = ""
    kind: Literal["update_ended"] = "update_ended"


@dataclass(frozen=True, slots=True)
class RebootIntended:
    """Written before the restart is asked for: the marks of the boot that is to end."""

    step: int
    marks: BootMarks
    host_time: datetime
    kind: Literal["reboot_intended"] = "reboot_intended"


@dataclass(frozen=True, slots=True)
class RebootPutOff:
    """The host is restarted only while a window of it is open: the marks of the boot that is to end then, and when."""

    step: int
    marks: BootMarks
    window: str
    until: datetime
    kind: Literal["reboot_put_off"] = "reboot_put_off"


@dataclass(frozen=True, slots=True)
class RebootRecalled:
    """Somebody does not want the host restarted any more, and it is still on its old boot."""

    why: str
    kind: Literal["reboot_recalled"] = "reboot_recalled"


@dataclass(frozen=True, slots=True)
class RebootProven:
    step: int
    before: BootMarks
    after: BootMarks
    kind: Literal["reboot_proven"] = "reboot_proven"


@dataclass(frozen=True, slots=True)
class DiagnosticsTaken:
    """Logs of a host that did not go well, or for which somebody asked. The texts are kept under their hashes; trouble
    says what is missing."""

    result: Literal["collected", "partial", "failed", "throttled"]
    required: bool
    texts: tuple[DiagnosticText, ...] = ()
    trouble: tuple[str, ...] = ()
    # Who asked for them; nobody where policy did.
    asked_by: str = ""
    kind: Literal["diagnostics_taken"] = "diagnostics_taken"


@dataclass(frozen=True, slots=True)
class UndoBegun:
    """The host is worse than before, and the plan says to take back what was done: by these steps, for this reason."""

    state: TargetState
    why: Failure
    steps: tuple[UndoStep, ...]
    kind: Literal["undo_begun"] = "undo_begun"


@dataclass(frozen=True, slots=True)
class UndoEnded:
    """Whether the host has its builds from before again, by a fresh assessment; else why not."""

    taken_back: bool
    message: str
    checks: tuple[Check, ...] = ()
    kind: Literal["undo_ended"] = "undo_ended"


@dataclass(frozen=True, slots=True)
class Warned:
    code: str
    message: str
    kind: Literal["warned"] = "warned"


Body = Annotated[
    RunStarted
    | RunResumed
    | RequestTaken
    | RunEnded
    | AdmissionHeld
    | AdmissionFree
    | Noted
    | ReverifyAsked
    | DiagnosticsAsked
    | PatchUnblocked
    | Unlocked
    | TargetMoved
    | PhaseEntered
    | FactsTaken
    | Checked
    | PackageDelivered
    | ServicesIntended
    | ServicesMoved
    | StepMoved
    | JobIntended
    | ConnectionLost
    | JobEnded
    | UpdateEnded
    | RebootIntended
    | RebootPutOff
    | RebootRecalled
    | RebootProven
    | DiagnosticsTaken
    | UndoBegun
    | UndoEnded
    | Warned,
    Field(discriminator="kind"),
]


@dataclass(frozen=True, slots=True)
class Event:
    """Something to be journalled: about a target, or about the run when there is no target."""

    body: Body
    target: str | None = None
    phase: Phase | None = None

    @property
    def level(self) -> Level:
        match self.body:
            case TargetMoved(failure=Failure()) | StepMoved(failure=Failure()):
                return Level.ERROR
            case DiagnosticsTaken(result="failed", required=True):
                return Level.ERROR
            case UndoEnded(taken_back=False):
                return Level.ERROR
            case ConnectionLost() | Warned() | RequestTaken(accepted=False) | AdmissionHeld():
                return Level.WARNING
            case Unlocked() | UndoBegun() | RebootPutOff() | RebootRecalled():
                return Level.WARNING
            case _:
                return Level.INFO


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as the journal holds it: in its place, at its time."""

    run_id: str
    seq: int
    at: datetime
    event: Event


EVENTS_VERSION = 1
