"""Scenarios: what may be said in them, and everything that is wrong with one at once."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.build import Build
from core.model.fault import Fault
from core.practice.spec.fault import MOMENTS, FaultSpec, Kind, When
from core.practice.spec.reading import read_scenario
from core.practice.spec.scenario import Generate, Scenario, Version, servers_of
from core.practice.sql_updates import SQL_UPDATES

_WHOLE = {
    "schema_version": 1,
    "seed": 7,
    "time_scale": 200,
    "generate": {"count": 12, "tenants": 2, "sites": 2, "versions": ["2016", "2017", "2019", "2022", "2025"]},
    "servers": [
        {
            "name": "SQL01",
            "tenant": "acme",
            "client": "retail",
            "site": "hq",
            "os": "windows-2019",
            "tags": ["env=prod"],
            "instances": [{"name": "MSSQLSERVER", "build": "15.0.4298.1", "edition": "Enterprise"}],
            "os_updates": [
                {
                    "kb": "5044281",
                    "title": "Cumulative update",
                    "severity": "Critical",
                    "category": "SecurityUpdates",
                    "reboot": "always",
                    "size_mb": 400,
                }
            ],
            "disk_free_gb": {"C": 40},
            "pending_reboot": ["file_rename"],
            "last_backup_hours": 6,
            "group": {"name": "AG1", "kind": "ag", "role": "secondary"},
            "faults": [{"when": "install", "kind": "drop_network", "after_percent": 40, "times": 1}],
        }
    ],
}

_QUICK = settings(max_examples=200)
_KEYS = st.sampled_from(
    ["servers", "group", "name", "kind", "role", "instances", "faults", "when", "build", "auth", "generate", "count"]
)
_SCALARS = st.none() | st.booleans() | st.integers(-2, 1001) | st.sampled_from(["A", "fci", "primary", "15.0.1.1"])


def _read(document: dict[str, Any]) -> Scenario | tuple[Fault, ...]:
    return read_scenario("scenario.json", json.dumps(document), lambda path: "absent" not in path)


def _places(document: dict[str, Any]) -> set[str]:
    found = _read(document)
    assert isinstance(found, tuple)
    return {fault.path.removeprefix("scenario.json: ") for fault in found}


def test_the_published_form_is_taken_whole() -> None:
    scenario = _read(_WHOLE)
    assert isinstance(scenario, Scenario)
    assert len(servers_of(scenario)) == 13


def test_every_fault_is_named_at_once_with_its_place() -> None:
    server = _WHOLE["servers"][0] | {  # type: ignore[index]
        "disk_free_gb": {"D": 4},
        "pending_reboot": ["because"],
        "os_updates": [{"kb": "KB1", "title": "x"}],
        "group": {"name": "AG1", "kind": "pool"},
        "instances": [{"name": "A", "build": "15.0.1.1"}, {"name": "a", "build": "x"}],
        "faults": [{"when": "connect", "kind": "job_lost"}, {"when": "install", "kind": "no such"}],
    }
    assert _places(_WHOLE | {"servers": [server], "time_scale": 0, "sede": 1}) == {
        "servers[0].disk_free_gb",
        "servers[0].instances[1].name",
        "servers[0].pending_reboot[0]",
        "servers[0].os_updates[0].kb",
        "servers[0].group.kind",
        "servers[0].instances[1].build",
        "servers[0].faults[0].when",
        "servers[0].faults[1].kind",
        "time_scale",
        "sede",
    }


def test_what_has_the_wrong_form_is_told_in_words() -> None:
    server = {"name": "büro_1", "instances": [{"name": "1st", "build": "15.0.4298.1"}], "disk_free_gb": {"C:": 1}}
    found = _read({"servers": [server | {"tags": ["a b"], "applications": ["a b"]}], "shares": {"x": "y"}})
    assert isinstance(found, tuple)
    assert len(found) == 6
    assert [one.message for one in found if "pattern" in one.message] == []


def test_a_key_that_is_almost_right_is_recognised() -> None:
    found = _read({"sevrers": []})
    assert isinstance(found, tuple)
    assert any(fault.expected == "servers" for fault in found)


def _member(name: str, instance: str = "MSSQLSERVER", **group: str) -> dict[str, Any]:
    return {"name": name, "instances": [{"name": instance, "build": "15.0.4298.1"}], "group": {"name": "G", **group}}


def test_everything_that_groups_disagree_in_is_said_together() -> None:
    found = _read({"servers": [_member("A", role="primary"), _member("B", role="primary", kind="fci")]})
    assert isinstance(found, tuple)
    assert [(fault.path, fault.message) for fault in found] == [
        ("scenario.json: servers[1].group.kind", 'servers[0] calls the same group "G" an "ag"'),
        ("scenario.json: servers[1].group.role", 'servers[0] is primary of group "G" already; one is at a time'),
    ]


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_fault_at_any_other_moment_is_refused_with_those_that_would_do(kind: Kind) -> None:
    for moment in set(get_args(When)) - set(MOMENTS[kind]):
        (fault,) = found if isinstance(found := _read(_suffering(kind, moment)), tuple) else (None,)
        assert fault is not None
        assert all(f'"{good}"' in fault.message for good in MOMENTS[kind])


def _suffering(kind: str, when: str) -> dict[str, Any]:
    more = {"transport": "https", "applications": ["App"], "os_updates": [{"kb": "5044281", "title": "x"}]}
    server = _member("A") | more | {"faults": [{"kind": kind, "when": when}]}
    return {"servers": [server]}


_NETWORKED = {"name": "A", "instances": [{"build": "15.0.4298.1"}]}
_IMPOSSIBLE: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"servers"}),
    ({"servers": [{"name": "A"}, {"name": "B"}, {"name": "a"}]}, {"servers[2].name"}),
    ({"servers": [{"name": "A", "auth": "basic"}]}, {"servers[0].auth"}),
    ({"servers": [{"name": "A", "auth": "kerberos"}]}, {"servers[0].auth"}),
    ({"servers": [{"name": "A", "faults": [{"when": "connect", "kind": "bad_tls"}]}]}, {"servers[0].faults[0].kind"}),
    ({"servers": [{"name": "A B"}]}, {"servers[0].name"}),
    ({"generate": {"count": 2000}}, {"generate.count"}),
    ({"generate": {"count": 1000}, "servers": [{"name": "A"}]}, {"generate.count"}),
    ({"servers": [_member("A", role="primary"), _member("B", role="primary")]}, {"servers[1].group.role"}),
    ({"servers": [_member("A"), _member("B", kind="fci")]}, {"servers[1].group.kind"}),
    ({"servers": [_member("A", kind="fci"), _member("B", "TWO", kind="fci")]}, {"servers[1].instances"}),
    ({"servers": [_member("A", commit="asynchronous", failover="automatic")]}, {"servers[0].group.failover"}),
    (
        {"servers": [_member("A", kind="fci", commit="asynchronous", failover="automatic")]},
        {"servers[0].group.commit", "servers[0].group.failover"},
    ),
    ({"servers": [_member("A") | {"instances": []}]}, {"servers[0].instances"}),
    ({"servers": [{"name": "A", "disk_fills_gb_per_hour": {"D": 1}}]}, {"servers[0].disk_fills_gb_per_hour"}),
    ({"servers": [{"name": "A", "disk_free_gb": {}}]}, {"servers[0].disk_free_gb"}),
    (
        {"servers": [{"name": "A", "os_updates": [{"kb": "5044281", "title": "a"}, {"kb": "5044281", "title": "b"}]}]},
        {"servers[0].os_updates[1].kb"},
    ),
    (
        {"servers": [{"name": "A", "instances": [{"build": "15.0.4298.1", "encryption": "strict"}]}]},
        {"servers[0].instances[0].encryption"},
    ),
    ({"servers": [{"name": "A", "auth": "kerberos"}], "keytab": "absent.keytab"}, {"keytab"}),
    ({"servers": [{"name": "A"}], "shares": {r"\\a\b": "absent"}}, {r"shares.\\a\b"}),
    *(
        ({"servers": [{"name": "A", "faults": [{"when": moment, "kind": kind}]}]}, {"servers[0].faults[0].kind"})
        for moment, kind in (
            ("assess", "role_changed"),
            ("assess", "application_down"),
            ("verify", "script_upgrade_failed"),
            ("verify", "removal_fails"),
            ("install", "wua_loop"),
            ("install", "job_lost"),
        )
    ),
]


@pytest.mark.parametrize(("document", "places"), _IMPOSSIBLE)
def test_what_cannot_be_is_refused_where_it_stands(document: dict[str, Any], places: set[str]) -> None:
    assert _places(document) == places


@pytest.mark.parametrize(("document", "places"), _IMPOSSIBLE)
def test_what_cannot_be_is_said_also_beside_keys_that_are_wrong(document: dict[str, Any], places: set[str]) -> None:
    servers = [server | {"chatty": "yes", "sisters": 2} for server in document.get("servers", ())]
    wrong = {f"servers[{index}].{key}" for index in range(len(servers)) for key in ("chatty", "sisters")}
    spoilt = document | ({"servers": servers} if servers else {}) | {"time_scale": 0}
    assert _places(spoilt) == places | wrong | {"time_scale"}


def test_a_member_that_is_wrong_by_itself_hides_nothing_about_the_others() -> None:
    spoilt = _member("A B", role="primary", kind="fci") | {"instances": [{"name": "ONE", "build": "x"}, 5], "os": 7}
    others = [_member("C", role="primary", kind="fci"), _member("D", "TWO", kind="fci"), 7, {"name": "c"}]
    assert _places({"servers": [spoilt, *others]}) == {
        "servers[0].name",
        "servers[0].instances[0].build",
        "servers[0].instances[1]",
        "servers[0].os",
        "servers[1].group.role",
        "servers[2].instances",
        "servers[3]",
        "servers[4].name",
    }


@pytest.mark.parametrize(
    "document",
    [
        {"servers": [_NETWORKED | {"auth": "basic", "transport": "htps"}]},
        {"servers": [{"name": "A", "auth": "kerberos"}], "keytab": 5},
        {"servers": [_NETWORKED | {"disk_free_gb": {"D": "much"}, "disk_fills_gb_per_hour": {"E": 1}}]},
        {"servers": [_member("A") | {"instances": "none"}]},
        {"servers": "none"},
        {"servers": [{"name": "A", "instances": 3, "faults": [{"when": "assess", "kind": "service_down"}]}]},
        {"servers": [{"name": "A", "instances": [{"build": "x", "encryption": "strict"}]}]},
        {"generate": {"count": "many"}},
    ],
)
def test_nothing_is_concluded_from_a_key_that_could_not_be_read(document: dict[str, Any]) -> None:
    assert len(_places(document)) == 1


@_QUICK
@given(st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4)))
def test_whatever_is_in_the_file_it_is_a_scenario_or_has_faults(document: Any) -> None:
    found = _read(document)
    assert isinstance(found, Scenario) or found


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_of_fault_has_its_moments(kind: Kind) -> None:
    for moment in MOMENTS[kind]:
        assert FaultSpec(when=moment, kind=kind).when == moment


def test_of_three_generated_servers_two_are_behind() -> None:
    made = servers_of(Scenario(generate=Generate(count=30, tenants=2, sites=3, versions=get_args(Version))))
    behind = [one for one in made if one.instances[0].build in {update.before for update in SQL_UPDATES.values()}]
    assert (len(made), len(behind)) == (30, 20)
    assert Counter(one.tenant for one in made) == {"tenant1": 15, "tenant2": 15}
    assert {one.site for one in made} == {"site1", "site2", "site3"}
    assert {Build.parse(one.instances[0].build).family for one in made} == set(get_args(Version))


def test_generated_names_avoid_those_that_are_listed() -> None:
    scenario = Scenario.model_validate_json('{"servers": [{"name": "sql01"}], "generate": {"count": 2}}')
    assert [one.name for one in servers_of(scenario)] == ["sql01", "SQL02", "SQL03"]


@pytest.mark.parametrize("update", SQL_UPDATES.values(), ids=SQL_UPDATES.keys())
def test_every_practice_update_leads_up_within_its_family(update: Any) -> None:
    before, target = Build.parse(update.before), Build.parse(update.target)
    assert before.family == target.family == update.family
    assert target > before
