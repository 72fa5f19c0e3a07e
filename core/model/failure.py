"""Expected trouble on one host, as a value."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """What went wrong, in the operator's terms."""

    UNREACHABLE = "unreachable"
    NAME_NOT_RESOLVED = "name_not_resolved"
    NO_ANSWER = "no_answer"
    BAD_CERTIFICATE = "bad_certificate"
    ACCESS_DENIED = "access_denied"
    NO_CREDENTIAL = "no_credential"
    PROTOCOL = "protocol"
    SCRIPT = "script"
    RESTRICTED = "restricted"
    UNSUPPORTED = "unsupported"
    CANCELLED = "cancelled"
    LOCKED = "locked"
    CLAIMED = "claimed"
    CHANGED = "changed_since_plan"
    NOT_ENOUGH_SPACE = "not_enough_space"
    PENDING_REBOOT = "pending_reboot"
    PACKAGE = "package"
    CORRUPT = "corrupt"
    INSTALLER = "installer"
    OVERDUE = "overdue"
    JOB_LOST = "job_lost"
    REBOOT = "reboot"
    VERIFICATION = "verification"
    WITNESSES_DISAGREE = "witnesses_disagree"
    NO_DRIVER = "no_driver"
    SQL_LOGIN = "sql_login"
    SQL_UPGRADING = "sql_upgrading"
    SQL_UNAVAILABLE = "sql_unavailable"
    UPDATE_SERVICE = "update_service"
    INTERNAL = "internal"


# The host could not be spoken to: nothing is known about it, and asking again later is safe.
SILENT = frozenset({Cause.UNREACHABLE, Cause.NO_ANSWER, Cause.PROTOCOL})

# No contact at all came about, for whatever reason.
NOT_REACHED = SILENT | {Cause.NAME_NOT_RESOLVED, Cause.BAD_CERTIFICATE, Cause.ACCESS_DENIED, Cause.NO_CREDENTIAL}


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, what it means, and what to do about it."""

    cause: Cause
    detail: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.detail} ({self.hint})" if self.hint else self.detail
