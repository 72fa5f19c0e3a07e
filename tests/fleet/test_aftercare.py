"""Applications, others at work, and logs: over real protocols, judged by the fleet's own ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.app import practice
from core.app.driving import Finished
from core.engine.runner import Stops
from core.model.outcome import Outcome
from core.model.state import TargetState
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.os_update import OsUpdateSpec
from core.practice.spec.scenario import Scenario
from core.practice.spec.server import ServerSpec
from tests.fleet.practising import BEHIND, CURRENT, Practising

_NAMES = ("CALM", "DOWN", "BREAKS", "WORSE", "BUSY", "OCCUPIED", "NEVER", "FAILS", "DENIED", "STOPS")
_UPDATED = ("ROLLED", "FIXED", "KEPT")
_BEHIND = ("ROLLED", "OSFIRST", "BOOTFIRST")


def _with_updates(name: str) -> ServerSpec:
    """SQL Server is behind, too, where the system's update can be removed."""
    rollup = OsUpdateSpec(
        kb="5044281", title="Cumulative update", reboot="always", size_mb=40, revision=9000, permanent=name == "FIXED"
    )
    others = (OsUpdateSpec(kb="5044300", title="Update for .NET", reboot="never", size_mb=6),) if name == "KEPT" else ()
    instances = (InstanceSpec(build=BEHIND if name in _BEHIND else CURRENT),)
    return ServerSpec(
        name=name,
        instances=instances,
        applications=("Payroll",),
        os_updates=(rollup, *others),
        pending_reboot=("servicing_reboot_pending",) if name == "BOOTFIRST" else (),
    )


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practising]:
    """Hosts with an application that must work, and diagnostics that must not fail."""
    servers = tuple(
        ServerSpec(name=name, instances=(InstanceSpec(build=BEHIND),), applications=("Payroll",)) for name in _NAMES
    )
    servers += tuple(map(_with_updates, (*_UPDATED, "OSFIRST", "BOOTFIRST")))
    path = tmp_path_factory.mktemp("aftercare") / "workspace"
    started = Practising(practice.start(path, Scenario(time_scale=2000, servers=servers)))
    _write_policy(path / "config" / "policies" / "default.json")
    try:
        yield started
    finally:
        started.close()


def _write_policy(file: Path) -> None:
    policy = json.loads(file.read_text(encoding="utf-8"))
    policy["application_checks"] = [
        {"kind": "process", "name": "payroll", "process": "Payroll.exe", "timeout_seconds": 1},
        {"kind": "service", "name": "payroll service", "service": "Payroll"},
        {
            "kind": "sql",
            "name": "orders",
            "query": "SELECT COUNT(*) FROM sys.databases",
            "expect": "5",
            "database": "Sales",
        },
    ]
    policy["retries"] |= {"attempts": 3, "factor": 1}
    policy["undo"] = {"on_regression": "take_back"}
    policy["diagnostics"] = {**policy.get("diagnostics", {}), "required": True}
    file.write_text(json.dumps(policy), encoding="utf-8")


@pytest.fixture
def order(fleet: Practising) -> Iterator[Callable[[str], None]]:
    """Writes another order into the policy, and the old one back."""
    file = fleet.workspace.path / "config" / "policies" / "default.json"
    before = file.read_text(encoding="utf-8")
    yield lambda order: _write(file, json.loads(before) | {"order": order})
    file.write_text(before, encoding="utf-8")


def _write(file: Path, document: dict[str, Any]) -> None:
    file.write_text(json.dumps(document), encoding="utf-8")


def _course(fleet: Practising, host: str) -> list[str]:
    """What happened there, in the ledger's order."""
    kinds = ("installer_start", "installer_end", "boot")
    told = sorted((one for kind in kinds for one in fleet.told(host, kind)), key=lambda one: str(one["time"]))
    words = {"installer_end": "", "boot": "boot"}
    found = (words.get(one["kind"], "system" if "updates" in one["detail"] else "setup") for one in told)
    return [one for one in found if one]


def _document(folder: str, name: str) -> dict[str, Any]:
    (file,) = Path(folder).rglob(name)
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def test_an_application_that_works_before_and_after_is_part_of_the_proof(fleet: Practising) -> None:
    done = fleet.cycle("CALM")
    assert done.outcome is Outcome.SUCCEEDED
    target = done.record.target("CALM")
    for checks in (target.checks_before, target.checks_after):
        assert [one.subject for one in checks if one.name == "application"] == ["payroll", "payroll service", "orders"]
    changed = _document(done.folder, "diff-report.json")["targets"]["CALM"]["changed"]
    assert {"boot", "instance/MSSQLSERVER", "engine/MSSQLSERVER"} <= set(changed)
    assert _document(done.folder, "regressions.json")["TotalRegressions"] == 0
    assert target.diagnostics is None


