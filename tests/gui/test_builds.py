"""Builds in words: the name that people know, and the number that is exact."""

import pytest

from core.model.compliance import PatchLevel
from gui.builds import became_in_words, build_in_words, change_in_words, present_in_words, wanted_in_words

_OLD, _NEW = "15.0.4385.2", "15.0.4430.1"
_TITLES = {_OLD: "CU28", _NEW: "CU30"}


@pytest.mark.parametrize(
    ("before", "after", "titles", "words"),
    [
        (_OLD, _NEW, _TITLES, "2019 CU28 → CU30 (15.0.4430.1)"),
        (_OLD, _NEW, {}, "2019 15.0.4385.2 → 15.0.4430.1"),
        (_OLD, _NEW, {_OLD: "CU28"}, "2019 CU28 → 15.0.4430.1"),
        (_OLD, _NEW, {_OLD: "SP3 GDR", _NEW: "SP3 GDR"}, "2019 SP3 GDR 15.0.4385.2 → 15.0.4430.1"),
        (_OLD, _OLD, _TITLES, "2019 CU28 (15.0.4385.2)"),
    ],
)
def test_a_change_names_the_updates_and_the_build_that_it_ends_at(
    before: str, after: str, titles: dict[str, str], words: str
) -> None:
    assert change_in_words(before, after, titles) == words


def test_what_nobody_has_seen_is_said_to_be_planned() -> None:
    assert became_in_words(_OLD, _NEW, None, _TITLES) == "planned: 2019 CU28 → CU30 (15.0.4430.1)"
    assert became_in_words(_OLD, _NEW, _OLD, _TITLES) == "2019 CU28 (15.0.4385.2)"


def test_a_build_that_the_reference_does_not_know_stands_by_itself() -> None:
    assert build_in_words("15.0.9999.1", None) == "15.0.9999.1"


def test_an_instance_tells_what_it_has_and_what_it_is_to_get() -> None:
    level = PatchLevel("MSSQLSERVER", _OLD, _NEW, "CU28", "CU30")
    assert present_in_words(level) == "2019 CU28 (15.0.4385.2)"
    assert wanted_in_words(level) == "CU30 (15.0.4430.1)"
    assert wanted_in_words(PatchLevel("MSSQLSERVER", _OLD, _NEW)) == _NEW
    assert wanted_in_words(PatchLevel("MSSQLSERVER", _NEW, _NEW)) == ""
    assert wanted_in_words(PatchLevel("MSSQLSERVER", _NEW, None)) == ""
