"""The bench of reports notices what it is there to notice."""

from pathlib import Path

import pytest

from bench import reports
from bench._runs import run_report
from bench.figure import Asking
from core.reports.trend import tally_of, trend_of
from core.reports.workbook import write_workbook


def test_the_imaginary_run_has_as_many_steps_as_asked_and_is_the_same_for_everybody() -> None:
    first = run_report(30, 4, seed=5)
    assert sum(len(host.steps) for host in first.hosts) == 120
    assert first == run_report(30, 4, seed=5) != run_report(30, 4, seed=6)


def test_a_cell_that_is_read_otherwise_is_counted(tmp_path: Path) -> None:
    report = run_report(5, 2, seed=0)
    write_workbook(
        report, trend_of([tally_of(report)], lambda _: None, report.made_at, report.zone), tmp_path / "book.xlsx"
    )
    cells = reports._cells(tmp_path / "book.xlsx")
    spoilt = [[list(row) for row in sheet] for sheet in cells]
    spoilt[1][1][0] = "another host"
    spoilt[2].pop()
    assert reports._differences(cells, cells) == 0
    assert reports._differences(cells, spoilt) > 1


def test_without_a_browser_or_an_office_the_bench_says_so_and_does_not_hold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(reports, "_HOSTS", 100)
    monkeypatch.setattr(reports, "_EVENTS", 20_000)
    found = {one.figure: one for one in reports.measure(Asking(quick=True))}
    assert not found["page opened in a real browser"].holds
    assert not found["workbook opened in LibreOffice"].holds
    assert capsys.readouterr().err.count("bench reports: no ") == 2
