"""Before its turn a host is held for roles, running work and missing backups."""

from typing import Any

import pytest

from core.model.check import Check, CheckResult
from core.planning.planner import Candidate
from core.policy.judging import judge_by
from core.policy.rules import Rules
from core.verification.before import preflight
from tests.planning.table import MAKING, facts_from, host_from, mapping_named, planned, policy_from, reference

LEADS = {
    "name": "AG1",
    "kind": "ag",
    "members": [
        {"host": "SQL01", "role": "primary", "synchronous": True},
        {"host": "SQL02", "role": "secondary", "synchronous": True},
    ],
}
FOLLOWS = {
    "name": "AG1",
    "kind": "ag",
    "members": [{"host": "SQL01", "role": "secondary"}, {"host": "SQL02", "role": "primary"}],
}

RESOLVES = {"name": "AG1", "kind": "ag", "members": [{"host": "SQL01", "role": "unknown"}]}
CLUSTER = {"name": "CLU", "kind": "cluster", "members": [{"host": "SQL01", "role": "node"}]}


def checks(then: dict[str, Any], now: dict[str, Any], policy: dict[str, Any] | None = None) -> dict[str, Check]:
    """Planned from the facts then, looked at with the facts now."""
    mapping, rules_of = mapping_named("2019 CU32"), policy_from(policy or {})
    rules = Rules(mapping, rules_of, reference(), MAKING.at.date())
    partner = facts_from("SQL02", {"A": "15.0.4430.1"}, {"groups": then.get("groups", [])})
    both = (facts_from("SQL01", {"A": "15.0.4298.1"}, then), partner)
    candidates = tuple(
        Candidate(host, facts, judge_by(rules, facts, host)) for facts in both for host in (host_from(facts.host, {}),)
    )
    target = planned(candidates, mapping, rules_of).target("SQL01")
    facts = facts_from("SQL01", {"A": "15.0.4298.1"}, now)
    found = preflight(target, facts, judge_by(rules, facts, candidates[0].host), rules_of)
    return {one.name: one for one in found}


def backups(full: str | None) -> dict[str, Any]:
    answer = {"instance": "A", "build": "15.0.4298.1", "level": "RTM", "update": None, "edition": "Enterprise Edition"}
    return {"sql": [answer | {"databases": [], "backups": [{"database": "crm", "full": full}]}]}


def refused(about: str) -> dict[str, Any]:
    """An engine that told everything but this."""
    (answer,) = backups("2026-08-20T01:00:00Z")["sql"]
    gap = {"about": about, "failure": {"cause": "sql_login", "detail": "the login lacks a right"}}
    saved = None if about == "backups" else answer["backups"]
    return {"sql": [answer | {"backups": saved, "gaps": [gap]}]}


def test_a_planned_primary_that_still_leads_is_held() -> None:
    assert checks({"groups": [LEADS]}, {"groups": [LEADS]})["roles"].result is CheckResult.FAILED


def test_a_planned_primary_that_was_failed_over_may_go_on() -> None:
    assert checks({"groups": [LEADS]}, {"groups": [FOLLOWS]})["roles"].result is CheckResult.PASSED


def test_a_planned_primary_whose_roles_nobody_knows_any_more_is_held() -> None:
    assert checks({"groups": [LEADS]}, {})["roles"].result is CheckResult.FAILED


@pytest.mark.parametrize("now", [RESOLVES, CLUSTER])
def test_a_planned_primary_is_held_until_its_own_role_is_seen(now: dict[str, Any]) -> None:
    """In the middle of a failover it may lead again in a moment; that its cluster was seen says nothing of it."""
    assert checks({"groups": [LEADS]}, {"groups": [now]})["roles"].result is CheckResult.FAILED


def test_a_replica_that_is_just_resolving_its_role_is_not_said_to_follow() -> None:
    check = checks({"groups": [FOLLOWS]}, {"groups": [RESOLVES]})["roles"]
    assert (check.result, check.found) == (CheckResult.UNKNOWN, "its role in AG1 is not known")


def test_a_planned_secondary_that_leads_meanwhile_is_held() -> None:
    assert checks({"groups": [FOLLOWS]}, {"groups": [LEADS]})["roles"].result is CheckResult.FAILED


def test_a_host_without_groups_is_asked_nothing_about_roles() -> None:
    assert "roles" not in checks({}, backups("2026-08-20T01:00:00Z"))


@pytest.mark.parametrize(
    ("about", "check"),
    [
        ("replicas", "roles"),
        ("mirroring", "roles"),
        ("running_work", "running jobs"),
        ("agent_jobs", "running jobs"),
    ],
)
def test_what_the_engine_does_not_tell_is_unknown_and_never_passed(about: str, check: str) -> None:
    found = checks({}, refused(about))
    assert found[check].result is CheckResult.UNKNOWN
    assert "the login lacks a right" in found[check].found
    assert len([one for one in found.values() if one.result is CheckResult.UNKNOWN]) == 1


def test_an_engine_that_told_nothing_leaves_work_and_roles_unknown() -> None:
    found = checks({}, {"sql": [{"instance": "A", "failure": {"cause": "no_answer", "detail": "the port is shut"}}]})
    assert {name for name, one in found.items() if one.result is CheckResult.UNKNOWN} == {"running jobs", "roles"}


def test_what_policy_does_not_wait_for_nobody_needs_to_know() -> None:
    policy = {"preflight": {"running_jobs": {"kinds": ["backup"]}}}
    assert "running jobs" not in checks({}, refused("agent_jobs"), policy)


def test_a_running_backup_holds_the_host() -> None:
    job = {"kind": "backup", "name": "crm", "instance": "A"}
    assert checks({}, {"jobs": [job]})["running jobs"].result is CheckResult.FAILED


def test_a_job_that_policy_ignores_does_not() -> None:
    job = {"kind": "agent_job", "name": "Cleanup", "instance": "A"}
    ignoring = {"preflight": {"running_jobs": {"ignored_jobs": ["cleanup"]}}}
    assert "running jobs" not in checks({}, backups("2026-08-20T01:00:00Z") | {"jobs": [job]}, ignoring)


@pytest.mark.parametrize(
    ("full", "result"),
    [
        ("2026-08-20T01:00:00Z", CheckResult.PASSED),
        ("2026-08-17T01:00:00Z", CheckResult.FAILED),
        (None, CheckResult.FAILED),
    ],
)
def test_backups_are_asked_of_msdb(full: str | None, result: CheckResult) -> None:
    assert checks({}, backups(full))["backup"].result is result


def test_msdb_that_was_not_asked_only_warns() -> None:
    check = checks({}, {})["backup"]
    assert (check.result, check.found) == (CheckResult.WARNED, "the backups of A are not known: it was not asked")


def test_msdb_that_refused_is_not_said_to_be_unasked() -> None:
    check = checks({}, refused("backups"))["backup"]
    assert (check.result, check.found) == (
        CheckResult.WARNED,
        "the backups of A are not known: the login lacks a right",
    )


def test_an_old_backup_of_a_replica_only_warns_because_another_may_hold_it() -> None:
    now = backups(None) | {"groups": [FOLLOWS]}
    assert checks({"groups": [FOLLOWS]}, now)["backup"].result is CheckResult.WARNED


def test_somebody_else_may_answer_for_the_backups() -> None:
    external = {"preflight": {"backup": {"backup_evidence": "external", "reason": "nightly, by another product"}}}
    assert "backup" not in checks({}, backups(None), external)
