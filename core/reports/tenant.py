"""Cuts a run or a plan down to one tenant: nothing of the others is left, not in counts, names or texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.evidence.outcome import outcome_of
from core.model.events import Entry, TargetMoved
from core.model.failure import LEFT_BY_THE_RUN, Failure
from core.model.ids import folded
from core.model.plan import Plan, PlannedTarget, Totals, Wave
from core.model.record import RunRecord
from core.model.step import OsUpdateStep, PatchStep, RebootStep, Step
from core.reports.blotting import Blotting
from core.reports.logs import Texts, nothing_kept


@dataclass(frozen=True, slots=True)
class Story:
    """A run as it is told: its record, its plan, its lines, and the logs that were collected."""

    record: RunRecord
    plan: Plan
    entries: Sequence[Entry]
    texts: Texts = nothing_kept


def of_tenant(story: Story, tenant: str) -> Story | None:
    """None if nothing in the run is the tenant's. Who else was in it is not told."""
    plan = plan_of_tenant(story.plan, tenant)
    if plan is None:
        return None
    own = {one.host for one in plan.targets}
    blotting = _blotting(story.plan, plan)
    targets = tuple(
        replace(one, failure=_own_reason(one.failure, blotting)) for one in story.record.targets if one.host in own
    )
    entries = [_own_entry(one, blotting) for one in story.entries if one.event.target in own]
    record = replace(story.record, targets=targets)
    if len(targets) < len(story.record.targets) or len(plan.skipped) < len(story.plan.skipped):
        record = _without_what_is_shared(record)
    lines = [blotting.out_of(one) for one in entries]
    return Story(blotting.out_of(record), plan, lines, lambda key: blotting.out_of(story.texts(key)))


def plan_of_tenant(plan: Plan, tenant: str) -> Plan | None:
    """The tenant's part of a plan. None if there is none."""
    wanted = folded(tenant)
    targets = tuple(one for one in plan.targets if folded(one.place.tenant) == wanted)
    skipped = tuple(one for one in plan.skipped if one.place is not None and folded(one.place.tenant) == wanted)
    if not targets and not skipped:
        return None
    targets = tuple(map(_without_counts, targets))
    if len(targets) == len(plan.targets) and len(skipped) == len(plan.skipped):
        return replace(plan, targets=targets)
    own = {one.host for one in targets} | {one.host for one in skipped}
    packages = {step.package for one in targets for step in one.steps if isinstance(step, PatchStep)}
    updates = {key for one in targets for step in one.steps if isinstance(step, OsUpdateStep) for key in step.updates}
    windows = {name for one in targets for name in one.windows}
    checks = {name for one in targets for name in one.application_checks}
    cut = replace(
        plan,
        targets=targets,
        skipped=skipped,
        packages=tuple(one for one in plan.packages if one.sha256 in packages),
        updates=tuple(one for one in plan.updates if one.id in updates),
        waves=tuple(_waves(plan, own)),
        warnings=tuple(
            replace(one, hosts=tuple(host for host in one.hosts if host in own))
            for one in plan.warnings
            if one.host in own or own & set(one.hosts)
        ),
        groups=tuple(one for one in plan.groups if set(one.hosts) <= own),
        updates_left_out=tuple(
            replace(one, hosts=kept)
            for one in plan.updates_left_out
            if (kept := tuple(host for host in one.hosts if host in own))
        ),
        totals=_totals(plan, own),
        # How much may fail, and when each window's latest start is, depends on everybody's hosts.
        rules=replace(plan.rules, failures_allowed=None),
        windows=tuple(replace(one, last_safe_start=None) for one in plan.windows if one.window.name in windows),
        application_checks=tuple(one for one in plan.application_checks if one.name in checks),
    )
    return _blotting(plan, cut).out_of(cut)


def _without_counts(target: PlannedTarget) -> PlannedTarget:
    """How often a step was seen before counts everybody's hosts."""
    return replace(target, steps=tuple(map(_without_count, target.steps)))


def _without_count(step: Step) -> Step:
    known = step.expectation
    return replace(step, expectation=replace(known, source=known.source.partition(":")[0]))


def _blotting(whole: Plan, cut: Plan) -> Blotting:
    """What only the whole names, of hosts and places, is of others."""
    own = set(_names(cut))
    return Blotting(set(_names(whole)) - own, own)


def _own_reason(failure: Failure | None, blotting: Blotting) -> Failure | None:
    """Why the run as a whole began nothing more counts everybody's hosts, not only by their names."""
    if failure is None or failure.hint != LEFT_BY_THE_RUN or blotting.out_of(failure.detail) is failure.detail:
        return failure
    return replace(failure, detail="the run as a whole began no further host")


def _own_entry(entry: Entry, blotting: Blotting) -> Entry:
    body = entry.event.body
    if not isinstance(body, TargetMoved) or (own := _own_reason(body.failure, blotting)) is body.failure:
        return entry
    return replace(entry, event=replace(entry.event, body=replace(body, failure=own)))


def _without_what_is_shared(record: RunRecord) -> RunRecord:
    """Reason, change and requests may speak of anybody; the outcome and the times are those of the tenant's hosts."""
    started = [one.started_at for one in record.targets if one.started_at is not None]
    ended = [one.ended_at for one in record.targets if one.ended_at is not None]
    worked = [one.worked_until for one in record.targets if one.worked_until is not None]
    begun = min(started, default=record.started_at)
    return replace(
        record,
        reason="",
        change=None,
        requests=(),
        answered=(),
        started_at=begun,
        ended_at=max(ended, default=begun) if record.ended_at is not None else None,
        worked_until=max(worked, default=begun) if record.worked_until is not None else None,
        outcome=None if record.outcome is None else outcome_of(record),
    )


def _names(plan: Plan) -> Iterable[str]:
    places = [(one.host, one.place) for one in plan.targets]
    for host, place in [*places, *((one.host, one.place) for one in plan.skipped)]:
        yield host
        if place is not None:
            yield from (place.tenant, place.client, place.site)


def _waves(plan: Plan, own: set[str]) -> Iterable[Wave]:
    """Numbered anew, without times and names: both count everybody's hosts."""
    order = 0
    for wave in plan.waves:
        hosts = tuple(host for host in wave.hosts if host in own)
        if hosts:
            order += 1
            yield Wave(order, "", hosts, 0)


def _totals(plan: Plan, own: set[str]) -> Totals:
    targets = [one for one in plan.targets if one.host in own]
    steps = [step for one in targets for step in one.steps]
    sizes = {one.sha256: one.size_bytes for one in plan.packages}
    return Totals(
        hosts=len(targets),
        instances=sum(len(one.instances) for one in targets),
        steps=len(steps),
        restarts=sum(isinstance(step, RebootStep) for step in steps),
        os_updates=sum(len(step.updates) for step in steps if isinstance(step, OsUpdateStep)),
        bytes_to_copy=sum(sizes[step.package] for step in steps if isinstance(step, PatchStep)),
        expected_seconds=sum(one.expected_seconds for one in targets),
    )
