"""The derived documents of a run's folder."""

import json
from datetime import timedelta
from typing import Any

import pytest

from core.evidence.documents import final_report, install_summary, regressions, validation
from core.evidence.folding import fold
from core.model.check import Check, CheckResult
from core.model.difference import Difference
from core.model.events import Checked, Event, RunEnded, StepMoved, TargetMoved
from core.model.failure import Cause, Failure
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.record import RunRecord
from core.model.state import StepState, TargetState
from tests.samples import NEW, OLD, PLAN, RUN, SERVICE_DOWN, STARTED, begun, entries, whole_run

_SUMMARY_KEYS = {"kb", "title", "classification", "downloaded", "installed", "hresult", "rebootRequired"} | {
    "durationMs",
    "target",
    "step",
}


def _failed() -> RunRecord:
    """One host whose service did not come back, one that never got an answer."""
    trouble = Failure(Cause.VERIFICATION, "SQLWriter is stopped", "start it")
    doubt = Check("databases", "MSSQLSERVER", CheckResult.UNKNOWN, "2 online", "the engine did not say")
    return fold(
        entries(
            [
                Event(STARTED),
                *begun("SQL01"),
                Event(Checked("before", (Check("free space", "C:", CheckResult.PASSED, "3", "40"),)), "SQL01"),
                Event(Checked("after", (SERVICE_DOWN, doubt)), "SQL01"),
                Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.FAILED, trouble), "SQL01"),
                Event(RunEnded(Outcome.VERIFICATION_FAILED)),
            ]
        )
    )


def test_the_final_report_of_a_good_run() -> None:
    report = final_report(fold(entries(whole_run())), PLAN)
    expected = {"RunId": RUN, "Outcome": "succeeded", "ExitCode": 0, "RmmExitCode": 0, "PatchesInstalled": 2}
    assert report | expected == report
    assert report["RebootRequired"] is False
    assert report["Targets"][0]["instances"] == [{"name": "MSSQLSERVER", "before": OLD, "planned": NEW, "after": NEW}]
    assert report["Targets"][0]["reboots"][0]["after"]["boot_id"] == "boot:42"


def test_the_final_report_of_a_bad_run() -> None:
    report = final_report(_failed(), PLAN)
    assert (report["ExitCode"], report["RmmExitCode"], report["PatchesInstalled"]) == (1, 220, 0)
    assert report["Targets"][0]["failure"]["cause"] == "verification"
    assert report["Targets"][1]["state"] == "pending"


def test_a_run_that_goes_on_has_no_exit_code_yet() -> None:
    report = final_report(fold(entries(whole_run()[:-1])), PLAN)
    assert (report["Outcome"], report["ExitCode"], report["EndedUtc"]) == (None, None, None)


def test_a_restart_that_was_left_to_the_operator_is_said() -> None:
    waits = Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.AWAITING_REBOOT), "SQL01")
    record = fold(entries([Event(STARTED), *begun("SQL01"), waits]))
    assert final_report(record, PLAN)["RebootRequired"] is True


def test_the_install_summary_has_a_line_for_each_job_that_ended() -> None:
    target = fold(entries(whole_run())).target("SQL01")
    (line,) = install_summary(target, PLAN)
    assert set(line) == _SUMMARY_KEYS
    assert (line["kb"], line["hresult"], line["installed"]) == ("5054833", 3010, True)
    assert line["durationMs"] == timedelta(minutes=18, milliseconds=250) / timedelta(milliseconds=1)
    assert install_summary(_failed().target("SQL01"), PLAN) == []


def test_validation_lists_the_checks_of_its_moment() -> None:
    before, after = validation(_failed(), "before"), validation(_failed(), "after")
    assert [check["name"] for check in before["targets"]["SQL01"]] == ["free space"]
    assert [check["name"] for check in after["targets"]["SQL01"]] == ["service", "databases"]
    assert after["targets"]["SQL02"] == []
    assert (before["phaseId"], after["phaseId"]) == ("Phase04", "Phase08")


def test_a_regression_is_certain_when_it_was_seen_and_unknown_when_nobody_could_say() -> None:
    found = regressions(_failed())
    assert found["TotalRegressions"] == 2
    assert found["Regressions"][0] == {
        "App": "SQL01: SQLWriter",
        "Pattern": "service",
        "PreStatus": "Running",
        "PostStatus": "Stopped",
        "Confidence": "certain",
    }
    assert found["Regressions"][1]["Confidence"] == "unknown"
    assert regressions(fold(entries(whole_run())))["TotalRegressions"] == 0


def test_what_is_gone_is_likely_a_regression_and_told_once() -> None:
    gone = [Difference(key, "1.0", None) for key in ("application/Payroll/{1}", "driver/NIC/1", "service/SQLWriter")]
    moved = [
        Difference("application/Agent/{2}", "1.0", "1.1"),
        Difference("database/X/Sales", "ONLINE", None),
    ]
    found = regressions(_failed(), {"SQL01": [*gone, *moved]})["Regressions"]
    assert [(one["App"], one["Confidence"]) for one in found[2:]] == [
        ("SQL01: Payroll/{1}", "likely"),
        ("SQL01: NIC/1", "likely"),
    ]


@pytest.mark.parametrize("record", [fold(entries(whole_run())), _failed()], ids=["good", "bad"])
def test_every_document_is_plain_json(record: RunRecord) -> None:
    documents: list[Any] = [final_report(record, PLAN), regressions(record)]
    documents += [validation(record, "before"), validation(record, "after")]
    for document in documents:
        assert document["schema_version"] == 1
        assert json.loads(json.dumps(document)) == document


def test_an_installer_that_did_not_end_has_a_line_without_a_code() -> None:
    endless = Failure(Cause.OVERDUE, "the installer did not end within 2 hours and is still running", "look")
    moved = Event(StepMoved(1, StepState.RUNNING, StepState.FAILED, endless), "SQL01", Phase.INSTALL)
    (line,) = install_summary(fold(entries([Event(STARTED), *begun("SQL01"), moved])).target("SQL01"), PLAN)
    assert set(line) == _SUMMARY_KEYS
    assert (line["kb"], line["downloaded"], line["installed"], line["hresult"]) == ("5054833", True, False, None)
