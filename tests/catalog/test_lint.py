"""A mapping's statements against each other and the reference: each fault once, none false."""

import json
from typing import Any

import pytest

from tests.catalog.known import DATA, found, linted

_PARAMETERS = "/quiet /IAcceptSQLServerLicenseTerms /Action=Patch /AllInstances"
_SP3 = ("SQLServer2016-SP3-KB5003279-x64.exe", 1)
_GDR = ("SQLServer2016-KB5040946-x64.exe", 2)


def _file(filename: str, order: int = 1, **more: Any) -> dict[str, Any]:
    return {"filename": filename, "path": "hotfixes\\x", "order": order, "parameters": _PARAMETERS, **more}


def _mapping(family: str, target: str, *files: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"version_family": family, "target_build": target, "files": list(files), **more}


def _whole(*mappings: dict[str, Any], unsupported: tuple[str, ...] = ()) -> dict[str, Any]:
    skipped = [{"version_family": one, "message": "out of support"} for one in unsupported]
    return {"schema_version": 1, "mappings": list(mappings), "unsupported_versions": skipped}


def _from_case(case: dict[str, Any]) -> dict[str, Any]:
    """A case names only what matters to it."""
    file = _file(case["file"])
    file |= {key: case[key] for key in ("kb", "parameters") if key in case}
    years = {"10": "2008", "12": "2014", "13": "2016", "14": "2017", "15": "2019", "16": "2022", "17": "2025"}
    family = case.get("family", years[case["target"].partition(".")[0]])
    named = {"min": "min_build", "edition": "edition_filter", "branch": "branch", "description": "description"}
    return _mapping(family, case["target"], file, **{to: case[key] for key, to in named.items() if key in case})


def _cases() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((DATA / "lint_faults.json").read_text(encoding="utf-8"))
    return cases


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["case"])
def test_each_fault_is_found_once_with_what_is_right(case: dict[str, Any]) -> None:
    expected = [(f"mappings[0].{place}".rstrip("."), code, right) for place, code, right in case["faults"]]
    assert found(_whole(_from_case(case["mapping"]))) == expected


def test_document_5_has_eight_faults_in_its_own_example() -> None:
    example = json.loads((DATA / "document5_mapping.json").read_text(encoding="utf-8"))
    assert found(example) == [
        ("mappings[0].files[0].filename", "wrong_kb", "SQLServer2022-KB5048033-x64.exe"),
        ("mappings[1].files[0].filename", "wrong_branch", "SQLServer2019-KB5046060-x64.exe"),
        ("mappings[1].description", "wrong_description", "CU28 with a security update for SQL Server 2019"),
        ("mappings[2].files[1].filename", "wrong_kb", "SQLServer2016-KB5040946-x64.exe"),
        ("mappings[2].description", "wrong_description", "SP3 GDR for SQL Server 2016"),
        ("mappings[2].files[0]", "service_pack_not_needed", "no such file, or min_build below 13.0.6300"),
        ("mappings[2].files[0].parameters", "missing_action", "/Action=Patch"),
        ("mappings[2].files[0].parameters", "missing_instance_switch", "/AllInstances"),
    ]


def test_a_message_names_the_evidence_and_the_correction() -> None:
    example = json.loads((DATA / "document5_mapping.json").read_text(encoding="utf-8"))
    kb, branch, description, *_ = (str(one) for one in linted(example).faults)
    assert kb == (
        "hotfix_mapping.json: mappings[0].files[0].filename: KB5048038 is SQL Server 2022 CU17, build 16.0.4175; "
        "the mapping means SQL Server 2022 CU16, build 16.0.4165, KB5048033: take SQLServer2022-KB5048033-x64.exe"
    )
    assert "KB5046859 is SQL Server 2019 RTM GDR, build 15.0.2130, of another branch (GDR)" in branch
    assert "CU30 is SQL Server 2019 CU30, build 15.0.4415, KB5049235" in description


@pytest.mark.parametrize(
    "mapping",
    [
        _mapping("2025", "17.0.4065", _file("SQLServer2025-KB5096981-x64.exe"), description="CU7 for SQL Server 2025"),
        _mapping("2022", "16.0.4262.1", _file("SQLServer2022-KB5101347-x64.exe"), description="CU25 GDR", branch="cu"),
        _mapping("2022", "16.0.1190", _file("SQLServer2022-KB5102334-x64.exe"), description="GDR", branch="gdr"),
        _mapping("2019", "15.0.4430.1", _file("sqlserver2019-kb5054833-x64_5d6a4ad.exe", kb="5054833")),
        _mapping("2019", "15.0.4480", _file("SQLServer2019-KB5102335-x64.exe"), min_build="15.0.4298.0"),
        _mapping("2017", "14.0.3456.2", _file("SQLServer2017-KB5016884-x64.exe"), description="CU31, replaces CU30"),
        _mapping("2016", "13.0.6300.2", _file("SQLServer2016SP3-KB5003279-x64-ENU.exe"), description="SP3"),
        _mapping("2016", "13.0.6441.1", _file(*_SP3), _file(*_GDR), description="SP3 and its GDR"),
        _mapping("2016", "13.0.6441.1", _file(*_SP3), _file(*_GDR), min_build="13.0.5026.0"),
        _mapping("2016", "13.0.7095", _file("SQLServer2016-KB5102339-x64.exe"), min_build="13.0.6300"),
        _mapping("2014", "12.0.6449.1", _file("SQLServer2014-KB5029185-x64.exe"), min_build="12.0.6024.0"),
        _mapping("2014", "12.0.6329", _file("SQLServer2014-KB4500181-x64.exe"), min_build="12.0.6024"),
    ],
    ids=lambda one: f"{one['target_build']} {one.get('description', '')}",
)
def test_a_right_mapping_has_no_faults(mapping: dict[str, Any]) -> None:
    assert found(_whole(mapping)) == []


