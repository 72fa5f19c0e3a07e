"""A plan for hosts that nobody could reach is no success, and neither is a run of it."""

from pathlib import Path

from core.app.workspace import make_workspace
from tests.cli.drydock import drydock


def test_nobody_reached_is_exit_code_three_and_such_a_plan_is_not_deployed(tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "w")
    (made.config / "sql_targets.json").write_text('{"targets": [{"id": "1", "server": "nobody.invalid"}]}', "utf-8")
    there = ("--json", "--workspace", str(made.path))
    assert drydock("plan", *there).code == 3
    assert drydock("authorise", "last", "--reason", "x", *there).code == 0
    refused = drydock("deploy", "--yes", *there)
    assert (refused.code, refused.codes) == (2, ["nobody_to_patch"])