def test_an_application_that_is_down_before_keeps_the_host_from_being_touched(fleet: Practising) -> None:
    made = fleet.authorised("DOWN")
    fleet.fault("DOWN", "application_down", "assess")
    done = fleet.deploy(made)
    assert done.record.target("DOWN").state is TargetState.BLOCKED
    assert fleet.count("DOWN", "installer_start", "reboot") == (0, 0)


def test_an_application_that_does_not_come_back_is_a_regression_with_its_logs(fleet: Practising) -> None:
    made = fleet.authorised("BREAKS")
    fleet.fault("BREAKS", "application_down", "verify")
    done = fleet.deploy(made)
    assert done.outcome is Outcome.VERIFICATION_FAILED
    found = _document(done.folder, "regressions.json")["Regressions"]
    assert ("BREAKS: payroll", "runs", "does not run") in {
        (one["App"], one["PreStatus"], one["PostStatus"]) for one in found
    }
    summary = _document(done.folder, "diagnostics-summary.json")
    assert (summary["Result"], summary["Target"]) == ("collected", "BREAKS")
    texts = [Path(done.folder, one["file"]).read_text(encoding="utf-8") for one in summary["Texts"]]
    assert any("pr4ctice-pw" in text for text in texts) is False
    assert sum(one["redactions"] for one in summary["Texts"]) == 1
    history = _document(str(fleet.workspace.output), "diagnostics-run-history.json")
    assert [one["RunId"] for one in history["entries"]] == [done.run_id]


def test_what_made_it_worse_is_taken_back_and_the_host_has_failed_all_the_same(fleet: Practising) -> None:
    made = fleet.authorised("WORSE")
    fleet.fault("WORSE", "application_down", "verify")
    fleet.fault("WORSE", "drop_network", "install", times=2, after_percent=50)
    done = fleet.deploy(made)
    target = done.record.target("WORSE")
    assert (target.state, done.outcome) == (TargetState.FAILED, Outcome.VERIFICATION_FAILED)
    assert target.failure is not None
    assert target.failure.detail.startswith(f"taken back: MSSQLSERVER is on {BEHIND} again; worse than before: ")
    installed, removed = (one["detail"]["arguments"] for one in fleet.told("WORSE", "installer_start"))
    assert "/Action=RemovePatch" not in installed
    assert removed == ["/quiet", "/Action=RemovePatch", "/InstanceName=MSSQLSERVER"]
    assert fleet.count("WORSE", "reboot", "boot") == (2, 2)
    assert not fleet.state("WORSE")["jobs"]
    assert "taken back" in fleet.cli("status", done.run_id).out


@pytest.fixture(scope="module")
def worse(fleet: Practising) -> Finished:
    """All three are worse after the update of their system."""
    made = fleet.authorised(*_UPDATED)
    for name in _UPDATED:
        # The first restart brings the application back to where two updates follow each other.
        fleet.fault(name, "application_down", "verify", times=2 if name == "ROLLED" else 1)
    return fleet.deploy(made)


def _reason(done: Finished, host: str) -> str:
    target = done.record.target(host)
    assert target.failure is not None
    return target.failure.detail


def test_the_systems_update_and_sql_servers_are_taken_back_with_a_restart_after_each(
    fleet: Practising, worse: Finished
) -> None:
    assert worse.record.target("ROLLED").state is TargetState.FAILED
    assert _reason(worse, "ROLLED").startswith(
        "taken back: MSSQLSERVER is on 15.0.4385.2 again; the system is on 3692 again; worse than before: "
    )
    arguments = [one["detail"].get("arguments", []) for one in fleet.told("ROLLED", "installer_start")]
    assert ["/Remove-Package" in one for one in arguments] == [False, False, True, False]
    assert "/Action=RemovePatch" in arguments[3]
    assert fleet.count("ROLLED", "reboot", "boot") == (3, 3)
    state = fleet.state("ROLLED")
    assert (state["updates"]["installed"], state["builds"]) == ([], {"MSSQLSERVER": BEHIND})
    assert (state["jobs"], state["claim"]) == ({}, None)


def test_an_update_that_is_permanent_is_recorded_as_impossible_to_take_back(fleet: Practising, worse: Finished) -> None:
    target = worse.record.target("FIXED")
    assert target.state is TargetState.FAILED
    assert _reason(worse, "FIXED").startswith(
        "could not be taken back: KB5044281 was not removed, DISM ended with -2146498523"
    )
    assert any("KB5044281 is permanent" in one for one in target.warnings)
    assert fleet.state("FIXED")["updates"]["installed"] == ["5044281"]
    assert fleet.count("FIXED", "reboot") == (1,)


