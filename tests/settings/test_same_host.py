"""Targets held against each other."""

import json
from typing import Any

import pytest

from core.settings.names import AUDIT_CONFIG
from core.settings.workspace import TARGETS
from tests.settings import samples


def _faults(*targets: dict[str, Any]) -> list[str]:
    numbered = [{"id": f"t{index}", **target} for index, target in enumerate(targets)]
    told = samples.faults({TARGETS: json.dumps({"targets": numbered}).encode()})
    return [line.removeprefix(f"{TARGETS}: ") for line in told]


def _at(address: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"ip_address": address}, **more}


def test_two_targets_do_not_share_an_id_however_it_is_written() -> None:
    told = _faults({"id": "A", "server": "sql01"}, {"id": "a", "server": "sql02"})
    assert told == ['targets[1].id: "a" is the id of targets[0], too; rename one']


def test_an_instance_is_listed_once() -> None:
    told = _faults({"server": "SQL01", "instance": "PROD"}, {"server": "sql01", "instance": "prod"})
    assert told == ["targets[1].instance: sql01\\prod is targets[0] already; remove one of them"]


def test_a_port_without_an_instance_means_the_default_instance() -> None:
    told = _faults({"server": "SQL01", "instance": "MSSQLSERVER"}, {"server": "SQL01", "port": 1433})
    assert told == ["targets[1].instance: SQL01\\MSSQLSERVER is targets[0] already; remove one of them"]


def test_a_disabled_target_repeats_nothing() -> None:
    assert _faults({"server": "SQL01"}, {"server": "SQL01", "enabled": False}) == []


def test_a_host_belongs_to_one_tenant() -> None:
    told = _faults(
        {"server": "SQL01", "instance": "A", "tenant": "acme"}, {"server": "SQL01", "instance": "B", "tenant": "globex"}
    )
    assert told == [
        (
            'targets[1].tenant: SQL01 is one host, but its tenant is "globex" here and "acme" in targets[0]; '
            "write the same in both, or in one of them only"
        )
    ]


def test_what_a_target_does_not_say_contradicts_nobody() -> None:
    assert _faults({"server": "SQL01", "instance": "A", "tenant": "acme"}, {"server": "SQL01", "instance": "B"}) == []


def test_a_host_is_reached_in_one_way() -> None:
    first = {"server": "SQL01", "instance": "A", "remoting": {"port": 5986}}
    assert [line.partition(":")[0] for line in _faults(first, {**first, "instance": "B", "remoting": {"port": 1}})] == [
        "targets[1].remoting"
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_at("10.0.0.5", server="SQL01"), _at("10.0.0.5", server="SQLA")),
        (_at("10.0.0.5", server="SQL01"), {"server": "10.0.0.5"}),
        (_at("2001:db8::1", server="SQL01"), _at("2001:0db8:0:0::1", server="SQLA")),
        ({"server": "localhost"}, {"server": "127.0.0.1"}),
        ({"server": "SQL01"}, {"server": "sql01.example.com"}),
        ({"server": "sql01.example.com"}, _at("10.0.0.5", server="SQL01")),
    ],
    ids=["address", "address as name", "address written otherwise", "this PC", "short and long", "long and short"],
)
def test_one_host_under_two_names_is_found(first: dict[str, Any], second: dict[str, Any]) -> None:
    told = _faults(first, second)
    assert len(told) == 1
    assert "one host under two names" in told[0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_at("10.0.0.5", server="SQL01"), _at("10.0.0.6", server="sql01.example.com")),
        (_at("10.0.0.5", server="SQL01", remoting={"port": 1}), _at("10.0.0.5", server="SQL02", remoting={"port": 2})),
        ({"server": "sql01.a.example.com"}, {"server": "sql01.b.example.com"}),
        ({"server": "sql01.example.com."}, {"server": "SQL01.example.com", "instance": "PROD"}),
        ({"server": "10.0.0.5"}, {"server": "10"}),
    ],
    ids=["two addresses", "two ports of one address", "two domains", "a trailing dot", "no name but a number"],
)
def test_two_hosts_are_not_taken_for_one(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert _faults(first, second) == []


def test_a_target_contradicts_the_settings_for_all() -> None:
    told = samples.faults(
        {
            AUDIT_CONFIG: samples.changed(AUDIT_CONFIG, {"remoting": {"transport": "http", "auth": "ntlm"}}),
            TARGETS: json.dumps(
                {"targets": [{"id": "a", "server": "s", "os_credential_ref": "w", "remoting": {"auth": "basic"}}]}
            ).encode(),
        }
    )
    assert told == [
        (
            f"{TARGETS}: targets[0].remoting.auth: together with audit_config.json: basic over http would send the "
            'password readably; write "transport": "https", or another auth'
        )
    ]


def test_one_wrong_target_does_not_hide_what_is_wrong_with_the_others() -> None:
    told = _faults({"server": "."}, {"id": "x", "server": "sql01"}, {"id": "x", "server": "sql02"})
    assert [line.partition(":")[0] for line in told] == ["targets[0].server", "targets[2].id"]
