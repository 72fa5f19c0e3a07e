"""targets list and targets import, as a user meets them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from core.app.workspace import make_workspace
from core.cli.main import drydock
from core.settings.workspace import TARGETS

_LIST = "server;instance;port;site;tags\nSQL01;PROD;1444;hq;env=prod\nSQL02;;;lab;\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    path = make_workspace(tmp_path / "w").path
    (path / "servers.csv").write_text(_LIST, encoding="utf-8")
    return path


def _run(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(drydock, [*arguments, "--workspace", str(workspace)], standalone_mode=False)


def _import(workspace: Path, *more: str) -> Result:
    return _run(workspace, "targets", "import", str(workspace / "servers.csv"), *more)


def _document(result: Result) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_a_dry_run_shows_everything_and_writes_nothing(workspace: Path) -> None:
    before = (workspace / TARGETS).read_bytes()
    assert _import(workspace, "--dry-run").stdout.splitlines() == [
        "not in the list, kept: sql01.example.com\\MSSQLSERVER (example-1)",
        "added: SQL01\\PROD (sql01-prod); port: 1444; site: hq; metadata.tags: env=prod",
        "added: SQL02 (sql02); site: lab",
        "2 added, 0 changed, 0 unchanged, 1 not in the list, kept",
        "nothing is written",
    ]
    assert (workspace / TARGETS).read_bytes() == before


def test_a_change_is_shown_field_by_field(workspace: Path) -> None:
    _import(workspace)
    (workspace / "servers.csv").write_text("server;instance;port;owner\nSQL01;PROD;1445;DBA\n", encoding="utf-8")
    assert _import(workspace, "--dry-run").stdout.splitlines()[1:4] == [
        "changed: SQL01\\PROD (sql01-prod)",
        "    port: 1444 -> 1445",
        "    owner: (nothing) -> DBA",
    ]


def test_an_import_says_as_data_what_it_did(workspace: Path) -> None:
    data = _document(_import(workspace, "--json"))["data"]
    assert (data["written"], [change["kind"] for change in data["changes"]]) == (True, ["not_listed", "added", "added"])
    assert _import(workspace).stdout == "nothing to write: the file says all this already\n"


def test_hosts_are_listed_and_chosen(workspace: Path) -> None:
    _import(workspace)
    assert _run(workspace, "targets", "list").stdout.splitlines() == [
        "SQL01: PROD  default/default/hq  env=prod",
        "SQL02: instances as found  default/default/lab",
        "2 hosts",
    ]
    for choice in (("--server", "sql01"), ("--tag", "env=prod"), ("--site", "HQ")):
        chosen = _document(_run(workspace, "targets", "list", "--json", *choice))["data"]["hosts"]
        assert [host["name"] for host in chosen] == ["SQL01"]


def test_choosing_what_is_not_there_ends_with_two(workspace: Path) -> None:
    _import(workspace)
    result = _run(workspace, "targets", "list", "--tenant", "acme")
    assert (result.return_value, result.stdout) == (2, "")
    assert result.stderr == "--tenant acme: no enabled target has this tenant; known are default\n"


def test_a_list_with_passwords_is_refused_without_repeating_them(workspace: Path) -> None:
    (workspace / "servers.csv").write_text("server;pwd\nSQL01;hush\n", encoding="utf-8")
    result = _import(workspace, "--json")
    assert result.return_value == 2
    assert _document(result)["faults"][0]["code"] == "secret"
    assert "hush" not in result.output
