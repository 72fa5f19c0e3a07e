"""Runs as reports tell them: one of them whole, a year of them, or what each adds to the trend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from core.app.lookup import the_plan
from core.reports.telling import Making, tell_run
from core.reports.tenant import Story, of_tenant
from core.reports.trend import tally_of
from core.reports.words import local
from core.store.runs import all_runs, load_story
from core.store.tallies import keep_tallies, kept_tallies

if TYPE_CHECKING:
    from core.model.run_report import RunReport
    from core.model.trend import Tally
    from core.store.database import Database


def told(database: Database, run_id: str, making: Making) -> RunReport | None:
    """None if the tenant that it is made for has no part in it."""
    record, entries = load_story(database, run_id)
    story: Story | None = Story(record, the_plan(database, record.plan_id), entries)
    if making.tenant is not None and story is not None:
        story = of_tenant(story, making.tenant)
    return None if story is None else tell_run(story.record, story.plan, story.entries, making)


def tallies(database: Database, making: Making) -> tuple[Tally, ...]:
    """Of every journalled run, the oldest first; of a tenant those that it has a part in. Only runs whose journal has
    grown since somebody asked last are told anew."""
    kept = kept_tallies(database, making.tenant)
    anew = {(one.run_id, one.journal_hash): _tally(database, one.run_id, making) for one in kept if not one.is_kept}
    keep_tallies(database, making.tenant, anew)
    found = (anew.get((one.run_id, one.journal_hash), one.tally) for one in kept)
    return tuple(one for one in found if one is not None)


def _tally(database: Database, run_id: str, making: Making) -> Tally | None:
    report = told(database, run_id, making)
    return None if report is None else tally_of(report)


def years(database: Database, making: Making) -> tuple[int, ...]:
    """Those in which a run began, by the reader's clock."""
    return tuple(sorted({local(one.started_at, making.zone).year for one in tallies(database, making)}))


def told_of_year(database: Database, year: int, making: Making) -> Iterator[RunReport]:
    """The oldest first. Without time lines, which no sheet shows: a year of them need not fit into memory."""
    begun = {one.run_id for one in tallies(database, making) if local(one.started_at, making.zone).year == year}
    for row in all_runs(database):
        report = told(database, row.run_id, making) if row.run_id in begun else None
        if report is not None:
            yield replace(report, hosts=tuple(replace(host, moments=()) for host in report.hosts))
