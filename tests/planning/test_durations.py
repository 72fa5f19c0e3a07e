"""Estimates say where they are from; pools and windows are reckoned with them."""

from core.model.plan import Plan
from core.planning.durations import History, estimate, finishes
from core.planning.planner import Candidate
from core.policy.judging import judge_by
from core.policy.rules import Rules
from tests.planning.table import MAKING, facts_from, host_from, mapping_named, planned, policy_from, reference

INSTALLER = "SQLServer2019-KB5054833-x64.exe"
WINDOW = {"name": "night", "weekdays": ["thursday"], "start": "22:00", "duration_minutes": 60, "zone": "UTC"}


def plan_of(hosts: int, workers: int, history: History | None = None, minutes: int = 60) -> Plan:
    mapping = mapping_named("2019 CU32")
    policy = policy_from({"maintenance_windows": [WINDOW | {"duration_minutes": minutes}]})
    rules = Rules(mapping, policy, reference(), MAKING.at.date())
    found = []
    for index in range(hosts):
        facts, host = facts_from(f"SQL{index}", {"A": "15.0.4298.1"}, {}), host_from(f"SQL{index}", {})
        found.append(Candidate(host, facts, judge_by(rules, facts, host)))
    return planned(tuple(found), mapping, policy, workers, history)


def test_without_history_the_usual_time_counts_and_is_called_so() -> None:
    found = estimate({}, "x.exe", 1200)
    assert (found.median_seconds, found.p90_seconds, found.source) == (1200, None, "no history: the usual time")


def test_history_gives_the_median() -> None:
    assert estimate({"x.exe": (100, 300, 200)}, "x.exe", 1200).median_seconds == 200


def test_few_times_give_no_90th_percentile() -> None:
    assert estimate({"x.exe": (100, 200, 300, 400)}, "x.exe", 1200).p90_seconds is None


def test_enough_times_do() -> None:
    assert estimate({"x.exe": tuple(range(1, 11))}, "x.exe", 1200).p90_seconds == 9


def test_a_free_worker_takes_the_next() -> None:
    assert finishes([(0, 30), (0, 10), (0, 10), (0, 10)], 2) == [30, 10, 20, 30]


def test_starts_are_staggered() -> None:
    assert finishes([(0, 10), (0, 10), (0, 10)], 3, 60) == [10, 70, 130]


def test_a_plan_that_fits_names_its_last_safe_start() -> None:
    plan = plan_of(3, 3)
    (window,) = plan.windows
    assert window.last_safe_start is not None
    assert (window.closes_at - window.last_safe_start).total_seconds() == plan.totals.expected_seconds
    assert [wave.fits for wave in plan.waves] == [True]


def test_a_plan_that_does_not_fit_says_how_many_at_a_time_would() -> None:
    plan = plan_of(6, 1)
    assert plan.windows[0].last_safe_start is None
    assert plan.totals.workers_that_fit == 3
    assert plan_of(6, 3).waves[0].fits is True
    assert plan_of(6, 2).waves[0].fits is False


def test_a_window_that_no_pool_fits_into_says_so() -> None:
    assert plan_of(2, 2, minutes=5).totals.workers_that_fit is None


def test_with_history_the_90th_percentile_decides_whether_it_fits() -> None:
    history: History = {INSTALLER: (600, 600, 600, 600, 600, 3600), "reboot": (60,) * 6}
    plan = plan_of(1, 1, history)
    wave = plan.waves[0]
    assert (wave.expected_seconds, wave.p90_seconds) == (660, 3660)
    assert wave.ends_at is not None
    assert wave.p90_ends_at is not None
    assert wave.ends_at < wave.p90_ends_at
    assert wave.fits is False
