"""How a run ended, in one word, and the two tables of exit codes over it."""

from enum import StrEnum
from typing import Literal


class Outcome(StrEnum):
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    REBOOT_REQUIRED = "reboot_required"
    LOCKED = "locked"
    INSTALL_FAILED = "install_failed"
    VERIFICATION_FAILED = "verification_failed"
    DIAGNOSTICS_FAILED = "diagnostics_failed"
    REPORTING_FAILED = "reporting_failed"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"
    CANCELLED = "cancelled"


ExitTable = Literal["basic", "rmm"]

EXIT_CODES: dict[Outcome, tuple[int, int, str]] = {
    Outcome.SUCCEEDED: (0, 0, "all targets succeeded, or nothing to do"),
    Outcome.PARTIAL: (1, 100, "some succeeded; some deferred, skipped or unreachable need attention"),
    Outcome.REBOOT_REQUIRED: (1, 150, "a restart is required and policy left it to the operator"),
    Outcome.LOCKED: (1, 170, "another run holds the target or the workspace"),
    Outcome.INSTALL_FAILED: (1, 210, "an installation failed, or its outcome is unknown"),
    Outcome.VERIFICATION_FAILED: (1, 220, "verification failed"),
    Outcome.DIAGNOSTICS_FAILED: (1, 230, "required diagnostics failed"),
    Outcome.REPORTING_FAILED: (1, 240, "evidence or report could not be written"),
    Outcome.REFUSED: (2, 2, "configuration, plan, signature or authorisation refused"),
    Outcome.NOT_REACHED: (3, 3, "no target could be reached"),
    Outcome.CANCELLED: (130, 130, "cancelled by the operator"),
}

_WORST_FIRST = (
    Outcome.CANCELLED,
    Outcome.REFUSED,
    Outcome.NOT_REACHED,
    Outcome.REPORTING_FAILED,
    Outcome.DIAGNOSTICS_FAILED,
    Outcome.VERIFICATION_FAILED,
    Outcome.INSTALL_FAILED,
    Outcome.LOCKED,
    Outcome.REBOOT_REQUIRED,
    Outcome.PARTIAL,
)


def worst(outcomes: frozenset[Outcome]) -> Outcome:
    """The one outcome that is returned for all that happened."""
    return next((one for one in _WORST_FIRST if one in outcomes), Outcome.SUCCEEDED)


def exit_code(outcome: Outcome, table: ExitTable) -> int:
    basic, rmm, _ = EXIT_CODES[outcome]
    return basic if table == "basic" else rmm
