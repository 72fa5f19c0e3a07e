"""A plan as a workbook for the change board."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from core.model.plan import Plan
from core.model.step import PatchStep
from core.reports.cells import Row, naive, span
from core.reports.charts import BAR_COLOURS, Bars
from core.reports.planned import PlanBrief, briefs, findings, not_patched, step_words, verdict
from core.reports.sheets import Sheet, write_sheets
from core.reports.telling import Making, site_zone
from core.reports.words import zone_words


def write_plan_workbook(brief: PlanBrief, making: Making, path: Path) -> None:
    subject = "Patch plan" + ("" if making.tenant is None else f" for {making.tenant}")
    write_sheets(path, _sheets(brief, making), f"Patch plan {brief.plan.id}", subject, making.at)


def _sheets(brief: PlanBrief, making: Making) -> Iterator[Sheet]:
    plan = brief.plan
    yield _summary(brief, making.zone)
    yield _waves(plan, dict.fromkeys((site_zone(plan) or making.zone, making.zone)))
    yield Sheet("Targets", _TARGETS, _targets(plan), {"every update can be taken back": "good"}, (5,), wrapped=True)
    yield Sheet("Steps", _STEPS, _steps(plan), {"possible": "good", "impossible": "open"}, (9,))
    yield Sheet("OS updates", _UPDATES, _updates(plan))
    yield Sheet("Not patched", ("Host", "Instance", "Reason", "Why"), not_patched(plan), wrapped=True)
    yield Sheet("Warnings", ("Weight", "Warning", "Hosts", "What"), _warnings(plan), wrapped=True)


def _summary(brief: PlanBrief, zone: str | None) -> Sheet:
    """Times of people by the reader's clock, those of a window by its own and the reader's."""
    plan, allowed, told = brief.plan, brief.authorisation, verdict(brief.plan)
    words, totals = zone_words(zone, plan.as_of), plan.totals
    rows: list[Row] = [
        ("Verdict", told[0]),
        ("Hosts", totals.hosts),
        ("Instances", totals.instances),
        ("Steps", totals.steps),
        ("Restarts", totals.restarts),
        ("System updates", totals.os_updates),
        ("Warnings", len(plan.warnings)),
        ("Not patched", plan.left_out),
        ("Expected (h:mm:ss)", span(totals.expected_seconds)),
        ("Authorised by", "nobody so far" if allowed is None else allowed.granted_by),
    ]
    if allowed is not None:
        rows += [
            ("Reason", allowed.reason),
            ("Change", allowed.change),
            (f"Authorised at ({words})", naive(allowed.granted_at, zone)),
            (f"Valid until ({words})", naive(allowed.expires_at, zone)),
        ]
    for one in plan.windows:
        rows.append(("Window", one.window.name))
        for clock in dict.fromkeys((one.window.zone, zone)):
            named = zone_words(clock, one.opens_at)
            rows += [
                (f"Opens ({named})", naive(one.opens_at, clock)),
                (f"Closes ({named})", naive(one.closes_at, clock)),
                (f"Last safe start ({named})", naive(one.last_safe_start, clock)),
            ]
    rows += [(f"Facts of ({words})", naive(plan.as_of, zone)), ("Plan", plan.id), ("Digest", plan.digest)]
    return Sheet("Summary", ("What", "Value"), rows, {told[0]: told[1]}, (2,), wrapped=True)


def _waves(plan: Plan, zones: Iterable[str | None]) -> Sheet:
    """When they end, and whether in time, where a maintenance window asks for it."""
    clocks = tuple(zones) if plan.windows else ()
    fits = {None: "no window", True: "fits", False: "does not fit"}
    rows: list[Row] = [
        (
            one.among(len(plan.waves)),
            len(one.hosts),
            span(one.expected_seconds or None),
            *((fits[one.fits],) if clocks else ()),
            *(naive(one.ends_at, zone) for zone in clocks),
        )
        for one in plan.waves
    ]
    ends = (f"Ends ({zone_words(zone, plan.as_of)})" for zone in clocks)
    head = ("Wave", "Hosts", "Expected (h:mm:ss)", *(("Window",) if clocks else ()), *ends)
    bars = (
        (
            Bars(
                "Hosts by wave",
                (1, 2),
                (2, len(rows) + 1),
                f"A{len(rows) + 4}",
                colours=(BAR_COLOURS["good"],) * len(rows),
            ),
        )
        if rows
        else ()
    )
    return Sheet("Waves", head, rows, {"fits": "good", "does not fit": "bad"}, (4,) if clocks else (), bars=bars)


_TARGETS = (
    "Host",
    "Changes",
    "Outage of the host (h:mm:ss)",
    "Outage of its groups",
    "Undo",
    "Will be held",
    "Warnings",
    "Wave",
    "Tenant",
    "Client",
    "Site",
)


def _targets(plan: Plan) -> Iterator[Row]:
    for one in briefs(plan):
        target, place = one.target, one.target.place
        outage = (span(one.outage_seconds), "\n".join(map(str, one.groups)))
        more = ("\n".join(one.held_for), "\n".join(one.warnings))
        where = (one.wave, place.tenant, place.client, place.site)
        yield (target.host, one.changes, *outage, one.undo, *more, *where)


_STEPS = (
    "Host",
    "Step",
    "What",
    "Arguments",
    "Why",
    "Rule",
    "Expected (h:mm:ss)",
    "Outage",
    "Undo",
    "How it is undone",
    "SHA-256",
)


def _steps(plan: Plan) -> Iterator[Row]:
    for target in plan.targets:
        for step in target.steps:
            arguments, package = (" ".join(step.arguments), step.package) if isinstance(step, PatchStep) else ("", "")
            undo = ("possible" if step.undo.possible else "impossible", step.undo.how)
            why = (step.why, step.rule, span(step.expected_seconds), step.expectation.outage)
            yield (target.host, step.order, step_words(plan, step), arguments, *why, *undo, package)


_UPDATES = ("Update", "Title", "Classification", "Severity", "Released", "Hosts", "Installed or why not")


def _updates(plan: Plan) -> Iterator[Row]:
    hosts: dict[str, list[str]] = {}
    for target in plan.targets:
        for step in target.steps:
            for key in getattr(step, "updates", ()):
                hosts.setdefault(key, []).append(target.host)
    for one in plan.updates:
        told = (one.title, one.classification, one.severity, one.released)
        yield (f"KB{one.kb}" if one.kb else "", *told, ", ".join(hosts.get(one.id, ())), "installed")
    for left in plan.updates_left_out:
        yield (f"KB{left.kb}" if left.kb else "", left.title, "", "", None, ", ".join(left.hosts), left.reason)


def _warnings(plan: Plan) -> Iterator[Row]:
    for weight, _, one, messages in findings(plan):
        for message, hosts in messages:
            yield weight, one.title, ", ".join(hosts) or "the plan", message
