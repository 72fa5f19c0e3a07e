"""The build reference of a workspace: imported, compared, explained."""

from pathlib import Path

import pytest

from core.app.builds import _replace, import_index, show
from core.app.workspace import Workspace, make_workspace
from core.model.fault import RefusedError

_EXCERPT = Path(__file__).parents[1] / "data" / "community_excerpt.json"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "space")


def _reference(workspace: Workspace) -> Path:
    return workspace.path / "config" / "build_reference.json"


def test_importing_again_changes_nothing(workspace: Workspace) -> None:
    import_index(workspace, _EXCERPT, None, dry_run=False)
    before = _reference(workspace).read_bytes()
    again = import_index(workspace, _EXCERPT, None, dry_run=False)
    assert (again.changes, again.warnings) == ((), ())
    assert _reference(workspace).read_bytes() == before


def test_a_corrected_row_is_shown_as_a_change(workspace: Workspace) -> None:
    file = _reference(workspace)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"kbs": ["5054833"]', '"kbs": ["5054834"]'), encoding="utf-8")
    done = import_index(workspace, _EXCERPT, "2019", dry_run=False)
    changed = [one for one in done.changes if one.kind == "changed"]
    assert [(str(one.build), one.details) for one in changed] == [("15.0.4430", ("kbs 5054834 -> 5054833",))]


def test_a_broken_reference_is_replaced_and_said_so(workspace: Workspace) -> None:
    _reference(workspace).write_text("{", encoding="utf-8")
    with pytest.raises(RefusedError):
        show(workspace, "15.0.4430")
    done = import_index(workspace, _EXCERPT, None, dry_run=False)
    assert done.before is None
    assert "cannot be read and is replaced" in done.warnings[0]
    assert show(workspace, "15.0.4430").explanations[0].release is not None


def test_a_missing_reference_is_explained_and_made_by_an_import(workspace: Workspace) -> None:
    _reference(workspace).unlink()
    with pytest.raises(RefusedError, match="take in a newer build reference"):
        show(workspace, "15.0.4430")
    import_index(workspace, _EXCERPT, None, dry_run=False)
    assert show(workspace, "15.0.4430").explanations[0].release is not None


def test_the_second_of_two_writers_is_told(workspace: Workspace) -> None:
    """Another writer came between our reading and our writing."""
    file = _reference(workspace)
    read = file.read_bytes()
    file.write_bytes(read + b"\n")
    with pytest.raises(RefusedError) as refused:
        _replace(workspace, read, "ours")
    assert [one.code for one in refused.value.faults] == ["changed_meanwhile"]
    assert file.read_bytes() == read + b"\n"
