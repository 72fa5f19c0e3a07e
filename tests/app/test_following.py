"""A run's folder grows with the run: each entry leaves its files at once, and trouble with one stops nothing."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.app.following import Follower, write_telemetry
from core.model.events import Entry, Event, FactsTaken
from core.runfolder.folder import RunFolder
from core.runfolder.raw import RawAnswers
from core.store import facts as fact_store
from core.store.database import Database
from core.store.recorder import RunRecorder
from tests.conftest import HandClock
from tests.samples import AUTHORISATION, PLAN, RUN, facts, whole_run


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    begun = RunFolder(tmp_path / "output" / "Runs" / RUN)
    begun.begin(RUN, PLAN, AUTHORISATION)
    return begun


def _story(database: Database) -> list[Event]:
    """The sample run, with facts that are really kept."""
    keys = {host: fact_store.keep(database, facts(host)) for host in ("SQL01", "SQL02")}
    return [
        replace(event, body=replace(event.body, digest=keys[event.target or ""]))
        if isinstance(event.body, FactsTaken)
        else event
        for event in whole_run()
    ]


def _told(database: Database, clock: HandClock, follower: Follower, events: list[Event]) -> None:
    def emit(entry: Entry) -> None:
        clock.move(seconds=2)
        follower.take(entry)

    recorder = RunRecorder(database, RUN, 1, clock, emit)
    for event in events:
        recorder.record((event,))


def _read(folder: RunFolder, name: str) -> Any:
    return json.loads((folder.path / name).read_text(encoding="utf-8"))


def test_every_file_is_there_before_the_run_has_ended(database: Database, clock: HandClock, folder: RunFolder) -> None:
    follower = Follower(database, folder, PLAN, RawAnswers())
    _told(database, clock, follower, _story(database)[:-1])
    there = {str(path.relative_to(folder.path)) for path in folder.path.rglob("*.json*")}
    hosts = [path.name for path in (folder.path / "Artifacts" / "Baseline").iterdir()]
    assert len(hosts) == 2
    for host in hosts:
        assert f"Artifacts/Baseline/{host}/baseline.json" in there
        assert f"Artifacts/Snapshot/{host}/snapshot.json" in there
        assert f"Artifacts/UpdateCatalog/{host}/catalog.json" in there
    installs = (folder.path / "Logs" / "install-summary.jsonl").read_text(encoding="utf-8").splitlines()
    assert [(json.loads(line)["target"], json.loads(line)["installed"]) for line in installs] == [
        ("SQL01", True),
        ("SQL02", True),
    ]
    assert {one["state"] for one in _read(folder, "State/state.json")["targets"].values()} == {"success"}
    assert follower.trouble is None


def test_a_restart_leaves_its_consumed_note_with_the_device(
    database: Database, clock: HandClock, folder: RunFolder
) -> None:
    _told(database, clock, Follower(database, folder, PLAN, RawAnswers()), _story(database))
    notes = list((folder.path.parents[1] / "State").rglob("reboot-required*.json"))
    assert len(notes) == 2
    assert all(note.name.startswith("reboot-required.consumed.") for note in notes)


def test_a_second_process_goes_on_where_the_first_one_died(
    database: Database, clock: HandClock, folder: RunFolder
) -> None:
    story = _story(database)
    _told(database, clock, Follower(database, folder, PLAN, RawAnswers()), story[:10])
    second = Follower(database, folder, PLAN, RawAnswers())
    second.catch_up(RUN)
    _told(database, clock, second, story[10:])
    assert _read(folder, "State/state.json")["targets"]["SQL02"]["state"] == "success"


def test_a_file_that_cannot_be_written_stops_nothing_and_is_not_forgotten(
    database: Database, clock: HandClock, folder: RunFolder
) -> None:
    (folder.path / "Artifacts" / "Baseline").write_text("a file where a folder should be", encoding="utf-8")
    follower = Follower(database, folder, PLAN, RawAnswers())
    _told(database, clock, follower, _story(database))
    assert isinstance(follower.trouble, OSError)
    assert (folder.path / "Artifacts" / "Snapshot").is_dir()


def test_telemetry_is_written_from_the_journal_alone(database: Database, clock: HandClock, folder: RunFolder) -> None:
    _told(database, clock, Follower(database, folder, PLAN, RawAnswers()), _story(database))
    write_telemetry(database, folder)
    assert _read(folder, "Telemetry/traces.json")["resourceSpans"]
