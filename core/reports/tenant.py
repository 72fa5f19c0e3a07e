"""Cuts a run or a plan down to one tenant: nothing of the others is left, not in counts, names or texts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from core.evidence.outcome import outcome_of
from core.model.events import Entry
from core.model.plan import Plan, Totals, Wave
from core.model.record import RunRecord
from core.model.step import OsUpdateStep, PatchStep, RebootStep
from core.reports.logs import Texts, nothing_kept

Noun = TypeVar("Noun")

ANOTHER = "(not yours)"


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
    targets = tuple(one for one in story.record.targets if one.host in own)
    entries = [one for one in story.entries if one.event.target in own]
    record = replace(story.record, targets=targets)
    if len(targets) < len(story.record.targets) or len(plan.skipped) < len(story.plan.skipped):
        record = _without_what_is_shared(record)
    names = _names_of_others(story.plan, plan)
    lines = [without(one, names) for one in entries]
    return Story(without(record, names), without(plan, names), lines, lambda key: without(story.texts(key), names))


def plan_of_tenant(plan: Plan, tenant: str) -> Plan | None:
    """The tenant's part of a plan. None if there is none."""
    targets = tuple(one for one in plan.targets if one.place.tenant == tenant)
    skipped = tuple(one for one in plan.skipped if one.place is not None and one.place.tenant == tenant)
    if not targets and not skipped:
        return None
    if len(targets) == len(plan.targets) and len(skipped) == len(plan.skipped):
        return plan
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
    return without(cut, _names_of_others(plan, cut))


def without(noun: Noun, names: frozenset[str]) -> Noun:
    """No text of the noun names any of these."""
    if not names:
        return noun
    pattern = re.compile(
        r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")(?![\w-])", re.IGNORECASE
    )
    cleaned: Noun = _cleaned(noun, pattern)
    return cleaned


def _cleaned(value: Any, pattern: re.Pattern[str]) -> Any:
    if type(value) is str:
        return pattern.sub(ANOTHER, value)
    if type(value) is tuple:
        cleaned = tuple(_cleaned(one, pattern) for one in value)
        return value if all(a is b for a, b in zip(cleaned, value, strict=True)) else cleaned
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: new
            for field in fields(value)
            # A time zone is a key and nobody's name, though a site may be called "Berlin".
            if field.name != "zone"
            and (new := _cleaned(old := getattr(value, field.name), pattern)) is not old
            and new != old
        }
        return replace(value, **changed) if changed else value
    return value


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


def _names_of_others(whole: Plan, cut: Plan) -> frozenset[str]:
    """Names of hosts and places that are in the whole and not in the part."""
    own = {name.casefold() for name in _names(cut)}
    return frozenset(name for name in _names(whole) if name.casefold() not in own and name)


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
            yield Wave(order, f"wave {order}", hosts, 0)


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
