"""What the run needs to know is in the plan, so that it asks nobody else."""

from typing import Any

from core.model.application import HttpCheck, ServiceCheck
from core.model.plan import Plan
from core.model.policy import DeskLimits, Pace
from core.model.step import RebootStep
from core.planning.planner import Candidate
from core.policy.judging import judge_by
from core.policy.rules import Rules
from tests.planning.table import MAKING, facts_from, host_from, mapping_named, planned, policy_from, reference


def plan_of(policy: dict[str, Any], hosts: int = 1, **inventory: Any) -> Plan:
    mapping, rules = mapping_named("2019 CU32"), policy_from(policy)
    judged = Rules(mapping, rules, reference(), MAKING.at.date())
    found = []
    for index in range(1, hosts + 1):
        facts, host = facts_from(f"SQL{index}", {"A": "15.0.4298.1"}, {}), host_from(f"SQL{index}", inventory)
        found.append(Candidate(host, facts, judge_by(judged, facts, host)))
    return planned(tuple(found), mapping, rules)


def test_the_budget_is_reckoned_for_the_plan() -> None:
    assert plan_of({}, 5).rules.failures_allowed == 2
    assert plan_of({"failure_budget": {"hosts": 2, "percent": 20}}, 5).rules.failures_allowed == 1
    assert plan_of({"failure_budget": {"hosts": None, "percent": 50}}, 5).rules.failures_allowed == 2
    assert plan_of({"failure_budget": {"hosts": None}}, 5).rules.failures_allowed is None


def test_of_two_limits_the_stricter_one_counts() -> None:
    pace = Pace(max_hosts=10, max_per_tenant=4, stagger_seconds=60)
    assert pace.within(DeskLimits(3, 2, 90)) == Pace(max_hosts=3, max_per_tenant=2, stagger_seconds=90)
    assert pace.within(DeskLimits(20)) == pace
    assert Pace().within(DeskLimits(3, 2)) == Pace(max_hosts=3, max_per_tenant=2)


def test_each_wait_for_another_installation_is_longer_than_the_last() -> None:
    retries = plan_of({"retries": {"attempts": 4, "wait_minutes": 1, "factor": 3}}).rules.retries
    assert retries.waits() == (60, 180, 540)
    assert plan_of({"retries": {"attempts": 1}}).rules.retries.waits() == ()


def test_the_policy_says_in_how_many_runs_a_host_is_tried() -> None:
    assert plan_of({}).rules.retries.runs == 3
    assert plan_of({"retries": {"runs": 5}}).rules.retries.runs == 5


def test_undo_diagnostics_and_running_work_are_as_the_policy_says() -> None:
    rules = plan_of(
        {
            "undo": {"on_regression": "report"},
            "diagnostics": {"collect": "always", "include": ["errorlog"], "max_megabytes": 1, "max_minutes": 2},
            "preflight": {"running_jobs": {"wait_minutes": 5, "ignored_jobs": ["Purge"]}},
        }
    ).rules
    assert rules.undo.on_regression == "report"
    assert (rules.diagnostics.collect, rules.diagnostics.include) == ("always", ("errorlog",))
    assert (rules.diagnostics.max_bytes, rules.diagnostics.max_seconds) == (2**20, 120)
    assert (rules.jobs.wait_seconds, rules.jobs.ignored) == (300, ("Purge",))


def test_a_host_names_the_application_checks_that_cover_it_and_the_plan_holds_only_those() -> None:
    checks = [
        {"name": "shop", "kind": "http", "url": "https://shop.example.com/health", "applies_to": {"tags": ["web"]}},
        {"name": "agent", "kind": "service", "service": "Agent", "required": False, "timeout_seconds": 5},
        {"name": "erp", "kind": "tcp", "port": 1, "applies_to": {"servers": ["ERP"]}},
    ]
    plan = plan_of({"application_checks": checks}, tags=["web"])
    assert plan.targets[0].application_checks == ("shop", "agent")
    assert plan.application_checks == (
        HttpCheck("shop", 30, True, "https://shop.example.com/health", 200, None),
        ServiceCheck("agent", 5, False, "Agent"),
    )


def test_a_restart_says_whether_it_waits_for_a_window() -> None:
    window = {"name": "n", "weekdays": ["sunday"], "start": "22:00", "duration_minutes": 60, "zone": "UTC"}
    policy = {"reboot": {"mode": "window", "notice_seconds": 300}, "maintenance_windows": [window]}
    for one, when, notice in ((policy, "window", 300), ({}, "immediate", 5)):
        (restart,) = [step for step in plan_of(one).targets[0].steps if isinstance(step, RebootStep)]
        assert (restart.when, restart.notice_seconds) == (when, notice)


def test_a_host_carries_its_failure_domain() -> None:
    assert plan_of({}, failure_domain="rack-1").targets[0].failure_domain == "rack-1"


def test_a_held_host_and_its_instances_count_once() -> None:
    mapping, rules = mapping_named("2019 CU32"), policy_from({})
    judged = Rules(mapping, rules, reference(), MAKING.at.date())
    facts = facts_from("SQL1", {"A": "15.0.4298.1"}, {"pending_reboot": [{"reason": "windows_update"}]})
    bare = facts_from("SQL2", {}, {})
    found = tuple(
        Candidate(host, one, judge_by(judged, one, host))
        for one in (facts, bare)
        for host in (host_from(one.host, {}),)
    )
    plan = planned(found, mapping, rules)
    assert [(one.host, one.instance) for one in plan.skipped] == [("SQL1", None), ("SQL1", "A"), ("SQL2", None)]
    assert plan.left_out == 2
