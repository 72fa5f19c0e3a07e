"""A plan is made from a file of facts alone, and one that cannot be carried out is refused before anything happens."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.app.plan import LeavingOut, compare, draft, plan_from_file, show
from core.app.requests import unblock
from core.app.workspace import Workspace, make_workspace
from core.model.document import to_document
from core.model.failure import Cause, Failure
from core.model.fault import RefusedError
from core.model.host import Place
from core.model.plan import Plan
from core.model.review import Weight
from core.model.selection import Selection
from core.planning.reviewing import review
from core.store.database import open_database
from tests.app.test_report import keep_the_run
from tests.planning.table import facts_from

INSTALLER = "SQLServer2019-KB5054833-x64.exe"
OS_UPDATE = {"patch_id": "u1", "title": "Cumulative Update", "classification": "Security Updates"}
EVERY = Selection()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path / "workspace")
    targets = {"targets": [{"id": "1", "server": "SQL01", "instance": "A", "metadata": {"tags": ["env=prod"]}}]}
    (made.config / "sql_targets.json").write_text(json.dumps(targets), encoding="utf-8")
    folder = made.path / "hotfixes" / "2019"
    folder.mkdir(parents=True)
    (folder / INSTALLER).write_bytes(b"an installer")
    return made


def facts_file(folder: Path, *hosts: str, **more: Any) -> Path:
    file = folder / "facts.json"
    documents = [to_document(facts_from(host, {"A": "15.0.4298.1"}, more)) for host in hosts]
    file.write_text(json.dumps(documents), encoding="utf-8")
    return file


def made_from(workspace: Workspace, file: Path, selection: Selection = EVERY) -> Plan:
    return plan_from_file(workspace, selection, file)


def test_facts_in_a_file_are_all_that_a_plan_needs(workspace: Workspace, tmp_path: Path) -> None:
    plan = made_from(workspace, facts_file(tmp_path, "SQL01", "ELSEWHERE"))
    assert [one.host for one in plan.targets] == ["SQL01", "ELSEWHERE"]


def test_the_same_facts_give_the_same_content(workspace: Workspace, tmp_path: Path) -> None:
    file = facts_file(tmp_path, "SQL01")
    first, second = made_from(workspace, file), made_from(workspace, file)
    assert first.id != second.id
    assert first.digest == second.digest
    assert compare(workspace, first.id, second.id).same_content


def test_a_plan_is_kept_and_found_again(workspace: Workspace, tmp_path: Path) -> None:
    plan = made_from(workspace, facts_file(tmp_path, "SQL01"))
    assert show(workspace, "last") == plan


def test_the_inventory_says_what_the_facts_do_not(workspace: Workspace, tmp_path: Path) -> None:
    file = facts_file(tmp_path, "SQL01", "ELSEWHERE")
    plan = made_from(workspace, file, Selection(tags=("env=prod",)))
    assert [one.host for one in plan.targets] == ["SQL01"]


def test_every_fault_of_the_facts_is_told_at_once(workspace: Workspace, tmp_path: Path) -> None:
    file = facts_file(tmp_path, "SQL01")
    documents = json.loads(file.read_text(encoding="utf-8"))
    documents[0]["os"]["revision"] = "many"
    del documents[0]["machine_id"]
    file.write_text(json.dumps(documents), encoding="utf-8")
    with pytest.raises(RefusedError) as refused:
        made_from(workspace, file)
    assert {fault.path for fault in refused.value.faults} == {f"{file}: [0].machine_id", f"{file}: [0].os.revision"}


def test_two_documents_of_one_host_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="two documents are of this host"):
        made_from(workspace, facts_file(tmp_path, "SQL01", "sql01"))


@pytest.mark.parametrize("content", ["", "{}", "[1]", "no JSON"])
def test_a_file_that_holds_no_facts_is_refused(workspace: Workspace, tmp_path: Path, content: str) -> None:
    file = tmp_path / "facts.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(RefusedError):
        made_from(workspace, file)


def test_a_file_that_is_not_there_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="cannot be read"):
        made_from(workspace, tmp_path / "nowhere.json")


def test_a_missing_installer_fails_the_plan_early(workspace: Workspace, tmp_path: Path) -> None:
    (workspace.path / "hotfixes" / "2019" / INSTALLER).unlink()
    with pytest.raises(RefusedError, match=INSTALLER):
        made_from(workspace, facts_file(tmp_path, "SQL01"))


def test_a_host_that_was_left_out_in_the_review_still_is_its_tenants(workspace: Workspace) -> None:
    """Else its tenant's report would not tell of it."""
    targets = {"targets": [{"id": "1", "server": "SQL01", "tenant": "acme"}]}
    (workspace.config / "sql_targets.json").write_text(json.dumps(targets), encoding="utf-8")
    gone = Failure(Cause.UNREACHABLE, "nobody answered")
    made = draft(workspace, EVERY, timedelta(days=1), LeavingOut(hosts=("sql01",)), {"SQL01": gone})
    (left,) = made.skipped
    assert (left.code, left.place) == ("left_out", Place("acme"))


def test_a_plan_says_which_hosts_a_failure_has_patch_blocked_until_somebody_unblocks_them(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Whoever signs it must not hear of it only when the run leaves them as they are."""
    database = open_database(workspace.database)
    keep_the_run(database)
    database.close()
    file = facts_file(tmp_path, "globex01", "SQL01")
    plan = made_from(workspace, file)
    assert [one.hosts for one in plan.warnings if one.code == "patch_blocked"] == [("globex01",)]
    (found,) = (one for one in review(plan).of(Weight.HOLDS) if one.code == "patch_blocked")
    assert found.title == "patch-blocked since an earlier failure"
    unblock(workspace, "GLOBEX01", "the disk is replaced")
    assert not [one for one in made_from(workspace, file).warnings if one.code == "patch_blocked"]
