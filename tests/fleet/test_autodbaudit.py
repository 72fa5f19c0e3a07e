"""A cycle by AutoDBAudit's own flags, once in a process of its own."""

from __future__ import annotations

import sys

from core.cli import autodbaudit
from tests.cli.drydock import Said, drydock
from tests.fleet.practising import Practising, ended


def _autodbaudit(fleet: Practising, *arguments: str) -> Said:
    return drydock(*_words(fleet, arguments), face=autodbaudit.main)


def _autodbaudit_apart(fleet: Practising, *arguments: str) -> Said:
    return ended([sys.executable, "-m", "core.cli.autodbaudit", *_words(fleet, arguments)])


def _words(fleet: Practising, arguments: tuple[str, ...]) -> tuple[str, ...]:
    return (*arguments, "--config", str(fleet.workspace.config / "audit_config.json"))


def test_what_is_not_authorised_is_not_deployed_and_what_is_done_is_not_done_again(fleet: Practising) -> None:
    (host,) = fleet.take(1)
    looked = _autodbaudit(fleet, "--hotfix-plan", "--server", host)
    assert (looked.code, host in looked.out) == (0, True), looked.err
    refused = _autodbaudit(fleet, "--deploy-hotfixes", "--server", host, "--yes")
    assert (refused.code, "drydock authorise" in refused.err) == (2, True), refused.err
    assert fleet.count(host, "installer_start") == (0,)
    assert fleet.cli("authorise", "last", "--reason", "the monthly round").code == 0
    asked = _autodbaudit(fleet, "--deploy-hotfixes", "--server", host)
    assert (asked.code, "add --yes" in asked.err) == (2, True), asked.err
    done = _autodbaudit_apart(fleet, "--deploy-hotfixes", "--server", host, "--yes")
    assert done.code == 0, done.out + done.err
    again = _autodbaudit(fleet, "--deploy-hotfixes", "--server", host, "--yes")
    assert (again.code, "nothing" in again.out) == (0, True), again.out + again.err
    assert fleet.count(host, "installer_start") == (1,)
