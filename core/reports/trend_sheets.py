"""The trend as sheets of a workbook, and as a workbook of its own."""

from collections.abc import Iterator
from pathlib import Path

from core.model.trend import Trend
from core.reports.cells import Row, span
from core.reports.charts import Bars
from core.reports.sheets import Sheet, write_sheets

_MONTHS = (
    "Month",
    "Patched and verified",
    "Failed",
    "Held",
    "Deferred",
    "Unknown",
    "Other",
    "Hosts",
    "Runs",
    "Restarts proven",
    "Restart, median (h:mm:ss)",
)
# Kinds of the same tone in shades that can be told apart, in the order of the columns.
_COLOURS = ("2E7D57", "B93A30", "7A4A00", "D9A441", "E39A93", "8A94A0")


def write_trend_workbook(trend: Trend, path: Path) -> None:
    subject = "Patching of SQL Server and Windows" + ("" if trend.tenant is None else f" for {trend.tenant}")
    write_sheets(path, trend_sheets(trend), "Patch trend", subject, trend.made_at)


def trend_sheets(trend: Trend) -> Iterator[Sheet]:
    rows: list[Row] = [
        (
            one.month,
            one.patched,
            one.failed,
            one.blocked,
            one.deferred,
            one.unknown,
            one.other,
            one.hosts,
            one.runs,
            one.restarts_proven,
            span(one.restart_seconds),
        )
        for one in trend.months
    ]
    bars = Bars("Hosts by month", (1, 7), (2, len(rows) + 1), f"A{len(rows) + 4}", stacked=True, colours=_COLOURS)
    yield Sheet("Trend", _MONTHS, rows, bars=(bars,) if rows else ())
    yield Sheet(
        "Time to patch",
        ("Severity", "Installed", "Days from release, median", "Days from release, longest"),
        [(one.severity, one.installed, one.median_days, one.longest_days) for one in trend.time_to_patch],
    )
    yield Sheet("Failure causes", ("Month", "Cause", "Hosts"), [(c.month, c.cause, c.number) for c in trend.causes])
