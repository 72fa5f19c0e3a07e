"""builds import and builds show, as an operator types them."""

import json
from pathlib import Path

import pytest

from core.app.workspace import make_workspace
from tests.cli.asking import ask

_EXCERPT = Path(__file__).parents[1] / "data" / "community_excerpt.json"
_Capture = pytest.CaptureFixture[str]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "space").path


def test_a_build_is_explained_in_words(capsys: _Capture, workspace: Path) -> None:
    reply = ask(capsys, workspace, "builds", "show", "15.0.4420.2")
    assert reply.code == 0
    lines = [" ".join(line.split()) for line in reply.out.splitlines()]
    assert lines[0] == "SQL Server 2019 CU31, build 15.0.4420, KB5049296"
    for line in (
        "branch CU: all fixes",
        "released 2025-02-13",
        "support until 2030-01-08",
        "replaced by SQL Server 2019 CU32 with a security update, build 15.0.4480, KB5102335",
        "behind 9 releases of its branch, 1 CU among them, 17 months",
        "newest gdr SQL Server 2019 RTM GDR, build 15.0.2180, KB5102336",
    ):
        assert line in lines


@pytest.mark.parametrize("asked", ["KB5046859", "kb5046859", "5046859", "KB 5046859"])
def test_a_kb_is_explained_by_its_build(capsys: _Capture, workspace: Path, asked: str) -> None:
    reply = ask(capsys, workspace, "builds", "show", asked, "--json")
    (explained,) = reply.document["data"]["builds"]
    assert (reply.code, reply.document["data"]["kb"]) == (0, "5046859")
    assert (explained["build"], explained["branch"]) == ("15.0.2130", "gdr")


def test_a_kb_of_two_builds_explains_both(capsys: _Capture, workspace: Path) -> None:
    explained = ask(capsys, workspace, "builds", "show", "KB2999809", "--json").document["data"]["builds"]
    assert [one["build"] for one in explained] == ["12.0.2405", "12.0.2504"]


def test_a_withdrawn_build_is_said_to_be_no_target(capsys: _Capture, workspace: Path) -> None:
    assert (
        "yes: Microsoft took it back, it is never a target" in ask(capsys, workspace, "builds", "show", "16.0.4235").out
    )


def test_a_build_on_an_old_service_pack_names_the_newer_one(capsys: _Capture, workspace: Path) -> None:
    said = ask(capsys, workspace, "builds", "show", "13.0.5888.11").out
    assert "ended on 2022-10-11 for SQL Server 2016 SP2; a newer service pack is needed" in said
    assert "SQL Server 2016 SP3, build 13.0.6300, KB5003279 is newer" in said


def test_an_unknown_build_is_explained_by_its_neighbours(capsys: _Capture, workspace: Path) -> None:
    reply = ask(capsys, workspace, "builds", "show", "15.0.4431")
    assert reply.code == 1
    assert "15.0.4431 is SQL Server 2019; this build is not in the reference" in reply.out
    assert "SQL Server 2019 CU32, build 15.0.4430" in reply.out
    assert "build 15.0.4435" in reply.out
    assert '"drydock builds import" takes in a newer one' in reply.err


def test_an_unknown_version_is_not_explained_beyond_what_is_known(capsys: _Capture, workspace: Path) -> None:
    said = ask(capsys, workspace, "builds", "show", "11.0.7001").out
    assert "the reference holds no build of this version" in said
    assert "branch" not in said


def test_an_unknown_kb_is_placed_among_its_neighbours(capsys: _Capture, workspace: Path) -> None:
    reply = ask(capsys, workspace, "builds", "show", "KB5046863", "--json")
    assert (reply.code, reply.fault_codes) == (1, ["unknown_build"])
    assert "5046862" in reply.document["data"]["nearest"][0]["kbs"]


def test_what_is_neither_build_nor_kb_is_refused(capsys: _Capture, workspace: Path) -> None:
    reply = ask(capsys, workspace, "builds", "show", "CU32", "--json")
    assert (reply.code, reply.fault_codes) == (2, ["not_a_build"])


def test_an_import_says_what_it_changes_and_writes_it(capsys: _Capture, workspace: Path) -> None:
    before = ask(capsys, workspace, "builds", "show", "11.0.7001", "--json")
    reply = ask(capsys, workspace, "builds", "import", str(_EXCERPT), "--json")
    kinds = {one["kind"] for one in reply.document["data"]["changes"]}
    after = ask(capsys, workspace, "builds", "show", "11.0.7001", "--json")
    assert (before.code, reply.code, after.code) == (1, 0, 0)
    assert kinds == {"added", "removed"}
    assert reply.document["data"]["written"] is True
    assert ask(capsys, workspace, "config", "check").code == 0


def test_a_dry_run_writes_nothing(capsys: _Capture, workspace: Path) -> None:
    file = workspace / "config" / "build_reference.json"
    before = file.read_bytes()
    reply = ask(capsys, workspace, "builds", "import", str(_EXCERPT), "--dry-run")
    assert (reply.code, file.read_bytes()) == (0, before)
    assert "nothing was written (--dry-run)" in reply.out


def test_an_older_index_is_shown_as_a_change_and_taken_only_if_that_is_said(
    capsys: _Capture, workspace: Path, tmp_path: Path
) -> None:
    document = json.loads(_EXCERPT.read_text(encoding="utf-8")) | {"LastUpdated": "2025-01-01T00:00:00"}
    older = tmp_path / "older.json"
    older.write_text(json.dumps(document), encoding="utf-8")
    file = workspace / "config" / "build_reference.json"
    before = file.read_bytes()
    reply = ask(capsys, workspace, "builds", "import", str(older), "--dry-run")
    assert "  as of    2026-07-16 -> 2025-01-01, which is older\n" in reply.out
    refused = ask(capsys, workspace, "builds", "import", str(older), "--json")
    assert (refused.code, refused.fault_codes) == (2, ["older_index"])
    assert file.read_bytes() == before
    taken = ask(capsys, workspace, "builds", "import", str(older), "--yes", "--json")
    assert (taken.code, taken.document["data"]["older"]) == (0, True)
    assert b'"as_of": "2025-01-01"' in file.read_bytes()


def test_a_wrong_index_is_refused_with_every_fault_and_nothing_is_written(
    capsys: _Capture, workspace: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"LastUpdated": "today", "Data": [{"Version": "15"}, {"Version": "15.0.1", "CU": "32"}]}')
    file = workspace / "config" / "build_reference.json"
    before = file.read_bytes()
    reply = ask(capsys, workspace, "builds", "import", str(wrong), "--json")
    assert (reply.code, len(reply.document["faults"])) == (2, 3)
    assert file.read_bytes() == before


def test_an_index_that_is_not_there_is_refused(capsys: _Capture, workspace: Path, tmp_path: Path) -> None:
    reply = ask(capsys, workspace, "builds", "import", str(tmp_path / "absent.json"), "--json")
    assert (reply.code, reply.fault_codes) == (2, ["unreadable"])
