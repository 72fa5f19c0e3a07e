"""Drives one run from this process, from its first event to its reports."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.app import composition
from core.app.closing import with_evidence
from core.app.equipping import Equipment
from core.app.following import Lines, Scribe
from core.app.heap import share_heap
from core.app.retrying import Retry
from core.app.workspace import Workspace
from core.engine.conduct import Orders
from core.engine.effects import Token
from core.engine.errand import Errand
from core.engine.limits import limits_of
from core.engine.runner import Run, Stops
from core.model.authorisation import Authorisation
from core.model.events import Event, RunResumed, RunStarted, Warned
from core.model.failure import Cause, Failure
from core.model.fault import Fault, RefusedError
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.plan import Plan
from core.model.record import RunRecord
from core.model.transfer import Progress
from core.ports import Outputs, Show
from core.runfolder.folder import RunFolder
from core.runfolder.locks import RunLock
from core.runfolder.moments import Moments
from core.runfolder.raw import RawAnswers
from core.settings.workspace import Settings
from core.store.blocks import open_blocks
from core.store.database import Database
from core.store.recorder import RunRecorder
from core.store.requests import RunInbox
from core.store.runs import load_record

_LOG = logging.getLogger(__name__)


def unseen(_: Progress) -> None:
    """For runs that nobody watches."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who hears of a run as it goes, and may stop it."""

    told: Lines
    stops: Stops
    show: Show = unseen


@dataclass(frozen=True, slots=True)
class Finished:
    """How a deployment ended, as far as this process saw it."""

    run_id: str
    outcome: Outcome
    record: RunRecord
    folder: str


# The epoch of the process, the first event that it journals, and what else is to be said at once.
_First = tuple[int, RunStarted | RunResumed, tuple[Event, ...]]


class Driver:
    """One process of one run."""

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        database: Database,
        plan: Plan,
        authorisation: Authorisation,
        audience: Audience,
    ) -> None:
        self._workspace = workspace
        self._settings = settings
        self._database = database
        self._plan = plan
        self._authorisation = authorisation
        self._audience = audience
        self._clock = composition.SystemClock()
        self._identity = composition.identity()
        self._raw = RawAnswers()
        share_heap()
        self._equipment = Equipment(workspace, settings, database, plan, self._clock)

    def begin(self, again: Retry | None = None) -> Finished:
        run_id = composition.fresh_id(self._clock)
        started = RunStarted(
            plan_id=self._plan.id,
            plan_digest=self._plan.digest,
            authorisation_id=self._authorisation.id,
            operator=self._identity.operator,
            console=self._identity.console,
            reason=self._authorisation.reason,
            change=self._authorisation.change,
            targets=tuple(one.host for one in self._plan.targets if again is None or one.host in again.hosts),
            retry_of=None if again is None else again.run_id,
            attempt=1 if again is None else again.attempt,
        )
        return self._drive(run_id, lambda: (1, started, self._handed_over(started.targets)), takes_up=True)

    def _handed_over(self, targets: tuple[str, ...]) -> tuple[Event, ...]:
        """CredSSP gives the target the password itself: whoever asked for that finds it in the journal."""
        message = "logged on by CredSSP: the account's password was handed to this host"
        asked = [one for one in targets if self._equipment.hosts[one].remoting.auth == "credssp"]
        return tuple(Event(Warned("credssp", message), host, Phase.INITIALIZATION) for host in asked)

    def take_up(self, run_id: str, *, takes_up: bool) -> Finished:
        """Its epoch is read once nobody else can raise it."""

        def resumed() -> _First:
            past = load_record(self._database, run_id)
            body = RunResumed(self._identity.operator, self._identity.console, past.epoch + 1)
            return body.epoch, body, self._handed_over(tuple(one.host for one in past.targets))

        return self._drive(run_id, resumed, takes_up=takes_up)

    def _drive(self, run_id: str, first: Callable[[], _First], *, takes_up: bool) -> Finished:
        folder = RunFolder(self._workspace.run_folder(run_id))
        with _refused_before_it_begins(folder):
            lock = RunLock(folder.state)
            taken = lock.take()
        if not taken:
            return Finished(run_id, Outcome.LOCKED, load_record(self._database, run_id), str(folder.path))
        moments = Moments(folder.state, self._clock)
        try:
            with _refused_before_it_begins(folder):
                epoch, body, more = first()
                folder.begin(run_id, self._plan, self._authorisation)
                scribe = Scribe(self._database, folder, self._plan, self._raw, run_id, self._audience.told)
                recorder = RunRecorder(self._database, run_id, epoch, self._clock, scribe)
                recorder.record((Event(body), *more))
            outcome = self._outcome(self._run(run_id, epoch, takes_up, recorder, scribe, moments))
            record = load_record(self._database, run_id)
            outcome = with_evidence(
                self._workspace, self._database, folder, self._plan, record, outcome, scribe.trouble
            )
        finally:
            moments.clear()
            lock.release()
        return Finished(run_id, outcome, record, str(folder.path))

    def _outcome(self, run: Run) -> Outcome:
        """A journal that takes nothing more ends the process, not the run: what goes on there is found on resuming."""
        try:
            return run.to_the_end()
        except OSError as trouble:
            _LOG.error("the run was broken off", extra={"file": trouble.filename, "why": trouble.strerror})
            return Outcome.REPORTING_FAILED

    def _run(
        self, run_id: str, epoch: int, takes_up: bool, recorder: RunRecorder, outputs: Outputs, moments: Moments
    ) -> Run:
        abandon = self._audience.stops.abandon

        def show(progress: Progress) -> None:
            self._audience.show(progress)
            moments.show(progress)

        return Run(
            self._orders(run_id, epoch, takes_up),
            lambda tokens: self._equipment.performers(
                recorder, outputs, run_id, tokens, abandon, show, self._raw.heard
            ),
            self._tokens(),
            recorder,
            RunInbox(self._database, run_id),
            self._clock,
            self._audience.stops,
        )

    def _orders(self, run_id: str, epoch: int, takes_up: bool) -> Orders:
        def errand(host: str, record: RunRecord) -> Errand:
            return self._equipment.errand(run_id, epoch, host, record)

        return Orders(
            plan=self._plan,
            authorisation=self._authorisation,
            limits=limits_of(self._plan, self._clock.now()),
            story=lambda: load_record(self._database, run_id),
            errand=errand,
            blocked=lambda host: patch_blocked(self._database, host),
            takes_up=takes_up,
        )

    def _tokens(self) -> dict[Token, int]:
        return {
            Token.TRANSFER: self._settings.audit.transfer.max_parallel,
            Token.REBOOT: self._plan.rules.pace.max_reboots,
        }


def patch_blocked(database: Database, host: str) -> Failure | None:
    """Whatever run it was that hurt the host."""
    block = next(iter(open_blocks(database, host)), None)
    if block is None:
        return None
    since = f"it has been patch-blocked since {block.blocked_at:%Y-%m-%d %H:%M} UTC by run {block.run_id}"
    hint = "see to it, then unblock the host, with a reason"
    return Failure(Cause.PATCH_BLOCKED, f"{since}: {block.detail}", hint)


@contextmanager
def _refused_before_it_begins(folder: RunFolder) -> Iterator[None]:
    try:
        yield
    except OSError as trouble:
        message = (
            f"it cannot be written ({trouble.strerror}), so that nothing was begun; look at its rights and the disk"
        )
        raise RefusedError((Fault(str(trouble.filename or folder.path), "not_writable", message),)) from trouble
