"""Fleets beside each other, and their control sockets."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from core.app import practice
from core.app.assess import assess
from core.app.workspace import Workspace, hosts, settings_of
from core.model.facts import Facts, SqlAnswer
from core.model.fault import RefusedError
from core.model.selection import Selection
from core.practice.spec.scenario import Generate, Scenario
from core.vault.practice import FILE
from tests.practice.conftest import Network


def test_two_fleets_have_addresses_of_their_own(network: Network, tmp_path: Path) -> None:
    second = practice.start(tmp_path / "w", Scenario(generate=Generate(count=2, versions=("2016", "2025"))))
    workspace = Workspace(second.workspace)
    try:
        known = hosts(settings_of(workspace))
        assert not {host.address for host in known} & {host.address for host in hosts(settings_of(network.workspace))}
        facts = [one.result for one in assess(workspace, Selection())]
        assert all(isinstance(one, Facts) and isinstance(one.sql[0], SqlAnswer) for one in facts)
    finally:
        assert practice.stop(workspace)
    assert not practice.stop(workspace)


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ({"do": "dance"}, "known are"),
        ({"do": "fault", "host": "NOBODY", "when": "install", "kind": "job_lost"}, "no such host"),
        ({"do": "fault", "host": "PLAIN", "when": "connect", "kind": "job_lost"}, 'happens at "install"'),
        ({"do": "fault", "host": "PLAIN", "when": "install", "kind": "job_lost", "tmes": 1}, "tmes"),
        ({"do": "hold", "host": "PLAIN", "at": "noon"}, "known are"),
    ],
)
def test_what_the_control_socket_does_not_understand_is_answered(
    network: Network, command: dict[str, str], error: str
) -> None:
    answer = practice.tell(network.control, command)
    assert answer["ok"] is False
    assert error in answer["error"]


def test_only_the_owner_may_use_the_control_socket_and_the_credentials(network: Network) -> None:
    for path in (Path(network.control), network.workspace.path / FILE):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_workspace_with_real_servers_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    config = tmp_path / "config/audit_config.json"
    config.write_text(json.dumps({"schema_version": 1}), encoding="utf-8")
    with pytest.raises(RefusedError):
        practice.start(tmp_path, Scenario(generate=Generate(count=1)))
    assert json.loads(config.read_text(encoding="utf-8")) == {"schema_version": 1}
