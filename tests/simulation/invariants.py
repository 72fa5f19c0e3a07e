"""What must hold after every schedule, judged from the hosts' own ledger and the journal."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from core.evidence.folding import fold
from core.model.build import Build
from core.model.check import CheckResult
from core.model.events import (
    Entry,
    JobIntended,
    RebootIntended,
    RebootPutOff,
    RebootRecalled,
    RequestTaken,
    RunEnded,
    TargetMoved,
    UndoBegun,
    Warned,
)
from core.model.failure import Cause
from core.model.plan import PlannedTarget
from core.model.record import RunRecord, TargetRecord
from core.model.requests import Action
from core.model.state import TARGET_RESTS, StepState, TargetState
from core.model.step import OsUpdateStep, RebootStep, UndoStep
from core.planning.windows import next_opening
from core.practice.host.machine import Machine
from core.store.journal import hash_of, read_line
from tests.simulation.scheduler import Story
from tests.simulation.watch import Watch
from tests.simulation.world import Noted, window_of

_NEEDS_A_REASON = frozenset(
    {
        TargetState.FAILED,
        TargetState.PARTIAL,
        TargetState.BLOCKED,
        TargetState.UNKNOWN,
        TargetState.DEFERRED,
        TargetState.CANCELLED,
    }
)
# What the service no longer offered when its turn came.
_LEFT_OUT = frozenset({"superseded", "not_offered"})
_BAD = frozenset({TargetState.FAILED, TargetState.PARTIAL, TargetState.BLOCKED, TargetState.UNKNOWN})
# Nobody knows what goes on there, and that is said.
_UNCLEAR = frozenset({TargetState.UNKNOWN, TargetState.BLOCKED})
# A removal is expected to take as long as the installation.
_SHORTEST_WAY_BACK = timedelta(minutes=10)
_REMOVING = frozenset({"/Action=RemovePatch", "/Remove-Package"})
# Setup's own word that another installation was in progress.
_BUSY = 1618
# What can't hurt a host for good: breaks of the line are waited for.
_HARMLESS = frozenset({"drop_network"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """The story, read once."""

    story: Story
    entries: tuple[Entry, ...]
    record: RunRecord

    def machine(self, host: str) -> Machine:
        return self.story.world.machines[host]

    def noted(self, host: str, *kinds: str) -> list[Noted]:
        return [one for one in self.story.world.ledger if one.host == host and one.kind in kinds]


def violations(story: Story) -> tuple[str, ...]:
    """Everything that is wrong with a story."""
    if story.bugs:
        return story.bugs
    if broken := tuple(_chain(story.lines)):
        return broken
    entries = tuple(map(read_line, story.lines))
    try:
        evidence = Evidence(story, entries, fold(entries))
    except Exception as illegal:
        return (f"the journal cannot be folded: {illegal}",)
    checks = (
        _ended,
        _one_installer_at_a_time,
        _no_installer_twice,
        _taken_back,
        _applications,
        _diagnostics,
        _intents_come_first,
        _reboots,
        _successes,
        _updates,
        _claims,
        _pool,
        _requests,
        _waves,
        _limits,
        _partners,
        _restarts_at_once,
        _restarts_in_windows,
        _recalled,
        _ways_back_in_windows,
        _services,
        _outsiders,
        _quiet_hosts_succeed,
    )
    return tuple(wrong for check in checks for wrong in check(evidence))


def _chain(lines: tuple[str, ...]) -> Iterator[str]:
    previous = ""
    for place, line in enumerate(lines, start=1):
        document = json.loads(line)
        if (document["seq"], document["prevHash"]) != (place, previous):
            yield f"the chain is broken at line {place}"
        previous = hash_of(line)


def _ended(evidence: Evidence) -> Iterator[str]:
    if not isinstance(evidence.entries[-1].event.body, RunEnded):
        yield "the last line is not the run's end"
    for target in evidence.record.targets:
        if target.state not in TARGET_RESTS:
            yield f"{target.host}: the run has ended, the host is {target.state}"
        if target.state in _NEEDS_A_REASON and target.failure is None:
            yield f"{target.host}: {target.state} without a reason"


def _one_installer_at_a_time(evidence: Evidence) -> Iterator[str]:
    for host in evidence.story.world.machines:
        running: set[str] = set()
        for one in evidence.noted(host, "installer_start", "installer_end"):
            if one.kind == "installer_end":
                running.discard(one.detail["job"])
                continue
            if running:
                yield f"{host}: {one.detail['job']} was started while {running} ran"
            running.add(one.detail["job"])


def _no_installer_twice(evidence: Evidence) -> Iterator[str]:
    """A further attempt is a job of its own, and there is one only after setup found another installation at work."""
    starts = Counter(
        (one.host, one.detail["job"]) for one in evidence.story.world.ledger if one.kind == "installer_start"
    )
    for (host, job), times in starts.items():
        if times > 1:
            yield f"{host}: the installer of {job} was started {times} times"
    planned = {
        (target.host, f"{evidence.record.run_id}.{step.order}")
        for target in evidence.story.plan.targets
        for step in (*target.steps, *_undo_steps(evidence, target.host))
    }
    busy = {
        (one.host, one.detail["job"])
        for one in evidence.story.world.ledger
        if one.kind == "installer_end" and one.detail["exit_code"] == _BUSY
    }
    for host, job in starts.keys() - planned:
        if (host, _attempt_before(job)) not in busy:
            yield f"{host}: {job} is in no plan"


def _undo_steps(evidence: Evidence, host: str) -> tuple[UndoStep, ...]:
    begun = evidence.record.target(host).undo
    return () if begun is None else begun.steps


def _taken_back(evidence: Evidence) -> Iterator[str]:
    """Only where the plan says so, never as a success, and never without the builds from before."""
    for target in evidence.record.targets:
        planned, machine = evidence.story.plan.target(target.host), evidence.machine(target.host)
        removed = [
            one
            for one in evidence.noted(target.host, "installer_start")
            if _REMOVING & set(one.detail.get("arguments", ()))
        ]
        if removed and evidence.story.plan.rules.undo.on_regression != "take_back":
            yield f"{target.host}: taken back, and the plan does not say so"
        by_hand = target.host in evidence.story.world.by_hand
        if removed and target.state is TargetState.SUCCESS and not by_hand:
            yield f"{target.host}: taken back, and called a success"
        if target.undone is None or by_hand:
            continue
        if target.undone.taken_back and any(_is_at(machine, one.name, one.after) for one in planned.instances):
            yield f"{target.host}: said to be taken back, and it is not"
        if target.undone.taken_back and set(_brought(planned, target)) & {one.kb for one in machine.updates.installed}:
            yield f"{target.host}: said to be taken back, and updates of its system are still there"
        # Whoever looks at the host again later has words of his own.
        if not any("taken back" in one for one in _ends(evidence, target.host)):
            yield f"{target.host}: {target.state}, and nobody says what became of the way back"


def _brought(planned: PlannedTarget, target: TargetRecord) -> Iterator[str | None]:
    """By this run, and not by a step that says itself that it stays."""
    steps = [step.order for step in planned.steps if isinstance(step, OsUpdateStep) and step.undo.possible]
    for order in steps:
        yield from (one.kb for one in target.step(order).updates if one.state == "installed")


def _ends(evidence: Evidence, host: str) -> Iterator[str]:
    for entry in evidence.entries:
        body = entry.event.body
        if entry.event.target == host and isinstance(body, TargetMoved) and body.failure is not None:
            yield body.failure.detail


def _is_at(machine: Machine, instance: str, build: str) -> bool:
    return any(one.name == instance and one.build == build for one in machine.instances)


def _attempt_before(job: str) -> str:
    run, step, attempt = (*job.split("."), "1")[:3]
    return f"{run}.{step}" if int(attempt) <= 2 else f"{run}.{step}.{int(attempt) - 1}"


def _applications(evidence: Evidence) -> Iterator[str]:
    """No success for a host whose application worked before and does not now."""
    for target in evidence.record.targets:
        machine = evidence.machine(target.host)
        if target.state is not TargetState.SUCCESS:
            continue
        ran = any(one.name == "application" and one.result is CheckResult.PASSED for one in target.checks_before)
        if ran and machine.dead:
            yield f"{target.host}: a success, and its application does not run"


def _diagnostics(evidence: Evidence) -> Iterator[str]:
    """Whoever fails after it was touched has told why, or it is said that it did not."""
    for target in evidence.record.targets:
        touched = any(step.started_at is not None for step in target.steps)
        ours = target.failure is not None and target.failure.cause not in (Cause.CLAIMED, Cause.LOCKED)
        if target.state in _BAD and touched and ours and target.diagnostics is None:
            yield f"{target.host}: {target.state}, and nobody fetched its logs"


def _intents_come_first(evidence: Evidence) -> Iterator[str]:
    meant: dict[tuple[str | None, str], datetime] = {}
    for entry in evidence.entries:
        match entry.event.body:
            case JobIntended(job_id=job):
                meant.setdefault((entry.event.target, job), entry.at)
            case RebootIntended(marks=marks):
                meant.setdefault((entry.event.target, marks.boot_id), entry.at)
            case _:
                pass
    for one in evidence.story.world.ledger:
        key = {"installer_start": "job", "reboot": "boot_id"}.get(one.kind)
        if key is None or (one.kind == "reboot" and one.host in evidence.story.world.by_hand):
            continue
        intended = meant.get((one.host, one.detail[key]))
        if intended is None or intended > one.at:
            yield f"{one.host}: {one.kind} at {one.at} was never intended"


def _reboots(evidence: Evidence) -> Iterator[str]:
    for target in evidence.story.plan.targets:
        steps = (*target.steps, *_undo_steps(evidence, target.host))
        planned = sum(isinstance(step, RebootStep) for step in steps)
        done = evidence.noted(target.host, "reboot")
        called_off = evidence.noted(target.host, "reboot_cancelled")
        if len(done) - len(called_off) > planned and target.host not in evidence.story.world.by_hand:
            yield f"{target.host}: restarted {len(done)} times, {planned} planned"
        for reboot in done:
            running = _running(evidence, target.host, reboot.at)
            if running:
                yield f"{target.host}: restarted while {running} ran"


def _running(evidence: Evidence, host: str, at: datetime) -> set[str]:
    """Jobs that an installer ran for at that moment."""
    running: set[str] = set()
    for one in evidence.noted(host, "installer_start", "installer_end"):
        if one.at <= at:
            (running.add if one.kind == "installer_start" else running.discard)(one.detail["job"])
    return running


def _successes(evidence: Evidence) -> Iterator[str]:
    """Success only if the host itself proves it."""
    for target in evidence.record.targets:
        planned = evidence.story.plan.target(target.host)
        match target.state:
            case TargetState.SUCCESS:
                yield from _proof(evidence, planned)
            case TargetState.SKIPPED if target.failure is None and not _is_patched(
                evidence.machine(target.host), planned
            ):
                yield f"{target.host}: skipped as up to date, and it is not"
            case TargetState.AWAITING_REBOOT if _is_planned_restart_left(target, planned):
                yield f"{target.host}: a planned restart was left to the operator"
            case _:
                pass


def _is_planned_restart_left(target: TargetRecord, planned: PlannedTarget) -> bool:
    """Somebody may not want it any more."""
    recalled = target.failure is not None and target.failure.cause is Cause.CANCELLED and target.recalled is not None
    return not recalled and any(isinstance(step, RebootStep) for step in planned.steps)


def _proof(evidence: Evidence, planned: PlannedTarget) -> Iterator[str]:
    machine = evidence.machine(planned.host)
    if not _is_patched(machine, planned):
        yield f"{planned.host}: success, but the build is not there"
    if machine.pending_reboot or not all(one.running for one in machine.instances):
        yield f"{planned.host}: success, but a restart is pending or an engine is down"
    if not any(isinstance(step, RebootStep) for step in planned.steps):
        return
    installed = [one.at for one in evidence.noted(planned.host, "installer_end")]
    booted = [one.at for one in evidence.noted(planned.host, "boot")]
    if installed and (not booted or max(booted) < max(installed)):
        yield f"{planned.host}: success without the planned restart"


def _is_patched(machine: Machine, planned: PlannedTarget) -> bool:
    found = {one.name: Build.parse(one.build) for one in machine.instances}
    return all(found[one.name].reaches(Build.parse(one.after)) for one in planned.instances)


def _updates(evidence: Evidence) -> Iterator[str]:
    """What the update agent did is in the plan, was done once, and is told by the journal as it was."""
    names = {one.id: one.kb for one in evidence.story.plan.updates}
    for target in evidence.story.plan.targets:
        steps = [step for step in target.steps if isinstance(step, OsUpdateStep)]
        planned = {names[one] for step in steps for one in step.updates}
        of_job = {f"{evidence.record.run_id}.{step.order}": {names[one] for one in step.updates} for step in steps}
        for one in evidence.noted(target.host, "update"):
            if one.detail["kb"] not in of_job.get(one.detail["job"], set()):
                yield f"{target.host}: {one.detail['job']} took KB{one.detail['kb']}, which its step does not name"
        done = Counter(
            one.detail["kb"] for one in evidence.noted(target.host, "update") if one.detail["state"] == "installed"
        )
        for kb, times in done.items():
            if times > 1:
                yield f"{target.host}: KB{kb} was installed {times} times"
        record = evidence.record.target(target.host)
        failed = [step.order for step in steps if record.step(step.order).state is StepState.FAILED]
        for later in record.steps:
            if failed and later.order > failed[0] and later.state not in (StepState.PENDING, StepState.SKIPPED):
                yield f"{target.host}: step {later.order} was begun after step {failed[0]} had failed"
        told = [one for step in record.steps for one in step.updates]
        for kb in {one.kb for one in told if one.state == "installed"} - done.keys():
            yield f"{target.host}: KB{kb} is called installed, and it never was"
        if record.state is TargetState.SUCCESS:
            yield from _updates_there(
                evidence, target.host, planned, {one.kb for one in told if one.state in _LEFT_OUT}
            )


def _updates_there(evidence: Evidence, host: str, planned: set[str | None], left_out: set[str | None]) -> Iterator[str]:
    there = {one.kb for one in evidence.machine(host).updates.installed}
    for kb in planned - left_out - there:
        yield f"{host}: success, but KB{kb} is not there"


def _claims(evidence: Evidence) -> Iterator[str]:
    """A claim that stays on a host is always said; success gives the host back."""
    said = {
        entry.event.target
        for entry in evidence.entries
        if isinstance(entry.event.body, Warned) and entry.event.body.code == "claim"
    }
    for target in evidence.record.targets:
        claim = evidence.machine(target.host).claim
        if claim is None or claim.run_id != evidence.record.run_id:
            continue
        if target.host not in said:
            yield f"{target.host}: {target.state}, and the claim stays without a word"


def _pool(evidence: Evidence) -> Iterator[str]:
    if evidence.story.most_at_once > evidence.story.schedule.workers:
        yield f"{evidence.story.most_at_once} hosts at once, {evidence.story.schedule.workers} allowed"


def _requests(evidence: Evidence) -> Iterator[str]:
    stopped = False
    withdrawn: set[str | None] = set()
    answered: set[int] = set()
    for entry in evidence.entries:
        match entry.event.body:
            case RequestTaken(request_id=number, action=action):
                if number in answered:
                    yield f"request {number} was answered twice"
                answered.add(number)
                stopped = stopped or action == Action.STOP
            case TargetMoved(before=TargetState.PENDING, after=TargetState.CANCELLED, failure=failure):
                if failure is not None and "withdrawn" in failure.detail:
                    withdrawn.add(entry.event.target)
            case TargetMoved(before=TargetState.PENDING, after=TargetState.IN_PROGRESS) if stopped:
                yield f"{entry.event.target}: begun after the run was stopped"
            case _:
                pass
    for one in evidence.story.world.executed:
        if one.host in withdrawn:
            yield f"{one.host}: withdrawn, and {one.script} ran on it"


def _waves(evidence: Evidence) -> Iterator[str]:
    """A wave begins when the one before it is done."""
    wave_of = {host: wave.order for wave in evidence.story.plan.waves for host in wave.hosts}
    states = dict.fromkeys(wave_of, TargetState.PENDING)
    put_off: set[str] = set()
    for entry in evidence.entries:
        body, host = entry.event.body, entry.event.target
        if isinstance(body, RebootPutOff) and host is not None:
            put_off.add(host)
        if not isinstance(body, TargetMoved) or host is None:
            continue
        if body.before is TargetState.PENDING and body.after is TargetState.IN_PROGRESS:
            done = {one for one, state in states.items() if state in TARGET_RESTS} - put_off
            early = [one for one in states if wave_of[one] < wave_of[host] and one not in done]
            if early:
                yield f"{host}: begun while {early} of an earlier wave is not done"
        states[host] = body.after
        if body.after is TargetState.IN_PROGRESS:
            put_off.discard(host)


def _limits(evidence: Evidence) -> Iterator[str]:
    """At each moment at which a host is begun: was it allowed to, by all that the plan and the operator said?"""
    watch = Watch(evidence.story.schedule, evidence.story.plan)
    for entry in evidence.entries:
        yield from watch.told(entry)


def _partners(evidence: Evidence) -> Iterator[str]:
    """By the hosts' own ledger: while one installs or restarts, its partner does neither."""
    spans = {host: tuple(_down(evidence, host)) for host in evidence.story.world.machines}
    for group in evidence.story.plan.groups:
        for one, other in combinations(group.hosts, 2):
            for start, end in spans[one]:
                if any(start < until and since < end for since, until in spans[other]):
                    yield f"{one} and {other} of {group.name} were worked on together"


