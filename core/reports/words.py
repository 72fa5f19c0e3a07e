"""The operator's words for states, causes and times."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.model.events import UpdateState
from core.model.failure import Cause, Failure
from core.model.outcome import Outcome
from core.model.plan import Skipped
from core.model.record import TargetRecord
from core.model.run_report import Outage, Tone
from core.model.state import StepState, TargetState

TARGET_WORDS: dict[TargetState, str] = {
    TargetState.PENDING: "not begun",
    TargetState.IN_PROGRESS: "in progress",
    TargetState.SUCCESS: "patched and verified",
    TargetState.PARTIAL: "partly patched",
    TargetState.FAILED: "failed",
    TargetState.SKIPPED: "nothing to do any more",
    TargetState.AWAITING_REBOOT: "waits for a restart",
    TargetState.OVERDUE: "overdue, still watched",
    TargetState.DEFERRED: "deferred",
    TargetState.BLOCKED: "blocked",
    TargetState.CANCELLED: "taken out",
    TargetState.UNKNOWN: "unknown",
}

UPDATE_WORDS: dict[UpdateState, tuple[str, Tone]] = {
    "installed": ("installed", "good"),
    "already_installed": ("was installed already", "good"),
    "install_failed": ("failed to install", "bad"),
    "download_failed": ("failed to download", "bad"),
    "barred": ("refused by the host's own guard", "bad"),
    "lost": ("lost with its job", "bad"),
    "superseded": ("superseded; plan again", "open"),
    "not_offered": ("no longer offered; plan again", "open"),
}

STEP_WORDS: dict[StepState, str] = {
    StepState.PENDING: "not begun",
    StepState.RUNNING: "running",
    StepState.SUCCESS: "done",
    StepState.FAILED: "failed",
    StepState.SKIPPED: "skipped",
    StepState.OVERDUE: "overdue",
    StepState.UNKNOWN: "unknown",
}

COLLECTED_WORDS: dict[str, tuple[str, Tone]] = {
    "collected": ("collected", "good"),
    "partial": ("collected in part", "open"),
    "failed": ("could not be collected", "bad"),
    "throttled": ("not collected again so soon", "open"),
}

# By what a fresh look found. None: nobody has looked.
OUTAGE_WORDS: dict[bool | None, tuple[str, Tone]] = {
    True: ("up again", "good"),
    False: ("still away", "bad"),
    None: ("nobody has looked since", "open"),
}

GOOD = frozenset({TargetState.SUCCESS, TargetState.SKIPPED})
BAD = frozenset({TargetState.FAILED, TargetState.PARTIAL, TargetState.UNKNOWN, TargetState.BLOCKED})
_BAD_STEPS = frozenset({StepState.FAILED, StepState.UNKNOWN})

OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.SUCCEEDED: "Every host of the plan is patched and verified, or needed nothing",
    Outcome.PARTIAL: "Some hosts were left out on the way and need attention",
    Outcome.REBOOT_REQUIRED: "Some hosts wait for a restart that policy leaves to you",
    Outcome.LOCKED: "Another run had some of the hosts",
    Outcome.INSTALL_FAILED: "An installation failed, or nobody knows how it ended",
    Outcome.VERIFICATION_FAILED: "An update was installed, but a check afterwards failed",
    Outcome.DIAGNOSTICS_FAILED: "Diagnostics that policy asks for could not be collected",
    Outcome.REPORTING_FAILED: "Evidence or a report could not be written",
    Outcome.REFUSED: "The run was refused",
    Outcome.NOT_REACHED: "No host could be reached",
    Outcome.CANCELLED: "The run was stopped before every host was begun",
}

_CAUSES: dict[Cause, str] = {
    Cause.UNREACHABLE: "could not be reached",
    Cause.NAME_NOT_RESOLVED: "name not resolved",
    Cause.NO_ANSWER: "no answer",
    Cause.BAD_CERTIFICATE: "certificate not trusted",
    Cause.ACCESS_DENIED: "access denied",
    Cause.NO_CREDENTIAL: "no credential",
    Cause.PROTOCOL: "answer not understood",
    Cause.SCRIPT: "script failed",
    Cause.RESTRICTED: "remoting restricted",
    Cause.UNSUPPORTED: "not supported",
    Cause.CANCELLED: "taken out",
    Cause.LOCKED: "another run has it",
    Cause.CLAIMED: "another console has it",
    Cause.CHANGED: "changed since the plan",
    Cause.LEADS: "leads its group",
    Cause.NOT_ENOUGH_SPACE: "not enough space",
    Cause.PENDING_REBOOT: "restart pending",
    Cause.NO_BACKUP: "no recent backup",
    Cause.BUSY: "other work on the host",
    Cause.APPLICATION: "application not well",
    Cause.PACKAGE: "package not delivered",
    Cause.CORRUPT: "package changed on the way",
    Cause.INSTALLER: "setup failed",
    Cause.OVERDUE: "setup did not end",
    Cause.JOB_LOST: "setup's end not known",
    Cause.REBOOT: "restart failed",
    Cause.WINDOW: "window too short",
    Cause.PARTNER: "partner not well",
    Cause.PATCH_BLOCKED: "blocked since an earlier failure",
    Cause.VERIFICATION: "check after the update failed",
    Cause.WITNESSES_DISAGREE: "nobody can tell its build",
    Cause.NO_DRIVER: "no driver for SQL Server",
    Cause.SQL_LOGIN: "login to SQL Server refused",
    Cause.SQL_UPGRADING: "SQL Server still upgrades",
    Cause.SQL_UNAVAILABLE: "SQL Server does not answer",
    Cause.UPDATE_SERVICE: "update service not heard",
    Cause.INTERNAL: "error in Drydock",
}

# Why a plan leaves something alone, in a few words; what could not be assessed has its cause.
SKIP_WORDS: dict[str, str] = {
    "up_to_date": "up to date",
    "host_held": "its host is held back",
    "left_out": "left out when the plan was reviewed",
    "no_instance": "no SQL Server on it",
    "disabled_target": "its target is disabled",
    "pinned": "policy holds its build",
    "sql_disabled": "policy leaves SQL Server alone",
    "no_previous": "no update before the newest is mapped",
    "unsupported": "its version is not supported",
    "no_mapping": "no update is mapped",
    "edition_filter": "no update is mapped for its edition",
    "withdrawn": "the update was withdrawn",
    "branch_ambiguous": "the branch is not clear",
    "branch_crossing": "the update is of another branch",
    "below_min_build": "an earlier update comes first",
    "service_pack_first": "a service pack comes first",
    "excluded_kb": "policy excludes the update",
    "too_young": "the update is too new for policy",
    "roles_disagree": "the members of its group contradict each other",
    "partner_unknown": "a partner in its group is not known",
    "partner_behind": "a partner in its group comes first",
    "no_failover_target": "nobody could take its role over",
    "quorum": "its cluster would lose the quorum",
    "no_safe_order": "its groups allow no order",
}

# Causes in the middle of a sentence, where the detail alone would not be one.
_BECAUSE: dict[Cause, str] = {
    Cause.UNREACHABLE: "it could not be reached",
    Cause.NAME_NOT_RESOLVED: "its name could not be resolved",
    Cause.NO_ANSWER: "it did not answer",
    Cause.BAD_CERTIFICATE: "its certificate is not trusted",
    Cause.ACCESS_DENIED: "it denied access",
    Cause.NO_CREDENTIAL: "there is no credential for it",
    Cause.NOT_ENOUGH_SPACE: "it has not enough free space",
    Cause.PENDING_REBOOT: "Windows waits for a restart",
    Cause.CANCELLED: "it was taken out of the run",
    Cause.PACKAGE: "the package did not get there",
    Cause.CORRUPT: "the package came changed",
}


def skip_words(one: Skipped) -> str:
    """A code of another version is shown as it is."""
    if one.code in SKIP_WORDS:
        return SKIP_WORDS[one.code]
    return cause_words(Cause(one.code)) if one.code in set(Cause) else one.code.replace("_", " ")


def outage_words(outage: Outage) -> tuple[str, Tone | None]:
    """Where a service stands after its outage."""
    return ("was not away", None) if outage.measured_seconds is None else OUTAGE_WORDS[outage.back]


def outcome_words(outcome: Outcome | None) -> str:
    return "The run has not ended" if outcome is None else OUTCOME_WORDS[outcome]


def times(count: int) -> str:
    return "once" if count == 1 else "twice" if count == 2 else f"{count} times"


def tone(state: TargetState) -> Tone:
    """What a colour stands for, always beside the word."""
    return "good" if state in GOOD else "bad" if state in BAD else "open"


def step_tone(state: StepState) -> Tone:
    return "good" if state is StepState.SUCCESS else "bad" if state in _BAD_STEPS else "open"


def sentence(target: TargetRecord) -> str:
    """What became of the host, as one would say it."""
    host = target.host
    match target.state:
        case TargetState.SUCCESS:
            return f"{host} is patched and verified"
        case TargetState.SKIPPED if target.failure is None:
            return f"{host} needed nothing any more"
        case TargetState.PENDING:
            return f"{host} has not been begun"
        case TargetState.IN_PROGRESS:
            return f"{host} is being worked on"
        case TargetState.AWAITING_REBOOT:
            return f"{host} waits for a restart that policy leaves to you"
        case TargetState.UNKNOWN:
            return f"Nobody knows how {host} stands{_colon(target)}"
        case TargetState.PARTIAL:
            return f"{host} was patched only in part{_colon(target)}"
        case TargetState.FAILED if begun(target):
            return f"{host} failed{_colon(target)}"
        case TargetState.OVERDUE:
            return f"{host} is overdue and still watched{_colon(target)}"
        case _ if begun(target):
            return f"{host} is {TARGET_WORDS[target.state]}{_colon(target)}"
        case _ if target.failure is None:
            return f"{host} was not patched: {TARGET_WORDS[target.state]}"
        case _:
            return f"{host} was not patched because {because(target.failure, host)}"


def begun(target: TargetRecord) -> bool:
    """Something may have changed on the host: "was not patched" can't be said of it."""
    return any(step.intent is not None or step.reboot_intent is not None for step in target.steps)


