"""The Excel report, opened again: text stays text, times are times, and the head stays in sight."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from core.evidence.folding import fold
from core.model.failure import Cause, Failure
from core.model.record import RunRecord
from core.model.state import TargetState
from core.reports.workbook import write_workbook
from tests.samples import AT, NEW, OLD, PLAN, entries, whole_run

_RECORD = fold(entries(whole_run()))


def _written(record: RunRecord, folder: Path) -> Workbook:
    path = folder / "2026 Hotfix Deployment.xlsx"
    write_workbook(record, PLAN, path)
    assert [one.name for one in folder.iterdir()] == [path.name]
    return load_workbook(path)


def _saying(text: str) -> RunRecord:
    """A run in which somebody could write this text wherever a server or a person writes."""
    failure = Failure(Cause.SCRIPT, text)
    first, *others = _RECORD.targets
    steps = tuple(
        replace(step, failure=failure, job=None if step.job is None else replace(step.job, summary=text, meaning=text))
        for step in first.steps
    )
    changed = replace(first, failure=failure, state=TargetState.FAILED, steps=steps, warnings=(text,))
    return replace(_RECORD, targets=(changed, *others), reason=text, operator=text, change=text)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x","y")', "=cmd|' /C calc'!A0", "\t=1", "#N/A", "12", "TRUE"]
)
def test_text_from_a_server_never_becomes_a_formula(tmp_path: Path, text: str) -> None:
    book = _written(_saying(text), tmp_path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert len(cells) >= 6
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=60))
def test_any_text_makes_a_workbook_that_opens(tmp_path: Path, text: str) -> None:
    _written(_saying(text), tmp_path)


def test_a_text_longer_than_a_cell_is_cut(tmp_path: Path) -> None:
    value = _written(_saying("x" * 100_000), tmp_path)["Targets"].cell(2, 11).value
    assert 30_000 < len(str(value)) <= 32_767


def test_the_sheets_tell_hosts_builds_and_times(tmp_path: Path) -> None:
    book = _written(_RECORD, tmp_path)
    assert book.sheetnames == ["Summary", "Targets", "Steps", "Skipped and deferred"]
    row = [cell.value for cell in book["Targets"][2]]
    assert row[:7] == ["SQL01", "MSSQLSERVER", "patched and verified", OLD, NEW, NEW, "yes"]
    assert row[7] == datetime.fromisoformat("2026-03-01T22:00:02")
    assert row[9] == 1
    assert book["Targets"].cell(2, 8).number_format == "yyyy-mm-dd hh:mm:ss"
    steps = [[cell.value for cell in line] for line in book["Steps"].iter_rows(min_row=2)]
    assert [(line[0], line[1], line[5]) for line in steps] == [
        ("SQL01", 1, 3010),
        ("SQL01", 2, None),
        ("SQL02", 1, 3010),
        ("SQL02", 2, None),
    ]
    assert [cell.value for cell in book["Skipped and deferred"][2]][:2] == ["SQL09", "OLD"]


def test_heads_are_frozen_filtered_and_repeated_in_print(tmp_path: Path) -> None:
    for sheet in _written(_RECORD, tmp_path):
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(cell.font.bold for cell in sheet[1])


def test_a_run_that_goes_on_can_be_reported(tmp_path: Path) -> None:
    book = _written(fold(entries(whole_run()[:4])), tmp_path)
    assert book["Summary"].cell(2, 2).value == "The run has not ended"
    assert AT.tzinfo is not None
