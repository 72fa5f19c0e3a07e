"""The scripts' logic under a real PowerShell, wherever there is one with Pester 5."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from core.contract.library import ALL
from core.contract.script import compose

_HERE = Path(__file__).parent
_SUITES = sorted(_HERE.glob("*.Tests.ps1"))
_HAS_PESTER = (
    "if (Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -ge 5 }) { exit 0 } else { exit 1 }"
)
_TASKS = ("copy_package", "run_job", "run_search", "run_updates")
_RUN = "$r = Invoke-Pester -Path $env:DRYDOCK_SUITE -Output Detailed -PassThru; exit [int]($r.Result -ne 'Passed')"


@pytest.fixture(scope="module")
def pwsh() -> str:
    found = shutil.which("pwsh") or shutil.which("powershell")
    if found is None:
        pytest.skip("no PowerShell on this PC")
    if subprocess.run([found, "-NoProfile", "-Command", _HAS_PESTER], check=False).returncode != 0:
        pytest.skip("PowerShell has no Pester 5")
    return found


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All scripts as they are sent."""
    folder = tmp_path_factory.mktemp("scripts")
    for script in ALL:
        (folder / f"{script.name}.ps1").write_text(script.text, encoding="ascii")
    for name in _TASKS:
        (folder / f"{name}.ps1").write_text(compose(f"{name}.ps1"), encoding="ascii")
    return folder


@pytest.mark.parametrize("suite", _SUITES, ids=lambda path: path.name)
def test_the_scripts_do_what_their_suite_says(pwsh: str, scripts: Path, suite: Path) -> None:
    environment = {**os.environ, "DRYDOCK_SCRIPTS": str(scripts), "DRYDOCK_SUITE": str(suite)}
    done = subprocess.run(
        [pwsh, "-NoProfile", "-Command", _RUN],
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("suite", _SUITES, ids=lambda path: path.name)
def test_a_suite_replaces_only_what_the_scripts_define(suite: Path) -> None:
    text = "\n".join([*(script.text for script in ALL), *(compose(f"{name}.ps1") for name in _TASKS)])
    defined = set(re.findall(r"^\s*function ([A-Z]\w+-\w+)", text, re.MULTILINE))
    replaced = set(re.findall(r"'([A-Z]\w+-\w+)'\]? = ", suite.read_text(encoding="utf-8")))
    assert replaced
    assert replaced <= defined


def test_every_script_is_run_by_a_suite() -> None:
    text = "\n".join(suite.read_text(encoding="utf-8") for suite in _SUITES)
    run = set(re.findall(r"Invoke-(?:Contract|Task)Script (\w+)", text))
    assert {script.name for script in ALL} | set(_TASKS) == run