def because(failure: Failure, host: str) -> str:
    detail = told_of(failure.detail, host)
    lead = _BECAUSE.get(failure.cause)
    return detail if lead is None or detail.startswith(lead) else f"{lead}: {detail}"


def told_of(reason: str, host: str) -> str:
    """A reason that begins with the host's own name goes on with "it"."""
    return "it" + reason.removeprefix(host) if reason.startswith(f"{host} ") else reason


def _colon(target: TargetRecord) -> str:
    return "" if target.failure is None else f": {target.failure.detail}"


def cause_words(cause: Cause) -> str:
    return _CAUSES[cause]


def seconds_between(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else round((end - start) / timedelta(seconds=1))


def duration(start: datetime | None, end: datetime | None) -> str:
    seconds = seconds_between(start, end)
    return "" if seconds is None else in_minutes(seconds)


def in_minutes(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    if not minutes:
        return f"{seconds} s"
    return f"{minutes} min {seconds:02} s" if seconds else f"{minutes} min"


def local(at: datetime, zone: str | None) -> datetime:
    """In the named zone, else in this PC's."""
    return at.astimezone(None if zone is None else ZoneInfo(zone))


def zone_words(zone: str | None, at: datetime) -> str:
    return zone or local(at, None).tzname() or "local time"


def clock(at: datetime | None, zone: str | None) -> str:
    return "" if at is None else local(at, zone).strftime("%Y-%m-%d %H:%M:%S")


def yours(at: datetime | None, zone: str | None, mine: str | None) -> str:
    """The reader's clock where it differs from the site's; the day only where that differs, too."""
    if at is None:
        return ""
    site, own = local(at, zone), local(at, mine)
    if site.utcoffset() == own.utcoffset():
        return ""
    return own.strftime("%H:%M:%S" if site.date() == own.date() else "%Y-%m-%d %H:%M:%S")


def brief(text: str, longest: int = 240) -> str:
    """The first findings of a long list; where they are all told, is said by whoever shows it."""
    if len(text) <= longest:
        return text
    parts = text.split("; ")
    shown = 1
    while shown < len(parts) and len("; ".join(parts[: shown + 1])) <= longest:
        shown += 1
    head = "; ".join(parts[:shown])
    head = head if len(head) <= longest else head[: longest - 1].rstrip() + "…"
    left = len(parts) - shown
    return f"{head}; and {left} more" if left else head
