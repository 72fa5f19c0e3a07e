"""Runs as reports tell them: one of them whole, a year of them, or what each adds to the trend."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from core.app.lookup import the_plan
from core.reports.logs import Texts, nothing_kept
from core.reports.telling import Making, tell_run
from core.reports.tenant import Story, of_tenant
from core.reports.trend import tally_of
from core.reports.words import local
from core.runfolder.folder import RunFolder
from core.store.runs import all_runs, load_story
from core.store.tallies import keep_tallies, kept_tallies

if TYPE_CHECKING:
    from core.app.workspace import Workspace
    from core.model.run_report import RunReport
    from core.model.trend import Tally
    from core.store.database import Database


def told(database: Database, run_id: str, making: Making, texts: Texts = nothing_kept) -> RunReport | None:
    """None if the tenant that it is made for has no part in it."""
    record, entries = load_story(database, run_id)
    story: Story | None = Story(record, the_plan(database, record.plan_id), entries, texts)
    if making.tenant is not None and story is not None:
        story = of_tenant(story, making.tenant)
    return None if story is None else tell_run(story, making)


def tallies(database: Database, making: Making) -> tuple[Tally, ...]:
    """Of every journalled run, the oldest first; of a tenant those that it has a part in. Only runs whose journal has
    grown since somebody asked last are told anew."""
    kept = kept_tallies(database, making.tenant)
    anew = {(one.run_id, one.journal_hash): _tally(database, one.run_id, making) for one in kept if not one.is_kept}
    keep_tallies(database, making.tenant, anew)
    found = (anew.get((one.run_id, one.journal_hash), one.tally) for one in kept)
    return tuple(one for one in found if one is not None)


def texts_of(workspace: Workspace, run_id: str) -> Texts:
    """What lies in the run's folder, as far as it still is what the journal's hashes name."""
    folder = RunFolder(workspace.run_folder(run_id))

    def read(sha256: str) -> str | None:
        content = folder.kept(sha256)
        genuine = content is not None and hashlib.sha256(content).hexdigest() == sha256
        return content.decode("utf-8", errors="replace") if content is not None and genuine else None

    return read


def _tally(database: Database, run_id: str, making: Making) -> Tally | None:
    report = told(database, run_id, making)
    return None if report is None else tally_of(report)


def years(database: Database, making: Making) -> tuple[int, ...]:
    """Those in which a run began, by the reader's clock."""
    return tuple(sorted({local(one.started_at, making.zone).year for one in tallies(database, making)}))


def told_of_year(workspace: Workspace, database: Database, year: int, making: Making) -> Iterator[RunReport]:
    """The oldest first. Without time lines, which no sheet shows: a year of them need not fit into memory."""
    begun = {one.run_id for one in tallies(database, making) if local(one.started_at, making.zone).year == year}
    for row in all_runs(database):
        if row.run_id not in begun:
            continue
        report = told(database, row.run_id, making, texts_of(workspace, row.run_id))
        if report is not None:
            yield replace(report, hosts=tuple(replace(host, moments=()) for host in report.hosts))
