"""mapping lint and mapping check, as an operator types them."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from core.app.workspace import make_workspace
from tests.cli.asking import ask

_DOCUMENT_5 = Path(__file__).parents[1] / "data" / "document5_mapping.json"
_PARAMETERS = "/quiet /IAcceptSQLServerLicenseTerms /Action=Patch /AllInstances"
_CU32 = "SQLServer2019-KB5054833-x64.exe"
_Capture = pytest.CaptureFixture[str]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "space").path


def _map(workspace: Path, path: str = "hotfixes\\2019", **more: Any) -> Path:
    """A mapping of one file; returns where it lies on disk."""
    file = {"filename": _CU32, "path": path, "order": 1, "parameters": _PARAMETERS, **more}
    mapping = {"version_family": "2019", "target_build": "15.0.4430.1", "files": [file]}
    text = json.dumps({"schema_version": 1, "mappings": [mapping]})
    (workspace / "config" / "hotfix_mapping.json").write_text(text, encoding="utf-8")
    folder = workspace / "hotfixes" / "2019"
    folder.mkdir(parents=True)
    return folder / _CU32


def test_the_sample_mapping_is_clean(capsys: _Capture, workspace: Path) -> None:
    reply = ask(capsys, workspace, "mapping", "lint")
    assert (reply.code, reply.err) == (0, "")
    assert reply.out.endswith("no faults\n")


def test_lint_lists_every_fault_and_says_how_many(capsys: _Capture, workspace: Path) -> None:
    shutil.copy(_DOCUMENT_5, workspace / "config" / "hotfix_mapping.json")
    reply = ask(capsys, workspace, "mapping", "lint")
    assert reply.code == 1
    assert reply.out.endswith("8 faults\n")
    assert len(reply.err.splitlines()) == 8


def test_lint_as_json_is_one_document(capsys: _Capture, workspace: Path) -> None:
    shutil.copy(_DOCUMENT_5, workspace / "config" / "hotfix_mapping.json")
    document = ask(capsys, workspace, "mapping", "lint", "--json").document
    assert (document["command"], document["ok"], document["data"]["faults"]) == ("mapping lint", False, 8)
    assert all(one["path"] and one["found"] and one["expected"] for one in document["faults"])


_FORBIDDEN = ["/SAPWD=secret", "/PID=12345", "/Action=Uninstall", "&", "/quiet;calc"]
_PLACE = "config/hotfix_mapping.json: mappings[0].files[0].parameters"


@pytest.mark.parametrize("switch", _FORBIDDEN)
def test_lint_reports_a_forbidden_switch_once_and_hides_its_value(
    capsys: _Capture, workspace: Path, switch: str
) -> None:
    _map(workspace, parameters=f"{_PARAMETERS} {switch}")
    reply = ask(capsys, workspace, "mapping", "lint", "--json")
    assert reply.code == 1
    assert [(one["path"], one["code"]) for one in reply.document["faults"]] == [(_PLACE, "forbidden_switch")]
    assert "secret" not in reply.out


@pytest.mark.parametrize("command", [("mapping", "check"), ("config", "check"), ("plan",), ("assess",)])
def test_everybody_else_refuses_a_forbidden_switch(capsys: _Capture, workspace: Path, command: tuple[str, ...]) -> None:
    _map(workspace, parameters=f"{_PARAMETERS} {_FORBIDDEN[0]}")
    reply = ask(capsys, workspace, *command, "--json")
    assert (reply.code, reply.fault_codes) == (2, ["forbidden_switch"])


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("/quite", "/quiet"),
        ("/Action=Install", "/Action=Patch"),
        ("/AllInstance", "/AllInstances"),
        ("/IAcceptSQLServerLicenceTerms", "/IAcceptSQLServerLicenseTerms"),
    ],
)
def test_a_misspelt_switch_is_one_fault_and_its_spelling_is_told(
    capsys: _Capture, workspace: Path, wrong: str, right: str
) -> None:
    _map(workspace, parameters=_PARAMETERS.replace(right, wrong))
    (fault,) = ask(capsys, workspace, "mapping", "lint", "--json").document["faults"]
    assert (fault["code"], fault["expected"]) == ("forbidden_switch", right)
    assert f"did you mean {right}?" in fault["message"]


def test_a_forbidden_switch_does_not_hide_what_else_is_wrong(capsys: _Capture, workspace: Path) -> None:
    _map(workspace, parameters="/quiet /PID=1 /Action=Patch /AllInstances", kb="5058722")
    assert ask(capsys, workspace, "mapping", "lint", "--json").fault_codes == [
        "forbidden_switch",
        "wrong_kb",
        "missing_license_switch",
    ]


def test_lint_refuses_what_is_wrong_otherwise_in_the_files(capsys: _Capture, workspace: Path) -> None:
    _map(workspace, parameters=f"{_PARAMETERS} {_FORBIDDEN[0]}", order=0)
    reply = ask(capsys, workspace, "mapping", "lint", "--json")
    assert (reply.code, set(reply.fault_codes)) == (2, {"forbidden_switch", "out_of_range"})


def test_a_package_as_the_mapping_says_is_good(capsys: _Capture, workspace: Path) -> None:
    sha256 = hashlib.sha256(b"installer").hexdigest()
    _map(workspace, sha256=sha256, size_bytes=9, kb="5054833").write_bytes(b"installer")
    reply = ask(capsys, workspace, "mapping", "check", "--json")
    assert (reply.code, reply.document["faults"]) == (0, [])
    assert reply.document["data"]["packages"][0]["sha256"] == sha256


def test_a_package_with_other_content_has_two_faults(capsys: _Capture, workspace: Path) -> None:
    _map(workspace, sha256="0" * 64, size_bytes=1).write_bytes(b"installer")
    assert ask(capsys, workspace, "mapping", "check", "--json").fault_codes == ["wrong_size", "wrong_hash"]


def test_a_name_that_contradicts_its_kb_is_said_though_the_package_is_missing(
    capsys: _Capture, workspace: Path
) -> None:
    _map(workspace, kb="5049296")
    codes = ask(capsys, workspace, "mapping", "check", "--json").fault_codes
    assert codes == ["missing_installer", "kb_contradicts_name"]


def test_a_missing_package_says_where_it_was_looked_for(capsys: _Capture, workspace: Path) -> None:
    place = _map(workspace)
    reply = ask(capsys, workspace, "mapping", "check")
    assert reply.code == 1
    assert f"looked for {place}: the folder is there, the installer is not" in reply.err
    place.parent.rmdir()
    assert "there is no such folder" in ask(capsys, workspace, "mapping", "check").err


def test_an_empty_package_is_told_apart_from_a_wrong_one(capsys: _Capture, workspace: Path) -> None:
    _map(workspace).touch()
    assert ask(capsys, workspace, "mapping", "check", "--json").fault_codes == ["empty_installer"]


def test_a_folder_with_the_package_s_name_is_no_package(capsys: _Capture, workspace: Path) -> None:
    _map(workspace).mkdir()
    assert ask(capsys, workspace, "mapping", "check", "--json").fault_codes == ["not_a_file"]


def test_path_may_name_the_file_itself(capsys: _Capture, workspace: Path) -> None:
    _map(workspace, path=f"hotfixes/2019/{_CU32}").write_bytes(b"installer")
    assert ask(capsys, workspace, "mapping", "check").code == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows opens both")
@pytest.mark.parametrize(
    ("path", "kind"), [("\\\\fileserver\\patches\\2019", "a network share"), ("D:\\Patches\\2019", "a Windows path")]
)
def test_a_windows_path_is_explained_where_there_is_no_windows(
    capsys: _Capture, workspace: Path, path: str, kind: str
) -> None:
    _map(workspace, path=path)
    reply = ask(capsys, workspace, "mapping", "check", "--json")
    (fault,) = reply.document["faults"]
    assert (reply.code, fault["code"]) == (1, "not_on_this_machine")
    assert fault["message"].startswith(f"{path} is {kind}, which this machine cannot open")


@pytest.mark.skipif(os.name == "nt", reason="Windows ignores case")
def test_a_package_in_another_case_is_named(capsys: _Capture, workspace: Path) -> None:
    _map(workspace).with_name(_CU32.lower()).write_bytes(b"installer")
    reply = ask(capsys, workspace, "mapping", "check", "--json")
    assert [one["found"] for one in reply.document["faults"]] == [_CU32.lower()]
