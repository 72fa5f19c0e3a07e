"""Deploy: an authorised plan is executed, or a run that was broken off is taken up again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.app import composition
from core.app.authorise import valid_authorisation
from core.app.following import Follower, write_telemetry
from core.app.lookup import the_plan, the_run, the_run_to_resume
from core.app.report import write_reports
from core.app.requests import ask, written
from core.app.retrying import Retry, retry_of
from core.app.status import status
from core.app.workspace import Workspace, hosts, settings_of
from core.engine.conduct import Orders
from core.engine.effects import Token
from core.engine.errand import Errand, Patience
from core.engine.limits import limits_of
from core.engine.performing import Haulage, Performer
from core.engine.rehearsal import DryRun, Onlooker, Rehearsed, about_beginning, look_through, rehearse
from core.engine.runner import Run, Stops
from core.engine.standing import Standing
from core.engine.tokens import Purse, Tokens
from core.model.authorisation import Authorisation
from core.model.events import Entry, Event, RunResumed, RunStarted, Warned
from core.model.failure import Cause, Failure
from core.model.fault import Fault, NotWrittenError, RefusedError
from core.model.outcome import Outcome, worst
from core.model.phase import Phase
from core.model.plan import Plan
from core.model.record import RunRecord, TargetRecord
from core.model.requests import Action, Request
from core.model.state import REVERIFIABLE, TargetState
from core.model.transfer import Progress
from core.planning.reviewing import outcome_before
from core.ports import Clock, Show
from core.runfolder.diagnostics import DiagnosticsHistory
from core.runfolder.folder import RunFolder
from core.runfolder.locks import DeviceLocks, RunLock
from core.runfolder.raw import RawAnswers
from core.settings.audit_config import seconds
from core.settings.build_reference import reference_of
from core.settings.values import delivery_of, mapping_of, policy_of
from core.settings.workspace import Settings
from core.store import facts as fact_store
from core.store import plans as plan_store
from core.store.blocks import open_blocks
from core.store.database import Database
from core.store.facts import StoredFacts
from core.store.recorder import RunRecorder
from core.store.requests import RunInbox
from core.store.runs import RunRow, journal_lines, load_record, open_runs
from core.verification.comparing import compare

_LOG = logging.getLogger(__name__)

# A process whose run has ended still writes its reports: each wait for it takes as long as a look at its lock.
_WAITS_FOR_REPORTS = 20

Lines = Callable[[tuple[str, ...]], None]


def unseen(_: Progress) -> None:
    """For runs that nobody watches."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a deployment ended, as far as this process saw it."""

    run_id: str
    outcome: Outcome
    record: RunRecord
    folder: str


def deploy(
    workspace: Workspace,
    reference: str,
    confirm: Callable[[Plan, Authorisation], bool],
    told: Lines,
    stops: Stops,
    show: Show = unseen,
) -> Finished | None:
    """None when the operator did not confirm."""
    settings = settings_of(workspace)
    clock = composition.SystemClock()
    with composition.open_database(workspace) as database:
        plan = the_plan(database, reference)
        _refuse_unheard(plan)
        _refuse_begun(database, plan)
        authorisation = valid_authorisation(database, plan, clock.now())
        _refuse_strangers(plan, settings)
        _refuse_lost_packages(plan)
        if not confirm(plan, authorisation):
            return None
        return _Driver(workspace, settings, database, clock, plan, authorisation, told, stops, show).begin()


def resume(workspace: Workspace, reference: str, told: Lines, stops: Stops, show: Show = unseen) -> Finished:
    """The same run goes on: what is done stays done, what was begun is found again on the hosts.

    A run that has ended is taken up for the hosts that it left unknown.
    """
    with composition.open_database(workspace) as database:
        run = the_run_to_resume(database, reference)
        record = load_record(database, run.run_id)
        if record.outcome is not None and not any(one.state is TargetState.UNKNOWN for one in record.targets):
            message = f"it has ended ({record.outcome}) and left no host unknown; there is nothing to resume"
            raise RefusedError((Fault(f"run {run.run_id}", "ended", message),))
        return _driver_of(workspace, database, run, told, stops, show).take_up(run.run_id, takes_up=True)


