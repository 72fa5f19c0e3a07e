"""What is asked of a run while it goes on and after it has ended, and how its failed hosts are tried again."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from core.app import composition
from core.app.deploy import retry_failed
from core.app.history import compliance
from core.app.launch import launch_reverify
from core.app.requests import ask, unblock
from core.app.second_look import reverify
from core.app.status import status
from core.app.unlock import unlock
from core.engine.runner import Stops
from core.model.compliance import ComplianceState
from core.model.failure import Cause
from core.model.fault import RefusedError
from core.model.outcome import Outcome
from core.model.record import RunRecord
from core.model.requests import Action
from core.model.selection import Selection
from core.model.state import TargetState
from core.store.blocks import open_blocks
from core.store.rebuilding import rebuild
from tests.fleet.practising import CURRENT, Practising, until


def _story(fleet: Practising, run_id: str) -> RunRecord:
    return status(fleet.workspace, run_id).record


def _blocked(fleet: Practising, host: str) -> int:
    with composition.open_database(fleet.workspace) as database:
        return len(open_blocks(database, host))


def _compliance(fleet: Practising, host: str) -> ComplianceState:
    (found,) = compliance(fleet.workspace, Selection((host,)), timedelta(days=1))
    return found.state


def _code(refused: pytest.ExceptionInfo[RefusedError]) -> str:
    return refused.value.faults[0].code


def test_a_paused_run_begins_nothing_until_it_is_resumed(fleet: Practising) -> None:
    *busy, waiting = fleet.take(4)
    fleet.hold(*busy, at="installer_start")
    deploying = fleet.begin(fleet.authorised(*busy, waiting))
    for host in busy:
        fleet.until(host, "installer_start")
    assert fleet.cli("pause", deploying.run_id, "--json").code == 0
    deploying.until("admission_held")
    fleet.go_on()
    until(
        lambda: all(_story(fleet, deploying.run_id).target(host).state is TargetState.SUCCESS for host in busy),
        "the end of what was begun",
    )
    assert status(fleet.workspace, deploying.run_id).words == "paused"
    assert fleet.count(waiting, "job_start") == (0,)
    assert fleet.cli("resume", deploying.run_id, "--json").code == 0
    assert deploying.finished().outcome is Outcome.SUCCEEDED


def test_a_note_is_written_by_the_run_and_after_its_end(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.hold(host, at="installer_start")
    deploying = fleet.begin(fleet.authorised(host))
    fleet.until(host, "installer_start")
    ask(fleet.workspace, deploying.run_id, Action.NOTE, host, "its owner watches")
    deploying.until("noted")
    fleet.go_on()
    run_id = deploying.finished().run_id
    assert fleet.cli("note", run_id, host, "all well", "--json").code == 0
    assert [one.partition(": ")[2] for one in _story(fleet, run_id).target(host).notes] == [
        "its owner watches",
        "all well",
    ]
    assert fleet.cli("journal", "verify", "--json").code == 0


def test_logs_are_fetched_while_the_installer_is_at_work_and_after_the_end(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.hold(host, at="installer_start")
    deploying = fleet.begin(fleet.authorised(host))
    fleet.until(host, "installer_start")
    ask(fleet.workspace, deploying.run_id, Action.DIAGNOSE, host, "it takes long")
    deploying.until("diagnostics_taken")
    fleet.go_on()
    run_id = deploying.finished().run_id
    first = _story(fleet, run_id).target(host).diagnostics
    assert first is not None
    assert {"errorlog", "state"} <= {one.kind for one in first.texts}
    assert fleet.cli("diagnose", run_id, host, "--reason", "for the vendor", "--json").code == 0
    record = _story(fleet, run_id)
    assert record.outcome is Outcome.SUCCEEDED
    assert record.target(host).diagnostics != first
    assert all((fleet.workspace.run_folder(run_id) / "Artifacts" / "Output" / f"{one.sha256}.txt").is_file()
               for one in first.texts)  # fmt: skip


def test_a_failed_host_is_patch_blocked_until_somebody_says_why_not(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "installer_exit")
    fleet.cycle(host)
    assert _blocked(fleet, host) == 1
    looked = fleet.cli("deploy", fleet.plan(host).id, "--dry-run", "--json", "--no-progress")
    (would,) = json.loads(looked.out)["data"]["hosts"]
    assert (would["would_end"], would["failure"]["cause"], would["would_do"]) == ("blocked", "patch_blocked", [])
    target = fleet.cycle(host).record.target(host)
    assert (target.state, target.failure and target.failure.cause) == (TargetState.BLOCKED, Cause.PATCH_BLOCKED)
    assert fleet.count(host, "job_start") == (1,)
    assert _compliance(fleet, host) is ComplianceState.BLOCKED
    answered = fleet.cli("unblock", host, "--reason", "the media is mended", "--json")
    assert answered.code == 0, answered.out
    assert _blocked(fleet, host) == 0
    assert _compliance(fleet, host) is ComplianceState.PENDING
    assert fleet.cycle(host).outcome is Outcome.SUCCEEDED
    with pytest.raises(RefusedError) as refused:
        unblock(fleet.workspace, host, "again")
    assert _code(refused) == "not_blocked"
    with composition.open_database(fleet.workspace) as database:
        assert not [one for one in rebuild(database) if host in one.key]


def test_a_host_that_was_only_unreachable_is_not_blocked(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    made = fleet.authorised(host)
    fleet.fault(host, "refuse", when="always")
    assert fleet.deploy(made).outcome is Outcome.NOT_REACHED
    assert _blocked(fleet, host) == 0


def test_the_failed_hosts_of_a_run_are_tried_again_in_a_run_of_their_own(fleet: Practising) -> None:
    good, bad = fleet.take(2)
    fleet.fault(bad, "installer_exit")
    first = fleet.cycle(good, bad)
    with pytest.raises(RefusedError) as refused:
        _retry(fleet, first.run_id)
    assert _code(refused) == "patch_blocked"
    unblock(fleet.workspace, bad, "looked at it")
    answered = fleet.cli("deploy", "--retry-failed", first.run_id, "--yes", "--json", "--no-progress")
    assert answered.code == 0, answered.out
    run_id = json.loads(answered.out.splitlines()[-1])["data"]["run_id"]
    again = _story(fleet, run_id)
    assert (again.retry_of, again.attempt) == (first.run_id, 2)
    assert [target.host for target in again.targets] == [bad]
    assert fleet.count(good, "installer_start") == (1,)
    assert fleet.count(bad, "installer_start") == (2,)


def test_nobody_tries_again_for_ever(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "installer_exit", times=5)
    made = fleet.authorised(host)
    first = fleet.deploy(made)
    for _ in range(made.rules.retries.runs - 1):
        unblock(fleet.workspace, host, "once more")
        _retry(fleet, first.run_id)
    unblock(fleet.workspace, host, "once more")
    with pytest.raises(RefusedError) as refused:
        _retry(fleet, first.run_id)
    assert _code(refused) == "too_often"


def _retry(fleet: Practising, run_id: str) -> str:
    finished = retry_failed(fleet.workspace, run_id, lambda *_: True, lambda _: None, Stops())
    assert finished is not None
    return finished.run_id


def test_work_by_hand_counts_once_a_fresh_assessment_shows_it(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.fault(host, "installer_exit", times=1)
    first = fleet.cycle(host)
    assert _verified_again(fleet, first.run_id, host) is TargetState.FAILED
    # The host is patched behind this run's back: here by another one.
    unblock(fleet.workspace, host, "by hand now")
    assert fleet.cycle(host).outcome is Outcome.SUCCEEDED
    assert launch_reverify(fleet.workspace, first.run_id, host, "-- by hand") == first.run_id
    until(lambda: status(fleet.workspace, first.run_id).record.outcome is not None, "the end of the look")
    record = _story(fleet, first.run_id)
    assert record.target(host).state is TargetState.SUCCESS
    assert record.outcome is Outcome.SUCCEEDED
    assert fleet.count(host, "installer_start", "reboot") == (2, 1)
    with pytest.raises(RefusedError) as refused:
        reverify(fleet.workspace, first.run_id, host, "again", lambda _: None, Stops())
    assert _code(refused) == "not_open"


def _verified_again(fleet: Practising, run_id: str, host: str) -> TargetState:
    fleet.cli("reverify", run_id, host, "--json", "--no-progress")
    return _story(fleet, run_id).target(host).state


def test_a_stale_claim_is_cleared_and_a_living_job_keeps_it(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.hold(host, at="installer_start")
    made = fleet.authorised(host)
    process = fleet.cli_process("deploy", made.id, "--yes", "--json", "--no-progress")
    fleet.until(host, "installer_start")
    process.kill()
    process.communicate()
    with pytest.raises(RefusedError) as refused:
        unlock(fleet.workspace, host, "its console died")
    assert _code(refused) == "job_running"
    fleet.go_on()
    fleet.until(host, "installer_end")
    found = unlock(fleet.workspace, host, "its console died")
    assert found.request.run_id in found.holder
    assert fleet.state(host)["claim"] is None
    resumed = fleet.cli("deploy", "--resume", found.request.run_id, "--json", "--no-progress")
    assert resumed.code == 0, resumed.out
    assert fleet.count(host, "installer_start", "reboot") == (1, 1)


def test_a_host_at_work_in_a_run_here_cannot_be_unlocked(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.hold(host, at="installer_start")
    deploying = fleet.begin(fleet.authorised(host))
    fleet.until(host, "installer_start")
    with pytest.raises(RefusedError) as refused:
        unlock(fleet.workspace, host, "in the way")
    assert _code(refused) == "locked"
    fleet.go_on()
    assert deploying.finished().outcome is Outcome.SUCCEEDED
    assert CURRENT in str(fleet.state(host))


def test_a_dry_run_looks_at_every_host_and_changes_nothing(fleet: Practising) -> None:
    ready, claimed, gone = fleet.take(3)
    made = fleet.plan(ready, claimed, gone)
    fleet.hold(claimed, at="installer_start")
    deploying = fleet.begin(fleet.authorised(claimed))
    fleet.until(claimed, "installer_start")
    fleet.fault(gone, "refuse", when="always")
    before = fleet.count(ready, "file", "job_start", "reboot")
    answered = fleet.cli("deploy", made.id, "--dry-run", "--json", "--no-progress")
    assert answered.code == 0, answered.out
    data = json.loads(answered.out)["data"]
    found = {one["host"]: one for one in data["hosts"]}
    assert found[ready]["would_end"] is None
    assert any("would install" in line and CURRENT in line for line in found[ready]["would_do"])
    assert found[claimed]["would_end"] == "deferred"
    assert found[gone]["would_end"] == "failed"
    assert any("not authorised" in line for line in data["remarks"])
    assert fleet.count(ready, "file", "job_start", "reboot") == before
    assert fleet.state(ready)["claim"] is None
    fleet.go_on()
    assert deploying.finished().outcome is Outcome.SUCCEEDED
