"""One target, added or changed: judged before it is written, and written only over what was read."""

import json
from pathlib import Path

import pytest

from core.app.target_editing import drafted, keep, open_book
from core.app.workspace import Workspace, hosts, make_workspace, settings_of
from core.model.fault import RefusedError


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path / "w")
    targets = {"targets": [{"id": "one", "server": "SQL01", "owner": "me"}, {"id": "two", "server": "sql02"}]}
    (made.config / "sql_targets.json").write_text(json.dumps(targets), encoding="utf-8")
    return made


def test_a_target_that_is_added_is_a_host_afterwards(workspace: Workspace) -> None:
    book = open_book(workspace)
    assert book.fresh_id() == "target-3"
    draft = drafted(workspace, book, None, {"id": "target-3", "server": "SQL03", "tenant": "acme"})
    assert draft.faults == ()
    assert len(hosts(settings_of(workspace))) == 2, "nothing is written before it is kept"
    keep(workspace, draft)
    assert [host.name for host in hosts(settings_of(workspace))] == ["SQL01", "sql02", "SQL03"]


def test_what_is_changed_keeps_all_else_that_the_file_says_of_it(workspace: Workspace) -> None:
    book = open_book(workspace)
    (place,) = book.of_server("sql01.")
    keep(workspace, drafted(workspace, book, place, dict(book.targets[place]) | {"site": "north"}))
    (changed, other) = open_book(workspace).targets
    assert (changed["owner"], changed["site"], other) == ("me", "north", {"id": "two", "server": "sql02"})


def test_every_fault_is_said_at_its_field_and_nothing_is_written(workspace: Workspace) -> None:
    book = open_book(workspace)
    draft = drafted(workspace, book, 1, {"id": "one", "server": "a,1433", "port": "many", "auth": "sql"})
    assert {fault.path for fault in draft.faults} >= {"server", "port"}
    with pytest.raises(RefusedError):
        keep(workspace, draft)
    assert open_book(workspace) == book


def test_the_second_of_two_writers_is_told(workspace: Workspace) -> None:
    book = open_book(workspace)
    mine = drafted(workspace, book, None, {"id": "three", "server": "SQL03"})
    keep(workspace, drafted(workspace, book, None, {"id": "three", "server": "SQL04"}))
    with pytest.raises(RefusedError) as refused:
        keep(workspace, mine)
    assert refused.value.faults[0].code == "changed_meanwhile"
