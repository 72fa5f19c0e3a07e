"""init, config check and config schema, as a user meets them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.cli.main import drydock
from core.settings.schemas import schemas
from core.settings.workspace import FILES, POLICY


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(drydock, arguments)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    _run("init", str(tmp_path / "w"))
    return tmp_path / "w"


def test_a_new_workspace_is_complete_and_without_faults(workspace: Path) -> None:
    assert all((workspace / name).is_file() for name in FILES)
    result = CliRunner().invoke(drydock, ["config", "check", "--json", "--workspace", str(workspace)])
    document = json.loads(result.stdout)
    assert (document["ok"], document["faults"]) == (True, [])
    assert [note["code"] for note in document["data"]["notes"]] == ["no_hosts"]


def test_init_leaves_what_is_there(workspace: Path) -> None:
    (workspace / POLICY).write_text("mine", encoding="utf-8")
    again = _run("init", str(workspace))
    assert (workspace / POLICY).read_text(encoding="utf-8") == "mine"
    assert "it was there already; its files are as they were" in again.stdout


def test_every_schema_that_a_sample_names_lies_in_the_workspace(workspace: Path) -> None:
    for name in FILES:
        named = json.loads((workspace / name).read_text(encoding="utf-8"))["$schema"]
        assert ((workspace / name).parent / named).is_file()


def test_schemas_are_written_anew(workspace: Path) -> None:
    folder = workspace / "config/schemas"
    for path in folder.iterdir():
        path.unlink()
    result = _run("config", "schema", "--json", "--workspace", str(workspace))
    assert len(json.loads(result.stdout)["data"]["written"]) == len(schemas())
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == schemas()


def test_faults_end_with_two_and_nothing_on_stdout(workspace: Path) -> None:
    (workspace / POLICY).write_text('{"schema_version": 1, "ordr": 1}', encoding="utf-8")
    result = CliRunner().invoke(drydock, ["config", "check", "--workspace", str(workspace)], standalone_mode=False)
    assert result.return_value == 2
    assert (result.stdout, result.stderr) == ("", f'{POLICY}: ordr: unknown key; did you mean "order"?\n')
