"""Composition: practice credentials never leave the loopback, and heavy libraries wait until somebody needs them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.app import composition
from core.app.workspace import Workspace, hosts, make_workspace, settings_of
from core.model.fault import RefusedError
from core.vault.practice import PracticeVault
from core.vault.system import SystemVault


def _workspace(path: Path, *, practice: bool, addresses: list[str]) -> Workspace:
    made = make_workspace(path)
    audit = json.loads((made.config / "audit_config.json").read_text(encoding="utf-8")) | {"practice": practice}
    (made.config / "audit_config.json").write_text(json.dumps(audit), encoding="utf-8")
    targets = [
        {"id": f"t{number}", "name": f"T{number}", "server": address} for number, address in enumerate(addresses)
    ]
    (made.config / "sql_targets.json").write_text(json.dumps({"targets": targets}), encoding="utf-8")
    return made


def _secrets(made: Workspace) -> object:
    settings = settings_of(made)
    return composition.secrets_of(made, settings, hosts(settings))


@pytest.mark.parametrize("address", ["127.0.0.1", "127.77.1.9", "::1", "localhost"])
def test_practice_credentials_are_for_the_loopback(tmp_path: Path, address: str) -> None:
    assert isinstance(_secrets(_workspace(tmp_path, practice=True, addresses=[address])), PracticeVault)


@pytest.mark.parametrize("address", ["10.0.0.5", "128.0.0.1", "sql01.example.com", "127.0.0.1.example.com"])
def test_one_address_outside_and_nobody_gets_them(tmp_path: Path, address: str) -> None:
    made = settings_of(_workspace(tmp_path / "real", practice=False, addresses=["127.0.0.1", address]))
    practised = settings_of(_workspace(tmp_path / "practice", practice=True, addresses=["127.0.0.1"]))
    with pytest.raises(RefusedError) as refused:
        composition.secrets_of(Workspace(tmp_path / "practice"), practised, hosts(made))
    (fault,) = refused.value.faults
    assert (fault.code, fault.found) == ("not_loopback", address)


def test_everywhere_else_the_systems_vault_is_asked(tmp_path: Path) -> None:
    assert isinstance(_secrets(_workspace(tmp_path, practice=False, addresses=["127.0.0.1"])), SystemVault)


def test_a_practice_signer_is_trusted_in_practice_alone(tmp_path: Path) -> None:
    settings = [settings_of(_workspace(tmp_path, practice=practice, addresses=[])) for practice in (False, True)]
    assert composition.trusted_signers(settings[0]) == composition.MICROSOFT
    assert not set(composition.MICROSOFT) & set(composition.trusted_signers(settings[1]))


def test_the_clock_is_aware_and_utc() -> None:
    assert str(composition.SystemClock().now().tzinfo) == "UTC"


def test_asking_for_the_version_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom core.cli.main import drydock\ndrydock.main(['version', '--json'], standalone_mode=False)\n"
        "print(sorted({'sqlalchemy', 'pypsrp', 'pyodbc', 'openpyxl', 'sqlglot', 'keyring'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
