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
    LEADS = "leads_its_group"
    NOT_ENOUGH_SPACE = "not_enough_space"
    PENDING_REBOOT = "pending_reboot"
    NO_BACKUP = "no_backup"
    BUSY = "busy"
    APPLICATION = "application"
    PACKAGE = "package"
    CORRUPT = "corrupt"
    INSTALLER = "installer"
    OVERDUE = "overdue"
    JOB_LOST = "job_lost"
    REBOOT = "reboot"
    WINDOW = "window"
    PARTNER = "partner"
    PATCH_BLOCKED = "patch_blocked"
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


class FailureType(StrEnum):
    """What kind of failure it was, as reports and compliance count them."""

    INSTALL = "install_failure"
    TIMEOUT = "timeout"
    REBOOT = "reboot_failure"
    POST_CHECK = "post_check_failure"
    UNREACHABLE = "unreachable"
    DELIVERY = "delivery_failure"
    NOT_READY = "not_ready"
    HELD = "held"
    INTERNAL = "internal"


# After these nobody knows how well the host is: it is not patched again before somebody has looked and said so.
BLOCKING_TYPES = frozenset({FailureType.INSTALL, FailureType.TIMEOUT, FailureType.REBOOT, FailureType.POST_CHECK})

_TYPES: dict[FailureType, frozenset[Cause]] = {
    FailureType.INSTALL: frozenset({Cause.INSTALLER, Cause.JOB_LOST}),
    FailureType.TIMEOUT: frozenset({Cause.OVERDUE}),
    FailureType.REBOOT: frozenset({Cause.REBOOT}),
    FailureType.POST_CHECK: frozenset({Cause.VERIFICATION, Cause.WITNESSES_DISAGREE}),
    FailureType.UNREACHABLE: NOT_REACHED,
    FailureType.DELIVERY: frozenset({Cause.PACKAGE, Cause.CORRUPT}),
    FailureType.NOT_READY: frozenset(
        {
            Cause.CHANGED,
            Cause.LEADS,
            Cause.RESTRICTED,
            Cause.UNSUPPORTED,
            Cause.UPDATE_SERVICE,
            Cause.NOT_ENOUGH_SPACE,
            Cause.PENDING_REBOOT,
            Cause.NO_BACKUP,
            Cause.BUSY,
            Cause.APPLICATION,
            Cause.NO_DRIVER,
            Cause.SQL_LOGIN,
            Cause.SQL_UPGRADING,
            Cause.SQL_UNAVAILABLE,
        }
    ),
    FailureType.HELD: frozenset(
        {Cause.CANCELLED, Cause.LOCKED, Cause.CLAIMED, Cause.WINDOW, Cause.PARTNER, Cause.PATCH_BLOCKED}
    ),
    FailureType.INTERNAL: frozenset({Cause.INTERNAL, Cause.SCRIPT}),
}
_TYPE_OF = {cause: kind for kind, causes in _TYPES.items() for cause in causes}

# The hint of a host that the run as a whole did not begin, whatever kept it from going on.
LEFT_BY_THE_RUN = "plan again for the hosts that are left"


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, what it means, and what to do about it."""

    cause: Cause
    detail: str
    hint: str = ""

    @property
    def kind(self) -> FailureType:
        return _TYPE_OF[self.cause]

    def __str__(self) -> str:
        return f"{self.detail} ({self.hint})" if self.hint else self.detail
