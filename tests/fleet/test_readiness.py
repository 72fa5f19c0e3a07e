"""Hosts whose engines say that this is no good moment: the plan tells it, and the deployment holds to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.app import practice
from core.app.facts import known_of
from core.model.facts import SqlAnswer, SqlSilence
from core.model.outcome import Outcome
from core.model.state import TargetState
from core.practice.spec.group import GroupSpec
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.scenario import Scenario
from core.practice.spec.server import ServerSpec
from tests.fleet.practising import BEHIND, Practising

_INSTANCES = (InstanceSpec(build=BEHIND),)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practising]:
    servers = (
        ServerSpec(name="SAVED", instances=_INSTANCES),
        ServerSpec(name="OLD", instances=_INSTANCES, last_backup_hours=100),
        ServerSpec(name="NEVER", instances=_INSTANCES, last_backup_hours=None),
        ServerSpec(name="LEADS", instances=_INSTANCES, group=GroupSpec(name="AG1", role="primary")),
        ServerSpec(name="FOLLOWS", instances=_INSTANCES, group=GroupSpec(name="AG1")),
        ServerSpec(name="FIRST", instances=_INSTANCES, group=GroupSpec(name="AG2", role="primary")),
        ServerSpec(name="SECOND", instances=_INSTANCES, group=GroupSpec(name="AG2")),
        ServerSpec(name="ACTIVE", instances=_INSTANCES, group=GroupSpec(name="FCI1", kind="fci", role="primary")),
        ServerSpec(name="PASSIVE", instances=_INSTANCES, group=GroupSpec(name="FCI1", kind="fci")),
        ServerSpec(name="BUSY", instances=_INSTANCES),
        ServerSpec(name="CLOSED", instances=(InstanceSpec(build=BEHIND, rights="public"),)),
    )
    running = Practising(
        practice.start(tmp_path_factory.mktemp("readiness") / "w", Scenario(time_scale=2000, servers=servers))
    )
    try:
        yield running
    finally:
        running.close()


def _warnings(fleet: Practising, host: str) -> dict[str, str]:
    return {one.code: one.message for one in fleet.plan(host).warnings}


def test_fresh_backups_leave_nothing_to_warn_of(fleet: Practising) -> None:
    assert not {"no_backup_evidence", "old_backup"} & set(_warnings(fleet, "SAVED"))
    told = known_of(fleet.workspace, "SAVED").facts.witness("MSSQLSERVER")
    assert isinstance(told, SqlAnswer)
    assert {one.database for one in told.backups or () if one.newest} == {"master", "model", "msdb", "Sales"}


@pytest.mark.parametrize("host", ["OLD", "NEVER"])
def test_a_host_without_a_fresh_backup_is_warned_of_and_then_left_alone(fleet: Practising, host: str) -> None:
    warnings = _warnings(fleet, host)
    assert "Sales, master, model, msdb on MSSQLSERVER" in warnings["old_backup"]
    assert "tempdb" not in warnings["old_backup"]
    assert fleet.cycle(host).outcome is not Outcome.SUCCEEDED
    assert fleet.count(host, "installer_start") == (0,)


def test_an_engine_that_is_closed_to_us_proves_no_backup_and_the_plan_names_all_it_does_not_tell(
    fleet: Practising,
) -> None:
    warnings = fleet.plan("CLOSED").warnings
    assert "MSSQLSERVER" in next(one.message for one in warnings if one.code == "no_backup_evidence")
    untold = " ".join(one.message for one in warnings if one.code == "engine_gap")
    assert all(word in untold for word in ("CHECKDB", "Agent jobs", "replicas", "VIEW SERVER STATE"))


def test_work_that_runs_is_not_cut_off(fleet: Practising) -> None:
    made = fleet.authorised("BUSY")
    fleet.fault("BUSY", "job_running", "assess", seconds=86_400)
    assert fleet.deploy(made).outcome is not Outcome.SUCCEEDED
    assert fleet.count("BUSY", "installer_start", "reboot") == (0, 0)
    assert [one.kind for one in known_of(fleet.workspace, "BUSY").facts.jobs] == ["backup", "agent_job"]


def test_replicas_name_their_roles_so_that_the_primary_comes_last_and_is_held(fleet: Practising) -> None:
    made = fleet.plan("LEADS", "FOLLOWS")
    assert [one.host for one in made.targets] == ["FOLLOWS", "LEADS"]
    assert [one.held_for for one in made.targets] == [(), ("primary of availability group AG1",)]
    for host in ("LEADS", "FOLLOWS"):
        (group,) = (one for one in known_of(fleet.workspace, host).facts.groups if one.kind == "ag")
        assert {one.host: one.role for one in group.members} == {"LEADS": "primary", "FOLLOWS": "secondary"}


def test_a_group_that_moved_since_the_plan_is_taken_as_it_is_found(fleet: Practising) -> None:
    """The secondary took over just before its turn, so that it is left alone; the old primary follows by now."""
    made = fleet.authorised("FIRST", "SECOND")
    assert [one.host for one in made.targets] == ["SECOND", "FIRST"]
    fleet.fault("SECOND", "role_changed", "assess")
    finished = fleet.deploy(made)
    moved = finished.record.target("SECOND")
    assert moved.state is TargetState.BLOCKED
    assert moved.failure is not None
    assert "leads AG2" in moved.failure.detail
    assert fleet.count("SECOND", "installer_start", "reboot") == (0, 0)
    assert fleet.count("SECOND", "role") == (1,)
    assert finished.record.target("FIRST").state is TargetState.SUCCESS


def test_a_passive_node_has_no_engine_to_ask_and_its_cluster_names_who_owns_it(fleet: Practising) -> None:
    fleet.plan("ACTIVE", "PASSIVE")
    found = {host: known_of(fleet.workspace, host).facts for host in ("ACTIVE", "PASSIVE")}
    assert isinstance(found["ACTIVE"].sql[0], SqlAnswer)
    assert isinstance(found["PASSIVE"].sql[0], SqlSilence)
    roles = {one.host: one.role for group in found["PASSIVE"].groups if group.kind == "fci" for one in group.members}
    assert roles == {"ACTIVE": "active", "PASSIVE": "passive"}
