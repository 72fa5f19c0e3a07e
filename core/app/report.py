"""Report: what the journal tells of runs, of plans and of years, as Excel, HTML and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.app import composition
from core.app.local_zone import local_zone
from core.app.lookup import the_plan, the_run
from core.app.told import tallies, texts_of, told, told_of_year, years
from core.app.workspace import Workspace, hosts, settings_of
from core.catalog.reference import release_of
from core.model.build import Build
from core.model.document import to_document
from core.model.fault import Fault, RefusedError
from core.model.ids import folded, folder_name
from core.model.plan import Plan
from core.model.trend import Tally, Trend
from core.reports.telling import Making
from core.reports.tenant import plan_of_tenant
from core.reports.trend import trend_of
from core.reports.words import local
from core.runfolder.writing import replace_file
from core.settings.build_reference import reference_of
from core.store.database import Database
from core.store.plans import authorisations_of

if TYPE_CHECKING:
    from core.model.run_report import RunReport


@dataclass(frozen=True, slots=True)
class Forms:
    """What is asked for."""

    excel: bool = False
    html: bool = False
    json: bool = False

    @property
    def any(self) -> bool:
        return self.excel or self.html or self.json


def report(
    workspace: Workspace, reference: str, folder: Path | None, forms: Forms, tenant: str | None = None
) -> tuple[Path, ...]:
    """Writes a run's reports anew, into the run's folder unless another is named."""
    with composition.open_database(workspace) as database:
        run_id = the_run(database, reference).run_id
        return _write_run(workspace, database, run_id, folder, forms, tenant)


def write_reports(workspace: Workspace, database: Database, run_id: str) -> tuple[Path, ...]:
    """At the end of a run: its own reports, as the configuration wants them, and the year's workbook."""
    output = settings_of(workspace).audit.output
    forms = Forms(output.excel, output.html, json=True)
    written = _write_run(workspace, database, run_id, None, forms, None)
    if not output.excel:
        return written
    making = _making(workspace, None)
    year = local(the_run(database, run_id).started_at, making.zone).year
    return (*written, *_write_year(workspace, database, year, None, making))


def report_plan(
    workspace: Workspace, reference: str, folder: Path | None, forms: Forms, tenant: str | None = None
) -> tuple[Path, ...]:
    """A plan for the change board."""
    from core.reports.plan_page import write_plan_page
    from core.reports.plan_workbook import write_plan_workbook
    from core.reports.planned import PlanBrief

    making = _making(workspace, tenant)
    with composition.open_database(workspace) as database:
        plan = the_plan(database, reference)
        granted = authorisations_of(database, plan.id)
    # Whoever authorised it wrote about the whole plan.
    brief = PlanBrief(plan, granted[0] if granted else None)
    if tenant is not None:
        brief = PlanBrief(_found(plan_of_tenant(plan, tenant), f"plan {plan.id}", tenant))
    target = folder or _of(workspace.output / "Reports", tenant)
    return _write(
        target,
        {
            f"Plan {plan.id}.xlsx": forms.excel and (lambda path: write_plan_workbook(brief, making, path)),
            f"Plan {plan.id}.html": forms.html and (lambda path: write_plan_page(brief, making, path)),
            f"Plan {plan.id}.json": forms.json and (lambda path: _write_json(brief.plan, path)),
        },
    )


def report_trend(
    workspace: Workspace, folder: Path | None, forms: Forms, tenant: str | None = None
) -> tuple[Path, ...]:
    """The trend over all journalled runs."""
    from core.reports.trend_page import write_trend_page
    from core.reports.trend_sheets import write_trend_workbook

    with composition.open_database(workspace) as database:
        making = _making(workspace, tenant)
        added = tallies(database, making)
    if tenant is not None and not added:
        raise RefusedError((_not_of("all runs", making.tenant),))
    trend = _trend(workspace, added, making)
    return _write(
        folder or _of(workspace.output / "Reports", tenant),
        {
            "trend.xlsx": forms.excel and (lambda path: write_trend_workbook(trend, path)),
            "trend.html": forms.html and (lambda path: write_trend_page(trend, path)),
            "trend.json": forms.json and (lambda path: _write_json(trend, path)),
        },
    )


