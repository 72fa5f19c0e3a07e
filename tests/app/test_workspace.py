"""The workspace: found in one order, made without touching what is there."""

from pathlib import Path

import pytest
from platformdirs import user_data_path

from core.app.workspace import find_workspace, make_workspace, settings_of
from core.model.fault import RefusedError
from core.settings.workspace import FILES


def test_the_named_folder_goes_before_the_environment_before_this_folder_before_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, variable, here = (make_workspace(tmp_path / name).path for name in ("named", "variable", "here"))
    own = make_workspace(user_data_path("drydock", appauthor=False)).path
    monkeypatch.chdir(tmp_path)
    assert find_workspace(None).path == own
    monkeypatch.chdir(here)
    assert find_workspace(None).path == here
    monkeypatch.setenv("DRYDOCK_WORKSPACE", str(variable))
    assert find_workspace(None).path == variable
    assert find_workspace(named).path == named


def test_a_named_folder_without_a_workspace_is_refused_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make_workspace(tmp_path / "here").path)
    with pytest.raises(RefusedError, match="there is no workspace here"):
        find_workspace(tmp_path / "nowhere")
    monkeypatch.setenv("DRYDOCK_WORKSPACE", str(tmp_path / "nowhere"))
    with pytest.raises(RefusedError, match="make one, or name another folder"):
        find_workspace(None)


def test_a_new_workspace_is_complete_and_valid(tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "new")
    assert settings_of(made).mapping.mappings
    assert {"config", "hotfixes", "output"} == {path.name for path in made.path.iterdir()}


def test_files_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    mine = tmp_path / "config" / "sql_targets.json"
    mine.parent.mkdir()
    mine.write_text('{"targets": []}', encoding="utf-8")
    make_workspace(tmp_path)
    make_workspace(tmp_path)
    assert mine.read_text(encoding="utf-8") == '{"targets": []}'
    assert all((tmp_path / name).is_file() for name in FILES)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    made = make_workspace(tmp_path)
    path = made.config / "sql_targets.json"
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert settings_of(made).targets.targets
