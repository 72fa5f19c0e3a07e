"""How hosts are logged on to is held against what can be passed on, over all files and all hosts at once."""

import json
from typing import Any

import pytest

from core.settings.names import AUDIT_CONFIG
from core.settings.workspace import TARGETS
from tests.settings import samples


def _files(common: dict[str, Any], *targets: dict[str, Any]) -> dict[str, Any]:
    numbered = [{"id": f"t{index}", **target} for index, target in enumerate(targets)]
    return {
        AUDIT_CONFIG: samples.changed(AUDIT_CONFIG, {"remoting": common}),
        TARGETS: json.dumps({"targets": numbered}).encode(),
    }


def _places(common: dict[str, Any], *targets: dict[str, Any]) -> list[str]:
    return [line.partition(": ")[0] + ": " + line.split(": ")[1] for line in samples.faults(_files(common, *targets))]


@pytest.mark.parametrize("auth", ["ntlm", "negotiate"])
def test_what_can_be_relayed_is_told_once_where_it_is_written_for_all(auth: str) -> None:
    told = samples.faults(_files({"transport": "http", "auth": auth}, {"server": "sql01"}, {"server": "sql02"}))
    remedy = 'write "transport": "https", or "auth": "kerberos"'
    assert told == [f"{AUDIT_CONFIG}: remoting.auth: {auth} over http could be relayed to another server; {remedy}"]


def test_hosts_that_say_it_themselves_are_told_each_with_all_other_faults() -> None:
    own = {"remoting": {"transport": "http", "auth": "ntlm"}}
    assert _places({"auth": "kerberos"}, {"server": "sql01", **own}, {"server": "."}, {"server": "sql03", **own}) == [
        f"{TARGETS}: targets[1].server",
        f"{TARGETS}: targets[0].remoting.auth",
        f"{TARGETS}: targets[2].remoting.auth",
    ]


def test_targets_of_one_host_are_one_logon() -> None:
    own = {"server": "sql01", "remoting": {"transport": "http"}}
    told = _places({"auth": "ntlm"}, {"server": "sql01", "instance": "A"}, {**own, "instance": "B"})
    assert told == [f"{TARGETS}: targets[1].remoting.auth"]


def test_what_never_leaves_this_pc_cannot_be_relayed() -> None:
    common = {"transport": "http", "auth": "ntlm"}
    assert samples.faults(_files(common, {"server": "sql01", "metadata": {"ip_address": "127.0.0.9"}})) == []


def test_a_disabled_target_logs_on_nowhere() -> None:
    assert samples.faults(_files({"transport": "http", "auth": "ntlm"}, {"server": "sql01", "enabled": False})) == []


@pytest.mark.parametrize("auth", ["basic", "credssp"])
def test_what_sends_a_password_needs_an_account(auth: str) -> None:
    with_account = {"server": "sql02", "os_credential_ref": "windows"}
    assert _places({"auth": auth}, {"server": "sql01"}, with_account) == [f"{TARGETS}: targets[0].os_credential_ref"]
    assert samples.faults(_files({"auth": auth, "credential_ref": "windows"}, {"server": "sql01"})) == []


def test_credssp_is_allowed_where_it_was_asked_for_and_noted() -> None:
    own = {"server": "sql01", "os_credential_ref": "windows", "remoting": {"auth": "credssp"}}
    notes = samples.read(_files({"auth": "kerberos"}, own, {"server": "sql02"})).notes
    assert [note.path for note in notes if note.code == "hands_over"] == [f"{TARGETS}: targets[0].remoting.auth"]


def test_a_practice_fleet_takes_no_real_server() -> None:
    """It would be found out at the first assessment, when nothing of the fleet can be asked any more."""
    imaginary = {"server": "sql01", "metadata": {"ip_address": "127.0.0.9"}}
    practised = {AUDIT_CONFIG: samples.changed(AUDIT_CONFIG, {"practice": True})}
    (told,) = samples.faults(_files({}, imaginary, {"server": "sql02"}) | practised)
    assert told.startswith(f"{TARGETS}: targets[1].server: the practice fleet takes imaginary servers alone")
