"""Tells a run: record, plan and journal lines in, its report out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from core.model.check import CheckResult, in_words
from core.model.count import counted
from core.model.events import Entry, UpdateEnded
from core.model.failure import NOT_REACHED
from core.model.plan import Plan, PlannedTarget
from core.model.record import RunRecord, StepRecord, TargetRecord
from core.model.run_report import (
    CheckReport,
    Counted,
    FailureReport,
    HostReport,
    InstanceReport,
    LeftOutReport,
    Moment,
    Outage,
    RunReport,
    StepReport,
    UpdateReport,
)
from core.model.state import StepState, TargetState
from core.model.step import OsUpdateStep, PatchStep, RebootStep, Step
from core.reports.moments import moments_of
from core.reports.words import (
    STEP_WORDS,
    TARGET_WORDS,
    UPDATE_WORDS,
    cause_words,
    in_minutes,
    outcome_words,
    seconds_between,
    sentence,
    step_tone,
    times,
    told_of,
    tone,
)

_LOG_LINES = 5
# Twice what was expected, and a minute more: less is not worth a line.
_SLOW_FACTOR, _SLOW_SECONDS = 2, 60


@dataclass(frozen=True, slots=True)
class Making:
    """For whom a report is made, and when. Without a zone this PC's is used."""

    at: datetime
    zone: str | None = None
    tenant: str | None = None


def tell_run(record: RunRecord, plan: Plan, entries: Iterable[Entry], making: Making) -> RunReport:
    moments = moments_of(entries)
    look_up = _LookUp(plan)
    hosts = tuple(
        _host(look_up, look_up.targets[target.host], target, moments.get(target.host, ())) for target in record.targets
    )
    return RunReport(
        run_id=record.run_id,
        plan_id=record.plan_id,
        plan_digest=record.plan_digest,
        operator=record.operator,
        console=record.console,
        reason=record.reason,
        change=record.change or "",
        tenant=making.tenant,
        started_at=record.started_at,
        ended_at=record.ended_at,
        outcome=record.outcome,
        outcome_words=outcome_words(record.outcome),
        planned_hosts=len(record.targets),
        counted=_counted(record),
        hosts=hosts,
        left_out=(*_left_out_by_plan(plan), *_left_out_on_the_way(record)),
        failures=tuple(_failures(record)),
        requests=record.requests,
        site_zone=site_zone(plan),
        zone=making.zone,
        made_at=making.at,
    )


def site_zone(plan: Plan) -> str | None:
    """That of the maintenance window; of several the one that most hosts have."""
    names = Counter(name for target in plan.targets for name in target.windows)
    zones = Counter[str]()
    for one in plan.windows:
        zones[one.window.zone] += names[one.window.name]
    return max(zones, key=lambda zone: (zones[zone], zone), default=None)


class _LookUp:
    """The plan by its keys: a plan of thousands of hosts is searched once, not once a host."""

    def __init__(self, plan: Plan) -> None:
        self.targets = {one.host: one for one in plan.targets}
        self.packages = {one.sha256: one for one in plan.packages}
        self.updates = {one.id: one for one in plan.updates}
        self.waves = {host: wave.name for wave in plan.waves for host in wave.hosts}


def _counted(record: RunRecord) -> tuple[Counted, ...]:
    numbers = Counter(target.state for target in record.targets)
    return tuple(Counted(words, tone(state), numbers[state]) for state, words in TARGET_WORDS.items() if numbers[state])


def _host(look_up: _LookUp, planned: PlannedTarget, target: TargetRecord, moments: Iterable[Moment]) -> HostReport:
    done = {one.order: one for one in target.steps}
    after = {} if target.after is None else {one.instance: one.build for one in target.after.builds}
    instances = tuple(InstanceReport(one.name, one.before, one.after, after.get(one.name)) for one in planned.instances)
    steps = tuple(_step(look_up, step, done.get(step.order, StepRecord(step.order))) for step in planned.steps)
    return HostReport(
        host=target.host,
        place=planned.place,
        wave=look_up.waves.get(target.host, ""),
        state=target.state,
        words=TARGET_WORDS[target.state],
        tone=tone(target.state),
        sentence=sentence(target),
        hint="" if target.failure is None else target.failure.hint,
        started_at=target.started_at,
        ended_at=target.ended_at,
        connection_losses=target.connection_losses,
        restarts_proven=len(target.reboots),
        restarts_seconds=tuple(_restarts(target)),
        instances=instances,
        steps=steps,
        updates=tuple(_updates(look_up, planned, done)),
        checks=tuple(_checks(target)),
        outages=tuple(_outages(planned, done)),
        deviations=tuple(_deviations(planned, target, done, instances)),
        notes=target.warnings,
        moments=tuple(moments),
    )


def _step(look_up: _LookUp, step: Step, done: StepRecord) -> StepReport:
    job = done.job
    return StepReport(
        order=step.order,
        what=_what(look_up, step),
        arguments=" ".join(step.arguments) if isinstance(step, PatchStep) else "",
        state=STEP_WORDS[done.state],
        tone=step_tone(done.state),
        exit_code=None if job is None else job.exit_code,
        meaning="" if job is None else job.meaning,
        summary="" if job is None else job.summary,
        started_at=done.started_at,
        ended_at=done.ended_at,
        undo=f"{'possible' if step.undo.possible else 'impossible'}: {step.undo.how}",
        reason="" if done.failure is None else str(done.failure),
    )


def _what(look_up: _LookUp, step: Step) -> str:
    match step:
        case PatchStep(package=package):
            return look_up.packages[package].filename
        case OsUpdateStep(updates=updates):
            return f"{counted(len(updates), 'system update')}"
        case RebootStep():
            return "Restart"


