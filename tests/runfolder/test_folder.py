"""The folder of a run: its journal verifiable with a hash function alone, every file whole."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.evidence.folding import fold
from core.model.document import from_document, to_document
from core.model.facts import Facts
from core.model.plan import Plan
from core.runfolder.folder import RunFolder
from core.runfolder.writing import replace_file
from core.store.database import Database
from core.store.recorder import RunRecorder
from core.store.runs import journal_lines
from tests.conftest import HandClock
from tests.samples import AUTHORISATION, PLAN, RUN, entries, facts, whole_run

_RECORD = fold(entries(whole_run()))


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    begun = RunFolder(tmp_path / "Runs" / RUN)
    begun.begin(RUN, PLAN, AUTHORISATION)
    return begun


def _read(folder: RunFolder, name: str) -> object:
    return json.loads((folder.path / name).read_text(encoding="utf-8"))


def test_events_are_the_lines_of_the_journal_and_prove_their_chain(
    database: Database, clock: HandClock, folder: RunFolder
) -> None:
    recorder = RunRecorder(database, RUN, 1, clock, lambda _: None)
    for event in whole_run():
        recorder.record((event,))
    lines = journal_lines(database, RUN)
    folder.write_journal(lines[:3])
    folder.append(lines[3:])
    content = (folder.path / "Logs" / "Events.jsonl").read_bytes()
    assert content.decode() == "".join(f"{line}\n" for line in lines)
    previous = ""
    for line in content.splitlines():
        assert json.loads(line)["prevHash"] == previous
        previous = hashlib.sha256(line).hexdigest()


def test_a_journal_file_that_a_crash_cut_short_is_made_whole(folder: RunFolder) -> None:
    folder.write_journal(["one", "two"])
    events = folder.path / "Logs" / "Events.jsonl"
    events.write_bytes(events.read_bytes()[:-2])
    folder.write_journal(["one", "two", "three"])
    assert events.read_bytes() == b"one\ntwo\nthree\n"


def test_the_beginning_keeps_what_the_run_was_started_with(folder: RunFolder) -> None:
    assert from_document(Plan, _read(folder, "plan.json")) == PLAN
    assert _read(folder, "authorisation.json") == to_document(AUTHORISATION)
    head = {"schema_version": 1, "RunId": RUN, "PlanId": PLAN.id, "PlanDigest": PLAN.digest}
    assert _read(folder, "run.json") == head


def test_texts_are_kept_by_their_hash_also_from_many_threads_at_once(folder: RunFolder) -> None:
    text = "Überprüfung: Final result: Passed\r\n" * 5000
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(folder.keep, [text] * 64))
    assert keys == {hashlib.sha256(text.encode()).hexdigest()}
    (kept,) = (folder.path / "Artifacts" / "Output").iterdir()
    assert kept.name == f"{keys.pop()}.txt"
    assert kept.read_bytes() == text.encode()


def test_snapshots_lie_in_a_safe_folder_for_each_host(folder: RunFolder) -> None:
    for host in ("CON", "SQL01\\PROD"):
        folder.keep_snapshot("before", facts(host))
        folder.keep_snapshot("after", facts(host))
    kept = sorted(folder.path.glob("Artifacts/*/*/*.json"))
    assert len(kept) == 4
    assert {path.parent.parent.name for path in kept} == {"Baseline", "Snapshot"}
    assert all(path.parent.name[-9] == "-" for path in kept)
    assert from_document(Facts, json.loads(kept[0].read_text(encoding="utf-8"))) == facts("CON")


def test_documents_and_state_follow_the_record(folder: RunFolder) -> None:
    folder.write_state(_RECORD)
    folder.write_documents(_RECORD, PLAN)
    state = _read(folder, "State/state.json")
    assert isinstance(state, dict)
    assert state["targets"]["SQL01"] == {"state": "success", "phase": "Phase02"}
    reports = {"pre-validation", "post-validation", "final-report"}
    assert {path.stem for path in folder.reports.iterdir()} == reports
    summary = (folder.path / "Logs" / "install-summary.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["target"] for line in summary] == ["SQL01", "SQL02"]


def test_nothing_temporary_is_left(folder: RunFolder) -> None:
    folder.write_documents(_RECORD, PLAN)
    assert not list(folder.path.rglob("*.new"))


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state.json"
    replace_file(path, "old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.runfolder.writing.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["state.json"]
