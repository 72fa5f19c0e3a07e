"""Two plans are compared in the words that an operator would use."""

from dataclasses import replace
from typing import Any

import pytest

from core.model.plan import Plan
from core.model.step import OsUpdateStep, Undo
from core.planning.comparing import difference, does_all_of
from core.planning.planner import Candidate
from core.policy.judging import judge_by
from core.policy.rules import Rules
from tests.planning.table import MAKING, facts_from, host_from, mapping_named, planned, policy_from, reference


def plan_of(hosts: dict[str, str], mapping_name: str = "2019 CU32", policy: dict[str, Any] | None = None) -> Plan:
    mapping, rules_of = mapping_named(mapping_name), policy_from(policy or {})
    rules = Rules(mapping, rules_of, reference(), MAKING.at.date())
    found = []
    for name, build in hosts.items():
        facts, host = facts_from(name, {"A": build}, {}), host_from(name, {})
        found.append(Candidate(host, facts, judge_by(rules, facts, host)))
    return planned(tuple(found), mapping, rules_of)


def test_a_plan_and_itself_do_not_differ() -> None:
    plan = plan_of({"SQL01": "15.0.4298.1"})
    found = difference(plan, plan)
    assert found.same_content
    assert not any((*found.hosts.new, *found.hosts.gone, *found.steps.new, *found.warnings.gone))


def test_a_host_more_is_new() -> None:
    found = difference(plan_of({"SQL01": "15.0.4298.1"}), plan_of({"SQL01": "15.0.4298.1", "SQL02": "15.0.4298.1"}))
    assert (found.hosts.gone, found.hosts.new) == ((), ("SQL02",))
    assert not found.same_content


def test_another_target_is_another_package_and_other_steps() -> None:
    found = difference(plan_of({"SQL01": "15.0.4298.1"}), plan_of({"SQL01": "15.0.4298.1"}, "2019 CU30"))
    assert found.hosts.new == ()
    assert [one.split()[0] for one in found.packages.new] == ["SQLServer2019-KB5049235-x64.exe"]
    assert "SQL01: A 15.0.4298.1 to 15.0.4415.2" in found.steps.new
    assert "SQL01: A 15.0.4298.1 to 15.0.4430.1" in found.steps.gone


def test_a_host_that_was_patched_meanwhile_moves_to_the_skipped() -> None:
    found = difference(plan_of({"SQL01": "15.0.4298.1"}), plan_of({"SQL01": "15.0.4430.1"}))
    assert found.hosts.gone == ("SQL01",)
    assert found.skipped.new == ("SQL01\\A: already on 15.0.4430.1",)


def test_a_canary_changes_the_waves_alone() -> None:
    hosts = {"SQL01": "15.0.4298.1", "SQL02": "15.0.4298.1"}
    found = difference(plan_of(hosts), plan_of(hosts, policy={"canary": {"hosts": 1}}))
    assert found.waves.new == ("SQL02: wave 2",)
    assert found.steps.new == ()


def test_rules_and_checks_that_changed_are_told() -> None:
    check = {"name": "agent", "kind": "service", "service": "Agent"}
    policy = {"concurrency": {"max_hosts": 1}, "failure_budget": {"hosts": 0}, "application_checks": [check]}
    found = difference(plan_of({"SQL01": "15.0.4298.1"}), plan_of({"SQL01": "15.0.4298.1"}, policy=policy))
    assert {"pace max_hosts 1", "failures_allowed 0", "agent service Agent", "SQL01: checks agent"} <= {
        *found.rules.new
    }
    assert {"pace max_hosts 3", "failures_allowed 2"} <= {*found.rules.gone}


def test_a_window_that_is_new_is_told_with_its_hosts() -> None:
    window = {"name": "night", "weekdays": ["sunday"], "start": "22:00", "duration_minutes": 60, "zone": "UTC"}
    policy = {"maintenance_windows": [window]}
    found = difference(plan_of({"SQL01": "15.0.4298.1"}), plan_of({"SQL01": "15.0.4298.1"}, policy=policy))
    assert found.windows.new == (
        "night: 2026-08-23T22:00:00+00:00 to 2026-08-23T23:00:00+00:00 (UTC)",
        "SQL01: night",
    )


def test_a_host_that_is_gone_is_told_once_and_not_with_all_that_it_was_to_get() -> None:
    found = difference(plan_of({"SQL01": "15.0.4298.1", "SQL02": "15.0.4298.1"}), plan_of({"SQL01": "15.0.4298.1"}))
    assert found.hosts.gone == ("SQL02",)
    assert not any("SQL02" in line for line in (*found.steps.gone, *found.waves.gone))


@pytest.mark.parametrize(
    ("later", "settles"),
    [("2019 CU32", True), ("2019 CU30", False)],
)
def test_a_plan_that_reaches_an_earlier_build_leaves_the_rest_open(later: str, settles: bool) -> None:
    hosts = {"SQL01": "15.0.4298.1"}
    assert does_all_of(plan_of(hosts, later), plan_of(hosts), "SQL01") is settles


def test_an_update_of_the_system_that_is_not_planned_again_stays_open() -> None:
    (target,) = (plan := plan_of({"SQL01": "15.0.4298.1"})).targets
    update = OsUpdateStep(9, ("u1",), 60, 60, 60, "", Undo(possible=True, how=""))
    both = replace(plan, targets=(replace(target, steps=(*target.steps, update)),))
    assert does_all_of(both, plan, "SQL01")
    assert not does_all_of(plan, both, "SQL01")