def _updates(look_up: _LookUp, planned: PlannedTarget, done: dict[int, StepRecord]) -> Iterator[UpdateReport]:
    for step in planned.steps:
        if not isinstance(step, OsUpdateStep):
            continue
        record = done.get(step.order, StepRecord(step.order))
        ends = {one.patch_id: one for one in record.updates}
        for key in step.updates:
            one, end = look_up.updates[key], ends.get(key)
            yield UpdateReport(
                kb="" if one.kb is None else f"KB{one.kb}",
                title=one.title,
                classification=one.classification,
                severity=one.severity,
                released=one.released,
                state=STEP_WORDS[record.state] if end is None else _update_words(end),
                tone=step_tone(record.state) if end is None else UPDATE_WORDS[end.state][1],
                ended_at=record.ended_at,
            )


def _update_words(end: UpdateEnded) -> str:
    words = UPDATE_WORDS[end.state][0]
    return f"{words} ({end.hresult & 0xFFFFFFFF:#010x})" if end.hresult else words


def _checks(target: TargetRecord) -> Iterator[CheckReport]:
    for moment, checks in (("before", target.checks_before), ("after", target.checks_after)):
        for one in checks:
            yield CheckReport(moment, one.name, one.subject, one.result, one.expected, one.found)


def _restarts(target: TargetRecord) -> Iterator[int]:
    for step in target.steps:
        took = seconds_between(step.started_at, step.ended_at) if step.reboot is not None else None
        if took is not None:
            yield took


def _outages(planned: PlannedTarget, done: dict[int, StepRecord]) -> Iterator[Outage]:
    """Each instance is away while its own installer works, and with the whole host while that restarts."""
    for instance in planned.instances:
        steps = [one for one in planned.steps if isinstance(one, RebootStep) or _touches(one, instance.name)]
        spans = [span for one in steps if (span := _span(one, done.get(one.order))) is not None]
        yield Outage(
            host=planned.host,
            service=instance.name,
            planned_seconds=sum(one.expectation.outage_seconds for one in steps),
            measured_seconds=round(sum((end - start).total_seconds() for start, end in spans)) if spans else None,
            began_at=min((start for start, _ in spans), default=None),
            ended_at=max((end for _, end in spans), default=None),
        )


def _touches(step: Step, instance: str) -> bool:
    return isinstance(step, PatchStep) and instance in step.instances


def _span(step: Step, done: StepRecord | None) -> tuple[datetime, datetime] | None:
    if done is None:
        return None
    if done.job is not None and isinstance(step, PatchStep):
        return done.job.started_at, done.job.ended_at
    if done.reboot is not None and done.started_at is not None and done.ended_at is not None:
        return done.started_at, done.ended_at
    return None


def _deviations(
    planned: PlannedTarget, target: TargetRecord, done: dict[int, StepRecord], instances: Iterable[InstanceReport]
) -> Iterator[str]:
    """Where it went otherwise than planned."""
    for one in instances:
        if one.after is not None and one.after != one.planned:
            yield f"{one.name} is on {one.after}, planned was {one.planned}"
    for step in planned.steps:
        took = seconds_between(*_times(done.get(step.order)))
        if took is not None and took > _SLOW_FACTOR * step.expected_seconds + _SLOW_SECONDS:
            yield f"step {step.order} took {in_minutes(took)}, expected were {in_minutes(step.expected_seconds)}"
    if target.connection_losses:
        yield f"the line was lost {times(target.connection_losses)}"
    left = [one for one in planned.steps if done.get(one.order, StepRecord(one.order)).state is StepState.PENDING]
    if left and target.ended_at is not None and target.state is not TargetState.SUCCESS:
        yield f"{counted(len(left), 'planned step')} of {len(planned.steps)} not begun"
    for check in target.checks_after:
        if check.result in (CheckResult.FAILED, CheckResult.UNKNOWN):
            yield in_words(check)


def _times(done: StepRecord | None) -> tuple[datetime | None, datetime | None]:
    return (None, None) if done is None else (done.started_at, done.ended_at)


def _left_out_by_plan(plan: Plan) -> Iterator[LeftOutReport]:
    for one in plan.skipped:
        thing = one.host if one.instance is None else f"{one.host}\\{one.instance}"
        need = "needed nothing" if one.code == "up_to_date" else "was not patched"
        yield LeftOutReport(
            host=one.host,
            instance=one.instance or "",
            when="by the plan",
            words="up to date" if one.code == "up_to_date" else "not planned",
            sentence=f"{thing} {need} because {told_of(one.reason, one.host)}"
            if one.code != "up_to_date"
            else f"{thing} {need}: {one.reason}",
            needs_attention=one.code in NOT_REACHED,
        )


def _left_out_on_the_way(record: RunRecord) -> Iterator[LeftOutReport]:
    for target in record.targets:
        if tone(target.state) == "open" or (target.state is TargetState.SKIPPED and target.failure is not None):
            yield LeftOutReport(target.host, "", "in the run", TARGET_WORDS[target.state], sentence(target), True)


def _failures(record: RunRecord) -> Iterator[FailureReport]:
    for target in record.targets:
        if tone(target.state) == "bad":
            failure = target.failure
            cause = "unknown" if failure is None else cause_words(failure.cause)
            hint = "" if failure is None else failure.hint
            yield FailureReport(target.host, cause, sentence(target), hint, _log_of(target))


def _log_of(target: TargetRecord) -> str:
    """The first lines that setup wrote about the step that went wrong, else about the last one that ran."""
    ran = [step for step in target.steps if step.job is not None and step.job.summary.strip()]
    wrong = [step for step in ran if step.state is not StepState.SUCCESS] or ran[-1:]
    return "\n".join(
        line for step in wrong[:1] if step.job is not None for line in step.job.summary.splitlines()[:_LOG_LINES]
    )
