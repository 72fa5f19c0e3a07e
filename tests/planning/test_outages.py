"""What a host's turn takes from its users, where a group's service is not away as long as the host."""

from __future__ import annotations

from dataclasses import replace

from core.model.plan import GroupRule, PlanWarning
from core.model.step import Expectation, OsUpdateStep, Undo
from core.planning.outages import group_outages, host_outage
from core.planning.planner import Candidate
from core.policy.judging import judge_by
from core.policy.rules import Rules
from tests.planning.table import MAKING, facts_from, host_from, mapping_named, planned, policy_from, reference
from tests.samples import PLAN

_AWAY = Expectation(outage_seconds=1200)
_FIRST, _SECOND = (
    replace(one, steps=tuple(replace(step, expectation=_AWAY) for step in one.steps)) for one in PLAN.targets
)
_GROUP = GroupRule("AG-SALES", "ag", "secondaries first", (_FIRST.host, _SECOND.host), "facts")
_LED = ("primary of availability group AG-SALES",)
_GROUPED = replace(PLAN, targets=(replace(_FIRST, held_for=_LED), _SECOND), groups=(_GROUP,))


def test_the_group_of_a_primary_is_away_for_the_failover_alone_and_that_of_a_secondary_stays_up() -> None:
    told = [[str(one) for one in group_outages(_GROUPED, target)] for target in _GROUPED.targets]
    assert told == [
        ["availability group AG-SALES is away only for the failover before, seconds"],
        ["availability group AG-SALES stays up on another member"],
    ]
    assert all(host_outage(target) == 2400 for target in _GROUPED.targets)


def test_where_nobody_knows_who_leads_no_group_is_promised_to_stay_up() -> None:
    message = "which member of availability group AG-SALES leads is not known; whoever is seen to lead is held"
    warning = PlanWarning("roles_unknown", None, message, _GROUP.hosts)
    plan = replace(_GROUPED, targets=(_FIRST, _SECOND), warnings=(warning,))
    (one,) = group_outages(plan, plan.targets[1])
    assert one.fails_over is None
    assert str(one) == "availability group AG-SALES may be away as long: who leads it is not known"
    other = replace(plan, groups=(replace(_GROUP, name="AG-STOCK"),))
    assert [one.fails_over for one in group_outages(other, other.targets[1])] == [False]


def test_a_host_that_is_never_away_and_groups_that_carry_nothing_tell_of_none() -> None:
    updates = OsUpdateStep(1, ("id",), 60, 120, 60, "wanted", Undo(False, "no"))
    quiet = replace(_SECOND, steps=(updates,))
    assert list(group_outages(replace(_GROUPED, targets=(_FIRST, quiet)), quiet)) == []
    for kind in ("cluster", "group"):
        plan = replace(_GROUPED, groups=(replace(_GROUP, kind=kind),))
        assert list(group_outages(plan, plan.targets[1])) == []


def test_the_planner_says_of_which_group_it_does_not_know_who_leads() -> None:
    """By its warning alone a plan tells that of a group whose leader is elsewhere."""
    mapping, policy = mapping_named("2019 CU32"), policy_from({})
    rules = Rules(mapping, policy, reference(), MAKING.at.date())
    members = [{"host": "SQL01", "role": "unknown"}, {"host": "SQL02", "role": "unknown"}]
    seen = {"groups": [{"name": "AG1", "kind": "ag", "members": members}]}
    both = [facts_from(host, {"A": "15.0.4298.1"}, seen) for host in ("SQL01", "SQL02")]
    hosts = [(host_from(one.host, {}), one) for one in both]
    plan = planned(tuple(Candidate(host, one, judge_by(rules, one, host)) for host, one in hosts), mapping, policy)
    assert [[one.fails_over for one in group_outages(plan, target)] for target in plan.targets] == [[None], [None]]
