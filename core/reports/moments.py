"""The time line of each host: the journal's lines that an operator would tell of."""

from collections import Counter
from collections.abc import Iterable

from core.model.check import CheckResult
from core.model.count import counted
from core.model.events import (
    Body,
    Checked,
    ConnectionLost,
    DiagnosticsTaken,
    Entry,
    FactsTaken,
    JobEnded,
    JobIntended,
    Noted,
    PackageDelivered,
    PatchUnblocked,
    RebootIntended,
    RebootProven,
    RebootPutOff,
    RebootRecalled,
    ReverifyAsked,
    ServicesMoved,
    TargetMoved,
    UndoBegun,
    UndoEnded,
    Unlocked,
    UpdateEnded,
    Warned,
)
from core.model.run_report import Moment, Tone
from core.model.state import TargetState
from core.model.transfer import NO_ROUTE, route_words
from core.model.vocabulary import CHECK_WORDS, TARGET_WORDS, UPDATE_WORDS
from core.reports.words import tone, tone_of


def moments_of(entries: Iterable[Entry]) -> dict[str, tuple[Moment, ...]]:
    found: dict[str, list[Moment]] = {}
    for entry in entries:
        told = None if entry.event.target is None else _told(entry.event.body)
        if told is not None and entry.event.target is not None:
            words, mood = told
            found.setdefault(entry.event.target, []).append(Moment(entry.at, words, mood))
    return {host: tuple(some) for host, some in found.items()}


def _told(body: Body) -> tuple[str, Tone | None] | None:
    """None for what is only for the record."""
    match body:
        case TargetMoved(after=TargetState.IN_PROGRESS):
            return "begun", None
        case TargetMoved(after=after, failure=failure):
            return TARGET_WORDS[after].text + ("" if failure is None else f": {failure}"), tone(after)
        case FactsTaken(moment=moment, builds=builds):
            seen = ", ".join(f"{one.instance} {one.build}" for one in builds)
            return f"assessed {moment}: {seen or 'no instance'}", None
        case Checked(moment=moment, checks=checks):
            results = Counter(one.result for one in checks)
            words = ", ".join(f"{number} {CHECK_WORDS[result].text}" for result, number in results.items())
            return f"checks {moment}: {words or 'none'}", "bad" if results[CheckResult.FAILED] else None
        case PackageDelivered(route=route, already_there=there):
            return f"package verified on the host ({route_words(NO_ROUTE if there else route)})", None
        case JobIntended():
            return "installer started", None
        case JobEnded(exit_code=code, meaning=meaning):
            return f"installer ended with {code}: {meaning}", None
        case ConnectionLost(failure=failure):
            return f"line lost: {failure.detail}; what runs there goes on", "open"
        case RebootIntended():
            return "restart asked for", None
        case ServicesMoved(action=action, services=services, complete=complete):
            names = ", ".join(one.name for one in services)
            words = f"services {'stopped' if action == 'stop' else 'started'}: {names or 'none'}"
            return (words, None) if complete else (f"{words}; one did not follow", "bad")
        case RebootPutOff(window=window, until=until):
            return f"restart put off until {window} opens at {until:%Y-%m-%d %H:%M} UTC", "open"
        case RebootRecalled(why=why):
            return f"restart no longer wanted: {why}", "open"
        case RebootProven():
            return "restart proven, the host is on a new start", None
        case UndoBegun(steps=steps):
            return f"worse than before: taken back in {counted(len(steps), 'step')}, as the plan says", "open"
        case UndoEnded(taken_back=back, message=message):
            return (f"taken back: {message}", "open") if back else (f"could not be taken back: {message}", "bad")
        case Warned(message=message):
            return f"warning: {message}", "open"
        case Noted(by=by, text=text):
            return f"{by} noted: {text}", "open"
        case ReverifyAsked(by=by):
            return f"{by} asked to verify it again", None
        case PatchUnblocked(by=by, reason=reason):
            return f"{by} unblocked it: {reason}", None
        case Unlocked(by=by, reason=reason):
            return f"{by} cleared what an ended run had left: {reason}", "open"
        case UpdateEnded(kb=kb, title=title, state=state):
            word = UPDATE_WORDS[state]
            mood = tone_of(word)
            return f"{title if kb is None else f'KB{kb}'} {word.text}", None if mood == "good" else mood
        case DiagnosticsTaken(texts=texts, trouble=trouble):
            missing = f"; not collected: {'; '.join(trouble)}" if trouble else ""
            return f"{counted(len(texts), 'log')} collected{missing}", "open" if trouble else None
        case _:
            return None
