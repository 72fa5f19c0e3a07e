"""Lists of servers taken into a workspace."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from core.app.targets import Import, carry_out, list_targets, prepare_import
from core.app.workspace import Workspace, hosts, make_workspace, settings_of
from core.model.fault import RefusedError
from core.model.selection import Selection
from core.settings.names import AUDIT_CONFIG
from core.settings.workspace import TARGETS
from tests.inventory.databases import audit_database


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "w")


def _list(workspace: Workspace, text: str) -> Path:
    path = workspace.path / "servers.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _prepared(workspace: Workspace, text: str) -> Import:
    return prepare_import(workspace, _list(workspace, text))


def _set(workspace: Workspace, name: str, document: dict[str, Any]) -> None:
    (workspace.path / name).write_text(json.dumps(document), encoding="utf-8")


def _servers(workspace: Workspace) -> list[str]:
    document = json.loads((workspace.path / TARGETS).read_text(encoding="utf-8"))
    return [target["server"] for target in document["targets"]]


def _faults(refused: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [str(fault) for fault in refused.value.faults]


def test_an_import_is_told_before_it_is_written(workspace: Workspace) -> None:
    before = (workspace.path / TARGETS).read_bytes()
    prepared = _prepared(workspace, "server\nSQL01\n")
    assert [change.kind for change in prepared.changes] == ["not_listed", "added"]
    assert (workspace.path / TARGETS).read_bytes() == before
    carry_out(workspace, prepared)
    assert _servers(workspace) == ["sql01.example.com", "SQL01"]
    assert [host.name for host in list_targets(workspace, Selection())] == ["SQL01"]


def test_the_rest_of_the_file_stays_with_its_order_and_its_form(workspace: Workspace) -> None:
    text = (
        '{\r\n    "_comment": "ours",\r\n    "global_settings": {\r\n        "timeout_seconds": 20\r\n    },\r\n'
        '    "targets": [\r\n        {\r\n            "server": "Älpha",\r\n            "_comment": "old",\r\n'
        '            "id": "a"\r\n        }\r\n    ]\r\n}\r\n'
    )
    (workspace.path / TARGETS).write_bytes(text.encode())
    carry_out(workspace, _prepared(workspace, "server;site\nälpha;hq\n"))
    expected = text.replace('"id": "a"\r\n', '"id": "a",\r\n            "site": "hq"\r\n')
    assert (workspace.path / TARGETS).read_bytes().decode() == expected


def test_nothing_is_written_where_nothing_changes(workspace: Workspace) -> None:
    before = (workspace.path / TARGETS).read_bytes()
    prepared = _prepared(workspace, "server;instance\nsql01.example.com;MSSQLSERVER\n")
    assert not prepared.changes_something
    carry_out(workspace, prepared)
    assert (workspace.path / TARGETS).read_bytes() == before


def test_the_second_writer_is_told_and_the_first_is_kept(workspace: Workspace) -> None:
    first, second = _prepared(workspace, "server\nA\n"), _prepared(workspace, "server\nB\n")
    carry_out(workspace, first)
    with pytest.raises(RefusedError) as refused:
        carry_out(workspace, second)
    assert [fault.code for fault in refused.value.faults] == ["changed_meanwhile"]
    assert _servers(workspace) == ["sql01.example.com", "A"]


def test_of_many_writers_at_once_exactly_one_wins(workspace: Workspace) -> None:
    prepared = [_prepared(workspace, f"server\nS{number}\n") for number in range(8)]
    together = threading.Barrier(len(prepared))
    won: list[int] = []

    def write(number: int) -> None:
        together.wait()
        try:
            carry_out(workspace, prepared[number])
        except RefusedError:
            return
        won.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(len(prepared))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert _servers(workspace) == ["sql01.example.com", f"S{won[0]}"]


def test_a_write_that_fails_leaves_the_file_and_no_rubbish(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (workspace.path / TARGETS).read_bytes()
    there = sorted(path.name for path in workspace.config.iterdir())
    prepared = _prepared(workspace, "server\nA\n")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RefusedError) as refused:
        carry_out(workspace, prepared)
    assert _faults(refused) == [f"{TARGETS}: the file cannot be written (No space left on device); it is as it was"]
    assert (workspace.path / TARGETS).read_bytes() == before
    assert sorted(path.name for path in workspace.config.iterdir()) == there


def test_what_would_contradict_the_file_is_refused_by_its_line(workspace: Workspace) -> None:
    with pytest.raises(RefusedError) as refused:
        _prepared(workspace, "server;ip\nA;10.0.0.1\nB;10.0.0.1\n")
    assert _faults(refused) == [
        (
            "servers.csv: line 3: server: B and A have one address, so they are one host under two names; "
            'write the same "server" in both, or correct the address'
        )
    ]


def test_json_is_not_imported(workspace: Workspace) -> None:
    with pytest.raises(RefusedError) as refused:
        _prepared(workspace, '{"targets": []}')
    assert [fault.code for fault in refused.value.faults] == ["not_csv"]


def test_a_list_that_is_not_there_or_a_folder_is_told(workspace: Workspace) -> None:
    for path, code in ((workspace.path / "absent.csv", "unreadable"), (workspace.config, "is_a_folder")):
        with pytest.raises(RefusedError) as refused:
            prepare_import(workspace, path)
        assert [fault.code for fault in refused.value.faults] == [code]


def test_autodbaudits_database_is_imported_once(workspace: Workspace, tmp_path: Path) -> None:
    database = audit_database(tmp_path / "h.db", [(1, "SQL01", "10.0.0.1")], [(1, "PROD", 1444)])
    carry_out(workspace, prepare_import(workspace, database))
    (host,) = list_targets(workspace, Selection())
    assert (host.name, host.address, [one.name for one in host.instances]) == ("SQL01", "10.0.0.1", ["PROD"])


def _live(workspace: Workspace, database: str) -> None:
    _set(workspace, AUDIT_CONFIG, {"schema_version": 1, "inventory": {"source": "autodbaudit", "database": database}})


def test_autodbaudits_database_is_a_live_source(workspace: Workspace) -> None:
    audit_database(workspace.path / "h.db", [(1, "SQL01", None)], [(1, "PROD", 1444)])
    _live(workspace, "h.db")
    assert [host.name for host in hosts(settings_of(workspace))] == ["SQL01"]


def test_a_live_source_that_is_not_there_is_a_fault_of_the_configuration(workspace: Workspace) -> None:
    _live(workspace, "absent.db")
    with pytest.raises(RefusedError) as refused:
        settings_of(workspace)
    assert [fault.code for fault in refused.value.faults] == ["missing_file"]
    assert refused.value.faults[0].path.startswith(f"{AUDIT_CONFIG}: inventory.database: ")


def test_a_live_host_and_one_of_the_file_under_two_names_are_found(workspace: Workspace) -> None:
    audit_database(workspace.path / "h.db", [(1, "SQL01", None)])
    _live(workspace, "h.db")
    _set(workspace, TARGETS, {"targets": [{"id": "a", "server": "sql01.example.com"}]})
    with pytest.raises(RefusedError) as refused:
        settings_of(workspace)
    assert [(fault.path, fault.code) for fault in refused.value.faults] == [("h.db: SQL01.server", "two_names")]


def test_a_configuration_file_that_is_a_folder_is_told(workspace: Workspace) -> None:
    (workspace.path / TARGETS).unlink()
    (workspace.path / TARGETS).mkdir()
    with pytest.raises(RefusedError) as refused:
        settings_of(workspace)
    assert _faults(refused) == [f"{TARGETS}: this is a folder, but a file is needed; rename the folder"]


def test_paths_in_the_files_begin_at_the_workspace(workspace: Workspace) -> None:
    (workspace.config / "ca.pem").write_text("x", encoding="utf-8")
    _set(workspace, AUDIT_CONFIG, {"schema_version": 1, "remoting": {"ca_file": "config/ca.pem"}})
    targets = [{"id": "a", "server": "A"}, {"id": "b", "server": "B", "remoting": {"ca_file": "config/ca.pem"}}]
    _set(workspace, TARGETS, {"targets": targets})
    found = {host.remoting.ca_file for host in hosts(settings_of(workspace))}
    assert found == {str(workspace.path / "config/ca.pem")}
