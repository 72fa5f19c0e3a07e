"""What holds for every fleet, not only for those in the tables."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.catalog.reference import crosses_branch
from core.model.build import Build
from core.model.document import canonical, from_document, to_document
from core.model.facts import Facts
from core.model.fault import RefusedError
from core.model.plan import Plan
from core.model.step import PatchStep
from core.planning.planner import Candidate, digest_of
from core.policy.judging import judge_by
from core.policy.rules import Rules
from tests.planning.table import MAKING, facts_from, host_from, mapping_named, planned, policy_from, reference

BUILDS = (
    *("15.0.4298.1", "15.0.4430.1", "15.0.4480.1", "15.0.2104.1", "15.0.2000.5", "15.0.4999.9"),
    *("16.0.4175.1", "16.0.4235.2", "14.0.3015.40", "13.0.5026.0", "13.0.6404.1", "13.0.7016.1", "10.50.6000.34"),
)
MAPPINGS = (
    *("2019 CU32", "2019 GDR", "2019 CU30", "2022 CU25", "2022 CU23 withdrawn", "2017 CU31"),
    *("2016 SP3 GDR", "2016 Azure Connect"),
)
NAMES = tuple(f"SQL{number}" for number in range(6))
ROLES = ("primary", "secondary", "unknown")
UPDATE = {"patch_id": "u1", "title": "Cumulative Update", "classification": "Security Updates"}

builds = st.builds(
    lambda text, last: Build.parse(text if last is None else f"{text}.{last}"),
    st.builds(
        lambda major, minor, number: f"{major}.{minor}.{number}",
        st.integers(8, 17),
        st.sampled_from((0, 50)),
        st.integers(0, 99999),
    ),
    st.none() | st.integers(0, 99999),
)


@st.composite
def groups(draw: st.DrawFn) -> list[dict[str, Any]]:
    members = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True))
    member = st.fixed_dictionaries(
        {"role": st.sampled_from(ROLES), "synchronous": st.booleans(), "healthy": st.booleans()}
    )
    return [
        {
            "name": draw(st.sampled_from(("AG1", "AG2", "AG3"))),
            "kind": draw(st.sampled_from(("ag", "fci", "cluster"))),
            "members": [{"host": name, **draw(member)} for name in members],
        }
        for _ in range(draw(st.integers(0, 2)))
    ]


@st.composite
def links(draw: st.DrawFn) -> list[dict[str, Any]]:
    kind, roles = draw(
        st.sampled_from(
            (
                ("replication", ("distributor", "publisher", "subscriber")),
                ("log_shipping", ("primary", "secondary")),
                ("mirroring", ("principal", "mirror")),
            )
        )
    )
    partners = draw(st.lists(st.sampled_from(NAMES), max_size=2))
    return [{"kind": kind, "role": draw(st.sampled_from(roles)), "partners": partners}]


hosts = st.dictionaries(
    st.sampled_from(NAMES),
    st.fixed_dictionaries(
        {
            "instances": st.dictionaries(st.sampled_from(("A", "B", "C")), st.sampled_from(BUILDS), max_size=3),
            "groups": groups(),
            "links": links(),
            "pending_reboot": st.sampled_from(([], [{"reason": "windows_update"}], [{"reason": "file_rename"}])),
            "updates": st.sampled_from(([], [UPDATE])),
            "inventory": st.fixed_dictionaries(
                {
                    "group": st.sampled_from((None, "crm")),
                    "failure_domain": st.sampled_from((None, "esx1", "esx2")),
                    "disabled_instances": st.sampled_from(((), ("B",))),
                }
            ),
        }
    ),
    min_size=1,
)
policies = st.fixed_dictionaries(
    {
        "order": st.sampled_from(("sql_first", "os_first", "reboot_first")),
        "canary": st.builds(lambda count: {"hosts": count}, st.integers(0, 3)),
        "updates": st.builds(lambda branch: {"sql": {"branch": branch}}, st.sampled_from(("stay", "cu", "gdr"))),
    }
)
mapped = st.lists(st.sampled_from(MAPPINGS), unique=True)
# Each example makes a whole plan.
thorough = settings(max_examples=settings().max_examples // 2)


def candidates_from(
    fleet: dict[str, Any], policy: dict[str, Any], mappings: list[str]
) -> tuple[tuple[Candidate, ...], Plan]:
    mapping, rules_of = mapping_named(*mappings), policy_from(policy)
    rules = Rules(mapping, rules_of, reference(), MAKING.at.date())
    found = []
    for name, content in fleet.items():
        more = {key: content[key] for key in ("groups", "links", "pending_reboot", "updates")}
        facts = facts_from(name, content["instances"], more)
        host = host_from(name, content["inventory"])
        found.append(Candidate(host, facts, judge_by(rules, facts, host)))
    return tuple(found), planned(tuple(found), mapping, rules_of)


@given(builds, builds, builds)
def test_the_order_of_builds_is_total(one: Build, two: Build, three: Build) -> None:
    assert (one < two) + (one == two) + (two < one) == 1
    if one <= two <= three:
        assert one <= three


@thorough
@given(hosts, policies, mapped)
def test_no_plan_lowers_a_build_or_crosses_a_branch_unasked(
    fleet: dict[str, Any], policy: dict[str, Any], mappings: list[str]
) -> None:
    _, plan = candidates_from(fleet, policy, mappings)
    asked = policy["updates"]["sql"]["branch"] == "cu"
    for target in plan.targets:
        for one in target.instances:
            before, after = Build.parse(one.before), Build.parse(one.after)
            assert not before.reaches(after)
            assert before.family == after.family
            assert asked or not crosses_branch(reference(), before, after)


@thorough
@given(hosts, policies, mapped)
def test_every_instance_is_planned_or_skipped_exactly_once(
    fleet: dict[str, Any], policy: dict[str, Any], mappings: list[str]
) -> None:
    candidates, plan = candidates_from(fleet, policy, mappings)
    there = sorted((one.name, instance.name) for one in candidates for instance in one.facts.instances)
    told = [(target.host, one.name) for target in plan.targets for one in target.instances]
    told += [(one.host, one.instance) for one in plan.skipped if one.instance is not None]
    assert sorted(told) == there
    assert all(one.reason for one in plan.skipped)


@thorough
@given(hosts, policies, mapped)
def test_no_two_partners_are_in_one_wave(fleet: dict[str, Any], policy: dict[str, Any], mappings: list[str]) -> None:
    _, plan = candidates_from(fleet, policy, mappings)
    together = [
        {member["host"] for member in group["members"]} | {name}
        for name, content in fleet.items()
        for group in content["groups"]
    ]
    together.append({name for name, content in fleet.items() if content["inventory"]["group"]})
    for wave in plan.waves:
        for partners in together:
            assert len(partners & set(wave.hosts)) <= 1


@thorough
@given(hosts, policies, mapped)
def test_each_planned_host_is_in_exactly_one_wave(
    fleet: dict[str, Any], policy: dict[str, Any], mappings: list[str]
) -> None:
    _, plan = candidates_from(fleet, policy, mappings)
    assert sorted(host for wave in plan.waves for host in wave.hosts) == sorted(one.host for one in plan.targets)


@thorough
@given(hosts, policies, mapped)
def test_a_patch_names_every_planned_instance_and_no_other(
    fleet: dict[str, Any], policy: dict[str, Any], mappings: list[str]
) -> None:
    _, plan = candidates_from(fleet, policy, mappings)
    for target in plan.targets:
        patched = {name for step in target.steps if isinstance(step, PatchStep) for name in step.instances}
        assert patched == {one.name for one in target.instances}


@thorough
@given(hosts, policies, mapped)
def test_a_plan_is_the_same_byte_for_byte_and_survives_its_document(
    fleet: dict[str, Any], policy: dict[str, Any], mappings: list[str]
) -> None:
    _, plan = candidates_from(fleet, policy, mappings)
    _, again = candidates_from(fleet, policy, mappings)
    document = to_document(plan)
    assert canonical(document) == canonical(to_document(again))
    read = from_document(Plan, json.loads(json.dumps(document)))
    assert read == plan
    assert digest_of(read) == plan.digest


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(BUILDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@thorough
@given(st.data())
def test_mutated_facts_are_refused_or_planned_and_never_a_traceback(data: st.DataObject) -> None:
    document = to_document(facts_from("SQL1", {"A": "15.0.4298.1"}, {"updates": [UPDATE]}))
    place: Any = document
    key: Any = data.draw(st.sampled_from(sorted(document)))
    while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
        place = place[key]
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    place[key] = data.draw(json_values)
    try:
        facts = from_document(Facts, document)
    except ValidationError:
        return
    mapping, policy = mapping_named("2019 CU32"), policy_from({})
    host = host_from(facts.host, {})
    verdict = judge_by(Rules(mapping, policy, reference(), MAKING.at.date()), facts, host)
    planned((Candidate(host, facts, verdict),), mapping, policy)


def test_a_plan_that_refers_to_no_recipe_is_refused() -> None:
    facts = facts_from("SQL1", {"A": "15.0.4298.1"}, {})
    mapping, policy = mapping_named("2019 CU32"), policy_from({})
    host = host_from("SQL1", {})
    verdict = judge_by(Rules(mapping, policy, reference(), MAKING.at.date()), facts, host)
    document = to_document(planned((Candidate(host, facts, verdict),), mapping, policy))
    document["targets"][0]["steps"][0]["recipe"] = 7
    with pytest.raises(ValidationError, match="refers to recipe 7"):
        from_document(Plan, document)


def test_a_missing_installer_refuses_the_whole_plan() -> None:
    facts = facts_from("SQL1", {"A": "15.0.4298.1"}, {})
    mapping, policy = mapping_named("2019 CU32"), policy_from({})
    host = host_from("SQL1", {})
    verdict = judge_by(Rules(mapping, policy, reference(), MAKING.at.date()), facts, host)
    with pytest.raises(RefusedError, match="the installer is not in"):
        planned((Candidate(host, facts, verdict),), mapping, policy, missing=("SQLServer2019-KB5054833-x64.exe",))
