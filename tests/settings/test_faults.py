"""Every fault in words, case by case: faulty.json is the table."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.model.fault import Fault, RefusedError
from core.settings.names import AUDIT_CONFIG
from core.settings.workspace import MAPPING, POLICY, TARGETS, read_settings
from tests.settings import samples

CASES = json.loads(Path(__file__).with_name("faulty.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_a_fault_is_told_with_its_place_and_its_remedy(case: dict[str, Any]) -> None:
    told = samples.faults({case["file"]: samples.changed(case["file"], case["change"])})
    assert told == [f"{case['file']}: {fault}" for fault in case["faults"]]


def test_the_sample_workspace_has_no_fault() -> None:
    assert samples.faults({}) == []


def test_all_faults_of_all_files_are_told_at_once() -> None:
    told = samples.faults(
        {
            AUDIT_CONFIG: samples.changed(AUDIT_CONFIG, {"practice": 1}),
            TARGETS: samples.changed(TARGETS, {"targets.0.server": "."}),
            MAPPING: b"{",
            POLICY: samples.changed(POLICY, {"order": 1, "reboot.mode": "never"}),
        }
    )
    assert [line.partition(": ")[0] for line in told] == [AUDIT_CONFIG, TARGETS, MAPPING, POLICY, POLICY]


def test_a_secret_in_a_value_is_not_repeated_anywhere() -> None:
    mapping = samples.changed(MAPPING, {"mappings.0.files.0.parameters": "/quiet /SAPWD=hush"})
    policy = samples.changed(
        POLICY, {"application_checks": [{"name": "z", "kind": "http", "url": "https://u:hush@x/"}]}
    )
    targets = samples.changed(TARGETS, {"targets.0.password": "hush"})
    with pytest.raises(RefusedError) as refused:
        samples.read({MAPPING: mapping, POLICY: policy, TARGETS: targets})
    assert len(refused.value.faults) == 3
    assert not [fault for fault in refused.value.faults if "hush" in f"{fault}{fault.found}"]


def test_a_missing_file_is_a_fault_like_any_other() -> None:
    there = samples.contents()
    del there[POLICY]
    with pytest.raises(RefusedError) as refused:
        read_settings(there)
    assert [fault.code for fault in refused.value.faults] == ["missing_file"]


def test_a_file_that_cannot_be_read_says_why() -> None:
    told = samples.faults({POLICY: Fault(POLICY, "unreadable", "you may not read this file")})
    assert told == [f"{POLICY}: you may not read this file"]


def test_remarks_are_welcome_wherever_an_object_is() -> None:
    changes = {"_comment": "ours", "_instructions": ["a", "b"], "remoting._comment": "asked of the network team"}
    assert samples.faults({AUDIT_CONFIG: samples.changed(AUDIT_CONFIG, changes)}) == []


def test_what_has_no_effect_is_noted_and_not_refused() -> None:
    targets = samples.changed(
        TARGETS,
        {
            "targets.0.enabled": True,
            "targets.0.credential_ref": "sql",
            "global_settings.encrypt_connection": False,
            "global_settings.trust_server_certificate": True,
        },
    )
    policy = samples.changed(POLICY, {"canary.hosts": 2})
    notes = [str(note) for note in samples.read({TARGETS: targets, POLICY: policy}).notes]
    assert notes == [
        (
            f"{TARGETS}: global_settings.trust_server_certificate: has no effect while encrypt_connection is false; "
            "connections to SQL Server are not encrypted"
        ),
        f'{TARGETS}: targets[0].credential_ref: is not used with auth "integrated"; write "auth": "sql" to use it',
        f"{POLICY}: canary.hosts: is 2, but there are only 1 enabled: all of them go first",
    ]


def test_a_group_of_one_host_is_noted_with_its_near_match() -> None:
    groups = ("AG1", "AG1", "AG01", "FCI")
    targets = [{"id": f"t{index}", "server": f"s{index}", "group": group} for index, group in enumerate(groups)]
    notes = [str(note) for note in samples.read({TARGETS: json.dumps({"targets": targets}).encode()}).notes]
    assert notes == [
        f'{TARGETS}: targets[2].group: no other host is in "AG01"; did you mean "AG1"?',
        f'{TARGETS}: targets[3].group: no other host is in "FCI"; its partners are missing, or name another group',
    ]
