"""history and compliance, as an operator types them."""

from pathlib import Path

import pytest

from core.app.workspace import Workspace, make_workspace
from core.store import facts as fact_store
from core.store import plans
from core.store.database import open_database
from core.store.recorder import RunRecorder
from tests.cli.drydock import drydock
from tests.conftest import HandClock
from tests.samples import AUTHORISATION, NEW, PLAN, RUN, facts, whole_run

_TARGETS = """{"targets": [{"id": "a", "server": "SQL01"}, {"id": "b", "server": "SQL03"}]}"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path / "w")
    (made.config / "sql_targets.json").write_text(_TARGETS, encoding="utf-8")
    return made


@pytest.fixture
def worked(workspace: Workspace) -> Workspace:
    """One run has patched SQL01 and SQL02."""
    database = open_database(workspace.database)
    plans.keep_plan(database, PLAN)
    plans.keep_authorisation(database, AUTHORISATION)
    RunRecorder(database, RUN, 1, HandClock(), lambda _: None).record(whole_run())
    fact_store.keep(database, facts(build=NEW))
    database.close()
    return workspace


def _asked(workspace: Workspace, *words: str) -> list[str]:
    return [*words, "--workspace", str(workspace.path)]


def test_the_overview_has_a_line_a_server(worked: Workspace) -> None:
    said = drydock(*_asked(worked, "history"))
    assert said.code == 0
    assert [line.split()[0] for line in said.out.splitlines()] == ["SQL01", "SQL02"]


def test_one_server_shows_its_runs_and_steps(worked: Workspace) -> None:
    (visit,) = drydock(*_asked(worked, "history", "--server", "sql02", "--json")).document["data"]["visits"]
    assert (visit["run_id"], visit["state"], len(visit["steps"])) == (RUN, "success", 2)


def test_of_several_servers_each_is_shown(worked: Workspace) -> None:
    asked = _asked(worked, "history", "--server", "SQL02", "--server", "SQL01", "--server", "SQL02", "--json")
    assert [one["host"] for one in drydock(*asked).document["data"]["visits"]] == ["SQL02", "SQL01"]


def test_a_server_without_a_past_is_told_apart_from_one_that_nobody_knows(worked: Workspace) -> None:
    assert drydock(*_asked(worked, "history", "--server", "SQL03", "--json")).codes == ["no_history"]
    assert drydock(*_asked(worked, "history", "--server", "SQL99", "--json")).codes == ["unknown_server"]


def test_a_workspace_without_runs_says_so(workspace: Workspace) -> None:
    assert "no run" in drydock(*_asked(workspace, "history")).out


def test_compliance_counts_every_target_and_calls_silence_unknown(worked: Workspace) -> None:
    data = drydock(*_asked(worked, "compliance", "--max-age", "36500", "--json")).document["data"]
    states = {one["host"]: one["state"] for one in data["hosts"]}
    assert states["SQL03"] == "unknown"
    assert sum(data["summary"].values()) == len(states) == 2


def test_facts_that_are_too_old_are_no_compliance(worked: Workspace) -> None:
    data = drydock(*_asked(worked, "compliance", "--max-age", "1", "--json")).document["data"]
    assert data["summary"]["unknown"] == 2