def test_what_dism_cannot_name_stays_and_nobody_calls_the_host_as_before(fleet: Practising, worse: Finished) -> None:
    reason = _reason(worse, "KEPT")
    assert reason.startswith("could not be taken back: KB5044300: it is still installed")
    assert fleet.state("KEPT")["updates"]["installed"] == ["5044300"]


def test_services_are_stopped_before_anything_is_installed_and_run_again_after_it(fleet: Practising) -> None:
    file = fleet.workspace.path / "config" / "policies" / "default.json"
    before = file.read_text(encoding="utf-8")
    _write(file, json.loads(before) | {"services": {"stop_agent": True, "stop": [{"name": "payroll"}]}})
    try:
        made = fleet.authorised("STOPS")
        done = fleet.deploy(made)
    finally:
        file.write_text(before, encoding="utf-8")
    assert made.target("STOPS").services == ("SQLSERVERAGENT", "Payroll")
    assert done.outcome is Outcome.SUCCEEDED
    kinds = ("services", "installer_start", "reboot")
    told = sorted((one for kind in kinds for one in fleet.told("STOPS", kind)), key=lambda one: str(one["time"]))
    assert [one["detail"].get("action", one["kind"]) for one in told[:3]] == ["stop", "installer_start", "reboot"]
    assert told[-1]["detail"]["action"] == "start"
    checked = {one.subject for one in done.record.target("STOPS").checks_after if one.name == "service"}
    assert {"SQLSERVERAGENT", "Payroll"} <= checked


def test_the_system_goes_first_with_a_restart_of_its_own(fleet: Practising, order: Callable[[str], None]) -> None:
    order("os_first")
    done = fleet.cycle("OSFIRST")
    assert done.outcome is Outcome.SUCCEEDED
    assert _course(fleet, "OSFIRST") == ["system", "boot", "setup", "boot"]
    assert len(done.record.target("OSFIRST").reboots) == 2


def test_a_restart_that_is_pending_comes_before_everything(fleet: Practising, order: Callable[[str], None]) -> None:
    order("reboot_first")
    done = fleet.cycle("BOOTFIRST")
    assert done.outcome is Outcome.SUCCEEDED
    assert _course(fleet, "BOOTFIRST") == ["boot", "setup", "system", "boot"]
    state = fleet.state("BOOTFIRST")
    assert (state["builds"], state["updates"]["installed"]) == ({"MSSQLSERVER": CURRENT}, ["5044281"])


def test_another_installation_is_waited_for(fleet: Practising) -> None:
    made = fleet.authorised("BUSY")
    fleet.fault("BUSY", "other_installer", "assess", seconds=4000)
    done = fleet.deploy(made)
    assert done.outcome is Outcome.SUCCEEDED
    assert any("wusa.exe" in warning for warning in done.record.target("BUSY").warnings)


def test_one_that_does_not_end_puts_the_host_off(fleet: Practising) -> None:
    made = fleet.authorised("OCCUPIED")
    fleet.fault("OCCUPIED", "other_installer", "assess", seconds=86_400)
    done = fleet.deploy(made, Stops())
    assert done.record.target("OCCUPIED").state is TargetState.DEFERRED
    assert fleet.count("OCCUPIED", "installer_start") == (0,)


def test_setup_that_finds_another_installation_is_started_again_and_not_forever(fleet: Practising) -> None:
    made = fleet.authorised("NEVER")
    fleet.fault("NEVER", "installer_exit", code=1618, times=100)
    done = fleet.deploy(made)
    assert done.record.target("NEVER").state is TargetState.FAILED
    assert fleet.count("NEVER", "installer_start") == (made.rules.retries.attempts,)


def test_setup_that_was_kept_waiting_once_succeeds_at_the_second_attempt(fleet: Practising) -> None:
    made = fleet.authorised("FAILS")
    fleet.fault("FAILS", "installer_exit", code=1618, times=1)
    assert fleet.deploy(made).outcome is Outcome.SUCCEEDED
    assert fleet.count("FAILS", "installer_start") == (2,)
    assert not fleet.state("FAILS")["jobs"]


def test_required_logs_that_are_refused_make_the_runs_outcome(fleet: Practising) -> None:
    made = fleet.authorised("DENIED")
    fleet.fault("DENIED", "installer_exit", code=1603)
    fleet.fault("DENIED", "logs_denied", "verify", times=100)
    done = fleet.deploy(made)
    assert done.outcome is Outcome.DIAGNOSTICS_FAILED
    assert done.record.target("DENIED").state is TargetState.FAILED
