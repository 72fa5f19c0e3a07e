"""A run as rows, a host a row, the one that needs somebody first on top."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from core.model.phase import Phase
from core.model.plan import PlannedTarget
from core.model.record import TargetRecord
from core.model.state import TARGET_RESTS, TargetState
from gui.language import tr
from gui.models.table import Column
from gui.theme import Tone
from gui.words import about, age, duration, phase_word, target_tone, target_word

_NEEDS_ME = frozenset(
    {TargetState.FAILED, TargetState.PARTIAL, TargetState.UNKNOWN, TargetState.BLOCKED, TargetState.AWAITING_REBOOT}
)


@dataclass(frozen=True, slots=True)
class HostRow:
    """One host of a run: what was planned, how it stands, the last that was heard."""

    record: TargetRecord
    planned: PlannedTarget | None
    role: str
    last: str = ""

    @property
    def host(self) -> str:
        return self.record.host

    @property
    def needs_me(self) -> bool:
        return self.record.state in _NEEDS_ME


def rank(line: HostRow) -> int:
    """Worst first: needs me, overdue, restarting, running, put off, to come, done."""
    record = line.record
    if line.needs_me:
        return 0
    match record.state:
        case TargetState.OVERDUE:
            return 1
        case TargetState.IN_PROGRESS:
            return 2 if record.phase is Phase.REBOOT else 3
        case TargetState.DEFERRED:
            return 4
        case TargetState.PENDING:
            return 5
        case _:
            return 6


def ran_seconds(record: TargetRecord, now: datetime) -> int:
    if record.started_at is None:
        return 0
    return max(0, int(((record.ended_at or now) - record.started_at).total_seconds()))


def run_columns() -> tuple[Column[HostRow], ...]:
    return (
        Column(tr("Host"), lambda line: line.host, width=120),
        Column(
            tr("State"), lambda line: target_word(line.record.state), rank,
            lambda line: target_tone(line.record.state), width=128,
        ),
        Column(tr("Does"), _doing, width=132),
        Column(tr("Time"), _time, lambda line: ran_seconds(line.record, datetime.now(UTC)), width=116, numeric=True),
        Column(tr("Last sign"), _sign, lambda line: line.record.last_sign_at or _NEVER, width=84),
        Column(tr("Role"), lambda line: line.role, width=84),
        Column(tr("Last heard"), lambda line: line.last, tone=None, width=320),
    )  # fmt: skip


_NEVER = datetime.min.replace(tzinfo=UTC)


def _doing(line: HostRow) -> str:
    if line.record.state in TARGET_RESTS:
        return ""
    return phase_word(line.record.phase)


def _time(line: HostRow) -> str:
    """So far, against what was expected."""
    if line.record.started_at is None:
        return ""
    so_far = duration(ran_seconds(line.record, datetime.now(UTC)))
    expected = line.planned.expected_seconds if line.planned is not None else 0
    return f"{so_far} / {about(expected)}" if expected and line.record.ended_at is None else so_far


def _sign(line: HostRow) -> str:
    if line.record.last_sign_at is None or line.record.ended_at is not None:
        return ""
    return age(line.record.last_sign_at, datetime.now(UTC))


def state_tones() -> tuple[tuple[Tone, frozenset[TargetState]], ...]:
    """The parts of a run's bar."""
    return (
        (Tone.GOOD, frozenset({TargetState.SUCCESS, TargetState.SKIPPED})),
        (Tone.BUSY, frozenset({TargetState.IN_PROGRESS})),
        (Tone.WARN, frozenset({TargetState.OVERDUE, TargetState.DEFERRED, TargetState.AWAITING_REBOOT})),
        (Tone.BAD, _NEEDS_ME - {TargetState.AWAITING_REBOOT}),
        (Tone.QUIET, frozenset({TargetState.CANCELLED})),
    )
