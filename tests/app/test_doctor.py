"""Doctor: what this PC lacks is named, and is a failure only where somebody needs it."""

import importlib.util
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.core import load_keyring

from core.app import composition
from core.app.doctor import examine
from core.app.workspace import Workspace, make_workspace
from core.model.check import Check, CheckResult
from core.model.secret import Credential, Secret
from core.store import facts as fact_store
from core.store.database import open_database
from core.vault.encrypted import EncryptedVault
from tests.samples import facts

_NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _no_system_vault() -> Iterator[None]:
    """A PC without a vault of the system's own."""
    before = keyring.get_keyring()
    keyring.set_keyring(load_keyring("keyring.backends.fail.Keyring"))
    yield
    keyring.set_keyring(before)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path / "w")
    _targets(made, {"id": "a", "server": "SQL01"})
    return made


def _targets(workspace: Workspace, *targets: dict[str, Any]) -> None:
    (workspace.config / "sql_targets.json").write_text(json.dumps({"targets": targets}), encoding="utf-8")


def _found(workspace: Workspace, name: str) -> list[Check]:
    return [check for check in examine(workspace.path) if check.name == name]


def _without(monkeypatch: pytest.MonkeyPatch, *missing: str) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in missing else object())


def test_kerberos_is_a_failure_only_where_a_host_needs_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without(monkeypatch, "gssapi", "krb5")
    (needed,) = _found(workspace, "Kerberos")
    assert (needed.result, "SQL01" in needed.found) == (CheckResult.FAILED, True)
    _targets(workspace, {"id": "a", "server": "SQL01", "remoting": {"auth": "ntlm"}})
    (optional,) = _found(workspace, "Kerberos")
    assert optional.result is CheckResult.WARNED


@pytest.mark.parametrize(("display", "result"), [(":0", CheckResult.PASSED), ("", CheckResult.WARNED)])
def test_a_display_is_wanted_for_the_window_alone(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, display: str, result: CheckResult
) -> None:
    _without(monkeypatch)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    (check,) = _found(workspace, "display")
    assert check.result is result


def test_every_credential_that_the_files_name_is_asked_for(workspace: Workspace) -> None:
    _targets(
        workspace,
        {"id": "a", "server": "SQL01", "instance": "A", "auth": "sql", "credential_ref": "sql-login"},
        {"id": "b", "server": "SQL02", "os_credential_ref": "os-account"},
    )
    missing = _found(workspace, "credential")
    assert {(one.subject, one.result) for one in missing} == {
        ("sql-login", CheckResult.FAILED),
        ("os-account", CheckResult.FAILED),
    }


def test_practice_brings_its_credentials_and_lacks_no_vault(workspace: Workspace) -> None:
    (elsewhere,) = _found(workspace, "vault")
    config = workspace.config / "audit_config.json"
    document = json.loads(config.read_text(encoding="utf-8"))
    config.write_text(json.dumps(document | {"practice": True}), encoding="utf-8")
    _targets(workspace, {"id": "a", "server": "SQL01", "metadata": {"ip_address": "127.0.0.9"}})
    (in_practice,) = _found(workspace, "vault")
    assert [elsewhere.result, in_practice.result] == [CheckResult.WARNED, CheckResult.PASSED]


def test_one_credential_is_one(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = EncryptedVault(workspace.path / "vault.json", Secret("a long enough passphrase"))
    vault.put("sql", Credential("sa", Secret("x")))
    monkeypatch.setattr(composition, "vault", lambda: vault)
    (check,) = _found(workspace, "vault")
    assert (check.result, check.found) == (CheckResult.PASSED, "1 credential")


def test_faults_in_the_files_are_counted_and_the_rest_is_still_looked_at(workspace: Workspace) -> None:
    (workspace.config / "sql_targets.json").write_text("{", encoding="utf-8")
    (check,) = _found(workspace, "files")
    assert (check.result, "1 fault in the files" in check.found) == (CheckResult.FAILED, True)
    assert _found(workspace, "vault")


@pytest.mark.parametrize(("ahead", "result"), [(5, CheckResult.PASSED), (240, CheckResult.WARNED)])
def test_a_clock_that_most_hosts_contradict_is_wrong(workspace: Workspace, ahead: int, result: CheckResult) -> None:
    database = open_database(workspace.database)
    for name, skew in (("SQL01", ahead), ("SQL02", ahead), ("SQL03", -9000)):
        fact_store.keep(database, replace(facts(name, at=_NOW), host_time=_NOW + timedelta(seconds=skew)))
    database.close()
    (check,) = _found(workspace, "time")
    assert check.result is result
