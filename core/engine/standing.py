"""Where one host stands in its walk. Every move goes through the table of legal states."""

from core.model.events import StepMoved, TargetMoved, UpdateEnded, UpdateState
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

    def step(self, order: int) -> StepState:
        return self._steps.get(order, StepState.PENDING)

    @property
    def touched(self) -> bool:
        """Whether anything was begun that may have changed the host."""
        return any(state not in _UNTOUCHED for state in self._steps.values())

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
