"""What is asked of a run that nobody drives, and a run that somebody else drives."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Flag

import pytest

from core.app import composition, requests
from core.app.driving import patch_blocked
from core.app.workspace import Workspace, make_workspace
from core.model.events import Event, RunEnded, TargetMoved
from core.model.failure import Cause, Failure
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.record import RunRecord
from core.model.requests import Action
from core.model.state import TargetState
from core.runfolder.locks import RunLock
from core.store import plans
from core.store.blocks import open_blocks
from core.store.database import Database, open_database
from core.store.recorder import RunRecorder
from core.store.requests import open_requests
from core.store.runs import load_record
from tests.cli.drydock import Said, drydock
from tests.conftest import HandClock
from tests.samples import AUTHORISATION, PLAN, RUN, STARTED, begun


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With a run that has begun and has not ended."""
    made = make_workspace(tmp_path / "w")
    targets = '{"targets": [{"id": "a", "server": "SQL01"}, {"id": "b", "server": "SQL02"}]}'
    (made.config / "sql_targets.json").write_text(targets, encoding="utf-8")
    database = open_database(made.database)
    plans.keep_plan(database, PLAN)
    plans.keep_authorisation(database, AUTHORISATION)
    RunRecorder(database, RUN, 1, HandClock(), lambda _: None).record((Event(STARTED), *begun("SQL01")))
    database.close()
    return made


def _asked(workspace: Workspace, *words: str) -> Said:
    return drydock(*words, "--workspace", str(workspace.path))


def test_a_run_that_was_broken_off_hears_a_request_when_it_is_taken_up(workspace: Workspace) -> None:
    said = _asked(workspace, "pause", "last")
    assert (said.code, "was broken off, and hears this when it is taken up again" in said.out) == (0, True)
    assert f"drydock deploy --resume {RUN}" in said.out


def test_a_run_that_somebody_drives_is_asked_and_not_taken_up_again(workspace: Workspace) -> None:
    driver = RunLock(workspace.run_folder(RUN) / "State")
    assert driver.take()
    try:
        assert f"asked run {RUN} to stop" in _asked(workspace, "stop", "last", "--reason", "x").out
        again = _asked(workspace, "deploy", "--resume", "--exit-codes", "rmm")
        assert (again.code, again.out.splitlines()[0]) == (170, f"run {RUN}: another process drives it")
        assert again.out.splitlines()[-1] == f"next: drydock status {RUN}"
    finally:
        driver.release()


def test_a_note_on_a_run_that_has_ended_waits_for_its_reports_and_is_not_lost(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with composition.open_database(workspace) as database:
        RunRecorder(database, RUN, 1, HandClock(), lambda _: None).record((Event(RunEnded(Outcome.SUCCEEDED)),))
    looked = [Flag(), Flag()]

    def load(database: Database, run_id: str) -> RunRecord:
        """Looked at before it is asked, and again when its lock was not to be had."""
        next(flag for flag in looked if not flag.is_set()).set()
        return load_record(database, run_id)

    monkeypatch.setattr(requests, "load_record", load)
    driver = RunLock(workspace.run_folder(RUN) / "State")
    assert driver.take()
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(requests.ask, workspace, RUN, Action.NOTE, "SQL01", "all well")
        assert looked[1].wait(60)
        monkeypatch.undo()
        driver.release()
        asking.result(60)
    with composition.open_database(workspace) as database:
        (note,) = load_record(database, RUN).target("SQL01").notes
    assert note.endswith(": all well")


def test_a_host_of_a_run_is_known_however_its_name_is_typed(workspace: Workspace) -> None:
    for words in (("withdraw", "last", "sql02", "--reason", "x"), ("note", "last", "sQl01", "all well")):
        assert _asked(workspace, *words, "--json").code == 0, words
    with composition.open_database(workspace) as database:
        assert load_record(database, RUN).target("SQL01").notes
        assert [one.host for one in open_requests(database, RUN)] == ["SQL02"]


def test_a_second_look_knows_a_host_however_its_name_is_typed(workspace: Workspace) -> None:
    """So far as to be told what else is in the way."""
    with composition.open_database(workspace) as database:
        RunRecorder(database, RUN, 1, HandClock(), lambda _: None).record((Event(RunEnded(Outcome.SUCCEEDED)),))
    assert _asked(workspace, "reverify", "last", "sql02", "--json").codes == ["not_open"]
    for command in ("reverify", "diagnose"):
        strange = _asked(workspace, command, "last", "SQL011", "--json")
        assert strange.codes == ["unknown_host"]
        assert 'did you mean "SQL01"?' in strange.document["faults"][0]["message"]


def test_a_patch_block_holds_and_is_cleared_however_the_hosts_name_is_typed(workspace: Workspace) -> None:
    failed = Failure(Cause.INSTALLER, "setup ended with 1603", "look")
    moved = Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.FAILED, failed), "SQL01", Phase.INSTALL)
    with composition.open_database(workspace) as database:
        RunRecorder(database, RUN, 1, HandClock(), lambda _: None).record((moved,))
        assert patch_blocked(database, "sql01") is not None
    (workspace.config / "sql_targets.json").write_text('{"targets": [{"id": "a", "server": "sql01"}]}', "utf-8")
    (standing,) = _asked(workspace, "compliance", "--json").document["data"]["hosts"]
    assert "patch-blocked" in standing["why"]
    said = _asked(workspace, "unblock", "sql01", "--reason", "mended", "--json")
    assert said.document["data"] == {"host": "SQL01", "runs": [RUN]}
    with composition.open_database(workspace) as database:
        assert open_blocks(database, "SQL01") == ()
