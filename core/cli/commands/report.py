"""report, report year, report trend, report plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from core.app import report as reports
from core.app.report import Forms
from core.cli.answering import Answer, Options, command
from core.model.fault import Fault
from core.model.outcome import Outcome

_RUN = "run"


class _OfARun(click.Group):
    """ "report RUN": what names no kind of report names a run."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [_RUN, *args]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return ["RUN|COMMAND [OPTIONS]"]


def _with_place(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--tenant", metavar="NAME", help="This tenant alone: nothing of the others is in the files."),
        click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Into this folder."),
    ):
        function = option(function)
    return function


def _with_forms(function: Callable[..., Any]) -> Callable[..., Any]:
    function = _with_place(function)
    for option in (
        click.option("--html", is_flag=True, help="One HTML file."),
        click.option("--excel", is_flag=True, help="An Excel workbook."),
    ):
        function = option(function)
    return function


@click.group("report", cls=_OfARun)
def report() -> None:
    """Write the reports of RUN anew, from its journal. `report RUN --help` lists the options.

    Excel and HTML without a choice; with --json also a JSON file, after its published schema.
    """


@report.command(_RUN, hidden=True)
@click.argument("run_id", metavar="RUN")
@_with_forms
@command("report")
def run(options: Options, run_id: str, excel: bool, html: bool, out: Path | None, tenant: str | None) -> Answer:
    """Write the reports of RUN anew; Excel and HTML without a choice, with --json also JSON."""
    forms = _forms(options, excel, html)
    return _written(out, lambda: reports.report(options.workspace, run_id, out, forms, tenant))


@report.command()
@click.argument("year", metavar="[YEAR]", required=False, type=click.IntRange(2000, 2999))
@_with_place
@command("report year")
def year(options: Options, year: int | None, out: Path | None, tenant: str | None) -> Answer:
    """The workbook of all runs that began in YEAR (this year), by your clock."""
    return _written(out, lambda: reports.report_year(options.workspace, year, out, tenant))


@report.command()
@_with_forms
@command("report trend")
def trend(options: Options, excel: bool, html: bool, out: Path | None, tenant: str | None) -> Answer:
    """Patch state by month, time to patch by severity, failure causes and restarts, over all runs."""
    forms = _forms(options, excel, html)
    return _written(out, lambda: reports.report_trend(options.workspace, out, forms, tenant))


@report.command()
@click.argument("plan_id", metavar="PLAN")
@_with_forms
@command("report plan")
def plan(options: Options, plan_id: str, excel: bool, html: bool, out: Path | None, tenant: str | None) -> Answer:
    """PLAN for the change board: verdict, window, waves, outages, undo, what is not patched and why."""
    forms = _forms(options, excel, html)
    return _written(out, lambda: reports.report_plan(options.workspace, plan_id, out, forms, tenant))


def _forms(options: Options, excel: bool, html: bool) -> Forms:
    both = not (excel or html)
    return Forms(excel or both, html or both, options.json)


def _written(out: Path | None, write: Callable[[], tuple[Path, ...]]) -> Answer:
    try:
        written = write()
    except OSError as trouble:
        where = trouble.filename or out or "reports"
        message = f"cannot be written: {trouble.strerror}; name another place with --out, or mend its rights"
        fault = Fault(str(where), "not_writable", message)
        return Answer({"files": []}, outcome=Outcome.REPORTING_FAILED, faults=(fault,))
    return Answer({"files": [str(path) for path in written]}, "\n".join(map(str, written)))
