"""A cycle by AutoDBAudit's own flags, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.fleet.practising import LIMIT_SECONDS, Practising


def _autodbaudit(fleet: Practising, *arguments: str) -> subprocess.CompletedProcess[str]:
    config = fleet.workspace.config / "audit_config.json"
    return subprocess.run(
        [sys.executable, "-m", "core.cli.autodbaudit", *arguments, "--config", str(config)],
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=LIMIT_SECONDS,
        check=False,
    )


def test_what_is_not_authorised_is_not_deployed_and_what_is_done_is_not_done_again(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    looked = _autodbaudit(fleet, "--hotfix-plan", "--server", host)
    assert (looked.returncode, host in looked.stdout) == (0, True), looked.stderr
    refused = _autodbaudit(fleet, "--deploy-hotfixes", "--server", host, "--yes")
    assert (refused.returncode, "drydock authorise" in refused.stderr) == (2, True), refused.stderr
    assert fleet.count(host, "installer_start") == (0,)
    assert fleet.cli("authorise", "last", "--reason", "the monthly round").returncode == 0
    asked = _autodbaudit(fleet, "--deploy-hotfixes", "--server", host)
    assert (asked.returncode, "add --yes" in asked.stderr) == (2, True), asked.stderr
    done = _autodbaudit(fleet, "--deploy-hotfixes", "--server", host, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    again = _autodbaudit(fleet, "--deploy-hotfixes", "--server", host, "--yes")
    assert (again.returncode, "nothing" in again.stdout) == (0, True), again.stdout + again.stderr
    assert fleet.count(host, "installer_start") == (1,)
