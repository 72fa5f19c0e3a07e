"""The community's index, taken in whole and put right where it is known to be wrong."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.catalog.importing import Change, changes, imported, only_since
from core.catalog.reference import release_of
from core.model.build import Build
from core.model.fault import Fault
from core.model.reference import Branch, Reference, Release
from core.settings.build_reference import BuildReferenceFile, reference_of, text_of
from core.settings.community_index import CommunityIndex
from core.settings.reading import read_file
from tests.catalog.known import DATA, build, shipped

# The whole index is nobody's to commit; where it lies beside the checkout it is imported whole.
_WHOLE = Path(__file__).parents[3] / "shared" / "data" / "dbatools-buildref-index.json"


def _read(text: str) -> CommunityIndex:
    read = read_file(CommunityIndex, "index.json", text)
    assert isinstance(read, CommunityIndex), read
    return read


def _excerpt() -> Reference:
    return imported(_read((DATA / "community_excerpt.json").read_text(encoding="utf-8")))


def _release(text: str) -> Release:
    found = release_of(_excerpt(), build(text))
    assert found is not None
    return found


def _faults(document: dict[str, Any]) -> list[str]:
    read = read_file(CommunityIndex, "index.json", json.dumps(document))
    assert isinstance(read, tuple)
    assert all(isinstance(one, Fault) for one in read)
    return [one.path.removeprefix("index.json: ") for one in read]


def test_every_row_becomes_a_release() -> None:
    document = json.loads((DATA / "community_excerpt.json").read_text(encoding="utf-8"))
    assert [str(one.build) for one in _excerpt().releases] == [row["Version"] for row in document["Data"]]
    assert _excerpt().as_of == date(2026, 7, 16)


def test_a_row_inherits_the_level_and_the_support_end_of_its_service_pack() -> None:
    assert (_release("13.0.6441").level, _release("13.0.6441").support_ends) == ("SP3", date(2026, 7, 14))
    assert (_release("15.0.4435").level, _release("15.0.4435").support_ends) == ("CU32", date(2030, 1, 8))


def test_one_kb_may_stand_without_its_list() -> None:
    assert _release("15.0.4430").kbs == ("5054833",)
    assert _release("15.0.4435").kbs == ("5058722",)
    assert _release("15.0.2000").kbs == ()


def test_retired_means_withdrawn_and_a_nameless_one_is_the_cu_that_came_again() -> None:
    first, again = _release("16.0.4235"), _release("16.0.4236")
    assert (first.withdrawn, first.level, first.branch) == (True, "CU23", Branch.CU)
    assert (again.withdrawn, again.level) == (False, "CU23")


def test_what_the_index_has_wrong_is_corrected() -> None:
    assert _release("13.0.5888").support_ends == date(2022, 10, 11)
    assert _release("12.0.4468").kbs == ()


def test_a_date_that_the_index_does_not_have_stays_unknown() -> None:
    assert _release("13.0.6441").released is None
    assert _release("15.0.4430").released == date(2025, 2, 27)


def test_versions_from_before_the_branches_are_ambiguous_except_for_what_is_named() -> None:
    named = {str(one.build): one.branch for one in _excerpt().releases if one.family == "2012"}
    assert named == {
        "11.0.1103": Branch.PREVIEW,
        "11.0.2100": Branch.RTM_SP,
        "11.0.2316": Branch.CU,
        "11.0.2376": Branch.AMBIGUOUS,
        "11.0.7001": Branch.RTM_SP,
    }


def test_a_version_that_we_do_not_know_yet_is_taken_by_the_name_the_index_gives_it() -> None:
    assert {one.family for one in _excerpt().releases if one.build.major == 18} == {"2028"}


def test_older_versions_can_be_left_out() -> None:
    assert {one.family for one in only_since(_excerpt(), "2019").releases} == {"2019", "2022", "2028"}


def test_our_own_file_says_what_was_imported() -> None:
    read = read_file(BuildReferenceFile, "x", text_of(_excerpt()))
    assert isinstance(read, BuildReferenceFile), read
    assert reference_of(read) == _excerpt()


def test_every_fault_of_a_wrong_index_is_listed() -> None:
    rows = [
        {"Version": "15.0"},
        {"Version": "15.0.4430", "KBList": "KB12"},
        {"Version": "15.0.4435", "SP": "SP11"},
        {"Version": "15.0.4440", "ReleaseDate": "last week"},
        {"KBList": "5054833"},
    ]
    assert _faults({"LastUpdated": "2026-07-16T00:00:00", "Data": rows}) == [
        "Data[0].Version",
        "Data[1].KBList[0]",
        "Data[2].SP[0]",
        "Data[3].ReleaseDate",
        "Data[4].Version",
    ]


@pytest.mark.parametrize(
    ("document", "places"),
    [
        ({}, ["LastUpdated", "Data"]),
        ({"LastUpdated": "2026-07-16T00:00:00", "Data": []}, ["Data"]),
        ({"LastUpdated": "2026-07-16T00:00:00", "Data": [{"Version": "15.0.1"}, {"Version": "15.0.1"}]}, ["Data"]),
    ],
)
def test_what_is_no_index_is_refused(document: dict[str, Any], places: list[str]) -> None:
    assert _faults(document) == places


def test_an_import_shows_what_it_adds_corrects_and_removes() -> None:
    kept, gone, new = (Release(Build(15, 0, number), "2019", "CU1", (), Branch.CU) for number in (4003, 4010, 4020))
    before = Reference(date(2026, 1, 1), (kept, gone))
    after = Reference(date(2026, 2, 1), (replace(kept, kbs=("4527376",), withdrawn=True), new))
    assert changes(before, after) == (
        Change("changed", kept.build, ("kbs none -> 4527376", "withdrawn no -> yes")),
        Change("removed", gone.build, ("SQL Server 2019 CU1, build 15.0.4010",)),
        Change("added", new.build, ("SQL Server 2019 CU1, build 15.0.4020",)),
    )
    assert changes(after, after) == ()


def test_the_shipped_reference_holds_the_versions_from_2014_on() -> None:
    assert {one.family for one in shipped().releases} == {"2014", "2016", "2017", "2019", "2022", "2025"}
    assert not any(one.branch is Branch.AMBIGUOUS for one in shipped().releases)
    assert [one.build for one in shipped().releases] == sorted(one.build for one in shipped().releases)


@pytest.mark.skipif(not _WHOLE.is_file(), reason=f"the whole index is not beside the checkout: {_WHOLE}")
def test_the_whole_index_is_taken_and_gives_the_shipped_reference() -> None:
    whole = imported(_read(_WHOLE.read_text(encoding="utf-8")))
    assert len(whole.releases) == 1153
    assert only_since(whole, "2014") == shipped()
