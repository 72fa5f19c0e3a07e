"""Engines: what they write at their start, and what an update's upgrade scripts do to them."""

from __future__ import annotations

from core.practice.host.registry import registry_of, setup_key
from core.practice.host.sql_server import SqlServer
from core.practice.spec.fault import FaultSpec
from tests.practice.host.hosts import AFTER, BEFORE, Practised


def _restarted(*faults: FaultSpec) -> tuple[Practised, SqlServer]:
    """A host that was patched and has had all the time it needs since."""
    host = Practised(*faults)
    host.install()
    host.later(minutes=30)
    host.restart()
    host.later(minutes=10)
    (instance,) = host.machine.instances
    return host, instance


def test_a_start_begins_a_new_errorlog_that_names_the_build() -> None:
    host, instance = _restarted()
    assert f"- {AFTER} (X64)" in instance.error_log.lines()[0]
    assert f"- {BEFORE} (X64)" in instance.error_log.lines(1)[0]
    assert "because of a system shutdown" in instance.error_log.lines(1)[-1]
    text = instance.error_log.text()
    for told in ("Starting up database 'msdb'", "ready for client connections", "is upgrading script", "Recovery is"):
        assert told in text
    assert 17162 in host.events()


def test_scripts_that_succeed_lead_to_the_level_of_the_build() -> None:
    _, instance = _restarted()
    assert "from level 251662625 to level 251662670" in instance.error_log.text()
    assert (instance.running, instance.upgrading) == (True, False)


def test_scripts_that_fail_end_the_engine_and_its_agent_and_say_why() -> None:
    host, instance = _restarted(FaultSpec(when="verify", kind="script_upgrade_failed"))
    assert (instance.running, instance.upgrading, host.runs("SQLSERVERAGENT")) == (False, False, False)
    text = instance.error_log.text()
    assert text.index("Error: 912, Severity: 21") < text.index("Error: 3417, Severity: 21") < text.index("shutdown has")
    assert {912, 3417, 7024} <= set(host.events())
    assert host.boot_state().services_waiting == ("MSSQLSERVER", "SQLSERVERAGENT")


def test_an_engine_whose_scripts_failed_fails_again_at_its_next_start() -> None:
    host, instance = _restarted(FaultSpec(when="verify", kind="script_upgrade_failed"))
    host.restart()
    host.later(minutes=10)
    assert not instance.running
    assert "Error: 912" in instance.error_log.text()


def test_old_errorlogs_are_lost_one_by_one() -> None:
    host = Practised()
    (instance,) = host.machine.instances
    for _ in range(8):
        host.restart()
        host.later(minutes=10)
    assert instance.error_log.lines(6)
    assert instance.error_log.lines(7) == ()


def test_the_registry_holds_what_setup_wrote_and_what_the_update_changed() -> None:
    host, instance = _restarted()
    registry = registry_of(host.machine)
    setup = registry[setup_key(instance)]
    assert (setup["PatchLevel"], setup["Version"]) == (AFTER, "15.0.2000.5")
    assert registry[r"HKLM\SOFTWARE\Microsoft\Microsoft SQL Server\Instance Names\SQL"] == {
        "MSSQLSERVER": "MSSQL15.MSSQLSERVER"
    }
    assert r"HKLM\Cluster" not in registry


def test_a_service_that_dies_before_the_plan_is_seen_before_the_plan() -> None:
    host = Practised(FaultSpec(when="assess", kind="service_down"), FaultSpec(when="assess", kind="database_suspect"))
    states = {one.name: one.state for one in host.facts().services}
    assert states["MSSQLSERVER"] == states["SQLSERVERAGENT"] == "Stopped"
    assert host.machine.instances[0].databases["Sales"] == "SUSPECT"
    assert 7034 in host.events()
