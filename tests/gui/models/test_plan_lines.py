"""What the review of a plan says of each host, in a line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.app.review import GroupOutage, Reviewed
from core.cli.plan_words import plan_in_words
from core.model.facts import RebootNeed
from core.model.plan import GroupRule, Plan, PlannedTarget, PlannedUpdate, PlanWarning, Wave
from core.model.step import Expectation, OsUpdateStep, Undo
from core.planning.reviewing import HOLDING, review
from core.reports.planned import briefs
from gui.models.plan_lines import host_columns, host_lines, update_columns, update_lines
from tests.reports.stories import good_story, told
from tests.samples import PLAN


def test_what_somebody_has_to_do_before_a_hosts_turn_stands_in_its_line() -> None:
    first, second = PLAN.targets
    both = (first.host, second.host)
    warnings = (
        PlanWarning("held_for_failover", first.host, "it is primary of availability group AG-SALES"),
        PlanWarning("old_backup", second.host, "the last full backup is 3 days old"),
        PlanWarning("no_backup_evidence", second.host, "nobody can say when model was saved"),
        PlanWarning("newer_build_exists", None, "15.0.4480 is out", both),
        PlanWarning("patch_blocked", None, "a failed run patch-blocked it", both),
    )
    plan = replace(PLAN, warnings=warnings)
    lines = host_lines(Reviewed(plan, review(plan), None, None, {}, {}))
    assert {line.host: line.held for line in lines} == {
        first.host: "fail over first, unblock first",
        second.host: "back up first, unblock first",
    }


@pytest.mark.parametrize("code", sorted(HOLDING))
def test_whatever_holds_a_host_has_an_act_that_frees_it(code: str) -> None:
    plan = replace(PLAN, warnings=(PlanWarning(code, PLAN.targets[0].host, "why"),))
    held, free = (line.held for line in host_lines(Reviewed(plan, review(plan), None, None, {}, {})))
    assert held
    assert not free


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


def _away(target: PlannedTarget) -> PlannedTarget:
    patch, restart = target.steps
    return replace(
        target,
        steps=(
            replace(patch, expectation=Expectation(outage_seconds=1200)),
            replace(restart, expectation=Expectation(outage_seconds=300)),
        ),
    )


def test_a_role_is_short_in_its_column_and_whole_on_asking() -> None:
    target = replace(PLAN.targets[0], groups=("AG, OLD", "AG, OLD-WSFC"))
    plan = replace(PLAN, targets=(target,))
    (line,) = host_lines(
        Reviewed(plan, review(plan), None, None, {}, {target.host: "secondary of AG, OLD, node of AG, OLD-WSFC"})
    )
    role = next(one for one in host_columns() if one.title == "Role")
    assert role.text(line) == "secondary"
    assert role.whole is not None
    assert role.whole(line) == "secondary of AG, OLD, node of AG, OLD-WSFC"


def test_what_a_hosts_turn_takes_from_a_group_stands_beside_how_long_the_host_is_down() -> None:
    """In the review, on the command line and in the plan's report."""
    first, second = (_away(one) for one in PLAN.targets)
    alone = replace(second, host="SQL03", groups=())
    group = GroupRule("AG-SALES", "ag", "secondaries first", (first.host, second.host), "facts")
    led = replace(first, held_for=("primary of availability group AG-SALES",))
    waves = (replace(PLAN.waves[0], hosts=(first.host, second.host, "SQL03")),)
    plan = replace(PLAN, targets=(led, second, alone), groups=(group,), waves=waves)
    columns = {one.title: one for one in host_columns()}
    lines = host_lines(Reviewed(plan, review(plan), None, None, {}, {}))
    outage = columns["Outage"]
    assert [outage.text(line) for line in lines] == ["25 min, AG secs", "25 min, AG none", "25 min"]
    assert outage.whole is not None
    assert outage.whole(lines[1]) == (
        "The host is down for about 25 min. Meanwhile availability group AG-SALES stays up on another member"
    )
    unsure = GroupOutage("ag", "availability group AG-STOCK", None)
    assert outage.text(replace(lines[1], groups=(*lines[1].groups, unsure))) == "25 min, AG ?"
    assert "    while the host is down, availability group AG-SALES stays up on another member\n" in plan_in_words(plan)
    assert [len(one.groups) for one in briefs(plan)] == [1, 1, 0]


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


def _restarts(plan: Plan) -> dict[str, tuple[int, str]]:
    return {line.key: (line.hosts, line.restart) for line in update_lines(plan)}


def test_the_restart_behind_an_update_is_that_of_the_plans_own_steps() -> None:
    """A restart before it is none of its own."""
    first, second = PLAN.targets
    patch, restart = first.steps
    key = PLAN.packages[0].kb or PLAN.packages[0].filename
    assert _restarts(PLAN) == {key: (2, "planned on 2 hosts")}
    before = replace(second, steps=(replace(restart, order=1), replace(patch, order=2)))
    assert _restarts(replace(PLAN, targets=(first, before))) == {key: (2, "planned on 1 of 2 hosts")}
    assert _restarts(replace(PLAN, targets=(before,))) == {key: (1, "left to you, if it asks for one")}
    assert _restarts(replace(PLAN, targets=(first,))) == {key: (1, "planned on 1 host")}


def test_an_installer_that_runs_for_each_instance_by_itself_counts_its_host_once() -> None:
    target = PLAN.targets[0]
    patch, restart = target.steps
    apart = replace(target, steps=(patch, replace(patch, order=2), replace(restart, order=3)))
    assert [one for one, _ in _restarts(replace(PLAN, targets=(apart,))).values()] == [1]


@pytest.mark.parametrize(
    ("need", "words"),
    [("never", "none needed"), ("always", "needed, and left to you"), ("can", "left to you, if it asks for one")],
)
def test_where_no_restart_is_planned_it_is_said_what_an_update_of_the_system_needs(
    need: RebootNeed, words: str
) -> None:
    offered = PlannedUpdate("id-1", "5044281", "Cumulative update", "Updates", "important", need, 5, None)
    target = PLAN.targets[0]
    _, restart = target.steps
    step = OsUpdateStep(1, ("id-1",), 60, 60, 60, "wanted", Undo(False, "no"))
    plan = replace(PLAN, packages=(), updates=(offered,), targets=(replace(target, steps=(step,)),))
    assert _restarts(plan) == {"5044281": (1, words)}
    planned = replace(target, steps=(step, restart))
    assert _restarts(replace(plan, targets=(planned,))) == {"5044281": (1, "planned on 1 host")}
