"""Branches, inferred from numbers alone, and ambiguous where they must be."""

import csv
from itertools import pairwise

import pytest

from core.catalog.branches import BASELINES, inferred, track_of
from core.catalog.reference import branch_of, release_of
from core.model.reference import Branch, Track
from tests.catalog.known import DATA, build, shipped


def _cases() -> list[dict[str, str]]:
    with (DATA / "branches.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["build"])
def test_the_branch_of_a_build_is_inferred_from_its_number(case: dict[str, str]) -> None:
    release = release_of(shipped(), build(case["build"]))
    assert release is not None
    assert (release.branch.value, release.level) == (case["branch"], case["level"])


@pytest.mark.parametrize("text", ["8.0.760", "9.0.5266", "10.0.5512", "10.50.6529", "11.0.7507", "18.0.1000"])
def test_where_branches_share_their_numbers_the_branch_is_ambiguous(text: str) -> None:
    assert inferred(build(text)) is Branch.AMBIGUOUS


@pytest.mark.parametrize(
    ("text", "track"),
    [
        ("15.0.2999.1", Track.GDR),
        ("15.0.4999.1", Track.CU),
        ("13.0.6999.1", Track.GDR),
        ("13.0.7999.1", Track.AZURE_CONNECT),
        ("11.0.9999.1", None),
    ],
)
def test_an_unknown_build_is_on_the_line_of_its_range(text: str, track: Track | None) -> None:
    assert track_of(branch_of(shipped(), build(text))) is track


def test_baselines_lie_in_the_order_of_their_numbers() -> None:
    for family in BASELINES.values():
        assert all(lower.starts < upper.starts for lower, upper in pairwise(family))
        assert all(one.cus_start is None or one.cus_start > one.starts for one in family)
