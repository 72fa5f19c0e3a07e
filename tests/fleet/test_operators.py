"""What operators can do to a run that goes on, and what two of them cannot do to each other."""

from __future__ import annotations

import json
import signal
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.app import composition
from core.app.authorise import authorise
from core.app.requests import ask
from core.app.status import status
from core.app.workspace import hosts, settings_of
from core.contract.claim import TakeClaim
from core.contract.library import TAKE_CLAIM
from core.contract.script import Call
from core.engine.runner import Stops
from core.model.failure import Cause, Failure
from core.model.fault import RefusedError
from core.model.host import Host
from core.model.outcome import Outcome, exit_code
from core.model.plan import Plan
from core.model.requests import Action
from core.model.state import TargetState
from core.runfolder.folder import RunFolder
from core.settings.workspace import POLICY
from tests.fleet.practising import LIMIT_SECONDS, Practising


def test_a_host_that_another_console_claims_is_left_alone(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    made = fleet.authorised(host)
    _claim_as_another_console(fleet, host)
    finished = fleet.deploy(made)
    target = finished.record.target(host)
    assert (target.state, finished.outcome) == (TargetState.DEFERRED, Outcome.LOCKED)
    assert (exit_code(finished.outcome, "basic"), exit_code(finished.outcome, "rmm")) == (1, 170)
    assert target.failure is not None
    assert target.failure.cause is Cause.CLAIMED
    assert "another-console" in target.failure.detail
    assert fleet.count(host, "job_start", "installer_start") == (0, 0)
    assert fleet.state(host)["claim"] == "another-run"


def _claim_as_another_console(fleet: Practising, name: str) -> None:
    settings = settings_of(fleet.workspace)
    known = hosts(settings)
    secrets = composition.secrets_of(fleet.workspace, settings, known)
    session = composition.connect_with(secrets, threading.Event())(_host(known, name))
    assert not isinstance(session, Failure)
    claim = TakeClaim(run_id="another-run", epoch=1, console="another-console")
    assert not isinstance(session.run(Call(TAKE_CLAIM, claim)), Failure)
    session.close()


def _host(known: tuple[Host, ...], name: str) -> Host:
    return next(host for host in known if host.name == name)


def test_a_host_that_was_not_begun_can_be_withdrawn(fleet: Practising) -> None:
    *busy, waiting = fleet.take(4)
    fleet.hold(*busy, at="installer_start")
    deploying = fleet.begin(fleet.authorised(*busy, waiting))
    for host in busy:
        fleet.until(host, "installer_start")
    ask(fleet.workspace, deploying.run_id, Action.WITHDRAW, waiting, "its owner asked")
    assert deploying.until("request_taken")["data"]["accepted"] is True
    fleet.go_on()
    finished = deploying.finished()
    assert finished.record.target(waiting).state is TargetState.CANCELLED
    assert all(finished.record.target(host).state is TargetState.SUCCESS for host in busy)
    assert fleet.count(waiting, "job_start", "reboot") == (0, 0)
    assert finished.outcome is Outcome.PARTIAL


def test_a_host_that_was_begun_cannot_be_withdrawn(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.hold(host, at="installer_start")
    deploying = fleet.begin(fleet.authorised(host))
    fleet.until(host, "installer_start")
    ask(fleet.workspace, deploying.run_id, Action.WITHDRAW, host, "too late")
    assert deploying.until("request_taken")["data"]["accepted"] is False
    fleet.go_on()
    assert deploying.finished().outcome is Outcome.SUCCEEDED


def test_a_stopped_run_finishes_what_it_began_and_starts_nothing_new(fleet: Practising) -> None:
    *busy, waiting = fleet.take(4)
    fleet.hold(*busy, at="installer_start")
    deploying = fleet.begin(fleet.authorised(*busy, waiting))
    for host in busy:
        fleet.until(host, "installer_start")
    ask(fleet.workspace, deploying.run_id, Action.STOP, None, "the window closes")
    deploying.until("request_taken")
    fleet.go_on()
    finished = deploying.finished()
    assert finished.outcome is Outcome.CANCELLED
    assert all(finished.record.target(host).state is TargetState.SUCCESS for host in busy)
    assert finished.record.target(waiting).state is TargetState.CANCELLED
    assert fleet.count(waiting, "job_start", "reboot") == (0, 0)


def test_one_interrupt_finishes_what_runs(fleet: Practising) -> None:
    *busy, waiting = fleet.take(4)
    fleet.hold(*busy, at="installer_start")
    made = fleet.authorised(*busy, waiting)
    process = fleet.cli_process("deploy", made.id, "--yes", "--json")
    try:
        for host in busy:
            fleet.until(host, "installer_start")
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert any("nothing new is started" in line for line in iter(process.stderr.readline, ""))
        fleet.go_on()
        lines = process.communicate(timeout=LIMIT_SECONDS)[0].splitlines()
    finally:
        process.kill()
        process.communicate()
    document = json.loads(lines[-1])
    states = {one["host"]: one["state"] for one in document["data"]["targets"]}
    assert process.returncode == 130
    assert states == {**dict.fromkeys(busy, "success"), waiting: "cancelled"}


def test_a_second_interrupt_leaves_at_once_and_the_run_can_be_resumed(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    fleet.hold(host, at="installer_start")
    made = fleet.authorised(host)
    process = fleet.cli_process("deploy", made.id, "--yes", "--json")
    try:
        fleet.until(host, "installer_start")
        for said in ("nothing new is started", "leaving"):
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            assert any(said in line for line in iter(process.stderr.readline, ""))
        lines = process.communicate(timeout=LIMIT_SECONDS)[0].splitlines()
    finally:
        process.kill()
        process.communicate()
    run_id = json.loads(lines[0])["runId"]
    assert process.returncode == 130
    assert status(fleet.workspace, run_id).words == "interrupted"
    assert fleet.state(host)["claim"] == run_id
    fleet.go_on()
    resumed = fleet.cli("deploy", "--resume", run_id, "--no-progress")
    assert resumed.code == 0, resumed.out
    assert fleet.count(host, "installer_start", "reboot") == (1, 1)


def test_after_success_there_is_nothing_left_to_do(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    assert fleet.cycle(host).outcome is Outcome.SUCCEEDED
    again = fleet.authorised(host)
    assert again.targets == ()
    assert fleet.deploy(again).outcome is Outcome.SUCCEEDED
    assert fleet.count(host, "installer_start", "reboot") == (1, 1)


def test_the_same_plan_again_skips_the_host_that_has_it(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    made = fleet.authorised(host)
    assert fleet.deploy(made).outcome is Outcome.SUCCEEDED
    again = fleet.deploy(made)
    assert (again.outcome, again.record.target(host).state) == (Outcome.SUCCEEDED, TargetState.SKIPPED)
    assert fleet.count(host, "installer_start", "reboot") == (1, 1)


def test_a_plan_changed_by_a_byte_is_refused(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    made = fleet.authorised(host)
    with closing(sqlite3.connect(fleet.workspace.database)) as database, database:
        (document,) = database.execute("SELECT document FROM plans WHERE id = ?", (made.id,)).fetchone()
        changed = document.replace("/AllInstances", "/AllInstancez")
        assert changed != document
        database.execute("UPDATE plans SET document = ? WHERE id = ?", (changed, made.id))
    assert _refused(fleet, made) == "digest"


def test_a_policy_that_was_changed_since_the_plan_was_authorised_is_refused(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    made = fleet.authorised(host)
    file = fleet.workspace.path / POLICY
    before = file.read_text(encoding="utf-8")
    policy = json.loads(before)
    policy["preflight"]["backup"]["max_age_hours"] += 1
    try:
        file.write_text(json.dumps(policy), encoding="utf-8")
        with pytest.raises(RefusedError, match="changed since the plan was made"):
            fleet.deploy(made)
    finally:
        file.write_text(before, encoding="utf-8")
    assert fleet.count(host, "job_start") == (0,)


def test_an_installer_that_is_gone_or_another_is_refused_before_any_host_is_touched(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    made = fleet.authorised(host)
    (package,) = made.packages
    file = Path(package.source)
    content = file.read_bytes()
    try:
        for left in (content + b"x", None):
            file.unlink() if left is None else file.write_bytes(left)
            with pytest.raises(RefusedError, match=r"not on this PC|another file"):
                fleet.deploy(made)
    finally:
        file.write_bytes(content)
    assert fleet.count(host, "file", "job_start") == (0, 0)


def test_a_plan_without_an_authorisation_is_refused(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    assert _refused(fleet, fleet.plan(host)) == "not_authorised"


def test_an_authorisation_that_has_expired_is_refused(fleet: Practising, monkeypatch: pytest.MonkeyPatch) -> None:
    (host,) = fleet.take(1)
    made = fleet.plan(host)
    authorise(fleet.workspace, made.id, "a short window", None, datetime.now(UTC) + timedelta(hours=1))
    monkeypatch.setattr(composition, "SystemClock", _TwoHoursLater)
    assert _refused(fleet, made) == "not_authorised"


class _TwoHoursLater:
    """The Clock port."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(hours=2)


def _refused(fleet: Practising, made: Plan) -> str:
    """The code of the only fault; nothing was done on the hosts."""
    with pytest.raises(RefusedError) as refused:
        fleet.deploy(made, Stops())
    assert all(fleet.count(target.host, "job_start") == (0,) for target in made.targets)
    (fault,) = refused.value.faults
    return fault.code


def test_evidence_that_cannot_be_written_is_an_outcome_of_its_own(
    fleet: Practising, monkeypatch: pytest.MonkeyPatch
) -> None:
    (host,) = fleet.take(1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(RunFolder, "keep_snapshot", full)
    finished = fleet.cycle(host)
    assert finished.record.target(host).state is TargetState.SUCCESS
    assert finished.outcome is Outcome.REPORTING_FAILED
    assert exit_code(finished.outcome, "rmm") == 240
