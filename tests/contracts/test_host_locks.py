"""The HostLocks port: one holder a host on this PC, in this process or another, and a dead one holds nothing."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.model.failure import Cause, Failure
from core.model.host import Place
from core.runfolder.locks import DeviceLocks, device_folder
from tests.conftest import HandClock

_PLACES = {"SQL01": Place(), "SQL02": Place(), "CON": Place(site="nul.")}
_HOLD = """
import pathlib, sys
from tests.conftest import HandClock
from core.model.host import Place
from core.runfolder.locks import DeviceLocks
locks = DeviceLocks(pathlib.Path(sys.argv[1]), {"SQL01": Place()}, "run-of-another", "pit", HandClock())
print(locks.take("SQL01"), flush=True)
sys.stdin.read()
"""


def _locks(folder: Path, run: str) -> DeviceLocks:
    return DeviceLocks(folder, _PLACES, run, "olga", HandClock())


@pytest.fixture
def another_process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds SQL01."""
    command = [sys.executable, "-c", _HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "None\n"
        yield process
        process.kill()


@pytest.mark.parametrize("host", _PLACES)
def test_a_host_has_one_holder(tmp_path: Path, host: str) -> None:
    mine, theirs = _locks(tmp_path, "run-1"), _locks(tmp_path, "run-2")
    assert mine.take(host) is None
    refused = theirs.take(host)
    assert isinstance(refused, Failure)
    assert refused.cause is Cause.LOCKED
    assert "run run-1 of olga" in refused.detail
    mine.release(host)
    assert theirs.take(host) is None
    theirs.release(host)


def test_different_hosts_are_locked_apart(tmp_path: Path) -> None:
    mine, theirs = _locks(tmp_path, "run-1"), _locks(tmp_path, "run-2")
    assert mine.take("SQL01") is None
    assert theirs.take("SQL02") is None
    mine.release("SQL01")
    theirs.release("SQL02")


def test_releasing_what_is_not_held_frees_nobody_elses(tmp_path: Path) -> None:
    mine, theirs = _locks(tmp_path, "run-1"), _locks(tmp_path, "run-2")
    assert mine.take("SQL01") is None
    theirs.release("SQL01")
    assert isinstance(theirs.take("SQL01"), Failure)
    mine.release("SQL01")


def test_who_holds_a_host_lies_beside_its_lock(tmp_path: Path) -> None:
    locks = _locks(tmp_path, "run-1")
    assert locks.take("SQL01") is None
    path = device_folder(tmp_path, Place(), "SQL01") / "lock.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    assert {"owner", "host", "pid", "RunId", "acquiredUtc", "timeToLiveSeconds"} <= set(told)
    locks.release("SQL01")
    assert not path.exists()


def test_another_process_that_holds_a_host_is_named(tmp_path: Path, another_process: subprocess.Popen[str]) -> None:
    assert another_process.poll() is None
    refused = _locks(tmp_path, "run-1").take("SQL01")
    assert isinstance(refused, Failure)
    assert "run-of-another of pit" in refused.detail


def test_a_process_that_was_killed_holds_nothing(tmp_path: Path, another_process: subprocess.Popen[str]) -> None:
    another_process.kill()
    another_process.wait(150)
    locks = _locks(tmp_path, "run-1")
    assert locks.take("SQL01") is None, "its lock.json is still there, and means nothing"
    locks.release("SQL01")
