"""Windows open by the clock of their zone, also when that clock is changed."""

from datetime import UTC, date, datetime, time

import pytest

from core.model.policy import WEEKDAYS, MaintenanceWindow
from core.planning.windows import next_opening, patch_day_between


def window(
    start: str, minutes: int = 120, zone: str = "Europe/Berlin", days: tuple[str, ...] = WEEKDAYS
) -> MaintenanceWindow:
    weekdays = tuple(day for day in WEEKDAYS if day in days)
    return MaintenanceWindow("night", zone, weekdays, time.fromisoformat(start), minutes)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_window_opens_by_the_clock_of_its_zone() -> None:
    assert next_opening(window("22:00"), at("2026-08-20T12:00")).opens_at == at("2026-08-20T20:00")


def test_an_open_window_counts_until_it_closes() -> None:
    assert next_opening(window("22:00"), at("2026-08-20T21:59")).opens_at == at("2026-08-20T20:00")
    assert next_opening(window("22:00"), at("2026-08-20T22:00")).opens_at == at("2026-08-21T20:00")


def test_a_window_that_reaches_into_the_next_day_is_still_open_there() -> None:
    saturday = window("23:00", 240, days=("saturday",))
    assert next_opening(saturday, at("2026-08-23T00:30")).opens_at == at("2026-08-22T21:00")


def test_a_window_of_one_weekday_is_found_a_week_ahead() -> None:
    saturday = window("22:00", days=("saturday",))
    assert next_opening(saturday, at("2026-08-23T12:00")).opens_at == at("2026-08-29T20:00")


def test_a_start_that_daylight_saving_skips_lies_behind_the_gap() -> None:
    assert next_opening(window("02:30"), at("2026-03-28T12:00")).opens_at == at("2026-03-29T01:30")


def test_of_a_start_that_comes_twice_the_first_counts() -> None:
    assert next_opening(window("02:30"), at("2026-10-24T12:00")).opens_at == at("2026-10-25T00:30")


def test_a_window_keeps_its_true_length_over_a_change_of_the_clock() -> None:
    found = next_opening(window("01:00", 180), at("2026-03-28T12:00"))
    assert (found.closes_at - found.opens_at).total_seconds() == 180 * 60


@pytest.mark.parametrize(
    ("start", "end", "day"),
    [
        ("2026-09-07T12:00", "2026-09-12T20:00", date(2026, 9, 8)),
        ("2026-09-08T12:00", "2026-09-12T20:00", None),
        ("2026-09-01T00:00", "2026-09-08T20:00", date(2026, 9, 8)),
        ("2026-12-20T00:00", "2027-01-15T20:00", date(2027, 1, 12)),
        ("2026-09-09T00:00", "2026-10-12T20:00", None),
    ],
)
def test_patch_day_is_the_second_tuesday(start: str, end: str, day: date | None) -> None:
    assert patch_day_between(at(start), at(end)) == day
