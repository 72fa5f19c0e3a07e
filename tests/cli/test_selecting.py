"""Hosts that failed in a run are chosen by that run."""

from pathlib import Path

import pytest

from core.app.workspace import Workspace, make_workspace
from core.model.events import Event, RunEnded, TargetMoved
from core.model.failure import Cause, Failure
from core.model.outcome import Outcome
from core.model.state import TargetState
from core.store import plans
from core.store.database import open_database
from core.store.recorder import RunRecorder
from tests.cli.drydock import drydock
from tests.conftest import HandClock
from tests.samples import AUTHORISATION, PLAN, RUN, STARTED, begun

_TARGETS = (
    """{"targets": [{"id": "a", "server": "SQL01"}, {"id": "b", "server": "SQL02"}, {"id": "c", "server": "SQL03"}]}"""
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """SQL01 failed, SQL02 was not begun because of a failure before, SQL03 was in no run."""
    made = make_workspace(tmp_path / "w")
    (made.config / "sql_targets.json").write_text(_TARGETS, encoding="utf-8")
    database = open_database(made.database)
    plans.keep_plan(database, PLAN)
    plans.keep_authorisation(database, AUTHORISATION)
    failed = Failure(Cause.INSTALLER, "setup ended with 1603")
    held = Failure(Cause.PATCH_BLOCKED, "patch-blocked by an earlier run")
    story = [
        Event(STARTED),
        *begun("SQL01"),
        Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.FAILED, failed), "SQL01"),
        Event(TargetMoved(TargetState.PENDING, TargetState.BLOCKED, held), "SQL02"),
        Event(RunEnded(Outcome.INSTALL_FAILED)),
    ]
    RunRecorder(database, RUN, 1, HandClock(), lambda _: None).record(tuple(story))
    database.close()
    return made


def _chosen(workspace: Workspace, *words: str) -> list[str]:
    said = drydock("targets", "list", *words, "--json", "--workspace", str(workspace.path))
    return [host["name"] for host in said.document["data"]["hosts"]]


def test_failed_in_means_who_failed_and_who_was_held_back_by_a_failure(workspace: Workspace) -> None:
    assert _chosen(workspace) == ["SQL01", "SQL02", "SQL03"]
    assert _chosen(workspace, "--failed-in", "last") == ["SQL01", "SQL02"]
    assert _chosen(workspace, "--failed-in", RUN[:12], "--server", "SQL02") == ["SQL02"]


@pytest.mark.parametrize("words", [("assess",), ("plan",), ("compliance",), ("targets", "list")], ids=" ".join)
def test_every_command_that_chooses_hosts_refuses_a_run_that_is_not_there(
    workspace: Workspace, words: tuple[str, ...]
) -> None:
    said = drydock(*words, "--failed-in", "zzz", "--json", "--workspace", str(workspace.path))
    assert (said.code, said.codes) == (2, ["not_found"])


def test_the_end_of_a_run_with_failures_tells_the_next_steps(workspace: Workspace) -> None:
    said = drydock("status", "--workspace", str(workspace.path))
    assert said.out.splitlines()[-3:] == [
        "next: look at the hosts and mend what the reasons name",
        'then, for each that is patch-blocked: drydock unblock SQL01 --reason "..."',
        f"then: drydock deploy --retry-failed {RUN}",
    ]
