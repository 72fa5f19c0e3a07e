"""The same judgement serves the plan and, with less at hand, the moment before a host is touched."""

from datetime import date

from core.model.host import host_named
from core.model.verdict import LeftOut, Needs, Unwanted
from core.policy.judging import judge, judge_by
from core.policy.rules import Rules
from tests.planning.table import facts_from, mapping_named, policy_from, reference


def test_without_a_reference_branches_are_still_told_by_number() -> None:
    facts = facts_from("SQL01", {"A": "15.0.2104.1"}, {})
    verdict = judge(facts, mapping_named("2019 CU32"), policy_from({}))
    assert [type(one) for one in verdict.verdicts] == [LeftOut]


def test_ages_count_to_the_day_of_the_facts() -> None:
    mapping, policy = mapping_named("2022 CU26"), policy_from({})
    young = facts_from("SQL01", {"A": "16.0.4175.1"}, {}, "2026-08-01T12:00:00Z")
    old = facts_from("SQL01", {"A": "16.0.4175.1"}, {}, "2026-08-20T12:00:00Z")
    assert isinstance(judge(young, mapping, policy, reference()).verdicts[0], LeftOut)
    assert isinstance(judge(old, mapping, policy, reference()).verdicts[0], Needs)


def test_another_day_may_be_told() -> None:
    mapping, policy = mapping_named("2022 CU26"), policy_from({})
    facts = facts_from("SQL01", {"A": "16.0.4175.1"}, {}, "2026-08-01T12:00:00Z")
    assert isinstance(judge(facts, mapping, policy, reference(), date(2026, 9, 1)).verdicts[0], Needs)


def test_every_refusal_names_its_reason_in_words() -> None:
    facts = facts_from("SQL01", {"A": "15.0.2104.1", "B": "10.50.6000.34", "C": "16.0.4175.1"}, {})
    verdict = judge(facts, mapping_named("2019 CU32"), policy_from({}), reference())
    reasons = [one.reason for one in verdict.verdicts if isinstance(one, LeftOut)]
    assert reasons == [
        (
            "build 15.0.2104.1 is on the GDR branch and 15.0.4430.1 is not (CU); policy says 'stay', "
            "so the mapping needs an update of its own branch"
        ),
        "SQL Server 2008 R2 is out of support; there are no updates for it",
        "no mapping is available: the mapping has nothing for build 16.0.4175.1",
    ]


def _excluded(left_out: frozenset[str]) -> tuple[set[str], set[str]]:
    """The codes of the instances and of the updates that are left alone."""
    offered = [
        {"patch_id": id_, "title": f"Update {id_}", "classification": "Security Updates"} for id_ in ("u1", "u2")
    ]
    facts = facts_from("SQL01", {"A": "15.0.4298.1"}, {"updates": offered})
    policy = policy_from({"updates": {"os": {"enabled": True}}})
    rules = Rules(mapping_named("2019 CU32"), policy, reference(), facts.collected_at.date(), left_out)
    verdict = judge_by(rules, facts, host_named("SQL01"))
    instances = {one.code for one in verdict.verdicts if isinstance(one, LeftOut)}
    return instances, {one.update.patch_id for one in verdict.updates if isinstance(one, Unwanted)}


def test_an_update_without_a_kb_is_left_out_by_its_id_and_no_other() -> None:
    assert _excluded(frozenset()) == (set(), set())
    assert _excluded(frozenset({"u1"})) == (set(), {"u1"})


def test_a_package_without_a_kb_is_left_out_by_the_name_of_its_file() -> None:
    (mapping,) = mapping_named("2019 CU32").mappings
    assert _excluded(frozenset({mapping.files[-1].filename})) == ({"excluded_update"}, set())


def test_who_left_an_update_out_of_one_plan_is_not_told_that_policy_did() -> None:
    """A plan goes to a change board: it must not speak of a policy that nobody wrote."""
    (mapping,) = mapping_named("2019 CU32").mappings
    facts = facts_from("SQL01", {"A": "15.0.4298.1"}, {})
    rules = Rules(mapping_named("2019 CU32"), policy_from({}), reference(), facts.collected_at.date(),
                  frozenset({mapping.files[-1].kb or ""}))  # fmt: skip

    (verdict,) = judge_by(rules, facts, host_named("SQL01")).verdicts

    assert isinstance(verdict, LeftOut)
    assert (verdict.code, verdict.reason) == (
        "excluded_update",
        f"KB{mapping.files[-1].kb} was left out when the plan was reviewed",
    )
