"""What the review of a plan says of each host, in a line."""

from __future__ import annotations

from dataclasses import replace

from core.app.review import Reviewed
from core.cli.plan_words import plan_in_words
from core.model.plan import PlannedUpdate, PlanWarning, Wave
from core.planning.reviewing import review
from core.reports.planned import briefs
from gui.models.plan_lines import host_lines, update_columns, update_lines
from tests.reports.stories import good_story, told
from tests.samples import PLAN


def test_what_somebody_has_to_do_before_a_hosts_turn_stands_in_its_line() -> None:
    first, second = PLAN.targets
    plan = replace(
        PLAN,
        targets=(replace(first, held_for=("AG-SALES",)), second),
        warnings=(PlanWarning("old_backup", second.host, "the last full backup is 3 days old"),),
    )
    lines = host_lines(Reviewed(plan, review(plan), None, None, {}, {}))
    assert {line.host: line.held for line in lines} == {
        first.host: "fail over first",
        second.host: "back up first",
    }


def test_a_wave_says_which_of_how_many_it_is_and_what_comes_in_it() -> None:
    """In the review, on the command line, in the plan's report and in that of its run."""
    first, second = PLAN.targets
    waves = (Wave(1, "canary", (first.host,), 60), Wave(2, "their partners in AG-SALES", (second.host,), 60))
    plan = replace(PLAN, waves=waves)
    lines = host_lines(Reviewed(plan, review(plan), None, None, {}, {}))
    assert [line.wave for line in lines] == ["Wave 1 of 2: canary", "Wave 2 of 2: their partners in AG-SALES"]
    assert "\nwave 2 of 2: their partners in AG-SALES; 1 host, " in plan_in_words(plan)
    assert [one.wave for one in briefs(plan)] == ["1 of 2: canary", "2 of 2: their partners in AG-SALES"]
    assert told(replace(good_story(), plan=plan)).hosts[1].wave == "2 of 2: their partners in AG-SALES"


def test_an_update_without_a_kb_has_a_line_of_its_own_and_a_key_to_leave_it_out_by() -> None:
    offered = tuple(
        PlannedUpdate(id_, kb, "Security Intelligence Platform", "Updates", "important", "never", 5, None)
        for id_, kb in (("id-1", None), ("id-2", None), ("id-3", "5044281"))
    )
    package = replace(PLAN.packages[0], kb=None)
    lines = update_lines(replace(PLAN, packages=(package,), updates=offered))
    assert {line.key for line in lines} == {"id-1", "id-2", "5044281", package.filename}
    assert all(line.title for line in lines)
    titles = update_columns()[0]
    assert [titles.text(line) for line in lines if line.kb] == ["KB5044281"]
