"""A plan as a page for the change board."""

from pathlib import Path

from core.reports.planned import (
    PlanBrief,
    briefs,
    by_reason,
    findings,
    group_words,
    not_patched,
    packages,
    step_words,
    verdict,
)
from core.reports.rendering import render
from core.reports.telling import Making, site_zone
from core.reports.words import zone_words


def write_plan_page(brief: PlanBrief, making: Making, path: Path) -> None:
    plan = brief.plan
    site = site_zone(plan) or making.zone
    words, tone = verdict(plan)
    zones = [one.window.zone for one in plan.windows]
    render(
        "plan.html.j2",
        path,
        plan=plan,
        authorisation=brief.authorisation,
        tenant=making.tenant,
        zone=site,
        made_at=making.at,
        my_zone=making.zone,
        mine_words=zone_words(making.zone, making.at),
        verdict=words,
        tone=tone,
        hosts=list(briefs(plan)),
        step_words=lambda step: step_words(plan, step),
        reasons=by_reason(plan),
        left=list(not_patched(plan)),
        findings=list(findings(plan)),
        packages=list(packages(plan)),
        group_words=group_words,
        foreign=any(zone_words(one, making.at) != zone_words(making.zone, making.at) for one in (site, *zones)),
    )
