"""Where one host stands in its walk. Every move goes through the table of legal states."""

from core.model.check import Check, CheckResult
from core.model.events import StepMoved, TargetMoved, UndoBegun, UpdateEnded, UpdateState
from core.model.failure import Failure
from core.model.record import TargetRecord
from core.model.state import StepState, TargetState, advance

_UNTOUCHED = frozenset({StepState.PENDING, StepState.SKIPPED})


class Standing:
    """The only thing that changes during a walk; the journal holds all of it."""

    def __init__(self, past: TargetRecord) -> None:
        self.target = past.state
        self.failure = past.failure
        self._steps = {step.order: step.state for step in past.steps}
        self._updates = {one.patch_id: one.state for step in past.steps for one in step.updates}
        self._attempts = {step.order: step.intent.attempt for step in past.steps if step.intent is not None}
        self._before = past.checks_before
        self.undo: UndoBegun | None = past.undo
        # Services that were stopped, or meant to be, and are not known to run again.
        self.stopped: tuple[str, ...] = past.stopped
        # Set while the walk goes on: why somebody does not want the host restarted any more.
        self.recalled: str | None = past.recalled

    def step(self, order: int) -> StepState:
        return self._steps.get(order, StepState.PENDING)

    def attempt(self, order: int) -> int:
        """Which attempt at a step this is. Only an installer that another one kept from working is started again."""
        return self._attempts.get(order, 1)

    def try_again(self, order: int) -> None:
        self._attempts[order] = self.attempt(order) + 1

    def checked(self, checks: tuple[Check, ...]) -> None:
        """What was found before anything was changed: later findings are held against it."""
        self._before = checks

    def was_well(self, name: str, subject: str) -> bool:
        return any(
            one.name == name and one.subject == subject and one.result is CheckResult.PASSED for one in self._before
        )

    @property
    def touched(self) -> bool:
        """Whether anything was begun that may have changed the host."""
        return bool(self.stopped) or any(state not in _UNTOUCHED for state in self._steps.values())

    @property
    def succeeded_any(self) -> bool:
        return StepState.SUCCESS in self._steps.values()

    def update(self, patch_id: str) -> UpdateState | None:
        """How an update of the system ended, if it has."""
        return self._updates.get(patch_id)

    def end_update(self, body: UpdateEnded) -> UpdateEnded:
        self._updates[body.patch_id] = body.state
        return body

    def move(self, after: TargetState, failure: Failure | None = None) -> TargetMoved:
        before, self.target, self.failure = self.target, advance(self.target, after), failure
        return TargetMoved(before, after, failure)

    def move_step(self, order: int, after: StepState, failure: Failure | None = None) -> StepMoved:
        before = self.step(order)
        self._steps[order] = advance(before, after)
        return StepMoved(order, before, after, failure)
