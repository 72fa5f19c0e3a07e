"""What setup leaves behind on a host."""

from __future__ import annotations

from core.practice.spec.fault import FaultSpec
from core.practice.spec.instance import InstanceSpec
from tests.practice.host.hosts import AFTER, BEFORE, Practised


def _values(summary: str, name: str) -> list[str]:
    lines = (line.strip() for line in summary.splitlines())
    return [line.removeprefix(f"{name}:").strip() for line in lines if line.startswith(f"{name}:")]


def test_a_patch_that_worked_says_so_for_the_whole_and_for_each_instance() -> None:
    host = Practised(instances=(InstanceSpec(build=BEFORE), InstanceSpec(name="TWO", build=BEFORE)))
    host.install(arguments=("/quiet", "/Action=Patch", "/InstanceName=TWO"))
    host.later(minutes=30)
    (log,) = host.machine.setup_logs
    assert _values(log.summary, "Final result") == ["Passed but reboot required, see logs for details"] * 2
    assert _values(log.summary, "Exit code (Decimal)") == ["3010", "3010"]
    assert _values(log.summary, "INSTANCENAME") == ["TWO"]
    assert _values(log.summary, "PatchLevel") == [AFTER]
    assert _values(log.summary, "Feature") == ["Database Engine Services (TWO)"]
    assert log.folder.startswith(r"C:\Program Files\Microsoft SQL Server\150\Setup Bootstrap\Log\2026")
    assert "Found instance MSSQL15.MSSQLSERVER" in log.detail
    assert 1035 in host.events()


def test_a_patch_that_failed_names_the_code_in_both_forms_and_the_next_step() -> None:
    host = Practised(FaultSpec(when="install", kind="installer_exit", code=-2061893606))
    host.install()
    host.later(minutes=30)
    summary = host.machine.summary
    assert _values(summary, "Exit code (Decimal)") == ["-2061893606"] * 2
    assert _values(summary, "Component error code") == ["0x851A001A"]
    assert _values(summary, "Next Step")
    assert _values(summary, "Final result")[0].startswith("Failed")


def test_the_newest_summary_is_the_one_that_is_shown() -> None:
    host = Practised(FaultSpec(when="install", kind="installer_exit", code=1603))
    host.install()
    host.later(minutes=30)
    host.machine.jobs.clear()
    host.install()
    host.later(minutes=30)
    assert _values(host.machine.summary, "Exit code (Decimal)")[0] == "3010"
    assert len(host.machine.setup_logs) == 2
