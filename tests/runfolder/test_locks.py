"""Locks of runs: one driver, and whoever only looks is never in the way."""

import threading
from pathlib import Path

import pytest

from core.model.host import Place
from core.runfolder.locks import RunLock, device_folder, is_driven


def test_a_run_has_one_driver(tmp_path: Path) -> None:
    first, second = RunLock(tmp_path), RunLock(tmp_path)
    assert first.take()
    assert is_driven(tmp_path)
    assert not second.take(patience=0)
    first.release()
    assert not is_driven(tmp_path)
    assert second.take(patience=0)
    second.release()


def test_somebody_who_looks_does_not_keep_a_run_from_starting(tmp_path: Path) -> None:
    looking, driver, answers = RunLock(tmp_path), RunLock(tmp_path), list[bool]()
    assert looking.take(patience=0)
    starting = threading.Thread(target=lambda: answers.append(driver.take(patience=60)))
    starting.start()
    looking.release()
    starting.join(60)
    assert answers == [True]


def test_a_run_does_not_seem_to_be_driven_because_somebody_else_looks_at_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = RunLock(tmp_path)
    assert looking.take(patience=0)
    monkeypatch.setattr("filelock._api.time.sleep", lambda _: looking.release())
    assert not is_driven(tmp_path)


def test_devices_of_different_places_have_different_folders(tmp_path: Path) -> None:
    places = [Place(), Place(site="hq"), Place(client="hq"), Place(tenant="hq")]
    assert len({device_folder(tmp_path, place, "SQL01") for place in places}) == len(places)
    assert device_folder(tmp_path, Place(), "SQL01") == device_folder(tmp_path, Place(), "sql01")
