"""Reports against the bare writing of the same cells, in a real browser and in a real office."""

import gc
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import Workbook, load_workbook

from bench._browser import browser, look
from bench._runs import run_report
from bench.figure import Asking, Figure
from bench.history import fill
from core.app.told import tallies, told
from core.model.run_report import RunReport
from core.reports.page import write_page
from core.reports.telling import Making
from core.reports.trend import tally_of, trend_of
from core.reports.workbook import write_workbook
from core.store.database import open_database
from core.store.runs import all_runs

_HOSTS, _STEPS = 5_000, 20
_PAGE_STEPS = 2
_OFFICE_SECONDS = 600
# About 160 runs of 50 hosts.
_EVENTS = 160_000


def measure(asking: Asking) -> Iterator[Figure]:
    divisor, rounds = (10, 1) if asking.quick else (1, 3)
    report = run_report(_HOSTS // divisor, _STEPS, asking.seed)
    with TemporaryDirectory() as name:
        folder = Path(name)
        yield from _excel(report, folder, rounds)
        peak = _memory(_HOSTS // divisor, _STEPS, asking.seed)
        yield Figure("memory of writing the workbook, all included", peak, "MB", 300)
        yield from _html(run_report(_HOSTS // divisor, _PAGE_STEPS, asking.seed), folder)
        yield from _office(run_report(_HOSTS // divisor // 10, _STEPS, asking.seed), folder)
        yield from _trend(folder, _EVENTS // divisor)


def _excel(report: RunReport, folder: Path, rounds: int) -> Iterator[Figure]:
    trend, book = trend_of([tally_of(report)], lambda _: None, report.made_at, report.zone), folder / "report.xlsx"

    def write() -> None:
        write_workbook(report, trend, book)

    write()
    cells = _cells(book)
    ours, bare = float("inf"), float("inf")
    # One after the other in turn: whatever else this PC does spoils both alike.
    for _ in range(rounds):
        bare = min(bare, _seconds(lambda: _write_bare(cells, folder / "bare.xlsx")))
        ours = min(ours, _seconds(write))
    yield Figure("steps in the workbook", sum(len(host.steps) for host in report.hosts), "steps")
    yield Figure("seconds to write the workbook", ours, "s")
    yield Figure("workbook against the same cells bare", ours / bare, "ratio", 1.5)


def _cells(book: Path) -> list[list[list[Any]]]:
    """The values as they were written, sheet by sheet."""
    opened = load_workbook(book, read_only=True)
    found = [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in opened]
    opened.close()
    return found


def _write_bare(sheets: list[list[list[Any]]], path: Path) -> None:
    """The baseline: write-only mode, values as they are, no style, width or colour."""
    book = Workbook(write_only=True)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(path)


def _html(report: RunReport, folder: Path) -> Iterator[Figure]:
    page = folder / "report.html"
    yield Figure("seconds to write the page", _seconds(lambda: write_page(report, page)), "s")
    yield Figure("size of the page", page.stat().st_size / 1e6, "MB")
    chromium = browser()
    if chromium is None:
        print("bench reports: no chromium on this PC, so the page was not opened", file=sys.stderr)
        yield Figure("page opened in a real browser", 0, "pages", 1, at_least=True)
        return
    seen = look(chromium, page, folder)
    failed = sum(one.words == "failed" for one in report.hosts)
    right = seen.hosts == len(report.hosts) and seen.found == 1 and seen.failed == failed
    yield Figure("hosts shown, found and filtered rightly", float(right), "yes", 1, at_least=True)
    yield Figure("page opened", seen.opened, "ms")
    # What a person calls at once: a tenth of a second; a filter of all hosts may take a blink more.
    yield Figure("search among all hosts", seen.searching, "ms", 250)
    yield Figure("search cleared", seen.clearing, "ms", 500)
    yield Figure("filter by state", seen.filtering, "ms", 250)


def _office(report: RunReport, folder: Path) -> Iterator[Figure]:
    """LibreOffice says nothing of a repair on a command line; a book that it can't read gives no pages."""
    office = shutil.which("soffice")
    if office is None:
        print("bench reports: no LibreOffice on this PC, so the workbook was not opened", file=sys.stderr)
        yield Figure("workbook opened in LibreOffice", 0, "books", 1, at_least=True)
        return
    book = folder / "office.xlsx"
    write_workbook(report, trend_of([tally_of(report)], lambda _: None, report.made_at, report.zone), book)
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    again = folder / "again"
    subprocess.run([*command, str(again), str(book)], capture_output=True, timeout=_OFFICE_SECONDS, check=True)
    yield Figure(
        "cells that LibreOffice reads otherwise", _differences(_cells(book), _cells(again / book.name)), "cells", 0
    )


def _trend(folder: Path, events: int) -> Iterator[Figure]:
    """What a report of one run pays for the trend over all that were before it."""
    database = open_database(folder / "history.db")
    try:
        fill(database, events)
        making = Making(datetime(2027, 1, 1, tzinfo=UTC), "Europe/Berlin")
        runs = all_runs(database)
        first = _seconds(lambda: tallies(database, making))
        again = min(_seconds(lambda: tallies(database, making)) for _ in range(3))
        one = min(_seconds(lambda: told(database, runs[-1].run_id, making)) for _ in range(3))
    finally:
        database.close()
    yield Figure("runs in the trend", len(runs), "runs")
    yield Figure("their shares, told for the first time", first, "s")
    yield Figure("their shares, kept, against telling one run", again / one, "ratio", 1)


def _differences(ours: list[list[list[Any]]], theirs: list[list[list[Any]]]) -> int:
    if len(ours) != len(theirs):
        return max(len(ours), len(theirs))
    return sum(_differing(first, second) for first, second in zip(ours, theirs, strict=True))


def _differing(ours: list[list[Any]], theirs: list[list[Any]]) -> int:
    """A cell that LibreOffice adds or leaves out at an end is empty in both."""
    told = 0
    for place, row in enumerate(ours):
        other = theirs[place] if place < len(theirs) else []
        for column, value in enumerate(row):
            found = other[column] if column < len(other) else None
            told += not _same(value, found)
    return told


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, datetime) and isinstance(theirs, datetime):
        return abs((ours - theirs).total_seconds()) < 1
    return (ours or None) == (theirs or None)


def _seconds(work: Callable[[], object]) -> float:
    """Processor time of this process: colleagues' work on the same PC does not count."""
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def _memory(hosts: int, steps: int, seed: int) -> float:
    """Of a whole process that does nothing else, interpreter and report included."""
    command = [sys.executable, "-m", "bench._book_memory", *map(str, (hosts, steps, seed))]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
