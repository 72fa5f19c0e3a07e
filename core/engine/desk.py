"""What is only written into a run's story: notes, and what somebody cleared by hand. It needs nobody at work."""

from core.model.events import Event, Noted, PatchUnblocked, RequestTaken, Unlocked
from core.model.record import RunRecord
from core.model.requests import Action, Request

# Whether it is accepted, in which words, and what the journal tells besides.
Answer = tuple[bool, str, tuple[Event, ...]]


def taken(request: Request, accepted: bool, answer: str) -> RequestTaken:
    return RequestTaken(request.id, request.action, request.by, request.reason, accepted, answer, request.host)


def answer_for_the_record(request: Request, record: RunRecord) -> Answer:
    host = request.host or ""
    if host not in {target.host for target in record.targets}:
        return False, f"{host} is not part of this run", ()
    match request.action:
        case Action.NOTE:
            return True, "noted", (Event(Noted(request.by, request.reason), host),)
        case Action.UNLOCK:
            return True, f"the lock of {host} is cleared", (Event(Unlocked(request.by, request.reason), host),)
        case Action.UNBLOCK if record.target(host).patch_blocked is None:
            return False, f"{host} is not patch-blocked by this run", ()
        case Action.UNBLOCK:
            unblocked = Event(PatchUnblocked(request.by, request.reason), host)
            return True, f"{host} may be patched again", (unblocked,)
        case _:
            raise ValueError(f"{request.action} is not only for the record")
