"""A plan in words: every decision with its reason."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from core.model.count import counted
from core.model.outcome import Outcome
from core.model.plan import Plan, PlannedTarget, PlannedWindow, Wave
from core.model.size import size_in_words
from core.model.step import PatchStep, Step
from core.planning.comparing import Change, Difference, step_in_words
from core.planning.outages import group_outages
from core.planning.reviewing import outcome_before

_NAMED_HOSTS = 8


def plan_in_words(made: Plan) -> str:
    return "\n".join(_lines(made))


def difference_in_words(found: Difference) -> str:
    if found.same_content:
        return f"plans {found.first} and {found.second} have the same content"
    lines = [f"from plan {found.first} to {found.second}"]
    lines += [f"made from other inputs: {', '.join(found.inputs)}"] if found.inputs else []
    for name in ("hosts", "steps", "waves", "packages", "rules", "windows", "skipped", "warnings"):
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
    if made.targets:
        yield from _rules(made)
    yield from _windows(made)
    for group in made.groups:
        yield f"group {group.name} ({', '.join(group.hosts)}; from {group.known_from}): {group.rule}"
    zone = ZoneInfo(made.windows[0].window.zone if made.windows else "UTC")
    for wave in made.waves:
        yield ""
        yield f"wave {wave.among(len(made.waves))}; {counted(len(wave.hosts), 'host')}, {_times(wave, zone)}"
        for host in wave.hosts:
            yield from _target(made, made.target(host))
        if wave.soak_seconds:
            yield f"  then it is watched for {_minutes(wave.soak_seconds)}"
    yield from _left_out(made)
    for one in made.warnings:
        yield f"warning: {_names(one.hosts) or one.host or 'plan'}: {one.message}"
    yield ""
    yield _ending(made)


def _ending(made: Plan) -> str:
    if made.targets:
        return f'next: drydock authorise {made.id} --reason "..."'
    match outcome_before(made):
        case Outcome.SUCCEEDED:
            return "nothing to do"
        case Outcome.NOT_REACHED:
            return "no host could be reached, so that nobody knows whether there is something to do"
        case _:
            return "nothing to do on the hosts that could be reached"


def _totals(made: Plan) -> Iterator[str]:
    totals = made.totals
    if made.targets:
        yield (
            f"{counted(totals.hosts, 'host')}, {counted(totals.instances, 'instance')}, "
            f"{counted(totals.steps, 'step')}, {counted(totals.restarts, 'restart')}, "
            f"{size_in_words(totals.bytes_to_copy)} to copy, {_duration(totals.expected_seconds, totals.p90_seconds)} "
            f"with {_together(made)} at a time"
        )


def _together(made: Plan) -> str:
    hosts, restarts = counted(made.totals.workers, "host"), counted(made.rules.pace.max_reboots, "restart")
    return f"{hosts}, {restarts}" if made.restarts_wait else hosts


def _rules(made: Plan) -> Iterator[str]:
    rules, pace = made.rules, made.rules.pace
    limits = [f"restarts: {pace.max_reboots}", f"hosts of one failure domain: {pace.max_per_failure_domain}"]
    limits += [] if pace.max_per_tenant is None else [f"hosts of one tenant: {pace.max_per_tenant}"]
    stagger = f"; {_minutes(pace.stagger_seconds)} between two starts" if pace.stagger_seconds else ""
    yield f"at the same time at most: {', '.join(limits)}{stagger}"
    allowed = rules.failures_allowed
    if allowed is not None:
        begin = "no further host is begun"
        yield f"{begin} after the first failure" if allowed == 0 else f"{begin} once more than {allowed} have failed"
    yield f"running work is waited for up to {_minutes(rules.jobs.wait_seconds)}; then the host is deferred"
    retries = rules.retries
    yield f"an installer that meets another installation is started {counted(retries.attempts, 'time')} at most"
    yield f"a host that fails is tried in {counted(retries.runs, 'run')} of this plan at most"


def _windows(made: Plan) -> Iterator[str]:
    for one in made.windows:
        zone = ZoneInfo(one.window.zone)
        opens, closes = _local(one.opens_at, zone), _local(one.closes_at, zone)
        yield f"window {one.window.name}: {opens} to {closes} ({one.window.zone}); {_safe_start(made, one, zone)}"


def _safe_start(made: Plan, window: PlannedWindow, zone: ZoneInfo) -> str:
    fitting = made.totals.workers_that_fit
    if window.last_safe_start is None:
        remedy = "no number of hosts at a time would" if fitting is None else f"with {fitting} at a time it would"
        return f"its hosts do not fit into it; {remedy}"
    enough = "" if fitting is None else f"; {fitting} at a time are enough"
    return f"last safe start {_local(window.last_safe_start, zone)}{enough}"


def _target(made: Plan, target: PlannedTarget) -> Iterator[str]:
    builds = ", ".join(f"{one.name} {one.before} -> {one.after}" for one in target.instances)
    yield f"  {target.host}: {builds or 'system updates'}"
    for group in group_outages(made, target):
        yield f"    while the host is down, {group}"
    for role in target.held_for:
        yield f"    held at its turn: {role}; fail over first"
    if target.windows:
        yield f"    may be worked on in: {', '.join(target.windows)}"
    if target.application_checks:
        yield f"    must work before and after: {', '.join(target.application_checks)}"
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
    skipped = made.left_alone
    if skipped or made.updates_left_out:
        yield ""
        yield "not patched"
    for one in skipped:
        instance = "" if one.instance is None else f"\\{one.instance}"
        yield f"  {one.host}{instance}: {one.reason}"
    for left in made.updates_left_out:
        yield f"  {left.title} on {_names(left.hosts)}: {left.reason}"


def _names(hosts: tuple[str, ...]) -> str:
    more = len(hosts) - _NAMED_HOSTS
    return ", ".join(hosts[:_NAMED_HOSTS]) + (f" and {more} more" if more > 0 else "")


def _times(wave: Wave, zone: ZoneInfo) -> str:
    duration = _duration(wave.expected_seconds, wave.p90_seconds)
    if wave.begins_at is None or wave.ends_at is None:
        return duration
    ends = wave.p90_ends_at or wave.ends_at
    late = ", too late for its window" if wave.fits is False else ""
    return f"{duration}, {_local(wave.begins_at, zone)} to {_local(ends, zone)} ({zone.key}){late}"


def _minutes(seconds: int) -> str:
    return counted(-(-seconds // 60), "minute")


def _duration(seconds: int, p90: int | None) -> str:
    slow = "" if p90 is None else f", 9 in 10 within {-(-p90 // 60)}"
    return f"about {-(-seconds // 60)} min{slow}"


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%a %Y-%m-%d %H:%M")
