"""Builds: a server's four numbers against the reference's three, and never as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.build import FAMILIES, Build
from core.model.document import from_document, json_schema, to_document

_PART = st.integers(0, 99_999)
BUILDS = st.builds(Build, _PART, _PART, _PART, st.none() | _PART)
# Near neighbours, so that equal beginnings are common.
_CLOSE = st.builds(Build, st.just(15), st.just(0), st.integers(4298, 4300), st.none() | st.integers(0, 2))
_FULL = st.builds(Build, st.just(15), st.just(0), st.integers(4298, 4300), st.integers(0, 3))


@given(BUILDS)
def test_a_build_is_read_back_from_its_own_text(build: Build) -> None:
    assert Build.parse(str(build)) == build
    assert from_document(Build, to_document(build)) == build


@pytest.mark.parametrize(
    "text",
    [
        "",
        "15",
        "15.0",
        "15.0.",
        "15.0.4298.1.2",
        "15.0.x",
        "-15.0.1",
        "15.0.123456",
        "15,0,4298",
        "15.0.42 98",
        "15.0.٤٢٩٨",
    ],
)
def test_what_is_no_build_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="is not a build"):
        Build.parse(text)


def test_blanks_around_a_build_are_nothing() -> None:
    assert Build.parse(" 15.0.4298.1\n") == Build(15, 0, 4298, 1)


def test_builds_are_compared_as_numbers_not_as_text() -> None:
    less, more = "15.0.430.9", "15.0.4298.1"
    assert less > more, "as text it is the other way round"
    assert Build.parse(less) < Build.parse(more)


@given(_CLOSE, _CLOSE, _CLOSE)
def test_the_order_of_builds_is_total(one: Build, two: Build, three: Build) -> None:
    assert (one < two) + (one == two) + (one > two) == 1
    if one <= two <= three:
        assert one <= three


@given(_FULL, _FULL, _FULL)
def test_reaching_is_transitive_among_builds_of_four_numbers(one: Build, two: Build, three: Build) -> None:
    assert one.reaches(one)
    if one.reaches(two) and two.reaches(three):
        assert one.reaches(three)


@pytest.mark.parametrize(
    ("build", "target", "reached"),
    [
        ("15.0.4430.1", "15.0.4430.1", True),
        ("15.0.4430.1", "15.0.4430.2", False),
        ("15.0.4430.1", "15.0.4430", True),
        ("15.0.4430", "15.0.4430.1", True),
        ("15.0.4429.9", "15.0.4430", False),
        ("15.0.430.9", "15.0.4395", False),
        ("16.0.1000.6", "15.0.4430.1", True),
    ],
)
def test_reaching_compares_the_numbers_that_both_carry(build: str, target: str, reached: bool) -> None:
    assert Build.parse(build).reaches(Build.parse(target)) is reached


def test_every_product_since_2000_has_its_family() -> None:
    assert Build.parse("10.50.6560.0").family == "2008R2"
    assert Build.parse("10.0.6814.4").family == "2008"
    assert Build.parse("17.0.1000.7").family == "2025"
    assert Build.parse("18.0.1.1").family is None
    assert len(set(FAMILIES.values())) == len(FAMILIES)


def test_a_document_of_another_shape_is_no_build() -> None:
    for wrong in (15.0, ["15", "0", "1"], None, "newest"):
        with pytest.raises(ValueError, match=r"."):
            from_document(Build, wrong)
    assert json_schema(Build)["type"] == "string"


def test_a_short_build_is_the_same_as_a_long_one() -> None:
    short, long = Build.parse("15.0.4430"), Build.parse("15.0.4430.1")
    assert short.is_same(long)
    assert short.reaches(long)
    assert long.reaches(short)
    assert not Build.parse("15.0.4430.2").is_same(long)
    assert not long.reaches(Build.parse("15.0.4430.2"))


@given(BUILDS, BUILDS)
def test_of_two_builds_one_reaches_the_other(a: Build, b: Build) -> None:
    assert a.reaches(b) or b.reaches(a)
    assert (a.reaches(b) and b.reaches(a)) == a.is_same(b)


@given(BUILDS)
def test_a_build_survives_its_text(build: Build) -> None:
    assert Build.parse(str(build)) == build
