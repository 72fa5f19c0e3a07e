"""The Excel reports, opened again: text stays text, times are times, and the head stays in sight."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from core.model.failure import Cause, Failure
from core.model.run_report import RunReport
from core.model.state import TargetState
from core.reports.plan_workbook import write_plan_workbook
from core.reports.planned import PlanBrief
from core.reports.tenant import Story
from core.reports.trend_sheets import write_trend_workbook
from core.reports.workbook import write_workbook, write_year
from tests.reports.stories import MAKING, good_story, mixed_plan, mixed_story, seen_again, told, trend
from tests.samples import AUTHORISATION, NEW, OLD, PLAN

_GOOD, _MIXED = told(good_story()), told(mixed_story())
_TREND = trend(_GOOD, _MIXED)
_BOOKS: dict[str, Callable[[Path], None]] = {
    "run": lambda path: write_workbook(_MIXED, _TREND, path),
    "year": lambda path: write_year([_GOOD, _MIXED], ("Europe/Berlin",), _TREND, 2026, path),
    "plan": lambda path: write_plan_workbook(PlanBrief(mixed_plan(), AUTHORISATION), MAKING, path),
    "trend": lambda path: write_trend_workbook(_TREND, path),
}


@pytest.fixture(params=list(_BOOKS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _written(report: RunReport, folder: Path) -> Workbook:
    path = folder / "2026 Hotfix Deployment.xlsx"
    write_workbook(report, _TREND, path)
    assert [one.name for one in folder.iterdir()] == [path.name]
    return load_workbook(path)


def _saying(text: str) -> RunReport:
    """A run in which somebody could write this text wherever a server or a person writes."""
    story = good_story()
    failure = Failure(Cause.SCRIPT, text, text)
    first, *others = story.record.targets
    steps = tuple(
        replace(step, failure=failure, job=None if step.job is None else replace(step.job, summary=text, meaning=text))
        for step in first.steps
    )
    changed = replace(first, failure=failure, state=TargetState.FAILED, steps=steps, warnings=(text,))
    record = replace(story.record, targets=(changed, *others), reason=text, operator=text, change=text)
    return told(Story(record, PLAN, story.entries))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x","y")', "=cmd|' /C calc'!A0", "\t=1", "#N/A", "12", "TRUE"]
)
def test_text_from_a_server_never_becomes_a_formula(tmp_path: Path, text: str) -> None:
    book = _written(_saying(text), tmp_path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert len(cells) >= 7
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert all(cell.quotePrefix for cell in cells) is (text not in ("12", "TRUE"))
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=60))
def test_any_text_makes_a_workbook_that_opens(tmp_path: Path, text: str) -> None:
    _written(_saying(text), tmp_path)


def test_a_text_longer_than_a_cell_is_cut(tmp_path: Path) -> None:
    sheet = _written(_saying("x" * 100_000), tmp_path)["Failures"]
    assert 30_000 < len(str(sheet.cell(2, 4).value)) <= 32_767


def test_the_sheets_of_a_run_tell_hosts_builds_and_times(tmp_path: Path) -> None:
    book = _written(_GOOD, tmp_path)
    assert book.sheetnames[:6] == ["Summary", "Targets", "Steps", "OS updates", "Skipped and deferred", "Failures"]
    assert "Trend" in book.sheetnames
    heads = [cell.value for cell in book["Targets"][1]]
    row = dict(zip(heads, [cell.value for cell in book["Targets"][2]], strict=True))
    assert (row["Host"], row["State"]) == ("SQL01", "patched and verified")
    assert [row[f"Build {one}"] for one in ("before", "planned", "after")] == [OLD, NEW, NEW]
    assert row["Started (Europe/Berlin)"] == datetime.fromisoformat("2026-03-01T23:00:02")
    assert row["Lines lost"] == 1
    steps = [[cell.value for cell in line] for line in book["Steps"].iter_rows(min_row=2)]
    assert [(line[0], line[1], line[5]) for line in steps] == [
        ("SQL01", 1, 3010),
        ("SQL01", 2, None),
        ("SQL02", 1, 3010),
        ("SQL02", 2, None),
    ]
    assert [cell.value for cell in book["Skipped and deferred"][2]][:2] == ["SQL09", "OLD"]


def test_a_look_two_days_later_has_a_column_of_its_own(tmp_path: Path) -> None:
    heads, *rows = _written(told(seen_again(mixed_story())), tmp_path)["Targets"].iter_rows(values_only=True)
    host = next(dict(zip(heads, row, strict=True)) for row in rows if row[0] == "GLOBEX02")
    assert host["Ended (Europe/Berlin)"] == datetime.fromisoformat("2026-03-01T23:11:40")
    assert host["Verified again (Europe/Berlin)"] == datetime.fromisoformat("2026-03-03T23:11:40")
    others = [dict(zip(heads, row, strict=True)) for row in rows if row[0] != "GLOBEX02"]
    assert {one["Verified again (Europe/Berlin)"] for one in others} == {None}


def test_a_failure_has_its_cause_its_hint_and_its_log(tmp_path: Path) -> None:
    row = [cell.value for cell in _written(_MIXED, tmp_path)["Failures"][2]]
    assert row[:2] == ["GLOBEX01", "setup failed"]
    assert row[3:] == ["look at the summary", "until somebody unblocks it", "Final result: Failed\nExit code: 1648"]


def test_the_years_book_names_the_run_of_every_row(tmp_path: Path) -> None:
    other = replace(_MIXED, run_id="019ca000-0000-7000-8000-000000000002")
    write_year([_GOOD, other], (), _TREND, 2026, tmp_path / "year.xlsx")
    book = load_workbook(tmp_path / "year.xlsx")
    assert [cell.value for cell in book["Summary"]["A"]] == ["Run", _GOOD.run_id, other.run_id]
    assert [cell.value for cell in book["Targets"]["A"]] == ["Run", *[_GOOD.run_id] * 2, *[other.run_id] * 4]


def test_heads_are_frozen_filtered_and_repeated_in_print(tmp_path: Path, kind: str) -> None:
    _BOOKS[kind](tmp_path / "book.xlsx")
    for sheet in load_workbook(tmp_path / "book.xlsx"):
        named_by = {"Run": "C2", "Host": "B2", "Month": "B2"}
        assert sheet.freeze_panes == named_by.get(str(sheet["A1"].value), "A2")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(cell.font.bold for cell in sheet[1])
        assert sheet.page_setup.fitToHeight == (1 if sheet["A1"].value == "What" else 0)
        # Lines around the empty cells behind a chart would be printed too.
        assert sheet.print_options.gridLines is not bool(vars(sheet)["_charts"])
        assert sheet.oddFooter is not None
        assert sheet.oddFooter.right is not None
        assert sheet.oddFooter.right.text == "Page &P of &N"


def test_states_are_coloured_by_their_words_and_charts_are_native(tmp_path: Path) -> None:
    _BOOKS["run"](tmp_path / "book.xlsx")
    book = load_workbook(tmp_path / "book.xlsx")
    rules = [rule for one in book["Targets"].conditional_formatting for rule in one.rules]
    assert '"failed"' in [rule.formula[0] for rule in rules]
    with ZipFile(tmp_path / "book.xlsx") as archive:
        assert len([name for name in archive.namelist() if name.startswith("xl/charts/chart")]) == 2


def test_the_same_journal_gives_the_same_bytes(tmp_path: Path, kind: str) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    _BOOKS[kind](first)
    _BOOKS[kind](second)
    assert first.read_bytes() == second.read_bytes()


def test_a_book_made_later_differs_in_the_time_of_making_alone(tmp_path: Path) -> None:
    later = replace(_MIXED, made_at=_MIXED.made_at + timedelta(days=1))
    for report, name in ((_MIXED, "first"), (later, "second")):
        write_workbook(report, _TREND, tmp_path / name)
    with ZipFile(tmp_path / "first") as first, ZipFile(tmp_path / "second") as second:
        assert first.namelist() == second.namelist()
        differing = [name for name in first.namelist() if first.read(name) != second.read(name)]
    assert differing == ["docProps/core.xml"]


def test_a_book_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_workbook(_GOOD, _TREND, path)
    before = path.read_bytes()
    broken = replace(_GOOD, hosts=(None,))  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        write_workbook(broken, _TREND, path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["book.xlsx"]


def test_the_years_book_takes_runs_that_come_but_once(tmp_path: Path) -> None:
    write_year([_GOOD, _MIXED], ("Europe/Berlin",), _TREND, 2026, tmp_path / "listed")
    write_year(iter([_GOOD, _MIXED]), iter(("Europe/Berlin",)), _TREND, 2026, tmp_path / "streamed")
    assert (tmp_path / "streamed").read_bytes() == (tmp_path / "listed").read_bytes()


def test_the_years_book_begins_with_its_summary_and_ends_with_the_trend(tmp_path: Path) -> None:
    _BOOKS["year"](tmp_path / "year.xlsx")
    names = load_workbook(tmp_path / "year.xlsx").sheetnames
    assert (names[:2], names[-3:]) == (["Summary", "Targets"], ["Trend", "Time to patch", "Failure causes"])


def test_durations_are_durations_and_numbers_stand_at_the_right_under_their_heads(tmp_path: Path) -> None:
    sheet = _written(_GOOD, tmp_path)["Outages"]
    heads = {str(cell.value): place for place, cell in enumerate(sheet[1], start=1)}
    column = heads["Measured, at most (h:mm:ss)"]
    measured = sheet.cell(2, column)
    assert isinstance(measured.value, timedelta)
    assert measured.number_format == "[h]:mm:ss"
    assert measured.alignment.horizontal == "right"
    assert sheet.cell(1, column).alignment.horizontal == "right"
    assert sheet.cell(2, heads["Host"]).alignment.horizontal == "left"


def test_the_summary_of_a_run_tells_first_how_it_ended(tmp_path: Path) -> None:
    rows = [[cell.value for cell in row] for row in _written(_MIXED, tmp_path)["Summary"].iter_rows(min_row=2)]
    assert rows[0] == ["Outcome", _MIXED.outcome_words]
    assert [row[0] for row in rows[2:6]] == [one.words for one in _MIXED.counted]
    assert [row[0] for row in rows[-3:]] == ["Run", "Plan", "Plan digest"]
    with ZipFile(tmp_path / "2026 Hotfix Deployment.xlsx") as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    assert "'Summary'!$A$4:$A$7" in chart


def test_a_short_sheet_shows_its_texts_whole_and_a_long_one_is_written_fast(tmp_path: Path) -> None:
    first = _GOOD.hosts[0]
    long = replace(_GOOD, hosts=tuple(replace(first, host=f"SQL{number:04}") for number in range(600)))
    for report, wrapped in ((_GOOD, True), (long, False)):
        sheet = _written(report, tmp_path)["Steps"]
        assert bool(sheet.cell(2, 1).alignment.wrap_text) is wrapped
