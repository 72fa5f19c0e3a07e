"""A report for one tenant holds nothing of the others: not in counts, names, texts or properties."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from core.evidence.folding import fold
from core.model.diagnostics import DiagnosticText
from core.model.document import to_document
from core.model.events import DiagnosticsTaken, Entry, Event, TargetMoved
from core.model.failure import LEFT_BY_THE_RUN, Cause, Failure
from core.model.phase import Phase
from core.model.state import TargetState
from core.model.step import Step
from core.reports.page import write_page
from core.reports.plan_page import write_plan_page
from core.reports.plan_workbook import write_plan_workbook
from core.reports.planned import PlanBrief
from core.reports.telling import Making
from core.reports.tenant import Story, of_tenant, plan_of_tenant
from core.reports.trend_page import write_trend_page
from core.reports.trend_sheets import write_trend_workbook
from core.reports.workbook import write_workbook, write_year
from tests.reports.stories import MAKING, mixed_plan, mixed_story, seen_again, told, trend

_ACME = replace(MAKING, tenant="acme")
# Whatever of globex is in the story, and the hosts that nobody knows the tenant of.
_FOREIGN = ("globex", "bank", "berlin", "stray", "chg-g", "1648")


def _own() -> Story:
    story = of_tenant(mixed_story(), "acme")
    assert story is not None
    return story


_REPORT = told(_own(), replace(_ACME, zone="UTC"))
_TREND = trend(_REPORT, making=replace(_ACME, zone="UTC"))
_MAKING = Making(MAKING.at, "UTC", "acme")


def _write_json(path: Path, noun: object) -> None:
    path.write_text(json.dumps(to_document(noun)), encoding="utf-8")


def _brief() -> PlanBrief:
    plan = plan_of_tenant(mixed_plan(), "acme")
    assert plan is not None
    return PlanBrief(plan)


_WRITERS: dict[str, Callable[[Path], None]] = {
    "run.html": lambda path: write_page(_REPORT, path),
    "run.xlsx": lambda path: write_workbook(_REPORT, _TREND, path),
    "year.xlsx": lambda path: write_year([_REPORT], _REPORT.site_zones, _TREND, 2026, path),
    "trend.xlsx": lambda path: write_trend_workbook(_TREND, path),
    "trend.html": lambda path: write_trend_page(_TREND, path),
    "plan.xlsx": lambda path: write_plan_workbook(_brief(), _MAKING, path),
    "plan.html": lambda path: write_plan_page(_brief(), _MAKING, path),
    "run.json": lambda path: _write_json(path, _REPORT),
    "trend.json": lambda path: _write_json(path, _TREND),
    "plan.json": lambda path: _write_json(path, _brief().plan),
}


@pytest.mark.parametrize("name", list(_WRITERS))
def test_a_tenants_file_names_nobody_else(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    _WRITERS[name](path)
    text = _everything_in(path).lower()
    assert "acme" in text
    assert [word for word in _FOREIGN if word in text] == []


def test_without_a_tenant_everybody_is_in_it(tmp_path: Path) -> None:
    report = told(mixed_story())
    write_page(report, tmp_path / "run.html")
    text = _everything_in(tmp_path / "run.html").lower()
    assert [word for word in _FOREIGN if word not in text] == []


def test_counts_and_outcome_are_those_of_the_tenants_hosts() -> None:
    assert _REPORT.planned_hosts == 2
    assert {one.words: one.number for one in _REPORT.counted} == {"patched and verified": 1, "deferred": 1}
    assert _REPORT.outcome == "partial"
    assert [one.host for one in _REPORT.left_out] == ["ACME09", "ACME02"]
    assert (_TREND.months[0].hosts, _TREND.causes) == (2, ())
    plan = _brief().plan
    assert (plan.totals.hosts, plan.totals.steps) == (2, 4)
    assert [(one.code, one.hosts) for one in plan.warnings] == [("pending_reboot", ("ACME01",))]


def test_times_are_those_of_the_tenants_hosts() -> None:
    ended = max(host.ended_at for host in _REPORT.hosts if host.ended_at is not None)
    assert _REPORT.ended_at == ended
    assert _REPORT.ended_at < (mixed_story().record.ended_at or ended)


def test_that_a_run_was_taken_up_for_another_tenants_host_is_not_told() -> None:
    own = of_tenant(seen_again(mixed_story()), "acme")
    assert own is not None
    report = told(own, _ACME)
    assert (report.ended_at, report.worked_until, report.taken_up_until) == (_REPORT.ended_at, _REPORT.ended_at, None)


def test_waves_are_counted_anew_and_have_no_names() -> None:
    """A name may tell of groups and canaries of others."""
    assert {one.wave for one in _REPORT.hosts} == {"1 of 1"}


def test_a_note_that_names_a_foreign_host_is_blotted_out() -> None:
    assert "slower than (not yours)" in _REPORT.hosts[0].warnings


def test_a_run_of_one_tenant_alone_keeps_its_reason() -> None:
    story = mixed_story()
    plan = replace(story.plan, targets=story.plan.targets[:2], skipped=story.plan.skipped[:1])
    record = replace(story.record, targets=story.record.targets[:2])
    own = of_tenant(Story(record, plan, story.entries), "acme")
    assert own is not None
    assert own.record.reason == record.reason


def test_a_tenant_without_a_host_gets_no_report() -> None:
    assert of_tenant(mixed_story(), "initech") is None
    assert plan_of_tenant(mixed_plan(), "initech") is None


def test_a_site_with_the_name_of_a_city_leaves_the_time_zone_whole() -> None:
    assert told(_own(), replace(_ACME, zone="Europe/Berlin")).zone == "Europe/Berlin"


def _everything_in(path: Path) -> str:
    """All text of the file; of a workbook that of every part of it, names included."""
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    with ZipFile(path) as archive:
        return "\n".join([*archive.namelist(), *(archive.read(name).decode() for name in archive.namelist())])


def test_a_collected_log_that_names_a_foreign_host_is_blotted_out() -> None:
    story = mixed_story()
    log = DiagnosticText("errorlog", "ERRORLOG of GLOBEX01", "log", 9, cut=False)
    taken = DiagnosticsTaken("partial", required=False, texts=(log,), trouble=("GLOBEX02 did not answer",))
    targets = tuple(
        replace(one, state=TargetState.FAILED, diagnostics=taken, notes=("olga: as GLOBEX01 was",))
        for one in story.record.targets
    )
    texts = {"log": "error: the partner GLOBEX01 is away"}.get
    cut = of_tenant(replace(story, record=replace(story.record, targets=targets), texts=texts), "acme")
    assert cut is not None
    report = told(cut, _ACME)
    assert "error: the partner (not yours) is away" in report.failures[0].log
    assert "globex" not in json.dumps(to_document(report)).lower()


def test_why_the_run_began_nothing_more_counts_nobody_elses_hosts() -> None:
    story = mixed_story()
    budget = "the failure budget is used up: 2 hosts failed (GLOBEX01, GLOBEX02), 1 may"
    left = Failure(Cause.CANCELLED, budget, LEFT_BY_THE_RUN)
    moved = Event(TargetMoved(TargetState.PENDING, TargetState.CANCELLED, left), "ACME02", Phase.INITIALIZATION)
    lines = [replace(one, event=moved) if _moves(one, "ACME02") else one for one in story.entries]
    cut = of_tenant(Story(fold(lines), story.plan, lines), "acme")
    assert cut is not None
    report = told(cut, _ACME)
    assert report.hosts[1].state is TargetState.CANCELLED
    assert "the run as a whole began no further host" in report.hosts[1].sentence
    assert "budget" not in json.dumps(to_document(report))


def _moves(entry: Entry, host: str) -> bool:
    return entry.event.target == host and isinstance(entry.event.body, TargetMoved)


def test_how_often_a_step_was_seen_before_counts_everybodys_hosts_and_is_not_told() -> None:
    made = mixed_plan()
    targets = tuple(replace(one, steps=tuple(map(_seen_often, one.steps))) for one in made.targets)
    for plan in (replace(made, targets=targets), replace(made, targets=targets[:2], skipped=made.skipped[:1])):
        cut = plan_of_tenant(plan, "acme")
        assert cut is not None
        assert {step.expectation.source for one in cut.targets for step in one.steps} == {"history"}


def _seen_often(step: Step) -> Step:
    return replace(step, expectation=replace(step.expectation, source="history: 12 earlier times"))
