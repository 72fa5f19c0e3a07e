"""The history of a device's diagnostics: fifty entries at most, one for each run, and never in the way."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.model.diagnostics import DiagnosticText
from core.model.events import DiagnosticsTaken
from core.model.host import Place
from core.model.record import TargetRecord
from core.runfolder.diagnostics import DiagnosticsHistory
from tests.samples import AT, HASH

_TEXTS = (DiagnosticText("errorlog", "ERRORLOG", HASH, 5, False),)
_COLLECTED = DiagnosticsTaken("collected", False, _TEXTS)


def _history(folder: Path) -> DiagnosticsHistory:
    return DiagnosticsHistory(folder, Place("t", "c", "s"), "SQL01")


def _taken(minutes: int = 0, taken: DiagnosticsTaken = _COLLECTED) -> TargetRecord:
    return TargetRecord("SQL01", diagnostics=taken, diagnosed_at=AT + timedelta(minutes=minutes))


def test_a_device_without_a_history_was_never_diagnosed(tmp_path: Path) -> None:
    assert _history(tmp_path).newest is None


def test_the_newest_time_counts_and_fifty_are_kept(tmp_path: Path) -> None:
    for number in range(60):
        _history(tmp_path).note(f"run-{number}", _taken(number))
    assert _history(tmp_path).newest == AT + timedelta(minutes=59)
    (file,) = tmp_path.rglob("diagnostics-run-history.json")
    assert file.read_text(encoding="utf-8").count('"RunId"') == 50


def test_a_run_whose_folder_is_written_twice_is_one_entry(tmp_path: Path) -> None:
    for _ in range(2):
        _history(tmp_path).note("run-1", _taken())
    (file,) = tmp_path.rglob("diagnostics-run-history.json")
    assert file.read_text(encoding="utf-8").count('"RunId"') == 1


@pytest.mark.parametrize("taken", [DiagnosticsTaken("throttled", False), DiagnosticsTaken("failed", True)])
def test_what_brought_no_logs_is_no_new_time(tmp_path: Path, taken: DiagnosticsTaken) -> None:
    _history(tmp_path).note("run-1", _taken(0, taken))
    assert _history(tmp_path).newest is None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"entries": 5}', '{"entries": [{"collectedUtc": "soon"}, 7]}'])
def test_a_file_that_nobody_can_read_holds_nobody_back(tmp_path: Path, text: str) -> None:
    _history(tmp_path).note("run-1", _taken())
    (file,) = tmp_path.rglob("diagnostics-run-history.json")
    file.write_text(text, encoding="utf-8")
    assert _history(tmp_path).newest is None
    _history(tmp_path).note("run-2", _taken(5))
    assert _history(tmp_path).newest == AT + timedelta(minutes=5)
