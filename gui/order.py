"""In what order states are shown, on every page: in lists the worst first, in charts by their colours."""

from __future__ import annotations

from core.model.compliance import ComplianceState
from core.model.state import TargetState
from gui.theme import Tone
from gui.words import compliance_tone, target_tone

_TARGETS = (
    TargetState.FAILED,
    TargetState.UNKNOWN,
    TargetState.PARTIAL,
    TargetState.BLOCKED,
    TargetState.AWAITING_REBOOT,
    TargetState.OVERDUE,
    TargetState.IN_PROGRESS,
    TargetState.DEFERRED,
    TargetState.PENDING,
    TargetState.CANCELLED,
    TargetState.SKIPPED,
    TargetState.SUCCESS,
)
# What nobody has looked at may be anything. None is still being judged.
_HOSTS = (
    ComplianceState.FAILED,
    ComplianceState.BLOCKED,
    ComplianceState.UNKNOWN,
    ComplianceState.PENDING,
    ComplianceState.DEFERRED,
    ComplianceState.COMPLIANT,
    None,
)
# What is done, then what goes on, then what is in the way of it.
TONES_IN_CHARTS = (Tone.GOOD, Tone.BUSY, Tone.BAD, Tone.WARN, Tone.QUIET)


def target_badness(state: TargetState) -> int:
    """Of a host in a run: the less, the sooner somebody must see it."""
    return _TARGETS.index(state)


def badness(state: ComplianceState | None) -> int:
    """Of a host of the fleet: the less, the sooner somebody must see it."""
    return _HOSTS.index(state)


def targets_in_charts() -> tuple[TargetState, ...]:
    """Patched and verified is what a run is for: among the good it comes first."""
    return tuple(
        sorted(
            TargetState,
            key=lambda one: (
                TONES_IN_CHARTS.index(target_tone(one)),
                one is not TargetState.SUCCESS,
                target_badness(one),
            ),
        )
    )


def hosts_in_charts() -> tuple[ComplianceState, ...]:
    return tuple(sorted(ComplianceState, key=lambda one: (TONES_IN_CHARTS.index(compliance_tone(one)), badness(one))))
