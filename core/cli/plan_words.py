"""A plan in words: every decision with its reason."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from core.model.plan import PatchStep, Plan, PlannedTarget, Step
from core.model.size import size_in_words
from core.planning.comparing import Change, Difference, step_in_words

_NAMED_HOSTS = 8


def plan_in_words(made: Plan) -> str:
    return "\n".join(_lines(made))


def difference_in_words(found: Difference) -> str:
    if found.same_content:
        return f"plans {found.first} and {found.second} have the same content"
    lines = [f"from plan {found.first} to {found.second}"]
    lines += [f"made from other inputs: {', '.join(found.inputs)}"] if found.inputs else []
    for name in ("hosts", "steps", "waves", "packages", "skipped", "warnings"):
        change: Change = getattr(found, name)
        if change.gone or change.new:
            lines.append(name)
            lines += [f"  - {one}" for one in change.gone]
            lines += [f"  + {one}" for one in change.new]
    return "\n".join(lines)


def _lines(made: Plan) -> Iterator[str]:
    yield f"plan {made.id}"
    yield f"digest {made.digest}"
    yield f"facts of {made.as_of.isoformat(timespec='minutes')}"
    yield from _totals(made)
    yield from _window(made)
    for group in made.groups:
        yield f"group {group.name} ({', '.join(group.hosts)}; from {group.known_from}): {group.rule}"
    targets = {one.host: one for one in made.targets}
    for wave in made.waves:
        yield ""
        duration = _duration(wave.expected_seconds, wave.p90_seconds)
        yield f"wave {wave.order}, {wave.name}: {_hosts(len(wave.hosts))}, {duration}"
        for host in wave.hosts:
            yield from _target(made, targets[host])
    yield from _left_out(made)
    for one in made.warnings:
        yield f"warning: {_names(one.hosts) or one.host or 'plan'}: {one.message}"
    yield ""
    yield f'next: drydock authorise {made.id} --reason "..."' if made.targets else "nothing to do"


def _totals(made: Plan) -> Iterator[str]:
    totals = made.totals
    if made.targets:
        yield (
            f"{_hosts(totals.hosts)}, {totals.instances} instances, {totals.steps} steps, {totals.restarts} restarts, "
            f"{size_in_words(totals.bytes_to_copy)} to copy, {_duration(totals.expected_seconds, totals.p90_seconds)} "
            f"with {totals.workers} at a time"
        )


def _window(made: Plan) -> Iterator[str]:
    window = made.window
    if window is None:
        return
    zone = ZoneInfo(window.zone)
    yield f"window {window.name}: {_local(window.opens_at, zone)} to {_local(window.closes_at, zone)} ({window.zone})"
    if window.last_safe_start is None:
        fitting = made.totals.workers_that_fit
        remedy = "no number of hosts at a time would" if fitting is None else f"with {fitting} at a time it would"
        yield f"it does not fit into the window; {remedy}"
    else:
        latest = _local(window.last_safe_start, zone)
        yield f"last safe start {latest}; {made.totals.workers_that_fit} at a time are enough"


def _target(made: Plan, target: PlannedTarget) -> Iterator[str]:
    builds = ", ".join(f"{one.name} {one.before} -> {one.after}" for one in target.instances)
    yield f"  {target.host}: {builds or 'system updates'}"
    for role in target.held_for:
        yield f"    held at its turn: {role}; fail over first"
    for step in target.steps:
        yield from _step(made, step)


def _step(made: Plan, step: Step) -> Iterator[str]:
    yield f"    {step.order}. {step_in_words(made, step)}"
    yield f"       why: {step.why}" + (f" ({step.rule})" if step.rule else "")
    if isinstance(step, PatchStep):
        package = made.package(step.package)
        yield f"       package: {size_in_words(package.size_bytes)}, SHA-256 {package.sha256}"
        if step.touches:
            yield f"       also touches: {', '.join(step.touches)}"
    expectation = step.expectation
    duration = _duration(step.expected_seconds, expectation.p90_seconds)
    yield f"       {duration} ({expectation.source}); {expectation.outage}"
    if step.checks_before or step.checks_after:
        yield f"       checks before: {', '.join(step.checks_before)}; after: {', '.join(step.checks_after)}"
    undo = "can be undone" if step.undo.possible else "cannot be undone"
    yield f"       {undo}: {step.undo.how}"


def _left_out(made: Plan) -> Iterator[str]:
    if made.skipped or made.updates_left_out:
        yield ""
        yield "not patched"
    for one in made.skipped:
        instance = "" if one.instance is None else f"\\{one.instance}"
        yield f"  {one.host}{instance}: {one.reason}"
    for left in made.updates_left_out:
        yield f"  {left.title} on {_names(left.hosts)}: {left.reason}"


def _hosts(count: int) -> str:
    return "1 host" if count == 1 else f"{count} hosts"


def _names(hosts: tuple[str, ...]) -> str:
    more = len(hosts) - _NAMED_HOSTS
    return ", ".join(hosts[:_NAMED_HOSTS]) + (f" and {more} more" if more > 0 else "")


def _duration(seconds: int, p90: int | None) -> str:
    slow = "" if p90 is None else f", 9 in 10 within {-(-p90 // 60)}"
    return f"about {-(-seconds // 60)} min{slow}"


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%a %Y-%m-%d %H:%M")