def _down(evidence: Evidence, host: str) -> Iterator[tuple[datetime, datetime]]:
    """When an installer or a restart went on there; what somebody did by hand is his own affair."""
    if host in evidence.story.world.by_hand:
        return
    ends = {"installer_start": "installer_end", "reboot": "boot"}
    begun: dict[str, datetime] = {}
    for one in evidence.noted(host, *ends, *ends.values(), "reboot_cancelled"):
        if one.kind == "reboot_cancelled":
            begun.pop("boot", None)
        elif one.kind in ends:
            begun[ends[one.kind]] = one.at
        elif one.kind in begun:
            yield begun.pop(one.kind), one.at


def _restarts_at_once(evidence: Evidence) -> Iterator[str]:
    allowed, down = evidence.story.plan.rules.pace.max_reboots, set()
    for one in evidence.story.world.ledger:
        if one.host in evidence.story.world.by_hand:
            continue
        if one.kind == "reboot":
            down.add(one.host)
        elif one.kind in ("boot", "reboot_cancelled"):
            down.discard(one.host)
        if len(down) > allowed:
            yield f"{sorted(down)} restarted at once, {allowed} may"


def _restarts_in_windows(evidence: Evidence) -> Iterator[str]:
    """Where policy says so, and whatever came in between."""
    window = window_of(evidence.story.schedule)
    if not evidence.story.schedule.in_window or window is None:
        return
    for one in evidence.story.world.ledger:
        if one.kind != "reboot" or one.host in evidence.story.world.by_hand:
            continue
        opening = next_opening(window, one.at)
        if one.at < opening.opens_at:
            yield f"{one.host}: restarted at {one.at}, and its window opens at {opening.opens_at}"
    for target in evidence.record.targets:
        if target.put_off is not None:
            yield f"{target.host}: the run has ended, and its restart still waits for a window"