def retry_failed(
    workspace: Workspace,
    reference: str,
    confirm: Callable[[Plan, Authorisation], bool],
    told: Lines,
    stops: Stops,
    show: Show = unseen,
) -> Finished | None:
    """A run of its own for the hosts that failed in another, by the same plan. Only as often as is allowed."""
    settings = settings_of(workspace)
    clock = composition.SystemClock()
    with composition.open_database(workspace) as database:
        run = the_run(database, reference)
        plan = the_plan(database, run.plan_id)
        _refuse_begun(database, plan)
        authorisation = valid_authorisation(database, plan, clock.now())
        _refuse_strangers(plan, settings)
        again = retry_of(database, load_record(database, run.run_id), plan)
        _refuse_lost_packages(plan)
        if not confirm(again.part_of(plan), authorisation):
            return None
        return _Driver(workspace, settings, database, clock, plan, authorisation, told, stops, show).begin(again)


def reverify(
    workspace: Workspace, reference: str, host: str, reason: str, told: Lines, stops: Stops, show: Show = unseen
) -> Finished | Request:
    """After work by hand: a fresh assessment decides. A run that goes on does it itself; one that has ended is taken
    up for this alone."""
    found = status(workspace, reference)
    if found.driven:
        return ask(workspace, found.record.run_id, Action.REVERIFY, host, reason)
    _refuse_broken_off(found.record)
    _refuse_unverifiable(found.record, host)
    return _taken_up_for(workspace, found.record, Action.REVERIFY, host, reason, told, stops, show)


def diagnose(
    workspace: Workspace, reference: str, host: str, reason: str, told: Lines, stops: Stops, show: Show = unseen
) -> Finished | Request:
    """Fetches the host's logs into the run's folder, however the host stands; otherwise as a verification."""
    found = status(workspace, reference)
    if found.driven:
        return ask(workspace, found.record.run_id, Action.DIAGNOSE, host, reason)
    _refuse_broken_off(found.record)
    _member(found.record, host)
    return _taken_up_for(workspace, found.record, Action.DIAGNOSE, host, reason, told, stops, show)


def _taken_up_for(
    workspace: Workspace,
    record: RunRecord,
    action: Action,
    host: str,
    reason: str,
    told: Lines,
    stops: Stops,
    show: Show,
) -> Finished | Request:
    with composition.open_database(workspace) as database:
        run = the_run(database, record.run_id)
        driver = _driver_of(workspace, database, run, told, stops, show)
        asked = written(database, run, action, host, reason)
        for _ in range(_WAITS_FOR_REPORTS):
            finished = driver.take_up(run.run_id, takes_up=False)
            if finished.outcome is not Outcome.LOCKED:
                return finished
            if finished.record.outcome is None:
                break
        # Somebody else drives the run by now, and hears of it.
        return asked


def _refuse_broken_off(record: RunRecord) -> None:
    if record.outcome is None:
        run_id = record.run_id
        message = f'it was broken off; "drydock deploy --resume {run_id}" first finds out what became of its hosts'
        raise RefusedError((Fault(f"run {run_id}", "interrupted", message),))


def _member(record: RunRecord, host: str) -> TargetRecord:
    target = next((one for one in record.targets if one.host == host), None)
    if target is None:
        place = f"run {record.run_id}: {host}"
        raise RefusedError((Fault(place, "unknown_host", "this host is not part of the run"),))
    return target


def _refuse_unverifiable(record: RunRecord, host: str) -> None:
    target = _member(record, host)
    place = f"run {record.run_id}: {host}"
    if target.state not in REVERIFIABLE:
        raise RefusedError((Fault(place, "not_open", f"it is {target.state}: there is nothing to verify again"),))
    if target.before is None:
        message = "it was never assessed in this run, so that there is nothing to compare with; plan again"
        raise RefusedError((Fault(place, "never_assessed", message),))


def _driver_of(workspace: Workspace, database: Database, run: RunRow, told: Lines, stops: Stops, show: Show) -> _Driver:
    """For a run that exists: by the plan and the authorisation that it began with."""
    settings = settings_of(workspace)
    plan = the_plan(database, run.plan_id)
    authorisation = plan_store.authorisation(database, load_record(database, run.run_id).authorisation_id)
    _refuse_strangers(plan, settings)
    clock = composition.SystemClock()
    return _Driver(workspace, settings, database, clock, plan, authorisation, told, stops, show)


