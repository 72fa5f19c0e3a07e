"""Groups: who leads when its leader goes down, comes back, or is told to hand over."""

from __future__ import annotations

from typing import Any

import pytest

from core.practice.host import power
from core.practice.spec.fault import FaultSpec
from tests.practice.host.hosts import Several


def test_the_primary_that_restarts_loses_the_lead_to_a_synchronous_secondary() -> None:
    several = Several("ag", "ONE", "TWO", "THREE")
    several["ONE"].restart()
    several.later(seconds=10)
    assert set(several.parts().values()) == {"resolving"}
    several.later(minutes=10)
    assert several.parts() == {"ONE": "following", "TWO": "leading", "THREE": "following"}
    assert "role" in several["TWO"].noted
    text = several["TWO"].machine.instances[0].error_log.text()
    assert "from 'SECONDARY_NORMAL' to 'RESOLVING_NORMAL'" in text
    assert "from 'RESOLVING_NORMAL' to 'PRIMARY_NORMAL'" in text


@pytest.mark.parametrize("how", [{"commit": "asynchronous", "failover": "manual"}, {"failover": "manual"}])
def test_a_primary_whose_secondaries_may_not_take_over_leads_again_when_it_is_back(how: dict[str, Any]) -> None:
    several = Several("ag", "ONE", "TWO", **how)
    power.crash(several["ONE"].machine)
    several.later(seconds=40)
    assert several.group.leader is None
    several.later(minutes=10)
    assert several.group.leader == "ONE"


def test_a_secondary_that_restarts_catches_up_before_it_could_take_over() -> None:
    several = Several("ag", "ONE", "TWO")
    several["TWO"].restart()
    several.later(seconds=30)
    assert not several.group.fail_over()
    while not several["TWO"].machine.up:
        several.later(seconds=1)
    member = several.group.member("TWO")
    assert (member.available, member.synchronised, member.is_healthy) == (True, False, False)
    several.later(minutes=1)
    assert member.is_healthy
    assert several.group.fail_over("two")
    assert several.parts() == {"ONE": "following", "TWO": "leading"}


def test_nobody_takes_over_who_could_lose_something_or_is_unknown() -> None:
    assert not Several("ag", "ONE", "TWO", commit="asynchronous", failover="manual").group.fail_over("TWO")
    assert not Several("ag", "ONE", "TWO").group.fail_over("ELSEWHERE")


def test_a_passive_node_runs_no_engine_until_the_active_one_is_gone() -> None:
    several = Several("fci", "ONE", "TWO")
    one, two = several["ONE"], several["TWO"]
    assert (one.runs("MSSQLSERVER"), two.runs("MSSQLSERVER")) == (True, False)
    facts = two.facts()
    assert facts.instances[0].clustered
    assert facts.cluster is not None
    assert facts.cluster.sql_roles[0].owner == "ONE"
    one.restart()
    several.later(minutes=10)
    assert (one.runs("MSSQLSERVER"), two.runs("MSSQLSERVER")) == (False, True)
    assert (one.runs("SQLSERVERAGENT"), two.runs("SQLSERVERAGENT")) == (False, True)
    assert two.machine.instances[0].error_log.lines()


def test_a_cluster_that_is_told_to_moves_its_engines() -> None:
    several = Several("fci", "ONE", "TWO")
    assert several.group.fail_over()
    several.later(minutes=1)
    assert not several["ONE"].runs("MSSQLSERVER")
    assert several["TWO"].runs("MSSQLSERVER")


@pytest.mark.parametrize(("host", "leader"), [("ONE", "TWO"), ("TWO", "TWO")])
def test_a_role_changes_only_under_the_claim_of_a_run(host: str, leader: str) -> None:
    several = Several("ag", "ONE", "TWO")
    machine = several[host].machine
    machine.faults.waiting.append(FaultSpec(when="assess", kind="role_changed"))
    claim, machine.claim = machine.claim, None
    several[host].facts()
    assert several.group.leader == "ONE"
    machine.claim = claim
    several[host].facts()
    assert several.group.leader == leader