def _ways_back_in_windows(evidence: Evidence) -> Iterator[str]:
    """One that is begun is gone to its end, so that it is begun only where a window is open and leaves some time."""
    window = window_of(evidence.story.schedule)
    if window is None:
        return
    for entry in evidence.entries:
        if not isinstance(entry.event.body, UndoBegun) or not entry.event.body.steps:
            continue
        opening = next_opening(window, entry.at)
        left = opening.closes_at - entry.at
        if entry.at < opening.opens_at or left < _SHORTEST_WAY_BACK:
            yield f"{entry.event.target}: a way back was begun {left} before its window closes"


def _services(evidence: Evidence) -> Iterator[str]:
    """Nothing is installed before what the plan stops was stopped, and nothing stays stopped without a word."""
    for target in evidence.story.plan.targets:
        machine, record = evidence.machine(target.host), evidence.record.target(target.host)
        if not target.services:
            continue
        told = evidence.noted(target.host, "services", "installer_start")
        if told and told[0].kind == "installer_start":
            yield f"{target.host}: installed before {target.services} was stopped"
        stopped = [one for one in target.services if (found := machine.services.find(one)) and not found.running]
        said = any("not started again" in one for one in record.warnings) or record.state in _UNCLEAR
        if machine.up and told and stopped and not said and not any(one.starting for one in machine.services):
            yield f"{target.host}: {stopped} stays stopped, and nobody says so"