def dry_run(workspace: Workspace, reference: str, stops: Stops) -> DryRun:
    """Every host is looked at as a run would. Nothing is changed, sent, claimed or journalled, nobody must allow it."""
    settings = settings_of(workspace)
    clock = composition.SystemClock()
    with composition.open_database(workspace) as database:
        plan = the_plan(database, reference)
        _refuse_strangers(plan, settings)
        # It allows nothing: without a run nobody reads it.
        nobody = Authorisation("", plan.id, plan.digest, "", clock.now(), "", None, None)
        driver = _Driver(workspace, settings, database, clock, plan, nobody, lambda _: None, stops, unseen)
        remarks = (*_not_authorised(database, plan, clock), *about_beginning(plan, open_blocks(database), clock.now()))
        return DryRun(plan.id, driver.rehearse(), remarks)


def _not_authorised(database: Database, plan: Plan, clock: Clock) -> tuple[str, ...]:
    try:
        valid_authorisation(database, plan, clock.now())
    except RefusedError as refused:
        return tuple(map(str, refused.faults))
    return ()


def _refuse_unheard(plan: Plan) -> None:
    """A run without a host would end well, and look as if all were."""
    if outcome_before(plan) is not Outcome.SUCCEEDED:
        message = "it names no host to patch, and hosts that could not be reached when it was made; plan again"
        raise RefusedError((Fault(f"plan {plan.id}", "nobody_to_patch", message),))


def _refuse_begun(database: Database, plan: Plan) -> None:
    """A second run of it would only meet the claims of the first."""
    begun = next((run for run in open_runs(database) if run.plan_id == plan.id), None)
    if begun is not None:
        message = (
            f'run {begun.run_id} has begun it and has not ended; "drydock status {begun.run_id}" shows whether it goes '
            f'on or was broken off, "drydock deploy --resume {begun.run_id}" takes it up again'
        )
        raise RefusedError((Fault(f"plan {plan.id}", "begun", message, found=begun.run_id),))


def _refuse_strangers(plan: Plan, settings: Settings) -> None:
    known = {host.name for host in hosts(settings)}
    strangers = [target.host for target in plan.targets if target.host not in known]
    if strangers:
        message = "the plan names it, the targets no longer do; plan again"
        raise RefusedError(tuple(Fault(f"plan {plan.id}: {name}", "unknown_host", message) for name in strangers))


def _refuse_lost_packages(plan: Plan) -> None:
    """Before a host is touched; each host checks the hash of what came to it all the same."""
    faults = []
    for package in plan.packages:
        size = _size_of(Path(package.source))
        if size != package.size_bytes:
            message = "the installer is not on this PC any more; copy it there again, or plan again"
            if size is not None:
                message = "the installer is another file than when the plan was made; copy the right one, or plan again"
            told = None if size is None else str(size)
            faults.append(Fault(package.source, "lost_package", message, found=told, expected=str(package.size_bytes)))
    if faults:
        raise RefusedError(tuple(faults))


