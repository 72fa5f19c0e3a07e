"""Ids that sort by time, names that are compared folded, folders that every file system takes."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.ids import folded, folder_name, new_id

_TIMES = st.datetimes(
    datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2200-01-01"), timezones=st.just(UTC)
)
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10))}


@given(_TIMES, _TIMES, st.integers(), st.integers())
def test_ids_sort_by_time(one: datetime, two: datetime, seed: int, other_seed: int) -> None:
    earlier, later = sorted((one, two))
    if later - earlier >= timedelta(milliseconds=1):
        assert new_id(earlier, Random(seed)) < new_id(later, Random(other_seed))


@given(_TIMES, st.integers())
def test_the_same_clock_and_seed_give_the_same_id(at: datetime, seed: int) -> None:
    assert new_id(at, Random(seed)) == new_id(at, Random(seed))


@given(_TIMES, st.integers())
def test_an_id_is_a_uuid_of_version_seven(at: datetime, seed: int) -> None:
    made = uuid.UUID(new_id(at, Random(seed)))
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert abs((made.int >> 80) - at.timestamp() * 1000) < 1


def test_ids_of_one_moment_differ() -> None:
    random, at = Random(1), datetime(2026, 1, 1, tzinfo=UTC)
    assert len({new_id(at, random) for _ in range(1000)}) == 1000


@given(st.text(max_size=300))
def test_a_folder_name_is_safe_on_every_file_system(name: str) -> None:
    made = folder_name(name)
    assert re.fullmatch(r"[a-z0-9-]{10,49}", made)
    assert not made.startswith("-")
    assert made not in _RESERVED


@pytest.mark.parametrize(
    "name", ["CON", "con.", "nul", "SQL01...", "HOST\\INST", "../../etc", "", " ", "a/b:c*d", "日本"]
)
def test_awkward_names_get_folders_of_their_own(name: str) -> None:
    assert folder_name(name) != folder_name(name + "x")
    assert folder_name(name).split("-")[0] != ""


@given(st.text(min_size=1, max_size=50))
def test_names_that_compare_equal_share_a_folder(name: str) -> None:
    assert folder_name(folded(name)) == folder_name(name)


def test_names_are_compared_without_case_and_in_one_form() -> None:
    assert folded("Straße") == folded("STRASSE")
    assert folded("Büro") == folded("Bu\u0308ro")
    assert folder_name("Sql01\\Prod") == folder_name("SQL01\\PROD") != folder_name("SQL01-PROD")
