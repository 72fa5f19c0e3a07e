"""What the reference answers about one build."""

from datetime import date

import pytest

from core.catalog.reference import (
    behind,
    crosses_branch,
    is_supported,
    is_withdrawn,
    line_of,
    months_between,
    neighbours,
    newest_in_branch,
    release_of,
    releases_with_kb,
    service_pack_needed,
    superseded_by,
    supersedes,
)
from core.model.reference import Behind, Branch, Reference, Release
from tests.catalog.known import build, shipped

_TODAY = date(2026, 7, 16)


@pytest.mark.parametrize("text", ["15.0.4430", "15.0.4430.1", "15.0.4430.9"])
def test_a_server_with_four_numbers_is_found_by_three(text: str) -> None:
    found = release_of(shipped(), build(text))
    assert found is not None
    assert found.kbs == ("5054833",)


def test_a_short_form_that_fits_two_releases_names_neither() -> None:
    assert release_of(shipped(), build("15.0.1900")) is None
    exact = release_of(shipped(), build("15.0.1900.47"))
    assert exact is not None
    assert exact.level == "RC"


def test_a_number_that_only_begins_alike_is_another_build() -> None:
    assert release_of(shipped(), build("15.0.443")) is None


def test_an_unknown_build_lies_between_its_neighbours() -> None:
    below, above = neighbours(shipped(), build("15.0.4431.1"))
    assert (str(below.build if below else None), str(above.build if above else None)) == ("15.0.4430", "15.0.4435")


def test_neighbours_are_of_the_same_version() -> None:
    assert neighbours(shipped(), build("11.0.7001")) == (None, None)
    below, above = neighbours(shipped(), build("17.0.9999"))
    assert below is not None
    assert above is None


@pytest.mark.parametrize(
    ("text", "newest"),
    [
        ("15.0.4298.1", "15.0.4480"),
        ("15.0.4395.2", "15.0.4480"),
        ("15.0.2130.3", "15.0.2180"),
        ("15.0.2000.5", "15.0.2180"),
        ("13.0.6300.2", "13.0.6500"),
        ("13.0.7016.1", "13.0.7095"),
        ("13.0.5888.11", "13.0.5893"),
        ("12.0.6444.4", "12.0.6449"),
        ("12.0.6164.21", "12.0.6179"),
    ],
)
def test_the_newest_of_a_branch_never_crosses_into_another(text: str, newest: str) -> None:
    found = newest_in_branch(shipped(), build(text), _TODAY)
    assert found is not None
    assert str(found.build) == newest


def test_a_security_build_on_top_of_the_last_cu_keeps_that_cu_from_being_the_latest() -> None:
    newer = superseded_by(shipped(), build("15.0.4430.1"), date(2025, 7, 31))
    assert [str(one.build) for one in newer] == ["15.0.4435"]


def test_what_was_not_published_yet_supersedes_nothing() -> None:
    assert superseded_by(shipped(), build("15.0.4430.1"), date(2025, 7, 7)) == ()


def test_a_withdrawn_build_is_never_a_target() -> None:
    withdrawn = [one for one in shipped().releases if one.withdrawn]
    assert len(withdrawn) == 5
    for one in withdrawn:
        newest = newest_in_branch(shipped(), one.build, _TODAY)
        assert is_withdrawn(shipped(), one.build)
        assert newest is not None
        assert not newest.withdrawn
        assert one not in superseded_by(shipped(), one.build, _TODAY)


def test_a_cu_contains_all_earlier_ones_of_its_branch() -> None:
    levels = [one.level for one in supersedes(shipped(), build("17.0.4015"))]
    assert levels == ["CU1", "CU1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15.0.4430.1", Behind(0, 8, 16)),
        ("15.0.4298.1", Behind(13, 27, 40)),
        ("15.0.4480.1", Behind(0, 0, 0)),
        ("15.0.2130.3", Behind(0, 8, 20)),
        ("13.0.5882.1", Behind(1, 2, None)),
        ("15.0.4999.1", Behind(0, 0, 0)),
        ("11.0.7001.1", None),
    ],
)
def test_how_far_behind_a_build_is_counts_on_its_own_branch(text: str, expected: Behind | None) -> None:
    assert behind(shipped(), build(text), _TODAY) == expected


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2025, 1, 31), date(2025, 2, 28), 0),
        (date(2025, 1, 14), date(2025, 2, 14), 1),
        (date(2024, 12, 12), date(2026, 1, 11), 12),
        (None, date(2026, 1, 1), None),
        (date(2026, 1, 2), date(2026, 1, 1), 0),
    ],
)
def test_months_are_whole(first: date | None, last: date, months: int | None) -> None:
    assert months_between(first, last) == months


@pytest.mark.parametrize(
    ("build_text", "target", "needed"),
    [
        ("13.0.5888.11", "13.0.6441", "13.0.6300"),
        ("13.0.1601.5", "13.0.7016", "13.0.6300"),
        ("13.0.5888.11", "13.0.6300", None),
        ("13.0.6300.2", "13.0.6441", None),
        ("12.0.2000.8", "12.0.6329", "12.0.6024"),
        ("15.0.2000.5", "15.0.4430", None),
    ],
)
def test_a_service_pack_comes_before_its_updates(build_text: str, target: str, needed: str | None) -> None:
    found = service_pack_needed(shipped(), build(build_text), build(target))
    assert (str(found.build) if found else None) == needed


@pytest.mark.parametrize(
    ("build_text", "target", "crosses"),
    [
        ("15.0.2130.3", "15.0.4430", True),
        ("15.0.4430.1", "15.0.2180", True),
        ("15.0.2000.5", "15.0.4430", False),
        ("15.0.4298.1", "15.0.4480", False),
        ("13.0.6300.2", "13.0.7016", True),
        ("13.0.6441.1", "13.0.7016", True),
        ("13.0.7016.1", "13.0.6441", True),
        ("13.0.5888.11", "13.0.6441", False),
        ("13.0.5888.11", "13.0.6300", False),
        ("12.0.5223.6", "12.0.6329", True),
        ("12.0.5687.1", "12.0.6179", True),
    ],
)
def test_a_branch_is_left_only_where_one_was_chosen(build_text: str, target: str, crosses: bool) -> None:
    assert crosses_branch(shipped(), build(build_text), build(target)) is crosses


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("12.0.6449", date(2024, 7, 9)),
        ("13.0.5888", date(2022, 10, 11)),
        ("13.0.6441", date(2026, 7, 14)),
        ("13.0.7016", date(2026, 7, 14)),
        ("15.0.4430", date(2030, 1, 8)),
    ],
)
def test_support_ends_with_the_service_pack(text: str, ends: date) -> None:
    release = release_of(shipped(), build(text))
    assert release is not None
    assert release.support_ends == ends
    assert is_supported(release, ends) is True
    assert is_supported(release, ends.replace(year=ends.year + 1)) is False


def test_without_a_date_support_is_unknown() -> None:
    release = Release(build("12.0.1524"), "2014", "CTP", (), Branch.PREVIEW)
    assert is_supported(release, _TODAY) is None


def test_one_kb_can_name_two_builds() -> None:
    assert [str(one.build) for one in releases_with_kb(shipped(), "2999809")] == ["12.0.2405", "12.0.2504"]
    assert releases_with_kb(shipped(), "1") == ()


def test_an_empty_reference_knows_nothing() -> None:
    empty = Reference(_TODAY, ())
    assert release_of(empty, build("15.0.4430")) is None
    assert neighbours(empty, build("15.0.4430")) == (None, None)
    assert line_of(empty, build("15.0.4430")) == ()
