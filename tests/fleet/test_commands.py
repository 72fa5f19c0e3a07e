"""The whole walk as commands, as scripts would use them; what lasts, or starts others, in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.practice.spec.fault import FaultSpec
from tests.cli.drydock import Said, drydock
from tests.fleet.practising import Practising, command, said, scenario


def _document(done: Said, name: str) -> dict[str, Any]:
    """The one document on stdout."""
    assert done.code == 0, done.out + done.err
    (line,) = done.out.splitlines()
    document: dict[str, Any] = json.loads(line)
    assert set(document) == {"schema_version", "command", "ok", "data", "faults"}
    assert (document["schema_version"], document["command"], document["ok"]) == (1, name, True)
    assert document["faults"] == []
    data: dict[str, Any] = document["data"]
    return data


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A fleet that was started as users start it."""
    folder = tmp_path_factory.mktemp("walk")
    (folder / "scenario.json").write_text(scenario(2).model_dump_json(), encoding="utf-8")
    started = command(folder / "w", "practice", "start", "--scenario", str(folder / "scenario.json"), "--json")
    data = _document(started, "practice start")
    assert data["hosts"] == 2
    try:
        yield folder / "w"
    finally:
        assert _document(command(folder / "w", "practice", "stop", "--json"), "practice stop") == {"stopped": True}


def test_with_json_every_command_of_the_walk_writes_one_document(workspace: Path) -> None:
    def ask(name: str, *arguments: str) -> dict[str, Any]:
        return _document(said(workspace, *name.split(), *arguments, "--json"), name)

    assert ask("config check")["hosts"] == 2
    assert [one["ok"] for one in ask("assess")["hosts"]] == [True, True]
    assert ask("facts show", "SQL00")["host"] == "SQL00"
    made = ask("plan")
    assert [one["host"] for one in made["targets"]] == ["SQL00", "SQL01"]
    assert ask("plan show", made["id"])["digest"] == made["digest"]
    assert ask("authorise", made["id"], "--reason", "a walk")["plan_digest"] == made["digest"]
    run_id = _deployed(command(workspace, "deploy", made["id"], "--yes", "--json"))
    assert ask("status", run_id)["status"] == "succeeded"
    assert all(Path(one).is_file() for one in ask("report", run_id)["files"])
    told = ask("practice status")
    assert told["running"] is True
    assert {one["host"] for one in told["hosts"]} == {"SQL00", "SQL01"}
    assert {one["kind"] for one in ask("practice ledger")["ledger"]} >= {"login", "installer_end", "reboot", "boot"}


def _deployed(done: Said) -> str:
    """The RunId. One event a line, the document last."""
    assert done.code == 0, done.out + done.err
    *events, last = [json.loads(line) for line in done.out.splitlines()]
    run_id = events[0]["runId"]
    assert {one["runId"] for one in events} == {run_id}
    assert (events[0]["event"], events[-1]["event"]) == ("run_started", "run_ended")
    assert (last["command"], last["ok"], last["data"]["run_id"]) == ("deploy", True, run_id)
    return str(run_id)


@pytest.mark.parametrize("name", ["version", "exit-codes"])
def test_commands_without_a_workspace_write_one_document_too(name: str, tmp_path: Path) -> None:
    assert _document(command(tmp_path / "none", name, "--json"), name)


def test_refusals_are_documents_with_every_fault(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    made = fleet.plan(host)
    done = fleet.cli("deploy", made.id, "--yes", "--json")
    document = json.loads(done.out)
    assert (done.code, document["ok"]) == (2, False)
    assert [fault["code"] for fault in document["faults"]] == ["not_authorised"]


def test_a_practice_fleet_is_never_started_over_a_real_workspace(tmp_path: Path) -> None:
    assert drydock("init", str(tmp_path / "real")).code == 0
    done = said(tmp_path / "real", "practice", "start", "--json")
    assert done.code == 2
    assert json.loads(done.out)["faults"][0]["code"] == "not_practice"


def test_every_fault_of_a_scenario_is_named_at_once(tmp_path: Path) -> None:
    document = scenario(1).model_dump(mode="json")
    server = document["servers"][0]
    server["faults"] = [FaultSpec(when="install", kind="job_lost").model_dump() | {"when": "connect"}]
    server["instances"][0]["build"] = "99.0.1"
    document["time_scales"] = 3
    (tmp_path / "scenario.json").write_text(json.dumps(document), encoding="utf-8")
    done = said(tmp_path / "w", "practice", "start", "--scenario", str(tmp_path / "scenario.json"), "--json")
    assert done.code == 2
    found = {fault["path"].rpartition(": ")[2] for fault in json.loads(done.out)["faults"]}
    assert found == {"servers[0].faults[0].when", "servers[0].instances[0].build", "time_scales"}


def test_the_demonstration_goes_through_a_whole_cycle(tmp_path: Path) -> None:
    data = _document(command(tmp_path / "w", "demo", "--json"), "demo")
    assert data["outcome"] == "succeeded"
    assert len(data["reports"]) == 2
    ledger = [json.loads(line) for line in (tmp_path / "w/output/practice/ledger.jsonl").read_text().splitlines()]
    for host in ("SQL01", "SQL02"):
        kinds = [one["kind"] for one in ledger if one["host"] == host]
        assert [kinds.count(kind) for kind in ("installer_start", "reboot", "boot")] == [1, 1, 1]
    assert not any(one["kind"] == "job_start" for one in ledger if one["host"] == "SQL03")
    faults = {one["host"]: one["detail"]["fault"] for one in ledger if one["kind"] == "fault"}
    assert faults == {"SQL01": "drop_network", "SQL02": "file_corrupt"}
