"""The story of a run, folded from its journal: what screens, reports and exit codes are made from."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.model.check import Check
from core.model.events import (
    DiagnosticsTaken,
    FactsTaken,
    JobEnded,
    JobIntended,
    PackageDelivered,
    RebootIntended,
    RebootProven,
    RebootPutOff,
    UndoBegun,
    UndoEnded,
    UpdateEnded,
)
from core.model.failure import BLOCKING_TYPES, Cause, Failure
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.state import STEP_RESTS, StepState, TargetState


@dataclass(frozen=True, slots=True)
class StepRecord:
    order: int
    state: StepState = StepState.PENDING
    started_at: datetime | None = None
    # None also where a later look found it over: nobody knows since when.
    ended_at: datetime | None = None
    failure: Failure | None = None
    delivered: PackageDelivered | None = None
    intent: JobIntended | None = None
    job: JobEnded | None = None
    updates: tuple[UpdateEnded, ...] = ()
    reboot_intent: RebootIntended | None = None
    put_off: RebootPutOff | None = None
    reboot: RebootProven | None = None

    @property
    def is_open(self) -> bool:
        """Begun, and not known to be over."""
        return self.state is not StepState.PENDING and not self.is_over

    @property
    def is_over(self) -> bool:
        return self.state in STEP_RESTS


@dataclass(frozen=True, slots=True)
class TargetRecord:
    host: str
    state: TargetState = TargetState.PENDING
    phase: Phase | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    # When the run's own work on it was over. That somebody has it verified again later moves its end alone.
    worked_until: datetime | None = None
    last_sign_at: datetime | None = None
    failure: Failure | None = None
    steps: tuple[StepRecord, ...] = ()
    before: FactsTaken | None = None
    after: FactsTaken | None = None
    checks_before: tuple[Check, ...] = ()
    checks_after: tuple[Check, ...] = ()
    diagnostics: DiagnosticsTaken | None = None
    diagnosed_at: datetime | None = None
    # Who wants its logs, until they have been fetched.
    diagnostics_by: str | None = None
    connection_losses: int = 0
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    # Who asked to verify it again, until that begins; and where the host stood then, while it goes on.
    reverify_by: str | None = None
    reverified_from: TargetState | None = None
    # For what the host is not to be patched again before somebody unblocks it.
    patch_blocked: Failure | None = None
    undo: UndoBegun | None = None
    undone: UndoEnded | None = None
    # Services that were stopped, or meant to be, and are not known to run again.
    stopped: tuple[str, ...] = ()
    # Why its restart is not wanted any more.
    recalled: str | None = None

    def step(self, order: int) -> StepRecord:
        return next((one for one in self.steps if one.order == order), StepRecord(order))

    @property
    def failed(self) -> bool:
        """Something that was begun on the host did not come to its end, or the host could not be reached."""
        if self.state in (TargetState.FAILED, TargetState.PARTIAL, TargetState.UNKNOWN):
            return True
        return self.state is TargetState.BLOCKED and self.failure is not None and self.failure.kind in BLOCKING_TYPES

    @property
    def put_off(self) -> RebootPutOff | None:
        """Its restart waits for a window of its own, and the run for that."""
        if (
            self.state is not TargetState.AWAITING_REBOOT
            or self.failure is None
            or self.failure.cause is not Cause.WINDOW
        ):
            return None
        return next((one.put_off for one in self.steps if one.put_off is not None and not one.is_over), None)

    @property
    def announced(self) -> bool:
        """A restart was asked for, and is not known to have come about."""
        return any(one.reboot_intent is not None and one.reboot is None and one.is_open for one in self.steps)

    @property
    def can_be_withdrawn(self) -> bool:
        """Nothing was begun on it yet, or its restart may still be called off."""
        return self.state is TargetState.PENDING or self.put_off is not None or self.announced

    @property
    def is_to_be_tried_again(self) -> bool:
        """It failed, or was left alone because of a failure before."""
        return self.failed or (self.failure is not None and self.failure.cause is Cause.PATCH_BLOCKED)

    @property
    def jobs(self) -> tuple[JobEnded, ...]:
        return tuple(step.job for step in self.steps if step.job is not None)

    @property
    def reboots(self) -> tuple[RebootProven, ...]:
        return tuple(step.reboot for step in self.steps if step.reboot is not None)


@dataclass(frozen=True, slots=True)
class RunRecord:
    run_id: str
    plan_id: str
    plan_digest: str
    authorisation_id: str
    operator: str
    console: str
    reason: str
    change: str | None
    started_at: datetime
    ended_at: datetime | None = None
    # When its own work was over. That it is taken up to verify a host again, or to fetch logs, moves its end alone.
    worked_until: datetime | None = None
    outcome: Outcome | None = None
    epoch: int = 1
    targets: tuple[TargetRecord, ...] = ()
    requests: tuple[str, ...] = ()
    answered: tuple[int, ...] = ()
    stopped: bool = False
    paused: bool = False
    held: str = ""
    retry_of: str | None = None
    attempt: int = 1

    @property
    def states(self) -> Mapping[TargetState, int]:
        """How many hosts are how."""
        return Counter(one.state for one in self.targets)

    def target(self, host: str) -> TargetRecord:
        return next((one for one in self.targets if one.host == host), TargetRecord(host))
