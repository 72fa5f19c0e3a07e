"""The note that a restart is due: consumed by another boot, by nothing else, and never lost."""

import json
from pathlib import Path
from typing import Any

from core.model.host import Place
from core.runfolder.devices import DeviceNotes
from core.runfolder.locks import device_folder
from tests.samples import AT, BOOT, BOOT_AFTER, RUN

_PLACE = Place("acme", "retail", "hq")


def _notes(tmp_path: Path) -> DeviceNotes:
    return DeviceNotes(tmp_path, _PLACE, "SQL01")


def _there(tmp_path: Path) -> dict[str, Any]:
    folder = device_folder(tmp_path, _PLACE, "SQL01")
    return {one.name: json.loads(one.read_text(encoding="utf-8")) for one in folder.glob("*.json")}


def test_a_restart_that_is_due_is_written_down(tmp_path: Path) -> None:
    _notes(tmp_path).restart_due(RUN, "the plan's restart", BOOT, AT)
    (note,) = _there(tmp_path).values()
    assert (note["device"], note["RunId"], note["boot"]["boot_id"]) == ("SQL01", RUN, BOOT.boot_id)


def test_the_same_boot_consumes_nothing(tmp_path: Path) -> None:
    _notes(tmp_path).restart_due(RUN, "left to the operator", BOOT, AT)
    _notes(tmp_path).booted(BOOT, "a later run", AT)
    assert list(_there(tmp_path)) == ["reboot-required.json"]


def test_another_boot_consumes_it_and_leaves_the_account(tmp_path: Path) -> None:
    _notes(tmp_path).restart_due(RUN, "left to the operator", BOOT, AT)
    _notes(tmp_path).booted(BOOT_AFTER, "a later run", AT)
    ((name, note),) = _there(tmp_path).items()
    assert name.startswith("reboot-required.consumed.")
    assert (note["RunId"], note["consumedByRunId"]) == (RUN, "a later run")
    assert (note["boot"]["boot_id"], note["bootAfter"]["boot_id"]) == (BOOT.boot_id, BOOT_AFTER.boot_id)


def test_a_boot_without_a_note_leaves_none(tmp_path: Path) -> None:
    _notes(tmp_path).booted(BOOT_AFTER, RUN, AT)
    assert _there(tmp_path) == {}


def test_a_note_that_somebody_spoilt_is_left_alone(tmp_path: Path) -> None:
    folder = device_folder(tmp_path, _PLACE, "SQL01")
    folder.mkdir(parents=True)
    (folder / "reboot-required.json").write_text("{", encoding="utf-8")
    _notes(tmp_path).booted(BOOT_AFTER, RUN, AT)
    assert (folder / "reboot-required.json").read_text(encoding="utf-8") == "{"