def _size_of(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as trouble:
        message = f"cannot be written: {trouble.strerror}; make room, or mend the folder's rights"
        raise NotWrittenError((Fault(str(folder), "not_writable", message),)) from trouble


def _lock_of(folder: RunFolder) -> RunLock:
    with _writable(folder.path):
        return RunLock(folder.state)


@contextmanager
def _told_where_it_stands(run_id: str) -> Iterator[None]:
    """Whoever is told that something could not be written is told, too, that nothing on the hosts is lost."""
    try:
        yield
    except NotWrittenError as broken:
        _LOG.error("the run was broken off", extra={"run": run_id, "why": str(broken)})
        message = f'if it has begun, what runs on the hosts goes on; mend this, then "drydock deploy --resume {run_id}"'
        raise NotWrittenError((*broken.faults, Fault(f"run {run_id}", "broken_off", message))) from broken


# The epoch of the process, the first event that it journals, and what else is to be said at once.
_First = tuple[int, RunStarted | RunResumed, tuple[Event, ...]]


class _Driver:
    """Drives one run from this process: puts the real things behind the engine's ports, and writes the run's folder."""

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        database: Database,
        clock: Clock,
        plan: Plan,
        authorisation: Authorisation,
        told: Lines,
        stops: Stops,
        show: Show,
    ) -> None:
        self._workspace = workspace
        self._settings = settings
        self._database = database
        self._clock = clock
        self._plan = plan
        self._authorisation = authorisation
        self._told = told
        self._stops = stops
        self._show = show
        self._identity = composition.identity()
        self._hosts = {host.name: host for host in hosts(settings)}
        self._raw = RawAnswers()

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
        return self._drive(run_id, lambda: (1, started, self._handed_over()), takes_up=True)

    def rehearse(self) -> tuple[Rehearsed, ...]:
        """The real errands and sessions, without a run."""
        who, plan = self._identity, self._plan
        nothing = RunRecord("", plan.id, plan.digest, "", who.operator, who.console, "", None, self._clock.now())
        recorder = RunRecorder(self._database, "", 0, self._clock, lambda _: None)
        folder = RunFolder(self._workspace.run_folder(self._plan.id))
        performer = self._performers("", recorder, folder, Tokens(Purse({})))

        def look(host: str) -> Rehearsed:
            return look_through(rehearse(self._errand("", 0, host, nothing)), Onlooker(performer(host)), host)

        hosts = [host for wave in self._plan.waves for host in wave.hosts]
        with ThreadPoolExecutor(self._plan.rules.workers) as pool:
            return tuple(pool.map(look, hosts))

    def _handed_over(self) -> tuple[Event, ...]:
        """CredSSP gives the target the password itself: whoever asked for that finds it in the journal."""
        message = "logged on by CredSSP: the account's password was handed to this host"
        asked = [one.host for one in self._plan.targets if self._hosts[one.host].remoting.auth == "credssp"]
        return tuple(Event(Warned("credssp", message), host, Phase.INITIALIZATION) for host in asked)

    def take_up(self, run_id: str, *, takes_up: bool) -> Finished:
        """Its epoch is read once nobody else can raise it."""

        def resumed() -> _First:
            epoch = load_record(self._database, run_id).epoch + 1
            return epoch, RunResumed(self._identity.operator, self._identity.console, epoch), self._handed_over()

        return self._drive(run_id, resumed, takes_up=takes_up)

    def _drive(self, run_id: str, first: Callable[[], _First], *, takes_up: bool) -> Finished:
        folder = RunFolder(self._workspace.run_folder(run_id))
        with _told_where_it_stands(run_id):
            lock = _lock_of(folder)
            if not lock.take():
                return Finished(run_id, Outcome.LOCKED, load_record(self._database, run_id), str(folder.path))
            return self._drive_locked(run_id, folder, lock, first, takes_up=takes_up)

    def _drive_locked(
        self, run_id: str, folder: RunFolder, lock: RunLock, first: Callable[[], _First], *, takes_up: bool
    ) -> Finished:
        try:
            epoch, body, more = first()
            with _writable(folder.path):
                folder.begin(run_id, self._plan, self._authorisation)
            scribe = _Scribe(self._database, folder, self._raw, run_id, self._told)
            recorder = RunRecorder(self._database, run_id, epoch, self._clock, scribe)
            recorder.record((Event(body), *more))
            run = Run(
                self._orders(run_id, epoch, takes_up),
                lambda tokens: self._performers(run_id, recorder, folder, tokens),
                self._tokens(),
                recorder,
                RunInbox(self._database, run_id),
                self._clock,
                self._stops,
            )
            outcome = run.to_the_end()
            record = load_record(self._database, run_id)
            outcome = self._with_evidence(folder, scribe, record, outcome)
        finally:
            lock.release()
        return Finished(run_id, outcome, record, str(folder.path))

    def _orders(self, run_id: str, epoch: int, takes_up: bool) -> Orders:
        def errand(host: str, record: RunRecord) -> Errand:
            return self._errand(run_id, epoch, host, record)

        return Orders(
            plan=self._plan,
            authorisation=self._authorisation,
            limits=limits_of(self._plan, self._clock.now()),
            story=lambda: load_record(self._database, run_id),
            errand=errand,
            blocked=self._blocked,
            takes_up=takes_up,
        )

    def _tokens(self) -> dict[Token, int]:
        return {
            Token.TRANSFER: self._settings.audit.transfer.max_parallel,
            Token.REBOOT: self._plan.rules.pace.max_reboots,
        }

    def _blocked(self, host: str) -> Failure | None:
        """Whatever run it was that hurt the host."""
        block = next(iter(open_blocks(self._database, host)), None)
        if block is None:
            return None
        detail = f"patch-blocked since {block.blocked_at:%Y-%m-%d %H:%M} UTC by run {block.run_id}: {block.detail}"
        return Failure(Cause.PATCH_BLOCKED, detail, f'see to it, then "drydock unblock {host} --reason TEXT"')

    def _errand(self, run_id: str, epoch: int, host: str, record: RunRecord) -> Errand:
        timeouts = self._settings.audit.timeouts
        past = record.target(host)
        return Errand(
            run_id=run_id,
            epoch=epoch,
            console=self._identity.console,
            planned=self._plan.target(host),
            packages=self._plan.packages,
            policy=policy_of(self._settings.policy),
            mapping=mapping_of(self._settings.mapping),
            trusted_signers=composition.trusted_signers(self._settings),
            patience=Patience(seconds(timeouts.connection_loss), seconds(timeouts.sql_startup)),
            past=past,
            standing=Standing(past),
            baseline=None if past.before is None else fact_store.load(self._database, past.before.digest),
            reference=reference_of(self._settings.reference),
            updates=self._plan.updates,
            delivery=delivery_of(self._settings.audit.transfer, self._workspace.packages),
            rules=self._plan.rules,
            applications=self._plan.applications_of(host),
            known_as=self._hosts.get(host),
            diagnosed_at=DiagnosticsHistory(self._workspace.locks, self._plan.target(host).place, host).newest,
        )

    def _performers(
        self, run_id: str, recorder: RunRecorder, folder: RunFolder, tokens: Tokens
    ) -> Callable[[str], Performer]:
        abandon = self._stops.abandon
        secrets = composition.secrets_of(self._workspace, self._settings, tuple(self._hosts.values()))
        connect = composition.connect_with(secrets, abandon, self._raw.heard)
        ask_sql = composition.ask_sql_with(secrets, self._settings, self._raw.heard)
        places = {target.host: target.place for target in self._plan.targets}
        locks = DeviceLocks(self._workspace.locks, places, run_id, self._identity.operator, self._clock)
        facts = StoredFacts(self._database)
        transfer = self._settings.audit.transfer
        push = composition.push_with(secrets, abandon, transfer)
        probe = composition.probe_with(secrets, self._settings)
        haulage = Haulage(push, tokens, self._show)

        def performer(host: str) -> Performer:
            machine = self._hosts[host]
            patience = seconds(self._settings.audit.timeouts.update_search)
            return Performer(
                machine,
                connect,
                ask_sql,
                recorder,
                facts,
                folder,
                locks,
                self._clock,
                abandon,
                haulage,
                probe,
                patience,
            )

        return performer

    def _with_evidence(self, folder: RunFolder, scribe: _Scribe, record: RunRecord, outcome: Outcome) -> Outcome:
        """A run whose evidence could not be written has not ended well, whatever happened on the hosts."""
        trouble = scribe.trouble
        try:
            self._write_folder(folder, record)
        except OSError as wrong:
            trouble = wrong
        if trouble is None:
            return outcome
        _LOG.error("evidence or report not written", extra={"run": record.run_id, "why": trouble.strerror})
        return worst(frozenset({outcome, Outcome.REPORTING_FAILED}))

    def _write_folder(self, folder: RunFolder, record: RunRecord) -> None:
        folder.write_journal(journal_lines(self._database, record.run_id))
        folder.write_state(record)
        write_telemetry(self._database, folder)
        differences = {}
        for target in record.targets:
            for taken in (target.before, target.after):
                if taken is not None and not folder.has_snapshot(taken.moment, target.host):
                    folder.keep_snapshot(taken.moment, fact_store.load(self._database, taken.digest))
            if target.before is not None and target.after is not None:
                before, after = (fact_store.load(self._database, one.digest) for one in (target.before, target.after))
                differences[target.host] = compare(before, after)
            place = self._plan.target(target.host).place
            DiagnosticsHistory(self._workspace.locks, place, target.host).note(record.run_id, target)
        folder.write_differences(record, differences)
        if record.outcome is not None:
            folder.write_documents(record, self._plan)
            write_reports(self._workspace, self._database, record.run_id)


class _Scribe:
    """Follows the journal line by line into the run's folder, and to whoever listens."""

    def __init__(self, database: Database, folder: RunFolder, raw: RawAnswers, run_id: str, told: Lines) -> None:
        self._database = database
        self._folder = folder
        self._run_id = run_id
        self._told = told
        self._guard = threading.Lock()
        present = journal_lines(database, run_id)
        folder.write_journal(present)
        self._written = len(present)
        self._follower = Follower(database, folder, raw)
        if present:
            self._follower.catch_up(run_id)

    @property
    def trouble(self) -> OSError | None:
        return self._follower.trouble

    def __call__(self, entry: Entry) -> None:
        with self._guard:
            self._follower.take(entry)
            if entry.seq <= self._written:
                return
            fresh = journal_lines(self._database, self._run_id, self._written)
            self._follower.append(fresh)
            self._written += len(fresh)
            self._told(fresh)
