"""How each host ended, and whether the host itself agrees."""

from collections.abc import Iterator

from core.model.build import Build
from core.model.events import RequestTaken, RunEnded, TargetMoved, Warned
from core.model.failure import Cause
from core.model.plan import PlannedTarget
from core.model.record import TargetRecord
from core.model.requests import Action
from core.model.state import TARGET_RESTS, TargetState
from core.model.step import RebootStep
from core.practice.host.machine import Machine
from tests.simulation.evidence import Evidence

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
_BAD = frozenset({TargetState.FAILED, TargetState.PARTIAL, TargetState.BLOCKED, TargetState.UNKNOWN})
# What can't hurt a host for good: breaks of the line are waited for.
_HARMLESS = frozenset({"drop_network"})


def ended(evidence: Evidence) -> Iterator[str]:
    if not isinstance(evidence.entries[-1].event.body, RunEnded):
        yield "the last line is not the run's end"
    for target in evidence.record.targets:
        if target.state not in TARGET_RESTS:
            yield f"{target.host}: the run has ended, the host is {target.state}"
        if target.state in _NEEDS_A_REASON and target.failure is None:
            yield f"{target.host}: {target.state} without a reason"


def successes(evidence: Evidence) -> Iterator[str]:
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


def applications(evidence: Evidence) -> Iterator[str]:
    """No success for a host whose application does not work, also not after work by hand: it had to work before."""
    for target in evidence.record.targets:
        machine = evidence.machine(target.host)
        if target.state is not TargetState.SUCCESS:
            continue
        required = any(one.required for one in evidence.story.plan.applications_of(target.host))
        if required and machine.dead:
            yield f"{target.host}: a success, and its application does not run"


def diagnostics(evidence: Evidence) -> Iterator[str]:
    """Whoever fails after it was touched has told why, or it is said that it did not."""
    for target in evidence.record.targets:
        touched = any(step.started_at is not None for step in target.steps)
        ours = target.failure is not None and target.failure.cause not in (Cause.CLAIMED, Cause.LOCKED)
        if target.state in _BAD and touched and ours and target.diagnostics is None:
            yield f"{target.host}: {target.state}, and nobody fetched its logs"


def claims(evidence: Evidence) -> Iterator[str]:
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


def requests(evidence: Evidence) -> Iterator[str]:
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


def quiet_hosts_succeed(evidence: Evidence) -> Iterator[str]:
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


def _why(target: TargetRecord) -> str:
    return "no reason" if target.failure is None else str(target.failure)
