"""Times and how long things take, as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

from gui.times import clock_time, elapsed


def test_what_is_shown_of_two_times_and_the_time_between_them_agree() -> None:
    began = datetime(2026, 11, 22, 1, 37, 41, 900_000, tzinfo=UTC)
    ended = datetime(2026, 11, 22, 1, 37, 50, 100_000, tzinfo=UTC)
    assert (clock_time(began)[-2:], clock_time(ended)[-2:], elapsed(began, ended)) == ("41", "50", "9 s")
