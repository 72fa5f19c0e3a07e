"""Reports are made from the journal, for everybody or for one tenant, wherever somebody wants them."""

import json
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from jsonschema import validate
from openpyxl import load_workbook

from core.app import composition, told
from core.app.report import Forms, report, report_plan, report_trend, report_year, write_reports
from core.app.workspace import Workspace, make_workspace
from core.model.authorisation import Authorisation
from core.model.document import to_document
from core.model.events import Entry, Event, Noted
from core.model.fault import RefusedError
from core.model.ids import folder_name
from core.model.record import RunRecord
from core.reports.trend import SQL_SERVER
from core.settings.schemas import schemas
from core.store import plans
from core.store.database import Database, open_database
from core.store.rebuilding import rebuild
from core.store.recorder import RunRecorder
from core.store.runs import load_story
from tests.conftest import HandClock
from tests.reports.stories import mixed_plan, mixed_story
from tests.samples import AT, AUTHORISATION, RUN

_ALL = Forms(excel=True, html=True, json=True)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With one journalled run of two tenants."""
    made = make_workspace(tmp_path / "w")
    database = open_database(made.database)
    keep_the_run(database)
    database.close()
    return made


def keep_the_run(database: Database) -> None:
    plan = mixed_plan()
    granted = to_document(AUTHORISATION) | {"plan_id": plan.id, "plan_digest": plan.digest}
    plans.keep_plan(database, plan)
    plans.keep_authorisation(
        database, Authorisation(**{**granted, "granted_at": AUTHORISATION.granted_at, "expires_at": None})
    )
    clock = HandClock()
    recorder = RunRecorder(database, RUN, 1, clock, lambda _: None)
    for entry in mixed_story().entries:
        clock.at = entry.at
        recorder.record((entry.event,))


def test_a_run_is_written_in_every_form_into_its_folder(workspace: Workspace) -> None:
    written = report(workspace, "last", None, _ALL)
    assert [one.name for one in written] == ["2026 Hotfix Deployment.xlsx", "final-report.html", "run-report.json"]
    assert {one.parent for one in written} == {workspace.run_folder(RUN) / "Reports"}
    assert all(one.is_file() for one in written)


def test_the_end_of_a_run_writes_the_years_workbook_too(workspace: Workspace) -> None:
    database = open_database(workspace.database)
    written = write_reports(workspace, database, RUN)
    database.close()
    assert written[-1] == workspace.output / "Reports" / "2026 Hotfix Deployment.xlsx"
    assert load_workbook(written[-1])["Summary"].cell(2, 1).value == RUN


def test_the_years_workbook_is_made_of_the_runs_that_began_in_it(workspace: Workspace, tmp_path: Path) -> None:
    (whole,) = report_year(workspace, 2026, None)
    (acmes,) = report_year(workspace, 2026, None, "acme")
    assert (whole.parent.name, acmes.parent.name) == ("Reports", folder_name("acme"))
    hosts = [{row[1].value for row in list(load_workbook(path)["Targets"])[1:]} for path in (whole, acmes)]
    assert hosts == [{"ACME01", "ACME02", "GLOBEX01", "GLOBEX02"}, {"ACME01", "ACME02"}]
    with pytest.raises(RefusedError) as refused:
        report_year(workspace, 2019, tmp_path)
    assert "there are runs of 2026" in refused.value.faults[0].message
    with pytest.raises(RefusedError):
        report_year(workspace, 2026, tmp_path, "initech")
    assert list(tmp_path.glob("*.xlsx")) == []


def test_a_run_is_told_for_the_trend_once_and_anew_when_its_journal_grows(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def load(database: Database, run_id: str) -> tuple[RunRecord, tuple[Entry, ...]]:
        asked.append(run_id)
        return load_story(database, run_id)

    monkeypatch.setattr(told, "load_story", load)

    def trend(tenant: str | None = None) -> dict[str, Any]:
        (path,) = report_trend(workspace, tmp_path, Forms(json=True), tenant)
        document: dict[str, Any] = json.loads(path.read_text("utf-8"))
        del document["made_at"]
        return document

    first = trend()
    assert (trend(), asked) == (first, [RUN])
    acmes = trend("acme")
    assert (trend("acme"), asked) == (acmes, [RUN, RUN])
    assert (acmes["months"][0]["hosts"], first["months"][0]["hosts"]) == (2, 4)
    for _ in range(2):
        with pytest.raises(RefusedError):
            trend("initech")
    assert asked == [RUN] * 3

    database = open_database(workspace.database)
    recorder = RunRecorder(database, RUN, 1, HandClock(), lambda _: None)
    recorder.record((Event(Noted("olga", "seen to"), "GLOBEX01"),))
    assert (trend(), asked) == (first, [RUN] * 4)
    rebuild(database)
    database.close()
    assert (trend(), asked) == (first, [RUN] * 5)


def test_two_reports_of_the_same_journal_differ_in_the_time_of_making_alone(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one is made with what the first has kept, and summer time has begun meanwhile."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()

    def made(at: datetime, name: str) -> dict[str, str]:
        clock = HandClock()
        clock.at = at
        monkeypatch.setattr(composition, "SystemClock", lambda: clock)
        folder = tmp_path / name
        report(workspace, "last", folder / "run", _ALL)
        report_trend(workspace, folder / "trend", _ALL)
        report_year(workspace, 2026, folder / "year")
        return {str(one.relative_to(folder)): _but_for_its_making(one) for one in folder.rglob("*.*")}

    first, second = made(AT, "first"), made(AT + timedelta(days=40), "second")
    monkeypatch.undo()
    time.tzset()
    assert len(first) == 7
    assert first == second


def test_who_reads_at_the_sites_own_clock_reads_each_time_once(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The zone has one name all the year: in a book of a year half of its times would bear the other half's."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    (book,) = report_year(workspace, 2026, tmp_path)
    heads = [cell.value for cell in next(iter(load_workbook(book)["Summary"].rows))]
    monkeypatch.undo()
    time.tzset()
    assert "Started (Europe/Berlin)" in heads


def _but_for_its_making(path: Path) -> str:
    if path.suffix != ".xlsx":
        text = path.read_text("utf-8")
        return re.sub(r'"made_at": "[^"]*"|(?:M|m)ade (?:from the run.s journal )?on [-0-9: ]+', "", text)
    with ZipFile(path) as book:
        return str([(name, book.read(name)) for name in book.namelist() if name != "docProps/core.xml"])


def test_the_json_forms_fit_their_published_schemas(workspace: Workspace, tmp_path: Path) -> None:
    published = schemas()
    (run,) = report(workspace, RUN[:20], tmp_path, Forms(json=True))
    (trend,) = report_trend(workspace, tmp_path, Forms(json=True))
    (plan,) = report_plan(workspace, "last", tmp_path, Forms(json=True))
    for path, name in ((run, "run_report"), (trend, "trend"), (plan, "plan")):
        validate(json.loads(path.read_text("utf-8")), json.loads(published[f"{name}.schema.json"]))


def test_a_tenants_reports_lie_in_a_folder_of_their_own(workspace: Workspace) -> None:
    written = [
        *report(workspace, "last", None, _ALL, "acme"),
        *report_trend(workspace, None, _ALL, "acme"),
        *report_plan(workspace, "last", None, _ALL, "acme"),
    ]
    assert len(written) == 9
    assert {one.parent.name for one in written} == {folder_name("acme")}
    assert not any("globex" in one.read_text("utf-8").lower() for one in written if one.suffix != ".xlsx")


def test_a_tenant_that_has_no_part_in_it_is_refused_without_naming_another(workspace: Workspace) -> None:
    asked: tuple[Callable[[], object], ...] = (
        lambda: report(workspace, "last", None, _ALL, "initech"),
        lambda: report_plan(workspace, "last", None, _ALL, "initech"),
        lambda: report_trend(workspace, None, _ALL, "initech"),
        lambda: report_year(workspace, 2026, None, "initech"),
    )
    for ask in asked:
        with pytest.raises(RefusedError) as refused:
            ask()
        (fault,) = refused.value.faults
        assert fault.code == "not_found"
        assert "acme" not in fault.message


def test_a_tenant_is_known_however_it_is_typed_and_called_as_the_targets_write_it(workspace: Workspace) -> None:
    targets = {"targets": [{"id": "1", "server": "ACME01", "tenant": "Acme"}]}
    (workspace.config / "sql_targets.json").write_text(json.dumps(targets), encoding="utf-8")
    run, _ = report(workspace, "last", None, Forms(html=True, json=True), "ACME")
    (plan,) = report_plan(workspace, "last", None, Forms(html=True), "aCME")
    (trend,) = report_trend(workspace, None, Forms(json=True), "ACME")
    (year,) = report_year(workspace, 2026, None, "ACME")
    assert {one.parent.name for one in (run, plan, trend, year)} == {folder_name("acme")}
    assert "for Acme" in run.read_text("utf-8")
    assert "for Acme" in plan.read_text("utf-8")
    assert json.loads(trend.read_text("utf-8"))["months"][0]["hosts"] == 2


def test_time_to_patch_knows_the_release_of_a_build_that_the_reference_writes_shorter(
    workspace: Workspace, tmp_path: Path
) -> None:
    (path,) = report_trend(workspace, tmp_path, Forms(json=True))
    (found,) = json.loads(path.read_text("utf-8"))["time_to_patch"]
    assert (found["severity"], found["installed"]) == (SQL_SERVER, 1)


def test_a_workspace_without_runs_has_an_empty_trend(tmp_path: Path) -> None:
    (written,) = report_trend(make_workspace(tmp_path / "w"), None, Forms(html=True))
    assert "No run has been journalled so far" in written.read_text("utf-8")
