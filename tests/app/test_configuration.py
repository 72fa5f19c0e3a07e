"""A configuration file is written back as it was, but for what was changed."""

import codecs

import pytest

from core.app.configuration import NAMES, document_of, form_of, prove, put, read, save
from core.app.workspace import Workspace, make_workspace
from core.model.fault import RefusedError
from core.model.form import leaves

_AUDIT = "config/audit_config.json"


@pytest.fixture
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(tmp_path_factory.mktemp("w") / "workspace")


def test_line_ends_and_the_byte_order_mark_of_windows_are_kept(workspace: Workspace) -> None:
    path = workspace.path / _AUDIT
    before = codecs.BOM_UTF8 + path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(before)
    file = read(workspace, _AUDIT)
    assert "\r" not in file.text
    saved = save(workspace, file, put(file.text, ("organization",), "Hafen"))
    assert path.read_bytes() == before.replace(b"Your organisation", b"Hafen")
    assert read(workspace, _AUDIT) == saved


def test_what_is_faulty_is_not_saved(workspace: Workspace) -> None:
    file = read(workspace, _AUDIT)
    with pytest.raises(RefusedError, match="max_concurrent_servers"):
        save(workspace, file, put(file.text, ("concurrency", "max_concurrent_servers"), 0))
    assert read(workspace, _AUDIT) == file


def test_a_forms_default_is_the_value_that_holds_without_the_key(workspace: Workspace) -> None:
    """Every default that a form shows is itself right, so that showing it promises nothing false."""
    for name in NAMES:
        text = read(workspace, name).text
        for field in form_of(name).fields:
            if not field.required and field.default not in (None, [], {}):
                text = put(text, (field.key,), field.default)
        assert prove(workspace, name, text).faults == ()


@pytest.mark.parametrize("text", ["", "[]", "nonsense", '{"a": 1', "null"])
def test_no_form_shows_what_is_no_object(text: str) -> None:
    assert document_of(text) is None


def test_every_file_has_something_to_be_set() -> None:
    assert all(list(leaves(form_of(name))) for name in NAMES)
