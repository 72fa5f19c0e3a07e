"""Run sheet: all that is known of one run, down to each step and to what its installer wrote."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.app import composition
from core.app.lookup import the_plan, the_run
from core.app.retrying import failed_and_patched_since, fault_against_retry
from core.app.review import titles_of
from core.app.workspace import Workspace, settings_of
from core.model.authorisation import Authorisation
from core.model.events import Entry
from core.model.fault import Fault, RefusedError
from core.model.history import PatchedSince
from core.model.plan import Plan
from core.model.record import RunRecord
from core.model.run_report import HostReport, RunReport
from core.model.state import REVERIFIABLE, TargetState
from core.reports.telling import Making, tell_run
from core.reports.tenant import Story
from core.runfolder.folder import RunFolder
from core.runfolder.locks import is_driven
from core.store.blocks import open_blocks
from core.store.database import Database
from core.store.plans import authorisation
from core.store.runs import load_story


@dataclass(frozen=True, slots=True)
class RunSheet:
    """A run as it stands now, in the journal's words and in those of its report."""

    record: RunRecord
    driven: bool
    plan: Plan
    authorisation: Authorisation
    report: RunReport
    entries: tuple[Entry, ...]
    folder: Path
    reports: tuple[Path, ...]
    """Those that lie there and are not older than the journal's last line."""
    blocked: frozenset[str]
    """Hosts that are patch-blocked now, whatever run it was that blocked them."""
    titles: Mapping[str, str]
    """What people call the builds."""
    no_retry: Fault | None
    """Why its failed hosts can't be tried again, if they can't."""
    patched_since: tuple[PatchedSince, ...] = ()
    """Failed hosts that another run brought to success later: they are not tried again."""

    @property
    def resumable(self) -> bool:
        """Broken off, or ended with hosts of which nobody knows how they stand."""
        if self.record.outcome is None:
            return not self.driven
        return any(one.state is TargetState.UNKNOWN for one in self.record.targets)

    def verifiable(self, host: str) -> bool:
        """Somebody may have mended it by hand, and there is something to compare it with."""
        record = self.record.target(host)
        there = self.record.outcome is not None or self.driven
        return there and record.state in REVERIFIABLE and record.before is not None

    def told(self, host: str) -> HostReport:
        return next(one for one in self.report.hosts if one.host == host)

    def entries_of(self, host: str) -> tuple[Entry, ...]:
        return tuple(one for one in self.entries if one.event.target == host)


@dataclass(frozen=True, slots=True)
class Output:
    """What an installer wrote. Genuine: it still is what the journal's hash names."""

    text: str
    genuine: bool


def run_sheet_of(workspace: Workspace, reference: str) -> RunSheet:
    zone = settings_of(workspace).audit.output.time_zone
    making = Making(composition.SystemClock().now(), zone)
    with composition.open_database(workspace) as database:
        return _sheet(workspace, database, the_run(database, reference).run_id, making)


def _sheet(workspace: Workspace, database: Database, run_id: str, making: Making) -> RunSheet:
    record, entries = load_story(database, run_id)
    plan = the_plan(database, record.plan_id)
    folder = RunFolder(workspace.run_folder(run_id))
    blocked = frozenset(one.host for one in open_blocks(database))
    report = tell_run(Story(record, plan, entries), making)
    builds = (
        build for host in report.hosts for one in host.instances for build in (one.before, one.planned, one.after)
    )
    return RunSheet(
        record=record,
        driven=record.outcome is None and folder.state.exists() and is_driven(folder.state),
        plan=plan,
        authorisation=authorisation(database, record.authorisation_id),
        report=report,
        entries=entries,
        folder=folder.path,
        reports=tuple(one for one in folder.written_reports if one.stat().st_mtime >= entries[-1].at.timestamp()),
        blocked=blocked,
        titles=titles_of(workspace, filter(None, builds)),
        no_retry=fault_against_retry(database, record, plan),
        patched_since=failed_and_patched_since(database, record),
    )


def output_of(workspace: Workspace, run_id: str, sha256: str) -> Output:
    """What was written by the installer, from the run's folder, held against the journal's hash."""
    content = RunFolder(workspace.run_folder(run_id)).kept(sha256)
    if content is None:
        message = "the file is not in the run's folder any more; the journal keeps its hash"
        raise RefusedError((Fault(f"output {sha256}", "not_found", message),))
    genuine = hashlib.sha256(content).hexdigest() == sha256
    return Output(content.decode("utf-8", errors="replace"), genuine)
