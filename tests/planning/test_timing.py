"""Waves are timed against the windows of their own hosts."""

from datetime import UTC, datetime
from typing import Any

from core.model.plan import Plan, Wave
from core.planning.planner import Candidate
from core.policy.judging import judge_by
from core.policy.rules import Rules
from tests.planning.table import MAKING, facts_from, host_from, mapping_named, planned, policy_from, reference

# The facts are of Thursday the 20th, noon. Each host takes 25 minutes.
THURSDAY: dict[str, Any] = {
    "name": "Thursday", "weekdays": ["thursday"], "start": "22:00", "duration_minutes": 60, "zone": "UTC",
    "applies_to": {"sites": ["north"]},
}  # fmt: skip
SATURDAY: dict[str, Any] = THURSDAY | {
    "name": "Saturday",
    "weekdays": ["saturday"],
    "applies_to": {"sites": ["south"]},
}


def at(day: int, time: str) -> datetime:
    return datetime.fromisoformat(f"2026-08-{day:02d}T{time}").replace(tzinfo=UTC)


def plan_of(sites: dict[str, str], policy: dict[str, Any], workers: int = 3, tenants: bool = False) -> Plan:
    mapping, rules = mapping_named("2019 CU32"), policy_from(policy)
    judged = Rules(mapping, rules, reference(), MAKING.at.date())
    found = []
    for name, site in sites.items():
        place = {"tenant": "acme" if tenants else name, "client": "c", "site": site}
        facts, host = facts_from(name, {"A": "15.0.4298.1"}, {}), host_from(name, {"place": place})
        found.append(Candidate(host, facts, judge_by(judged, facts, host)))
    return planned(tuple(found), mapping, rules, workers)


def times(wave: Wave) -> tuple[datetime | None, datetime | None, bool | None]:
    return wave.begins_at, wave.ends_at, wave.fits


def test_each_host_has_the_windows_that_cover_it() -> None:
    plan = plan_of({"SQL1": "north", "SQL2": "south", "SQL3": "west"}, {"maintenance_windows": [THURSDAY, SATURDAY]})
    assert {one.host: one.windows for one in plan.targets} == {
        "SQL1": ("Thursday",),
        "SQL2": ("Saturday",),
        "SQL3": (),
    }
    assert [one.window.name for one in plan.windows] == ["Thursday", "Saturday"]
    assert [one.hosts for one in plan.warnings if one.code == "no_window"] == [("SQL3",)]


def test_a_wave_of_two_windows_lasts_from_the_first_to_the_second() -> None:
    plan = plan_of({"SQL1": "north", "SQL2": "south"}, {"maintenance_windows": [THURSDAY, SATURDAY]})
    assert [times(one) for one in plan.waves] == [(at(20, "22:00"), at(22, "22:25"), True)]
    assert plan.waves[0].expected_seconds == 25 * 60


def test_a_wave_waits_for_its_own_window_and_not_for_that_of_the_one_before() -> None:
    policy = {"maintenance_windows": [THURSDAY, SATURDAY], "canary": {"hosts": 1}}
    plan = plan_of({"SQL1": "north", "SQL2": "south"}, policy)
    assert [times(one) for one in plan.waves] == [
        (at(20, "22:00"), at(20, "22:25"), True),
        (at(22, "22:00"), at(22, "22:25"), True),
    ]
    assert [one.last_safe_start for one in plan.windows] == [at(20, "22:35"), at(22, "22:35")]


def test_a_window_that_opens_before_the_wave_before_is_done_opens_again_for_it() -> None:
    nightly = SATURDAY | {"name": "nightly", "weekdays": ["monday", "friday", "sunday"]}
    policy = {"maintenance_windows": [nightly, SATURDAY | {"applies_to": {"sites": ["north"]}}], "canary": {"hosts": 1}}
    plan = plan_of({"SQL1": "north", "SQL2": "south"}, policy)
    assert [one.begins_at for one in plan.waves] == [at(22, "22:00"), at(23, "22:00")]


def test_a_plan_uses_one_opening_of_a_window_and_says_when_that_is_too_short() -> None:
    policy = {"maintenance_windows": [THURSDAY], "canary": {"hosts": 1, "soak_minutes": 45}}
    plan = plan_of({"SQL1": "north", "SQL2": "north"}, policy)
    assert [times(one) for one in plan.waves] == [
        (at(20, "22:00"), at(20, "22:25"), True),
        (at(20, "23:10"), at(20, "23:35"), False),
    ]
    assert plan.windows[0].last_safe_start is None
    assert plan.totals.workers_that_fit is None
    assert [one.message for one in plan.warnings if one.code == "window_overrun"] == [
        "wave 2 would end after the window Thursday closes at 2026-08-20T23:00:00+00:00"
    ]


def test_a_host_of_several_windows_is_worked_on_in_the_one_that_opens_first() -> None:
    both = {"applies_to": {"sites": ["north"]}}
    plan = plan_of({"SQL1": "north"}, {"maintenance_windows": [SATURDAY | both, THURSDAY | both]})
    assert plan.targets[0].windows == ("Saturday", "Thursday")
    assert [one.begins_at for one in plan.waves] == [at(20, "22:00")]
    assert [one.last_safe_start for one in plan.windows] == [at(22, "22:35"), at(20, "22:35")]


def test_hosts_of_one_tenant_wait_for_each_other() -> None:
    policy = {"concurrency": {"max_per_tenant": 1, "max_reboots": 3}}
    alone = plan_of({"SQL1": "a", "SQL2": "a"}, policy, workers=3)
    together = plan_of({"SQL1": "a", "SQL2": "a"}, policy, workers=3, tenants=True)
    assert alone.waves[0].expected_seconds == 25 * 60
    assert together.waves[0].expected_seconds == 50 * 60


def test_watching_a_wave_counts_and_the_last_is_not_waited_for() -> None:
    policy = {"canary": {"hosts": 1, "soak_minutes": 30}, "concurrency": {"soak_minutes": 10}}
    plan = plan_of({"SQL1": "a", "SQL2": "a"}, policy)
    assert [(one.canary, one.soak_seconds) for one in plan.waves] == [(True, 1800), (False, 0)]
    assert plan.totals.expected_seconds == (25 + 30 + 25) * 60
