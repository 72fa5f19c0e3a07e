"""What a change board reads of a plan: the window's own go or no-go, and nothing in code words."""

from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from openpyxl import load_workbook

from core.model.plan import GroupRule, Plan, PlannedWindow, PlanWarning, Skipped
from core.model.policy import MaintenanceWindow
from core.model.review import Weight
from core.planning.reviewing import review
from core.reports.plan_page import write_plan_page
from core.reports.plan_workbook import write_plan_workbook
from core.reports.planned import PlanBrief, briefs, by_reason, findings, packages, verdict
from tests.reports.stories import MAKING, mixed_plan
from tests.samples import AT, PLAN

_WARNINGS = (
    PlanWarning("newer_build_exists", None, "15.0.4480 is out", ("ACME01", "ACME02")),
    PlanWarning("old_backup", "ACME01", "the last backup is 3 days old"),
    PlanWarning("old_backup", "ACME02", "the last backup is 4 days old"),
)


def _with(*warnings: PlanWarning) -> Plan:
    return replace(mixed_plan(), warnings=warnings)


def test_the_verdict_is_that_of_the_review() -> None:
    held, late = _with(*_WARNINGS), _with(PlanWarning("window_overrun", None, "wave 1 ends late"))
    assert verdict(held) == ("Go, but 2 hosts will be held unless somebody acts before", "open")
    assert review(held).go
    assert verdict(late) == ("No-go as it stands: does not fit into the maintenance window", "bad")
    assert not review(late).go
    assert verdict(_with(_WARNINGS[0])) == ("Go: nothing forbids it, 1 thing to know", "good")
    assert verdict(replace(PLAN, warnings=(), skipped=())) == ("Go: nothing forbids it", "good")
    assert verdict(replace(PLAN, targets=())) == ("Nothing to do", "open")


def test_what_holds_hosts_comes_before_what_is_to_be_known_and_each_word_names_its_hosts() -> None:
    first, second = findings(_with(*_WARNINGS))
    assert (first[2].weight, second[2].weight) == (Weight.HOLDS, Weight.KNOW)
    assert first[3] == (
        ("the last backup is 3 days old", ("ACME01",)),
        ("the last backup is 4 days old", ("ACME02",)),
    )
    assert second[3] == (("15.0.4480 is out", ("ACME01", "ACME02")),)


def test_a_host_says_what_will_hold_it_apart_from_what_is_to_be_known() -> None:
    told = {one.target.host: (one.held_for, one.warnings) for one in briefs(_with(*_WARNINGS))}
    assert told["ACME01"] == (("the last backup is 3 days old",), ("15.0.4480 is out",))
    assert told["ACME02"] == (("the last backup is 4 days old",), ("15.0.4480 is out",))
    assert {told[host] for host in told.keys() - {"ACME01", "ACME02"}} == {((), ())}


@pytest.mark.parametrize("bounded", [True, False])
def test_ends_of_waves_are_told_where_a_window_bounds_them(tmp_path: Path, bounded: bool) -> None:
    night = PlannedWindow(MaintenanceWindow("night", "UTC", ("monday",), time(22), 60), AT, AT, None)
    plan = replace(mixed_plan(), windows=(night,) if bounded else ())
    write_plan_page(PlanBrief(plan), MAKING, tmp_path / "plan.html")
    write_plan_workbook(PlanBrief(plan), MAKING, tmp_path / "plan.xlsx")
    heads = [str(cell.value) for cell in load_workbook(tmp_path / "plan.xlsx")["Waves"][1]]
    assert any(one.startswith("Ends") for one in heads) is bounded
    assert ("Window" in heads) is bounded
    assert ('<th scope="col">Ends</th>' in (tmp_path / "plan.html").read_text(encoding="utf-8")) is bounded


def test_each_package_is_told_once_with_how_many_hosts_get_it() -> None:
    ((package, hosts),) = packages(mixed_plan())
    assert (package, hosts) == (mixed_plan().packages[0], 4)


def test_reasons_are_counted_in_words() -> None:
    stray = Skipped("STRAY", None, "below_min_build", "build 15.0.1 is below 15.0.2")
    assert by_reason(replace(mixed_plan(), skipped=(stray, replace(stray, host="B")))) == [
        ("an earlier update comes first", 2)
    ]


def test_the_page_names_groups_packages_and_findings_in_words(tmp_path: Path) -> None:
    group = GroupRule("AG1", "ag", "secondaries first", ("ACME01", "ACME02"), "facts")
    plan = replace(_with(*_WARNINGS), groups=(group,))
    write_plan_page(PlanBrief(plan), MAKING, tmp_path / "plan.html")
    page = (tmp_path / "plan.html").read_text(encoding="utf-8")
    assert "Availability group <b>AG1</b>" in page
    assert page.count(plan.packages[0].sha256) == 1
    assert "old_backup" not in page
    assert "no recent enough backup" in page
    assert page.index("no recent enough backup") < page.index("a newer update exists")
