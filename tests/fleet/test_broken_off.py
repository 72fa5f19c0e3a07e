"""A run whose process is killed is found again on its hosts and finished under the same id."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.app.deploy import resume
from core.app.driving import Finished
from core.app.status import status
from core.engine.runner import Stops
from core.model.failure import Cause
from core.model.fault import RefusedError
from core.model.outcome import Outcome
from core.model.plan import Plan
from core.model.state import TargetState
from tests.fleet.practising import LIMIT_SECONDS, Practising, until


@contextmanager
def _killed_when(fleet: Practising, made: Plan) -> Iterator[str]:
    """A deployment in a process of its own; killed without a word when the block ends."""
    process = fleet.cli_process("deploy", made.id, "--yes", "--json", "--no-progress")
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["runId"]
        assert process.poll() is None, "the run ended before it could be killed"
    finally:
        process.kill()
        process.communicate()


def _resume(fleet: Practising, run_id: str) -> Finished:
    return resume(fleet.workspace, run_id, lambda _: None, Stops())


def test_a_runner_killed_while_installers_run_is_resumed_under_the_same_id(fleet: Practising) -> None:
    hosts = fleet.take(2)
    fleet.hold(*hosts, at="installer_start")
    with _killed_when(fleet, fleet.authorised(*hosts)) as run_id:
        for host in hosts:
            fleet.until(host, "installer_start")
    assert status(fleet.workspace, run_id).words == "interrupted"
    fleet.go_on()
    for host in hosts:
        fleet.until(host, "installer_end")
    finished = _resume(fleet, run_id)
    assert (finished.run_id, finished.outcome) == (run_id, Outcome.SUCCEEDED)
    for host in hosts:
        assert fleet.count(host, "job_start", "installer_start", "reboot", "boot") == (1, 1, 1, 1)
        assert fleet.state(host)["claim"] is None


def test_a_resumed_run_waits_for_an_installer_that_still_runs(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.hold(host, at="installer_start")
    with _killed_when(fleet, fleet.authorised(host)) as run_id:
        fleet.until(host, "installer_start")
    process = fleet.cli_process("deploy", "--resume", run_id, "--json", "--no-progress")
    try:
        watched = len([one for one in fleet.told(host, "script") if one["detail"]["name"] == "watch_job"])
        until(lambda: _watches(fleet, host) > watched, "the resumed run watches the job")
        fleet.go_on()
        lines = process.communicate(timeout=LIMIT_SECONDS)[0].splitlines()
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert json.loads(lines[-1])["data"]["run_id"] == run_id
    assert fleet.count(host, "installer_start", "reboot") == (1, 1)


def _watches(fleet: Practising, host: str) -> int:
    return sum(one["detail"]["name"] == "watch_job" for one in fleet.told(host, "script"))


def test_a_runner_killed_during_a_restart_restarts_nothing_twice(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.hold(host, at="reboot")
    with _killed_when(fleet, fleet.authorised(host)) as run_id:
        fleet.until(host, "reboot")
    assert status(fleet.workspace, run_id).words == "interrupted"
    fleet.go_on()
    finished = _resume(fleet, run_id)
    assert (finished.run_id, finished.outcome) == (run_id, Outcome.SUCCEEDED)
    assert fleet.count(host, "installer_start", "reboot", "boot") == (1, 1, 1)


def test_what_failed_while_nobody_looked_is_found_on_resuming(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "installer_exit", code=1603)
    fleet.hold(host, at="installer_start")
    with _killed_when(fleet, fleet.authorised(host)) as run_id:
        fleet.until(host, "installer_start")
    fleet.go_on()
    fleet.until(host, "installer_end")
    target = _resume(fleet, run_id).record.target(host)
    assert target.state is TargetState.FAILED
    assert target.failure is not None
    assert target.failure.cause is Cause.INSTALLER
    assert fleet.count(host, "installer_start", "reboot") == (1, 0)


def test_a_run_that_has_ended_cannot_be_resumed(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "installer_exit")
    finished = fleet.cycle(host)
    with pytest.raises(RefusedError) as refused:
        _resume(fleet, finished.run_id)
    assert refused.value.faults[0].code == "ended"


def test_a_run_that_is_driven_is_not_driven_twice(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.hold(host, at="installer_start")
    deploying = fleet.begin(fleet.authorised(host))
    fleet.until(host, "installer_start")
    assert status(fleet.workspace, deploying.run_id).words == "running"
    second = fleet.cli_apart("deploy", "--resume", deploying.run_id, "--json", "--exit-codes", "rmm", "--no-progress")
    fleet.go_on()
    assert second.code == 170
    assert deploying.finished().outcome is Outcome.SUCCEEDED
    assert fleet.count(host, "installer_start", "reboot") == (1, 1)


def test_a_plan_whose_run_was_broken_off_is_not_begun_again_but_resumed(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.hold(host, at="installer_start")
    made = fleet.authorised(host)
    with _killed_when(fleet, made) as run_id:
        fleet.until(host, "installer_start")
    second = fleet.cli("deploy", made.id, "--yes", "--json", "--no-progress")
    assert second.code == 2
    assert json.loads(second.out)["faults"][0]["found"] == run_id
    fleet.go_on()
    assert _resume(fleet, "last").run_id == run_id


def test_the_last_run_to_resume_is_the_last_that_has_not_ended(fleet: Practising) -> None:
    broken, other = fleet.take(2)
    fleet.hold(broken, at="installer_start")
    with _killed_when(fleet, fleet.authorised(broken)) as run_id:
        fleet.until(broken, "installer_start")
    fleet.go_on()
    fleet.cycle(other)
    finished = _resume(fleet, "last")
    assert (finished.run_id, finished.outcome) == (run_id, Outcome.SUCCEEDED)


def test_a_run_that_nobody_listens_to_any_more_goes_on_to_its_end(fleet: Practising) -> None:
    """As after "| head -1", which fetches the run's id, and with stderr closed, too."""
    (host,) = fleet.take(1)
    process = fleet.cli_process("deploy", fleet.authorised(host).id, "--yes", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    run_id = json.loads(process.stdout.readline())["runId"]
    process.stdout.close()
    process.stderr.close()
    assert process.wait(LIMIT_SECONDS) == 0
    assert status(fleet.workspace, run_id).record.outcome is Outcome.SUCCEEDED
