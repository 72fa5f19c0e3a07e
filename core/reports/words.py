"""Sentences of the reports, made of the operator's vocabulary; and times as people read them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from core.evidence.outcome import left_by
from core.model.check import CheckResult
from core.model.count import counted
from core.model.failure import Cause, Failure, FailureType
from core.model.outcome import Outcome
from core.model.plan import Skipped
from core.model.record import RunRecord, TargetRecord
from core.model.run_report import Outage, Tone
from core.model.state import StepState, TargetState
from core.model.vocabulary import CAUSE_WORDS, CHECK_WORDS, GOOD, OUTCOME_SENTENCES, STEP_WORDS, TARGET_WORDS, Word

_FAILED = frozenset({TargetState.FAILED, TargetState.PARTIAL, TargetState.BLOCKED})

# By what a fresh look found. None: nobody has looked.
OUTAGE_WORDS: dict[bool | None, tuple[str, Tone]] = {
    True: ("up again", "good"),
    False: ("still down", "bad"),
    None: ("nobody has looked since", "open"),
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
    "excluded_update": "its update was left out when the plan was reviewed",
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
    return ("was not down", None) if outage.measured_seconds is None else OUTAGE_WORDS[outage.back]


def outcome_words(record: RunRecord) -> str:
    match record.outcome:
        case None:
            return "The run has not ended"
        case Outcome.INSTALL_FAILED as outcome:
            return _went_wrong(left_by(record, outcome)) or OUTCOME_SENTENCES[outcome]
        case Outcome.PARTIAL if record.targets and not any(one.state in GOOD for one in record.targets):
            return "No host is patched and verified; each needs attention"
        case outcome:
            return OUTCOME_SENTENCES[outcome]


def _went_wrong(targets: tuple[TargetRecord, ...]) -> str:
    """What failed, and what nobody knows: one outcome for scripts, two things for people."""
    failed = [one for one in targets if one.state in _FAILED]
    unknown = len(targets) - len(failed)
    by_setup = all(one.failure is not None and one.failure.kind is FailureType.INSTALL for one in failed)
    hosts = counted(len(failed), "host")
    told = [f"An installation failed on {hosts}" if by_setup else f"{hosts} failed"] if failed else []
    if unknown and failed:
        told.append(f"and nobody knows how it ended on {unknown} more")
    elif unknown:
        told.append(f"Nobody knows how it ended on {counted(unknown, 'host')}")
    return ", ".join(told)


def times(count: int) -> str:
    return "once" if count == 1 else "twice" if count == 2 else f"{count} times"


def tone(state: TargetState) -> Tone:
    """What a colour stands for, always beside the word."""
    return tone_of(TARGET_WORDS[state])


def step_tone(state: StepState) -> Tone:
    return tone_of(STEP_WORDS[state])


def tone_of(word: Word) -> Tone:
    """On paper three colours do."""
    return "good" if word.shade == "good" else "bad" if word.shade == "bad" else "open"


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
            return f"{host} was begun and is not done yet"
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
            return f"{host} is {TARGET_WORDS[target.state].text}{_colon(target)}"
        case _ if target.failure is None:
            return f"{host} was not patched: {TARGET_WORDS[target.state].text}"
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


def check_words(result: str) -> str:
    return CHECK_WORDS[CheckResult(result)].text


def cause_words(cause: Cause) -> str:
    return CAUSE_WORDS[cause]


def seconds_between(start: datetime | None, end: datetime | None) -> int | None:
    """Between the two as they are shown, without parts of a second: the window says the same."""
    if start is None or end is None:
        return None
    return int((end.replace(microsecond=0) - start.replace(microsecond=0)).total_seconds())


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
    """With its offset in the hour that the clock shows twice, when summer time ends."""
    if at is None:
        return ""
    there = local(at, zone)
    twice = there.replace(fold=1 - there.fold).utcoffset() != there.utcoffset()
    return there.isoformat(" ", "seconds") if twice else there.strftime("%Y-%m-%d %H:%M:%S")


def stamp(at: datetime | None, zone: str | None) -> str:
    """With the offset, which stands for itself in a table of several zones."""
    return "" if at is None else local(at, zone).replace(microsecond=0).isoformat(" ")


def minute(at: datetime | None, zone: str | None) -> str:
    """What is planned is not known to the second."""
    return stamp(at, zone)[:16] + stamp(at, zone)[19:]


def ended(text: str) -> str:
    """A full stop for what has none."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


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
