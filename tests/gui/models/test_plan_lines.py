"""What the review of a plan says of each host, in a line."""

from __future__ import annotations

from dataclasses import replace

from core.app.review import Reviewed
from core.model.plan import PlanWarning
from core.planning.reviewing import review
from gui.models.plan_lines import host_lines
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
