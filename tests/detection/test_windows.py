"""A host's own words become facts: clusters become groups, and what cannot be told is said."""

from datetime import timedelta
from typing import Any

from core.contract.host import (
    ApplicationPart,
    ClusterPart,
    ComponentPart,
    HostFactsResult,
    HostInventoryResult,
    InstalledUpdatePart,
    InstallerPart,
    ManagedUpdatePart,
    ManagementClientPart,
    NodePart,
    SqlRolePart,
)
from core.detection.windows import facts_of, inventory_of
from core.model.build import Build
from core.model.facts import Component, Facts, Group, Member, RunningInstaller
from core.model.failure import Cause, Failure
from core.practice.answers.surroundings import automatic_updates, limits
from tests.samples import AT

_BARE: dict[str, Any] = {
    "schema_version": 1,
    "host_time": AT + timedelta(seconds=90),
    "machine_id": "m",
    "computer_name": "SQL01",
    "domain": "example.com",
    "hardware": {
        "manufacturer": "Dell Inc.",
        "model": "R750",
        "hypervisor": "",
        "processors": 8,
        "memory_bytes": 64,
        "memory_free_bytes": 8,
    },
    "sessions": ("ACME\\olga",),
    "installers": (),
    "cluster": None,
    "configuration_manager": None,
    "automatic_updates": automatic_updates(),
    "limits": limits(),
    "components": (),
    "os": {"caption": "Windows", "version": "10.0.17763", "revision": 7314, "time_zone": "UTC"},
    "boot": {"booted_at": AT, "boot_id": "event:5"},
    "disks": ({"drive": "C:", "free_bytes": 1, "size_bytes": 2, "protection": "on"},),
    "services": (),
    "pending_reboot": (),
    "instances": (),
}


def _facts(**changes: Any) -> Facts:
    told = facts_of("SQL01", HostFactsResult.model_validate(_BARE | changes), (), AT)
    assert isinstance(told, Facts)
    return told


def test_the_machine_its_people_and_its_limits_are_known() -> None:
    told = _facts()
    assert told.hardware is not None
    assert (told.hardware.model, told.hardware.hypervisor) == ("R750", "")
    assert (told.domain, told.sessions, told.disks[0].protection) == ("example.com", ("ACME\\olga",), "on")
    assert told.limits is not None
    assert "LocalMachine=RemoteSigned" in told.limits.execution_policies
    assert told.clock_skew_seconds == 90


def test_a_cluster_is_a_group_of_nodes_and_each_of_its_instances_another() -> None:
    nodes = (NodePart(name="N1", up=True, votes=1), NodePart(name="N2", up=False, votes=0))
    role = SqlRolePart(name="SQL Server (PROD)", instance="PROD", owner="n1", possible_owners=("N1", "N2"))
    cluster = ClusterPart(name="CLU", witness_votes=1, nodes=nodes, sql_roles=(role,), trouble="")
    assert _facts(cluster=cluster).groups == (
        Group("CLU", "cluster", (Member("N1", "node"), Member("N2", "node", healthy=False, votes=0)), None, 1),
        Group("SQL Server (PROD)", "fci", (Member("N1", "active"), Member("N2", "passive", healthy=False)), "PROD"),
    )


def test_a_cluster_service_that_is_down_is_named_and_makes_no_group() -> None:
    told = _facts(cluster=ClusterPart(name="", witness_votes=0, nodes=(), sql_roles=(), trouble="it is stopped"))
    assert (told.groups, told.cluster_trouble) == ((), "it is stopped")


def test_installers_and_deadlines_of_others_are_kept() -> None:
    pending = (ManagedUpdatePart(title="CU", kb="5001", deadline=AT),)
    told = _facts(
        installers=(InstallerPart(name="wusa.exe", process_id=7, started_at=AT),),
        configuration_manager=ManagementClientPart(version="5.00", pending=pending, trouble=""),
    )
    assert told.installers == (RunningInstaller("wusa.exe", 7, AT),)
    assert told.configuration_manager is not None
    assert told.configuration_manager.pending[0].deadline == AT


def test_a_component_whose_version_is_none_is_known_without_a_build() -> None:
    parts = (
        ComponentPart(kind="SSAS", name="OLAP1", build="15.0.35.33"),
        ComponentPart(kind="SSRS", name="S", build=""),
    )
    assert _facts(components=parts).components == (
        Component("SSAS", "OLAP1", Build.parse("15.0.35.33")),
        Component("SSRS", "S"),
    )


def test_a_registry_that_holds_no_build_is_a_failure_and_not_a_fact() -> None:
    instance = {
        "name": "PROD",
        "instance_id": "MSSQL15.PROD",
        "edition": "",
        "patch_level": "fifteen",
        "binary": None,
        "tcp_port": None,
        "service": "MSSQL$PROD",
        "clustered": False,
    }
    found = facts_of("SQL01", HostFactsResult.model_validate(_BARE | {"instances": (instance,)}), (), AT)
    assert isinstance(found, Failure)
    assert found.cause is Cause.PROTOCOL


def test_an_inventory_is_in_an_order_of_its_own() -> None:
    told = inventory_of(
        HostInventoryResult(
            schema_version=1,
            updates=tuple(InstalledUpdatePart(id=one, description="") for one in ("KB2", "KB1", "KB2")),
            applications=tuple(ApplicationPart(name=one, version="1", publisher="", key=one) for one in ("b", "A")),
            drivers=(),
        )
    )
    assert told.updates == ("KB1", "KB2")
    assert [one.name for one in told.applications] == ["A", "b"]
