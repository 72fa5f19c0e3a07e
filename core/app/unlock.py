"""Unlock: clears a lock or claim that its run left behind. Refused while anybody may still be at work there."""

import threading
from dataclasses import dataclass

from core.app import composition
from core.app.requests import ask
from core.app.workspace import Workspace, hosts, settings_of
from core.contract.claim import ClearClaim, ReadClaimResult
from core.contract.library import CLEAR_CLAIM, READ_CLAIM
from core.contract.message import NoParameters
from core.contract.script import Call
from core.model.failure import Failure
from core.model.fault import Fault, RefusedError
from core.model.host import Host
from core.model.ids import folded
from core.model.requests import Action, Request
from core.runfolder.locks import DeviceLocks
from core.store.history import visits_of


@dataclass(frozen=True, slots=True)
class Unlocked:
    """Whose claim it was, and the request that tells of it in the journal."""

    host: str
    holder: str
    request: Request


def unlock(workspace: Workspace, name: str, reason: str) -> Unlocked:
    """The operating system's lock of this PC is held meanwhile, so that no run here can begin with the host."""
    if not reason.strip():
        raise RefusedError((Fault("reason", "empty", "say why; the journal names it"),))
    settings = settings_of(workspace)
    known = hosts(settings)
    host = next((one for one in known if folded(one.name) == folded(name)), None)
    if host is None:
        raise RefusedError((Fault(f"host {name}", "unknown_host", "the targets do not name it", found=name),))
    run_id = _run_that_tells(workspace, host)
    clock, identity = composition.SystemClock(), composition.identity()
    locks = DeviceLocks(workspace.locks, {host.name: host.place}, run_id, identity.operator, clock)
    held = locks.take(host.name)
    if held is not None:
        raise RefusedError((_fault(host, "locked", held),))
    try:
        secrets = composition.secrets_of(workspace, settings, known)
        session = composition.connect_with(secrets, threading.Event())(host)
        if isinstance(session, Failure):
            raise RefusedError((_fault(host, "not_reached", session),))
        try:
            claim = _answer(host, session.run(Call(READ_CLAIM, NoParameters())))
            _refuse_if_alive(host, claim)
            cleared = session.run(Call(CLEAR_CLAIM, ClearClaim(run_id=claim.run_id)))
            if isinstance(cleared, Failure):
                raise RefusedError((_fault(host, "not_cleared", cleared),))
        finally:
            session.close()
    finally:
        locks.release(host.name)
    holder = f"run {claim.run_id} of {claim.console}"
    request = ask(workspace, run_id, Action.UNLOCK, host.name, f"{reason.strip()} (it was claimed by {holder})")
    return Unlocked(host.name, holder, request)


def _refuse_if_alive(host: Host, claim: ReadClaimResult) -> None:
    if claim.job is not None:
        message = f"job {claim.job} is still at work on it; it is waited for, never killed"
        raise RefusedError((Fault(f"host {host.name}", "job_running", message, found=claim.job),))
    if not claim.claimed:
        raise RefusedError((Fault(f"host {host.name}", "not_claimed", "nobody has claimed it"),))


def _run_that_tells(workspace: Workspace, host: Host) -> str:
    """What is cleared by hand is journalled: in the last run here that had the host."""
    with composition.open_database(workspace) as database:
        found = visits_of(database, host.name)
    if not found:
        message = "no run of this workspace has had it; unlock it from the console whose run did"
        raise RefusedError((Fault(f"host {host.name}", "no_run", message),))
    return found[0].run_id


def _answer(host: Host, answer: ReadClaimResult | Failure) -> ReadClaimResult:
    if isinstance(answer, Failure):
        raise RefusedError((_fault(host, "not_reached", answer),))
    return answer


def _fault(host: Host, code: str, failure: Failure) -> Fault:
    return Fault(f"host {host.name}", code, str(failure))
