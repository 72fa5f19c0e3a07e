"""What stands out in a host's facts is told with the assessment, each thing by its own name."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.detection.findings import findings_of
from core.model.build import Build
from core.model.facts import (
    AutomaticUpdates,
    Database,
    Disk,
    Facts,
    Limits,
    ManagedUpdate,
    ManagementClient,
    PendingReboot,
    RunningInstaller,
    SqlAnswer,
)
from tests.samples import AT, NEW, facts

_QUIET = replace(facts(), pending_reboot=())
_LIMITS = Limits("5.1", "FullLanguage", ("MachinePolicy=Undefined", "LocalMachine=RemoteSigned"), "none", 2048, 30, 25)


def _codes(told: Facts) -> list[str]:
    return [one.code for one in findings_of(told)]


def test_a_host_as_it_should_be_has_no_findings() -> None:
    assert _codes(replace(_QUIET, limits=_LIMITS, automatic_updates=AutomaticUpdates("notify"))) == []


@pytest.mark.parametrize(
    ("changes", "code", "word"),
    [
        ({"pending_reboot": (PendingReboot("file_rename", "a.tmp"),)}, "pending_reboot", "a.tmp"),
        ({"installers": (RunningInstaller("wusa.exe", 77),)}, "other_installer", "wusa.exe (process 77)"),
        (
            {"limits": replace(_LIMITS, execution_policies=("MachinePolicy=AllSigned",))},
            "execution_policy",
            "AllSigned",
        ),
        ({"limits": replace(_LIMITS, script_control="applocker")}, "script_control", "APPLOCKER"),
        ({"limits": replace(_LIMITS, shell_memory_mb=150)}, "winrm_quota", "150"),
        ({"configuration_manager": ManagementClient("5.0", (), "denied")}, "configuration_manager", "denied"),
        ({"automatic_updates": AutomaticUpdates("install")}, "automatic_updates", "by itself"),
        ({"automatic_updates": AutomaticUpdates("notify", "", 3)}, "automatic_updates", "within 3 days"),
        ({"host_time": AT + timedelta(minutes=7)}, "clock_skew", "7 minutes ahead"),
        ({"host_time": AT - timedelta(minutes=7)}, "clock_skew", "7 minutes behind"),
        ({"cluster_trouble": "the service is stopped"}, "cluster", "stopped"),
        ({"sessions": ("ACME\\olga",)}, "logged_on", "olga"),
        ({"disks": (Disk("C:", 1, 1, "on"),)}, "bitlocker", "C:"),
    ],
)
def test_each_thing_that_stands_out_has_its_name_and_its_words(changes: dict[str, Any], code: str, word: str) -> None:
    (finding,) = findings_of(replace(_QUIET, **changes))
    assert finding.code == code
    assert word in str(finding)


def test_a_policy_of_the_machine_itself_is_overridden_by_the_job_and_no_finding() -> None:
    limits = replace(_LIMITS, execution_policies=("LocalMachine=Restricted",))
    assert _codes(replace(_QUIET, limits=limits)) == []


def test_a_quota_of_zero_is_none() -> None:
    assert _codes(replace(_QUIET, limits=replace(_LIMITS, shells_per_user=0))) == []


def test_every_update_that_another_tool_will_install_is_named_with_its_deadline() -> None:
    pending = (ManagedUpdate("2026-02 CU", "5001", AT), ManagedUpdate("Edge", "", None))
    found = findings_of(replace(_QUIET, configuration_manager=ManagementClient("5.0", pending)))
    assert ["by 2026-03-01 22:00 UTC" in one.message for one in found] == [True, False]


def test_witnesses_that_disagree_are_the_first_thing_to_look_at() -> None:
    (instance,) = _QUIET.instances
    torn = replace(facts(), instances=(replace(instance, binary=Build.parse(NEW)),))
    assert _codes(torn) == ["witnesses", "pending_reboot"]


def test_a_catalogue_of_integration_services_in_a_group_is_found_whatever_its_case() -> None:
    (witness,) = _QUIET.sql
    assert isinstance(witness, SqlAnswer)
    grouped = replace(witness, databases=(Database("SsisDb", "ONLINE", True), Database("SSISDB2", "ONLINE", True)))
    assert _codes(replace(_QUIET, sql=(grouped,))) == ["ssisdb_in_group"]
    alone = replace(witness, databases=(Database("SSISDB", "ONLINE"),))
    assert _codes(replace(_QUIET, sql=(alone,))) == []