def report_year(
    workspace: Workspace, year: int | None, folder: Path | None, tenant: str | None = None
) -> tuple[Path, ...]:
    """The year's workbook, anew from all runs that began in it; without a year the one it is now."""
    making = _making(workspace, tenant)
    with composition.open_database(workspace) as database:
        return _write_year(workspace, database, year or local(making.at, making.zone).year, folder, making)


def _write_run(
    workspace: Workspace, database: Database, run_id: str, folder: Path | None, forms: Forms, tenant: str | None
) -> tuple[Path, ...]:
    from core.reports.page import write_page
    from core.reports.workbook import write_workbook

    making = _making(workspace, tenant)
    report = _found(told(database, run_id, making, texts_of(workspace, run_id)), f"run {run_id}", tenant)
    # A report of March still shows March's trend when it is written anew in May.
    earlier = [one for one in tallies(database, making) if one.started_at <= report.started_at]
    trend = _trend(workspace, earlier, making)
    year = local(report.started_at, making.zone).year
    return _write(
        folder or _of(workspace.run_folder(run_id) / "Reports", tenant),
        {
            f"{year} Hotfix Deployment.xlsx": forms.excel and (lambda path: write_workbook(report, trend, path)),
            "final-report.html": forms.html and (lambda path: write_page(report, path)),
            "run-report.json": forms.json and (lambda path: _write_json(report, path)),
        },
    )


def _write_year(
    workspace: Workspace, database: Database, year: int, folder: Path | None, making: Making
) -> tuple[Path, ...]:
    from core.reports.workbook import write_year

    own = [one for one in tallies(database, making) if local(one.started_at, making.zone).year == year]
    if not own:
        raise RefusedError((_no_runs(year, years(database, making), making.tenant),))
    trend, zones = _trend(workspace, own, making), {zone for one in own for zone in one.zones}
    name = f"{year} Hotfix Deployment.xlsx"
    target = folder or _of(workspace.output / "Reports", making.tenant)
    return _write(
        target,
        {name: lambda path: write_year(told_of_year(workspace, database, year, making), zones, trend, year, path)},
    )


def _no_runs(year: int, others: tuple[int, ...], tenant: str | None) -> Fault:
    if tenant is not None and not others:
        return _not_of(f"year {year}", tenant)
    whose = "" if tenant is None else f' with hosts of the tenant "{tenant}"'
    hint = (
        f"there are runs of {', '.join(map(str, others))}"
        if others
        else "there is none at all; a deployment begins one"
    )
    return Fault(f"year {year}", "not_found", f"no run{whose} began in it; {hint}", found=str(year))


def _making(workspace: Workspace, tenant: str | None) -> Making:
    settings = settings_of(workspace)
    if tenant is not None:
        written = {folded(host.place.tenant): host.place.tenant for host in hosts(settings)}
        tenant = written.get(folded(tenant), tenant)
    now = composition.SystemClock().now()
    return Making(now, settings.audit.output.time_zone or local_zone(now), tenant)


def _trend(workspace: Workspace, added: Iterable[Tally], making: Making) -> Trend:
    reference = reference_of(settings_of(workspace).reference)

    def released(build: str) -> date | None:
        found = release_of(reference, Build.parse(build))
        return None if found is None else found.released

    return trend_of(added, released, making.at, making.zone, making.tenant)


def _found(thing: Any, where: str, tenant: str | None) -> Any:
    if thing is None:
        raise RefusedError((_not_of(where, tenant),))
    return thing


def _not_of(where: str, tenant: str | None) -> Fault:
    message = f'nothing in it is of the tenant "{tenant}"; look how the targets write their tenants'
    return Fault(where, "not_found", message, found=tenant)


def _of(folder: Path, tenant: str | None) -> Path:
    """A tenant's reports lie apart, so that a folder can be handed over whole."""
    return folder if tenant is None else folder / "Tenants" / folder_name(tenant)


def _write(folder: Path, wanted: dict[str, Callable[[Path], None] | bool]) -> tuple[Path, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, write in wanted.items():
        if callable(write):
            write(folder / name)
            written.append(folder / name)
    return tuple(written)


def _write_json(noun: RunReport | Trend | Plan, path: Path) -> None:
    replace_file(path, json.dumps(to_document(noun), indent=1, ensure_ascii=False) + "\n")
