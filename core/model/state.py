"""The legal states of targets and steps, and the only way to move between them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar


class TargetState(StrEnum):
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    SUCCESS = "success"
    PARTIAL = "partial"
    FAILED = "failed"
    SKIPPED = "skipped"
    AWAITING_REBOOT = "awaiting_reboot"
    OVERDUE = "overdue"
    DEFERRED = "deferred"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class StepState(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    SUCCESS = "success"
    FAILED = "failed"
    SKIPPED = "skipped"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"


_T = TargetState
_S = StepState

# From "in progress" there is no way back to "pending": a host that was touched is never treated as untouched.
# "success" has no way out: what a later assessment shows belongs to a later run.
# "failed", "partial" and "blocked" go back to "in progress" for one thing only: somebody worked on the host by hand and
# asks to verify it again.
# "overdue" and "unknown" have no way to "cancelled": an installer that may be running is never given up, only watched.
TARGET_MOVES: dict[TargetState, frozenset[TargetState]] = {
    _T.PENDING: frozenset({_T.IN_PROGRESS, _T.SKIPPED, _T.DEFERRED, _T.BLOCKED, _T.CANCELLED}),
    _T.IN_PROGRESS: frozenset(
        {
            _T.SUCCESS,
            _T.PARTIAL,
            _T.FAILED,
            _T.SKIPPED,
            _T.AWAITING_REBOOT,
            _T.OVERDUE,
            _T.DEFERRED,
            _T.BLOCKED,
            _T.CANCELLED,
            _T.UNKNOWN,
        }
    ),
    _T.OVERDUE: frozenset({_T.IN_PROGRESS, _T.FAILED, _T.BLOCKED, _T.UNKNOWN}),
    _T.AWAITING_REBOOT: frozenset({_T.IN_PROGRESS, _T.CANCELLED}),
    _T.UNKNOWN: frozenset({_T.IN_PROGRESS}),
    _T.SUCCESS: frozenset(),
    _T.PARTIAL: frozenset({_T.IN_PROGRESS}),
    _T.FAILED: frozenset({_T.IN_PROGRESS}),
    _T.SKIPPED: frozenset(),
    _T.DEFERRED: frozenset(),
    _T.BLOCKED: frozenset({_T.IN_PROGRESS}),
    _T.CANCELLED: frozenset(),
}

# A running step has no way to "skipped" or back to "pending": its installer may have changed the host.
STEP_MOVES: dict[StepState, frozenset[StepState]] = {
    _S.PENDING: frozenset({_S.RUNNING, _S.SKIPPED}),
    _S.RUNNING: frozenset({_S.SUCCESS, _S.FAILED, _S.OVERDUE, _S.UNKNOWN}),
    _S.OVERDUE: frozenset({_S.SUCCESS, _S.FAILED, _S.UNKNOWN}),
    _S.UNKNOWN: frozenset({_S.SUCCESS, _S.FAILED}),
    _S.SUCCESS: frozenset(),
    _S.FAILED: frozenset(),
    _S.SKIPPED: frozenset(),
}

# States in which nothing more happens in this run without somebody asking for it.
TARGET_RESTS: frozenset[TargetState] = frozenset(TargetState) - {_T.PENDING, _T.IN_PROGRESS, _T.OVERDUE}
STEP_RESTS: frozenset[StepState] = frozenset({_S.SUCCESS, _S.FAILED, _S.SKIPPED})

# What somebody may have mended by hand. A deferred, skipped or cancelled host was left as it was.
REVERIFIABLE: frozenset[TargetState] = frozenset(
    {
        TargetState.FAILED,
        TargetState.PARTIAL,
        TargetState.BLOCKED,
        TargetState.UNKNOWN,
        TargetState.AWAITING_REBOOT,
    }
)

_MOVES: dict[type, Mapping[Any, frozenset[Any]]] = {TargetState: TARGET_MOVES, StepState: STEP_MOVES}


class IllegalMoveError(Exception):
    """A bug: somebody tried to move a target or step where the table has no arrow."""


State = TypeVar("State", TargetState, StepState)


def advance(before: State, after: State) -> State:
    """The only way from one state to another."""
    # Targets and steps share words, and words compare equal: a step's "success" is not a target's.
    if type(after) is not type(before) or after not in _MOVES[type(before)][before]:
        raise IllegalMoveError(f"{type(before).__name__} {before} -> {after}")
    return after
