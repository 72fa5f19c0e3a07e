"""What the console itself needs is gone: nothing is lost, nothing is called a success, and the run goes on later."""

from __future__ import annotations

import json
import resource
import signal
import sys

import pytest

from core.app.status import status
from core.model.outcome import Outcome
from core.model.state import TargetState
from tests.fleet.practising import LIMIT_SECONDS, Practising

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits another process's files")


def test_a_database_that_takes_no_more_ends_the_process_and_the_run_is_resumed(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.hold(host, at="installer_start")
    process = fleet.cli_process("deploy", fleet.authorised(host).id, "--yes", "--json", "--exit-codes", "rmm")
    try:
        assert process.stdout is not None
        run_id = json.loads(process.stdout.readline())["runId"]
        fleet.until(host, "installer_start")
        # Whatever this process writes fails from now on, as on a disk that is full.
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        fleet.go_on()
        lines = process.communicate(timeout=LIMIT_SECONDS)[0].splitlines()
    finally:
        process.kill()
        process.communicate()
    document = json.loads(lines[-1])
    assert (process.returncode, document["data"]["outcome"]) == (240, "reporting_failed"), lines[-1]
    found = status(fleet.workspace, run_id)
    assert (found.words, found.record.target(host).state) == ("interrupted", TargetState.IN_PROGRESS)
    assert fleet.cli("journal", "verify", "--json").code == 0
    resumed = fleet.cli("deploy", "--resume", run_id, "--json", "--no-progress")
    assert resumed.code == 0, resumed.out
    assert fleet.count(host, "installer_start", "reboot", "boot") == (1, 1, 1)


def test_a_workspace_that_cannot_be_written_is_refused_before_any_host_is_touched(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    made = fleet.authorised(host)
    runs = fleet.workspace.output / "Runs"
    aside = runs.with_name("Runs.aside")
    runs.mkdir(exist_ok=True)
    runs.rename(aside)
    runs.write_text("in the way", encoding="utf-8")
    try:
        refused = fleet.cli("deploy", made.id, "--yes", "--json", "--exit-codes", "rmm")
    finally:
        runs.unlink()
        aside.rename(runs)
    assert refused.code == 2, refused.out
    (fault,) = json.loads(refused.out)["faults"]
    assert (fault["code"], "nothing was begun" in fault["message"]) == ("not_writable", True)
    assert fleet.count(host, "file", "job_start") == (0, 0)
    assert fleet.state(host)["claim"] is None
    assert fleet.deploy(made).outcome is Outcome.SUCCEEDED


def test_a_process_that_was_frozen_and_wakes_goes_on_and_nobody_took_its_place(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.hold(host, at="installer_start")
    process = fleet.cli_process("deploy", fleet.authorised(host).id, "--yes", "--json", "--no-progress")
    try:
        assert process.stdout is not None
        run_id = json.loads(process.stdout.readline())["runId"]
        fleet.until(host, "installer_start")
        process.send_signal(signal.SIGSTOP)
        fleet.go_on()
        fleet.until(host, "installer_end")
        second = fleet.cli("deploy", "--resume", run_id, "--json", "--no-progress", "--exit-codes", "rmm")
        process.send_signal(signal.SIGCONT)
        process.communicate(timeout=LIMIT_SECONDS)
    finally:
        process.kill()
        process.communicate()
    assert (second.code, process.returncode) == (170, 0)
    record = status(fleet.workspace, run_id).record
    assert (record.outcome, record.epoch) == (Outcome.SUCCEEDED, 1)
    assert fleet.count(host, "installer_start", "reboot", "boot") == (1, 1, 1)
