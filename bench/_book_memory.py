"""Writes a large workbook in a process of its own and prints the most memory, in megabytes, that it ever had."""

import resource
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench._runs import run_report
from core.reports.trend import tally_of, trend_of
from core.reports.workbook import write_workbook

_KILOBYTE = 1024 / 1e6


def main(hosts: int, steps: int, seed: int) -> None:
    report = run_report(hosts, steps, seed)
    with TemporaryDirectory() as folder:
        write_workbook(
            report,
            trend_of([tally_of(report)], lambda _: None, report.made_at, report.zone),
            Path(folder) / "report.xlsx",
        )
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTE)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
