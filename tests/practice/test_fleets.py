"""Fleets beside each other, and their control sockets."""

from __future__ import annotations

import json
import socket
import stat
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.app import practice
from core.app.assess import assess
from core.app.history import compliance
from core.app.workspace import Workspace, hosts, settings_of
from core.contract.library import VERIFY_PACKAGE
from core.contract.package import VerifyPackage
from core.contract.script import Call
from core.model.compliance import ComplianceState
from core.model.facts import Facts, SqlAnswer
from core.model.fault import RefusedError
from core.model.selection import Selection
from core.practice.spec.group import GroupSpec
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.scenario import Generate, Scenario
from core.practice.spec.server import ServerSpec
from core.runfolder.locks import RunLock
from core.vault.practice import FILE
from tests.fleet.practising import until
from tests.practice.conftest import BUILD, Network


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
        ({"do": ["stop"]}, "known are"),
        ({"do": "clear", "host": "NOBODY"}, "no such host"),
        ({"do": "clear", "hots": "PLAIN"}, "hots: unknown key"),
        ({"do": "go_on", "host": "NOBODY"}, "no such host"),
        ({"do": "crash", "host": 7}, "host: must be a text"),
        ({"do": "fault", "host": "NOBODY", "when": "install", "kind": "job_lost"}, "no such host"),
        ({"do": "fault", "host": "NOBODY", "when": "noon", "kind": "job_los"}, "no such host"),
        ({"do": "fault", "host": "NOBODY", "when": "noon", "kind": "job_los"}, "when: must be one of"),
        ({"do": "fault", "host": "NOBODY", "when": "noon", "kind": "job_los"}, 'did you mean "job_lost"'),
        ({"do": "fault", "host": "PLAIN", "when": "connect", "kind": "job_lost"}, 'happens at "install"'),
        ({"do": "fault", "host": "PLAIN", "when": "install", "kind": "job_lost", "tmes": 1}, "tmes"),
        ({"do": "fault", "host": "PLAIN", "when": "connect", "kind": "bad_tls"}, "https"),
        ({"do": "fault", "host": "PLAIN", "when": "assess", "kind": "application_down"}, "applications"),
        ({"do": "fault", "host": "PLAIN", "when": "assess", "kind": "role_changed"}, "group"),
        ({"do": "fault", "host": "PLAIN", "when": "connect", "kind": "dns"}, "scenario only"),
        ({"do": "hold", "host": "PLAIN", "at": "noon"}, "known are"),
    ],
)
def test_what_the_control_socket_does_not_understand_is_answered(
    network: Network, command: dict[str, Any], error: str
) -> None:
    answer = practice.tell(network.control, command)
    assert answer["ok"] is False
    assert error in answer["error"]


@pytest.mark.parametrize("line", [b"{", b"[" * 60_000, b"7", b"x" * 200_000, b"\xff\xfe"], ids=lambda one: str(one[:9]))
def test_a_line_that_is_no_command_leaves_the_control_socket_open(network: Network, line: bytes) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(60)
        connection.connect(network.control)
        with suppress(BrokenPipeError):  # it listens no longer than to the longest line
            connection.sendall(line + b"\n")
        assert json.loads(connection.recv(65_536))["ok"] is False
    assert practice.tell(network.control, {"do": "state"})["ok"]


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


def test_a_new_fleet_does_not_inherit_what_was_known_of_another(tmp_path: Path) -> None:
    one = Scenario(generate=Generate(count=1))
    workspace = Workspace(practice.start(tmp_path / "w", one).workspace)
    try:
        assess(workspace, Selection())
        assert compliance(workspace, Selection(), timedelta(days=1))[0].state is not ComplianceState.UNKNOWN
        driven = RunLock(workspace.run_folder("a-run") / "State")
        assert driven.take()
        with pytest.raises(RefusedError, match="a run goes on"):
            practice.start(workspace.path, one)
        driven.release()
        practice.start(workspace.path, one)
        assert compliance(workspace, Selection(), timedelta(days=1))[0].state is ComplianceState.UNKNOWN
        assert [kept.name for kept in sorted((workspace.output / "earlier").glob("*/*"))] == ["Runs", "history.db"]
    finally:
        practice.stop(workspace)


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"control": null}'])
def test_a_fleet_that_left_nothing_readable_is_no_fleet(tmp_path: Path, spoilt: str) -> None:
    folder = tmp_path / "output/practice"
    folder.mkdir(parents=True)
    (folder / "ready.json").write_text(spoilt, encoding="utf-8")
    assert not practice.stop(Workspace(tmp_path))
    assert not practice.is_running(Workspace(tmp_path))


def test_the_ledger_is_written_before_anybody_is_answered(network: Network) -> None:
    session = network.connect("PLAIN")
    for number in range(1, 21):
        before = _scripts_of("PLAIN", network)
        session.run(Call(VERIFY_PACKAGE, VerifyPackage(sha256="0" * 64, file_name=f"{number}.exe")))
        assert _scripts_of("PLAIN", network) == before + 1
    session.close()


def _scripts_of(host: str, network: Network) -> int:
    return sum(one["host"] == host and one["kind"] == "script" for one in practice.ledger(network.workspace))


def test_a_group_is_failed_over_on_command_and_a_host_crashes_on_command(tmp_path: Path) -> None:
    members = [
        ServerSpec(name=name, instances=(InstanceSpec(build=BUILD),), group=GroupSpec.model_validate(group))
        for name, group in (("ONE", {"name": "AG", "role": "primary"}), ("TWO", {"name": "AG"}))
    ]
    running = practice.start(tmp_path / "w", Scenario(time_scale=2000, servers=tuple(members)))
    workspace = Workspace(running.workspace)
    try:
        assert _parts(running.control) == {"ONE": "leading", "TWO": "following"}
        assert practice.tell(running.control, {"do": "fail_over", "group": "ag"})["leader"] == "TWO"
        assert _parts(running.control) == {"ONE": "following", "TWO": "leading"}
        for wrong in ({"group": "none"}, {"group": "AG", "to": "NOBODY"}):
            assert not practice.tell(running.control, {"do": "fail_over", **wrong})["ok"]
        assert practice.tell(running.control, {"do": "crash", "host": "two"})["ok"]
        until(lambda: _parts(running.control) == {"ONE": "leading", "TWO": "following"}, "the other took over")
        assert not practice.tell(running.control, {"do": "crash", "host": "NOBODY"})["ok"]
    finally:
        practice.stop(workspace)


def _parts(control: str) -> dict[str, str]:
    return {one["host"]: one["part"] for one in practice.tell(control, {"do": "state"})["hosts"]}
