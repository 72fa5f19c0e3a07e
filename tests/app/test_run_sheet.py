"""A run's sheet: everything of it in one look, and what may be done with it."""

import hashlib
import os

import pytest

from core.app.requests import ask, unblock
from core.app.run_sheet import output_of, run_sheet_of
from core.app.runs import list_runs
from core.app.workspace import Workspace
from core.model.fault import RefusedError
from core.model.requests import Action
from core.runfolder.folder import RunFolder
from tests.app.test_report import workspace as workspace  # noqa: PLC0414 - a fixture
from tests.samples import RUN


def test_a_run_in_a_line_names_its_change_and_its_plans_digest(workspace: Workspace) -> None:
    (line,) = list_runs(workspace)
    sheet = run_sheet_of(workspace, "last")
    assert (line.plan_digest, line.change) == (sheet.plan.digest, sheet.authorisation.change)


def test_a_host_has_its_entries_its_words_and_its_steps(workspace: Workspace) -> None:
    sheet = run_sheet_of(workspace, RUN)
    assert {one.event.target for one in sheet.entries_of("GLOBEX01")} == {"GLOBEX01"}
    assert sheet.told("GLOBEX01").sentence.startswith("GLOBEX01 failed")
    assert sheet.entries[-1].event.target is None


def test_a_run_that_left_a_host_unknown_can_be_taken_up_again(workspace: Workspace) -> None:
    sheet = run_sheet_of(workspace, RUN)
    assert sheet.record.outcome is not None
    assert sheet.resumable


def test_what_failed_is_retried_once_somebody_has_unblocked_it(workspace: Workspace) -> None:
    before = run_sheet_of(workspace, RUN)
    assert before.blocked == {"GLOBEX01"}
    assert before.no_retry is not None
    assert before.no_retry.code == "patch_blocked"
    unblock(workspace, "GLOBEX01", "disk replaced")
    after = run_sheet_of(workspace, RUN)
    assert after.blocked == frozenset()
    assert after.no_retry is None


def test_only_what_was_assessed_and_may_have_been_mended_is_verified_again(workspace: Workspace) -> None:
    sheet = run_sheet_of(workspace, RUN)
    assert not sheet.verifiable("ACME01")
    assert not sheet.verifiable("ACME02")
    assert sheet.verifiable("GLOBEX01")


def test_reports_older_than_the_journal_are_none(workspace: Workspace) -> None:
    page = workspace.run_folder(RUN) / "Reports" / "final-report.html"
    page.parent.mkdir(parents=True)
    page.write_text("told at the end", encoding="utf-8")
    assert run_sheet_of(workspace, RUN).reports == (page,)
    ask(workspace, RUN, Action.NOTE, "GLOBEX01", "vendor called")
    noted = run_sheet_of(workspace, RUN)
    ended = noted.entries[-1].at.timestamp() - 1
    os.utime(page, (ended, ended))
    assert run_sheet_of(workspace, RUN).reports == ()
    assert "vendor called" in " ".join(noted.record.target("GLOBEX01").notes)


def test_output_is_read_by_its_hash_and_a_changed_one_is_told(workspace: Workspace) -> None:
    folder = RunFolder(workspace.run_folder(RUN))
    key = folder.keep("Final result: Failed\n")
    assert output_of(workspace, RUN, key).genuine
    (folder.path / "Artifacts" / "Output" / f"{key}.txt").write_text("Final result: Passed\n", encoding="utf-8")
    changed = output_of(workspace, RUN, key)
    assert not changed.genuine
    assert changed.text == "Final result: Passed\n"


def test_output_that_is_gone_is_said_with_its_hash(workspace: Workspace) -> None:
    key = hashlib.sha256(b"nothing").hexdigest()
    with pytest.raises(RefusedError, match="not in the run's folder"):
        output_of(workspace, RUN, key)
