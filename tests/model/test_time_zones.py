"""Windows' names of time zones stand for zones that there are."""

from zoneinfo import available_timezones

import pytest

from core.model.time_zones import _IANA, iana_zone


def test_every_zone_is_one() -> None:
    assert set(_IANA.values()) <= available_timezones()


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("aus eastern standard time", "Australia/Sydney"),
        ("UTC", "UTC"),
        ("W. Europe Standard Time_dstoff", None),
        ("Mars Standard Time", None),
        ("", None),
    ],
)
def test_a_name_that_is_not_known_stands_for_no_zone(name: str, zone: str | None) -> None:
    assert iana_zone(name) == zone
