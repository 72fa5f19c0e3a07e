"""What was done to the hosts, by their own ledger: nothing twice, nothing unmeant, nothing beside the plan."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from core.contract.library import REBOOT, START_JOB, START_REMOVAL, START_UPDATES
from core.model.events import JobIntended, RebootIntended, TargetMoved
from core.model.plan import PlannedTarget
from core.model.record import TargetRecord
from core.model.state import StepState, TargetState
from core.model.step import OsUpdateStep, RebootStep, UndoStep
from core.practice.host.machine import Machine
from tests.simulation.evidence import Evidence

# What the service no longer offered when its turn came.
_LEFT_OUT = frozenset({"superseded", "not_offered"})
_REMOVING = frozenset({"/Action=RemovePatch", "/Remove-Package"})
# Setup's own word that another installation was in progress.
_BUSY = 1618
_BESIDE_NO_JOB = frozenset({START_JOB.name, START_UPDATES.name, START_REMOVAL.name, REBOOT.name})


def one_installer_at_a_time(evidence: Evidence) -> Iterator[str]:
    for host in evidence.story.world.machines:
        running: set[str] = set()
        for one in evidence.noted(host, "installer_start", "installer_end"):
            if one.kind == "installer_end":
                running.discard(one.detail["job"])
                continue
            if running:
                yield f"{host}: {one.detail['job']} was started while {running} ran"
            running.add(one.detail["job"])


def nothing_is_left_to_the_host_to_refuse(evidence: Evidence) -> Iterator[str]:
    """A host starts no second installer, and does not restart beside one; nobody may rely on that."""
    for host in evidence.story.world.machines:
        for one in evidence.noted(host, "refused"):
            if one.detail.get("code") == "job_running" and one.detail["script"] in _BESIDE_NO_JOB:
                yield f"{host}: {one.detail['script']} was asked for while a job ran"


def no_installer_twice(evidence: Evidence) -> Iterator[str]:
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


def taken_back(evidence: Evidence) -> Iterator[str]:
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


def intents_come_first(evidence: Evidence) -> Iterator[str]:
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


def reboots(evidence: Evidence) -> Iterator[str]:
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


def updates(evidence: Evidence) -> Iterator[str]:
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


def _undo_steps(evidence: Evidence, host: str) -> tuple[UndoStep, ...]:
    begun = evidence.record.target(host).undo
    return () if begun is None else begun.steps


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


def _running(evidence: Evidence, host: str, at: datetime) -> set[str]:
    """Jobs that an installer ran for at that moment."""
    running: set[str] = set()
    for one in evidence.noted(host, "installer_start", "installer_end"):
        if one.at <= at:
            (running.add if one.kind == "installer_start" else running.discard)(one.detail["job"])
    return running


def _updates_there(evidence: Evidence, host: str, planned: set[str | None], left_out: set[str | None]) -> Iterator[str]:
    there = {one.kb for one in evidence.machine(host).updates.installed}
    for kb in planned - left_out - there:
        yield f"{host}: success, but KB{kb} is not there"
