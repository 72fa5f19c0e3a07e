"""From targets to hosts, and choosing among them."""

import json
from typing import Any

import pytest

from core.inventory.hosts import hosts_of, selected
from core.model.fault import RefusedError
from core.model.host import Host
from core.model.selection import Selection
from core.settings.audit_config import RemotingSection
from core.settings.targets import TargetsFile


def _hosts(*targets: dict[str, Any]) -> tuple[Host, ...]:
    numbered = [{"id": f"t{index}", **target} for index, target in enumerate(targets)]
    return hosts_of(TargetsFile.model_validate_json(json.dumps({"targets": numbered})), RemotingSection())


def test_several_targets_of_one_server_are_one_host() -> None:
    (host,) = _hosts(
        {"server": "SQL01", "instance": "MSSQLSERVER", "tenant": "acme"},
        {"server": "sql01.", "instance": "PROD", "port": 1444, "group": "AG1", "metadata": {"tags": ["x"]}},
    )
    assert [(one.name, one.sql.port) for one in host.instances] == [("MSSQLSERVER", 1433), ("PROD", 1444)]
    assert (host.name, host.place.tenant, host.group, host.tags) == ("SQL01", "acme", "AG1", ("x",))


def test_what_any_target_says_of_the_host_is_true_of_it() -> None:
    (host,) = _hosts(
        {"server": "SQL01", "instance": "A"},
        {"server": "SQL01", "instance": "B", "site": "hq", "criticality": "high", "remoting": {"port": 7}},
    )
    assert (host.place.site, host.criticality, host.remoting.port) == ("hq", "high", 7)


def test_a_target_without_an_instance_is_a_host_alone() -> None:
    (host,) = _hosts({"server": "SQL01"})
    assert host.instances == ()


@pytest.mark.parametrize("target", [{"instance": ""}, {"port": 1444}, {"auth": "sql", "credential_ref": "x"}])
def test_a_way_to_reach_sql_without_a_name_is_the_default_instance(target: dict[str, Any]) -> None:
    (host,) = _hosts({"server": "SQL01", **target})
    assert [one.name for one in host.instances] == ["MSSQLSERVER"]


def test_disabled_instances_beside_enabled_ones_are_remembered() -> None:
    (host,) = _hosts(
        {"server": "SQL01", "instance": "A"},
        {"server": "SQL01", "instance": "B", "enabled": False},
        {"server": "SQL02", "instance": "C", "enabled": False},
    )
    assert ([one.name for one in host.instances], host.disabled_instances) == (["A"], ("B",))


FLEET = (
    {"server": "SQL01", "tenant": "acme", "site": "hq", "metadata": {"tags": ["env=prod", "erp"]}},
    {"server": "SQL02", "tenant": "acme", "site": "lab", "metadata": {"tags": ["env=prod"]}},
    {"server": "SQL03", "tenant": "globex", "site": "hq", "client": "retail"},
)


@pytest.mark.parametrize(
    ("selection", "names"),
    [
        (Selection(), ["SQL01", "SQL02", "SQL03"]),
        (Selection(servers=("sql03", "SQL01")), ["SQL01", "SQL03"]),
        (Selection(tags=("env=prod",)), ["SQL01", "SQL02"]),
        (Selection(tags=("env=prod", "ERP")), ["SQL01"]),
        (Selection(tenants=("Acme",)), ["SQL01", "SQL02"]),
        (Selection(sites=("hq", "lab"), tenants=("acme",)), ["SQL01", "SQL02"]),
        (Selection(clients=("retail",)), ["SQL03"]),
        (Selection(servers=("SQL02",), sites=("hq",)), []),
    ],
)
def test_hosts_are_chosen_by_name_tag_and_place(selection: Selection, names: list[str]) -> None:
    assert [host.name for host in selected(_hosts(*FLEET), selection)] == names


def test_choosing_what_is_not_there_is_refused_all_at_once() -> None:
    with pytest.raises(RefusedError) as refused:
        selected(_hosts(*FLEET), Selection(servers=("SQL04",), tags=("env=prd",), tenants=("umbrella",)))
    assert [str(fault) for fault in refused.value.faults] == [
        'server SQL04: no enabled target has this server; did you mean "SQL03"?',
        'tag env=prd: no enabled target has this tag; did you mean "env=prod"?',
        "tenant umbrella: no enabled target has this tenant; known are acme, globex",
    ]
