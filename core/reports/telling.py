"""Tells a run: record, plan and journal lines in, its report out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from core.model.count import counted
from core.model.events import UpdateEnded
from core.model.plan import Plan, PlannedTarget
from core.model.record import RunRecord, StepRecord, TargetRecord
from core.model.run_report import (
    CheckReport,
    Counted,
    FailureReport,
    HostReport,
    InstanceReport,
    Moment,
    RunReport,
    StepReport,
    UpdateReport,
)
from core.model.step import OsRemovalStep, OsUpdateStep, PatchStep, RebootStep, RemovalStep, Step, UndoStep
from core.model.time_zones import iana_zone
from core.model.vocabulary import STEP_WORDS, TARGET_WORDS, UPDATE_WORDS
from core.reports.against import against
from core.reports.deviations import deviations_of
from core.reports.left_out import left_out_by_plan, left_out_on_the_way
from core.reports.logs import Texts, collected_of, first_lines, summary_lines
from core.reports.moments import moments_of
from core.reports.outages import outages_of
from core.reports.tenant import Story
from core.reports.words import cause_words, outcome_words, seconds_between, sentence, step_tone, tone, tone_of


@dataclass(frozen=True, slots=True)
class Making:
    """For whom a report is made, and when. Without a zone this PC's is used."""

    at: datetime
    zone: str | None = None
    tenant: str | None = None


def tell_run(story: Story, making: Making) -> RunReport:
    record, plan = story.record, story.plan
    moments = moments_of(story.entries)
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
        worked_until=record.worked_until,
        outcome=record.outcome,
        outcome_words=outcome_words(record),
        planned_hosts=len(record.targets),
        counted=_counted(record),
        against=tuple(against((look_up.targets[one.host], one) for one in hosts)),
        hosts=hosts,
        left_out=(*left_out_by_plan(plan), *left_out_on_the_way(record)),
        failures=tuple(_failures(record, story.texts)),
        requests=record.requests,
        site_zones=tuple(_site_zones(hosts)),
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


def _site_zones(hosts: Iterable[HostReport]) -> Iterator[str]:
    """The one that most hosts have first."""
    zones = Counter(host.zone for host in hosts if host.zone is not None)
    yield from sorted(zones, key=lambda zone: (-zones[zone], zone))


class _LookUp:
    """The plan by its keys: a plan of thousands of hosts is searched once, not once a host."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.targets = {one.host: one for one in plan.targets}
        self.packages = {one.sha256: one for one in plan.packages}
        self.updates = {one.id: one for one in plan.updates}
        self.waves = {host: wave.among(len(plan.waves)) for wave in plan.waves for host in wave.hosts}
        self._zones = {one.window.name: one.window.zone for one in plan.windows}

    def zone(self, planned: PlannedTarget, target: TargetRecord) -> str | None:
        """That of its maintenance window, by which people there count; else the one that its clock shows."""
        of_window = next((self._zones[name] for name in planned.windows if name in self._zones), None)
        return of_window or (iana_zone(target.before.zone) if target.before is not None else None)


def _counted(record: RunRecord) -> tuple[Counted, ...]:
    numbers = Counter(target.state for target in record.targets)
    return tuple(
        Counted(word.text, tone(state), numbers[state]) for state, word in TARGET_WORDS.items() if numbers[state]
    )


def _host(look_up: _LookUp, planned: PlannedTarget, target: TargetRecord, moments: Iterable[Moment]) -> HostReport:
    done = {one.order: one for one in target.steps}
    after = {} if target.after is None else {one.instance: one.build for one in target.after.builds}
    instances = tuple(InstanceReport(one.name, one.before, one.after, after.get(one.name)) for one in planned.instances)
    ran = (*planned.steps, *(() if target.undo is None else target.undo.steps))
    steps = tuple(_step(look_up, step, done.get(step.order, StepRecord(step.order))) for step in ran)
    updates = tuple(_updates(look_up, planned, done))
    return HostReport(
        host=target.host,
        place=planned.place,
        wave=look_up.waves.get(target.host, ""),
        zone=look_up.zone(planned, target),
        state=target.state,
        words=TARGET_WORDS[target.state].text,
        tone=tone(target.state),
        sentence=sentence(target),
        hint="" if target.failure is None else target.failure.hint,
        patch_blocked=target.patch_blocked is not None,
        started_at=target.started_at,
        ended_at=target.ended_at,
        worked_until=target.worked_until,
        connection_losses=target.connection_losses,
        restarts_proven=len(target.reboots),
        restarts_seconds=tuple(_restarts(target)),
        instances=instances,
        steps=steps,
        updates=updates,
        checks=tuple(_checks(target)),
        outages=tuple(outages_of(look_up.plan, target)),
        deviations=tuple(deviations_of(planned, target, instances, updates)),
        warnings=target.warnings,
        notes=target.notes,
        collected=collected_of(target),
        moments=tuple(moments),
    )


def _step(look_up: _LookUp, step: Step | UndoStep, done: StepRecord) -> StepReport:
    job = done.job
    return StepReport(
        order=step.order,
        what=_what(look_up, step),
        arguments=" ".join(step.arguments) if isinstance(step, PatchStep | RemovalStep) else "",
        state=STEP_WORDS[done.state].text,
        tone=step_tone(done.state),
        exit_code=None if job is None else job.exit_code,
        meaning="" if job is None else job.meaning,
        summary="" if job is None else "\n".join(summary_lines(job.summary)),
        started_at=done.started_at,
        ended_at=done.ended_at,
        undo=_undo(step),
        reason="" if done.failure is None else str(done.failure),
    )


def _undo(step: Step | UndoStep) -> str:
    match step:
        case RemovalStep(of=order) | OsRemovalStep(of=order):
            return f"takes step {order} back"
        case PatchStep(undo=undo) | OsUpdateStep(undo=undo) | RebootStep(undo=undo):
            return f"{'possible' if undo.possible else 'impossible'}: {undo.how}"


def _what(look_up: _LookUp, step: Step | UndoStep) -> str:
    match step:
        case RemovalStep(instance=instance, former_build=build):
            return f"{instance} back to {build}"
        case OsRemovalStep(former_revision=revision):
            return f"system back to revision {revision}"
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
                state=STEP_WORDS[record.state].text if end is None else _update_words(end),
                tone=step_tone(record.state) if end is None else tone_of(UPDATE_WORDS[end.state]),
                ended_at=record.ended_at,
            )


def _update_words(end: UpdateEnded) -> str:
    words = UPDATE_WORDS[end.state].text
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


def _failures(record: RunRecord, texts: Texts) -> Iterator[FailureReport]:
    for target in record.targets:
        if tone(target.state) == "bad":
            failure = target.failure
            cause = "unknown" if failure is None else cause_words(failure.cause)
            hint = "" if failure is None else failure.hint
            blocked = target.patch_blocked is not None
            yield FailureReport(target.host, cause, sentence(target), hint, blocked, first_lines(target, texts))