def _recalled(evidence: Evidence) -> Iterator[str]:
    """Nobody restarts what is not to be restarted, unless it is said that it was too late."""
    recalled: dict[str | None, datetime] = {}
    too_late: set[str | None] = set()
    for entry in evidence.entries:
        match entry.event.body:
            case RebootRecalled():
                recalled.setdefault(entry.event.target, entry.at)
            case Warned(code="too_late"):
                too_late.add(entry.event.target)
            case _:
                pass
    for one in evidence.story.world.ledger:
        if one.kind != "boot" or one.host in too_late or one.host in evidence.story.world.by_hand:
            continue
        if one.host in recalled and recalled[one.host] < one.at:
            yield f"{one.host}: restarted after its restart had been called off"


def _outsiders(evidence: Evidence) -> Iterator[str]:
    planned = {target.host for target in evidence.story.plan.targets}
    for one in evidence.story.world.executed:
        if one.host not in planned:
            yield f"{one.host}: {one.script} ran on a host that is in no plan"


def _quiet_hosts_succeed(evidence: Evidence) -> Iterator[str]:
    """Where nothing but the process and short breaks of the line failed, patience brings every begun host home."""
    schedule = evidence.story.schedule
    if schedule.line.request_lost or schedule.line.answer_lost or schedule.line.cut:
        return
    if schedule.unsigned_packages:
        return
    ailing = {one.name for one in schedule.servers if {fault.kind for fault in one.faults} - _HARMLESS}
    expected = {TargetState.SUCCESS, TargetState.CANCELLED, TargetState.DEFERRED}
    if not schedule.reboots:
        expected.add(TargetState.AWAITING_REBOOT)
    for target in evidence.record.targets:
        if target.host in ailing or target.host in schedule.foreign_claims:
            continue
        if target.recalled is not None and target.state is TargetState.AWAITING_REBOOT:
            continue
        if target.state not in expected:
            yield f"{target.host}: nothing ails it, yet it is {target.state}: {_why(target)}"


def _why(target: TargetRecord) -> str:
    return "no reason" if target.failure is None else str(target.failure)
