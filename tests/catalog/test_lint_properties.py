"""Lint over mappings that the reference itself makes: clean ones stay clean, one planted fault is found once."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from core.catalog.branches import has_service_packs, track_of
from core.catalog.reference import baseline_release, releases_with_kb
from core.model.reference import Branch, Release
from tests.catalog.known import found, shipped

_PARAMETERS = "/quiet /IAcceptSQLServerLicenseTerms /Action=Patch /AllInstances"
_TARGETS = [
    one
    for one in shipped().releases
    if one.kbs
    and not one.withdrawn
    and one.branch is not Branch.PREVIEW
    and len(releases_with_kb(shipped(), one.kbs[0])) == 1
]
_FAMILIES = sorted({one.family for one in _TARGETS})
_WITHDRAWN = [one for one in shipped().releases if one.withdrawn]

Document = dict[str, Any]


def _filename(release: Release) -> str:
    pack = f"-{release.level}" if release.branch is Branch.RTM_SP else ""
    return f"SQLServer{release.family}{pack}-KB{release.kbs[0]}-x64.exe"


def _file(release: Release, order: int, with_kb: bool) -> Document:
    kb = {"kb": release.kbs[0]} if with_kb else {}
    return {"filename": _filename(release), "path": "hotfixes", "order": order, "parameters": _PARAMETERS, **kb}


def _mapping(draw: st.DrawFn, target: Release) -> Document:
    """Right by construction: every statement is taken from the reference."""
    base = baseline_release(shipped(), target.build)
    assert base is not None
    with_kb, revision = draw(st.booleans()), draw(st.sampled_from(["", ".1", ".6"]))
    mapping: Document = {"version_family": target.family, "target_build": f"{target.build}{revision}", "files": []}
    mapping["description"] = f"{target.title} for SQL Server {target.family}"
    track = track_of(target.branch)
    if track is not None and target.branch is not Branch.RTM_SP and draw(st.booleans()):
        mapping["branch"] = track.value
    if has_service_packs(target.family) and base.level != "RTM" and base != target:
        if draw(st.booleans()):
            mapping["files"].append(_file(base, 1, with_kb))
        else:
            mapping["min_build"] = str(base.build)
    mapping["files"].append(_file(target, len(mapping["files"]) + 1, with_kb))
    return mapping


@st.composite
def _documents(draw: st.DrawFn) -> Document:
    families = draw(st.lists(st.sampled_from(_FAMILIES), min_size=1, max_size=3, unique=True))
    targets = [draw(st.sampled_from([one for one in _TARGETS if one.family == family])) for family in families]
    return {"schema_version": 1, "mappings": [_mapping(draw, target) for target in targets]}


def _other_release(draw: st.DrawFn, mapping: Document) -> Release:
    """Of the same version, and not what the mapping means or installs on the way."""
    meant = {one["filename"] for one in mapping["files"]}
    others = [one for one in _TARGETS if one.family == mapping["version_family"] and _filename(one) not in meant]
    return draw(st.sampled_from(others))


def _wrong_kb(draw: st.DrawFn, mapping: Document) -> str:
    other, file = _other_release(draw, mapping), mapping["files"][-1]
    assume(other.branch is not Branch.RTM_SP)
    file["filename"] = f"SQLServer{other.family}-KB{other.kbs[0]}-x64.exe"
    file.pop("kb", None)
    return f"files[{len(mapping['files']) - 1}].filename"


def _wrong_kb_key(draw: st.DrawFn, mapping: Document) -> str:
    mapping["files"][-1]["kb"] = _other_release(draw, mapping).kbs[0]
    return f"files[{len(mapping['files']) - 1}].kb"


def _wrong_product(draw: st.DrawFn, mapping: Document) -> str:
    family = mapping["version_family"]
    other = draw(st.sampled_from([one for one in _FAMILIES if one != family]))
    file = mapping["files"][-1]
    file["filename"] = file["filename"].replace(f"SQLServer{family}", f"SQLServer{other}")
    return f"files[{len(mapping['files']) - 1}].filename"


def _wrong_target(draw: st.DrawFn, mapping: Document) -> str:
    """The description decides between target and file. One that fits both, as "CU31 with a hotfix" fits the builds of
    all updates on top of CU31, leaves it open which of them is wrong."""
    other = _other_release(draw, mapping)
    right = next(one for one in _TARGETS if _filename(one) == mapping["files"][-1]["filename"])
    assume((other.level, track_of(other.branch)) != (right.level, track_of(right.branch)))
    mapping["target_build"] = str(other.build)
    return "target_build"


def _wrong_family(draw: st.DrawFn, mapping: Document) -> str:
    mapping["version_family"] = draw(st.sampled_from([one for one in _FAMILIES if one != mapping["version_family"]]))
    return "version_family"


def _wrong_description(draw: st.DrawFn, mapping: Document) -> str:
    mapping["description"] = f"CU{draw(st.integers(40, 60))} for SQL Server {mapping['version_family']}"
    return "description"


def _wrong_branch(draw: st.DrawFn, mapping: Document) -> str:
    right = next(one for one in _TARGETS if _filename(one) == mapping["files"][-1]["filename"])
    assume(right.branch is not Branch.RTM_SP)
    tracks = [one for one in ("gdr", "cu", "azure_connect") if one != track_of(right.branch)]
    mapping["branch"] = draw(st.sampled_from(tracks))
    return "branch"


def _minimum_above(draw: st.DrawFn, mapping: Document) -> str:
    mapping["min_build"] = mapping["target_build"].partition(".")[0] + ".0.9999"
    return "min_build"


def _minimum_of_another_version(draw: st.DrawFn, mapping: Document) -> str:
    mapping["min_build"] = "11.0.2100"
    return "min_build"


def _no_service_pack(draw: st.DrawFn, mapping: Document) -> str:
    assume(len(mapping["files"]) == 2 or "min_build" in mapping)
    mapping["files"] = mapping["files"][-1:]
    mapping.pop("min_build", None)
    return ""


def _service_pack_last(draw: st.DrawFn, mapping: Document) -> str:
    assume(len(mapping["files"]) == 2)
    mapping["files"][0]["order"] = 7
    return "files[0].order"


def _same_order(draw: st.DrawFn, mapping: Document) -> str:
    assume(len(mapping["files"]) == 2)
    mapping["files"][1]["order"] = mapping["files"][0]["order"]
    return "files[1].order"


def _missing_switch(draw: st.DrawFn, mapping: Document) -> str:
    index = draw(st.integers(0, len(mapping["files"]) - 1))
    switch = draw(st.sampled_from(_PARAMETERS.split()))
    mapping["files"][index]["parameters"] = " ".join(one for one in _PARAMETERS.split() if one != switch)
    return f"files[{index}].parameters"


def _unknown_edition(draw: st.DrawFn, mapping: Document) -> str:
    mapping["edition_filter"] = draw(st.text("qz", min_size=1, max_size=5))
    return "edition_filter"


_MUTATIONS: list[Callable[[st.DrawFn, Document], str]] = [
    _wrong_kb,
    _wrong_kb_key,
    _wrong_product,
    _wrong_target,
    _wrong_family,
    _wrong_description,
    _wrong_branch,
    _minimum_above,
    _minimum_of_another_version,
    _no_service_pack,
    _service_pack_last,
    _same_order,
    _missing_switch,
    _unknown_edition,
]


@st.composite
def _mutated(draw: st.DrawFn, mutate: Callable[[st.DrawFn, Document], str]) -> tuple[Document, str]:
    document = deepcopy(draw(_documents()))
    index = draw(st.integers(0, len(document["mappings"]) - 1))
    place = mutate(draw, document["mappings"][index])
    # Another mapping of the same version would overlap with this one: a second fault, and a true one.
    families = [one["version_family"] for one in document["mappings"]]
    assume(len(set(families)) == len(families))
    return document, f"mappings[{index}].{place}".rstrip(".")


@given(_documents())
def test_a_mapping_made_from_the_reference_is_clean(document: Document) -> None:
    assert found(document) == []


@given(st.sampled_from(_MUTATIONS).flatmap(_mutated))
def test_one_planted_fault_is_found_exactly_once_and_in_its_place(case: tuple[Document, str]) -> None:
    document, place = case
    assert [one[0] for one in found(document)] == [place]


@given(_documents(), st.data())
def test_a_second_mapping_for_the_same_instances_is_found_once(document: Document, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(document["mappings"]) - 1))
    document["mappings"].append(deepcopy(document["mappings"][index]))
    assert [one[:2] for one in found(document)] == [
        (f"mappings[{len(document['mappings']) - 1}]", "overlapping_mappings")
    ]


@given(st.sampled_from(_WITHDRAWN))
def test_a_withdrawn_target_is_found_once(release: Release) -> None:
    mapping = {
        "version_family": release.family,
        "target_build": str(release.build),
        "min_build": str(baseline.build) if (baseline := baseline_release(shipped(), release.build)) else None,
        "description": release.title,
        "files": [_file(release, 1, with_kb=True)],
    }
    assert [one[1] for one in found({"schema_version": 1, "mappings": [mapping]})] == ["withdrawn_target"]