def test_a_service_pack_after_its_update_is_moved_first() -> None:
    files = (_file(_SP3[0], 2), _file(_GDR[0], 1))
    assert found(_whole(_mapping("2016", "13.0.6441", *files))) == [
        ("mappings[0].files[0].order", "update_before_service_pack", "below 1")
    ]


def test_two_files_with_one_order_are_one_fault() -> None:
    files = (_file(_SP3[0], 1), _file(_GDR[0], 1))
    assert found(_whole(_mapping("2016", "13.0.6441", *files))) == [
        ("mappings[0].files[1].order", "repeated_order", "2")
    ]


def test_one_installer_twice_is_one_fault() -> None:
    files = (_file(_SP3[0], 1), _file(_GDR[0], 2), _file(_GDR[0], 3))
    assert found(_whole(_mapping("2016", "13.0.6441", *files))) == [
        ("mappings[0].files[2].filename", "repeated_file", None)
    ]


def test_a_service_pack_file_with_the_kb_of_another_is_corrected() -> None:
    files = (_file("SQLServer2016-SP3-KB4052908-x64.exe", 1), _file(*_GDR))
    assert found(_whole(_mapping("2016", "13.0.6441", *files))) == [
        ("mappings[0].files[0].filename", "wrong_kb", "SQLServer2016-SP3-KB5003279-x64.exe")
    ]


def test_a_file_beyond_the_target_is_one_fault() -> None:
    files = (_file(*_SP3), _file(*_GDR), _file("SQLServer2016-KB5042207-x64.exe", 3))
    assert found(_whole(_mapping("2016", "13.0.6441", *files, description="SP3 GDR of July 2024"))) == [
        ("mappings[0].files[2].filename", "beyond_target", "at most 13.0.6441")
    ]


def test_a_gdr_before_a_cu_is_of_another_branch() -> None:
    files = (_file("SQLServer2019-KB5046859-x64.exe", 1), _file("SQLServer2019-KB5054833-x64.exe", 2))
    assert found(_whole(_mapping("2019", "15.0.4430", *files))) == [
        ("mappings[0].files[0].filename", "wrong_branch", None)
    ]


_CU32 = _file("SQLServer2019-KB5054833-x64.exe")
_CU31 = _file("SQLServer2019-KB5049296-x64.exe")


@pytest.mark.parametrize(
    ("first", "second", "is_fault"),
    [
        ({}, {}, True),
        ({"edition_filter": "Enterprise"}, {"edition_filter": "Enterprise Edition"}, True),
        ({"edition_filter": "Enterprise"}, {"edition_filter": "evaluation"}, True),
        ({"edition_filter": "Enterprise"}, {"edition_filter": "Standard"}, False),
        ({"edition_filter": "Enterprise"}, {"edition_filter": "Developer"}, False),
        ({}, {"edition_filter": "Standard"}, False),
        ({"min_build": "15.0.4420"}, {}, False),
        ({"min_build": "15.0.4410"}, {}, True),
    ],
)
def test_two_mappings_that_match_one_instance_are_one_fault(
    first: dict[str, str], second: dict[str, str], is_fault: bool
) -> None:
    document = _whole(_mapping("2019", "15.0.4430", _CU32, **first), _mapping("2019", "15.0.4420", _CU31, **second))
    assert [one[:2] for one in found(document)] == ([("mappings[1]", "overlapping_mappings")] if is_fault else [])


def test_the_editions_of_2025_overlap_where_older_ones_do_not() -> None:
    file = _file("SQLServer2025-KB5096981-x64.exe")
    document = _whole(
        *(_mapping("2025", "17.0.4065", file, edition_filter=edition) for edition in ("Standard", "Developer"))
    )
    assert [one[1] for one in found(document)] == ["overlapping_mappings"]


def test_mappings_on_two_branches_serve_different_instances() -> None:
    gdr = _mapping("2019", "15.0.2180", _file("SQLServer2019-KB5102336-x64.exe"), branch="gdr")
    assert found(_whole(gdr, _mapping("2019", "15.0.4430", _CU32))) == []


def test_an_unsupported_version_twice_is_one_fault() -> None:
    assert found(_whole(unsupported=("2008R2", "2008R2"))) == [
        ("unsupported_versions[1].version_family", "repeated_family", None)
    ]


def test_a_build_newer_than_the_reference_is_not_called_wrong_but_unproven() -> None:
    proof = linted(_whole(_mapping("2022", "16.0.4999.1", _file("SQLServer2022-KB5999999-x64.exe"))))
    assert proof.faults == ()
    assert "does not know 16.0.4999.1, so that nothing about it is proven" in proof.notes[0].message


def test_a_version_that_the_reference_does_not_hold_is_unproven() -> None:
    proof = linted(_whole(_mapping("2012", "11.0.7507.2", _file("SQLServer2012-KB4583465-x64.exe"))))
    assert proof.faults == ()
    assert len(proof.notes) == 1


def test_a_target_that_is_not_the_newest_is_worth_a_note() -> None:
    proof = linted(_whole(_mapping("2019", "15.0.4430", _CU32)))
    assert proof.faults == ()
    (note,) = proof.notes
    assert "CU32 with a security update, build 15.0.4480, KB5102335 is the newest of this branch" in note.message
