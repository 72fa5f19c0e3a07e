"""The trend adds up what the runs' reports say."""

from dataclasses import replace
from datetime import timedelta

from core.reports.trend import SQL_SERVER
from tests.reports.stories import good_story, mixed_story, told, trend
from tests.samples import AT

_GOOD, _MIXED = told(good_story()), told(mixed_story())


def test_hosts_are_counted_by_month_and_none_is_lost() -> None:
    later = replace(_MIXED, started_at=AT + timedelta(days=31))
    found = trend(_GOOD, later, replace(later, run_id="another"))
    march, april = found.months
    assert (march.month, march.runs, march.hosts, march.patched) == ("2026-03", 1, 2, 2)
    assert (april.runs, april.hosts, april.patched, april.failed, april.unknown, april.deferred) == (2, 8, 2, 2, 2, 2)
    for one in found.months:
        assert one.hosts == one.patched + one.failed + one.blocked + one.deferred + one.unknown + one.other


def test_the_month_is_the_readers() -> None:
    late = replace(_GOOD, started_at=AT.replace(day=31, hour=22, minute=30))
    assert trend(late).months[0].month == "2026-04"


def test_time_to_patch_counts_from_the_release_to_the_proof() -> None:
    (found,) = trend(_GOOD).time_to_patch
    assert (found.severity, found.installed, found.median_days, found.longest_days) == (SQL_SERVER, 2, 12.0, 12)


def test_a_host_that_is_not_verified_was_not_patched_in_time() -> None:
    assert trend(_MIXED).time_to_patch[0].installed == 1


def test_causes_and_restarts_are_counted() -> None:
    found = trend(_GOOD, _MIXED)
    assert [(one.cause, one.number) for one in found.causes] == [("no answer", 1), ("setup failed", 1)]
    assert found.months[0].restarts_proven == 3


def test_no_run_is_an_empty_trend() -> None:
    assert trend().months == ()
