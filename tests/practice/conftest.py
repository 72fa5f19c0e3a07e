"""One fleet for all protocol tests of a worker: hosts of every transport, and engines of every encryption."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

import pytest

from core.app import practice
from core.app.workspace import Workspace, hosts, settings_of
from core.model.failure import Failure
from core.model.host import Host, RemotingAuth
from core.model.secret import Credential
from core.practice.handover import AUTHORITY, SQL_ACCOUNT, WINDOWS_ACCOUNT
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.scenario import Scenario
from core.practice.spec.server import ServerSpec
from core.remote.session import WinRmConnect, WinRmSession
from core.vault.practice import FILE, PracticeVault

BUILD = "15.0.4385.2"


@dataclass(frozen=True, slots=True)
class Network:
    """What a client has to know."""

    workspace: Workspace
    control: str
    windows: Credential
    sql: Credential
    authority: Path

    def host(self, name: str) -> Host:
        return next(host for host in hosts(settings_of(self.workspace)) if host.name == name)

    def connect(self, name: str, auth: RemotingAuth | None = None) -> WinRmSession:
        host = self.host(name)
        if auth is not None:
            host = replace(host, remoting=replace(host.remoting, auth=auth))
        session = WinRmConnect(PracticeVault(self.workspace.path / FILE), Event())(host)
        assert isinstance(session, WinRmSession), session
        return session

    def tell(self, **command: object) -> None:
        assert practice.tell(self.control, command)["ok"]


def _scenario() -> Scenario:
    plain = ServerSpec(
        name="PLAIN",
        instances=(
            InstanceSpec(build=BUILD, encryption="none"),
            InstanceSpec(name="LOGIN", build="16.0.4135.4"),
            InstanceSpec(name="WHOLE", build="14.0.3456.2", encryption="required"),
            InstanceSpec(name="STRICT", build="16.0.4135.4", encryption="strict"),
            InstanceSpec(name="CLOSED", build=BUILD, rights="public"),
        ),
    )
    secured = ServerSpec(name="SECURED", transport="https")
    return Scenario(
        time_scale=2000,
        servers=(
            plain,
            secured,
            ServerSpec(name="BUSY", instances=(InstanceSpec(build=BUILD),)),
            ServerSpec(name="HARD"),
            ServerSpec(name="CHATTY", transport="https", chatty=True),
            ServerSpec(name="GUARDED", rights="user"),
            ServerSpec(name="TRUSTED", transport="https", auth="credssp"),
        ),
    )


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    started = practice.start(tmp_path_factory.mktemp("network") / "workspace", _scenario())
    workspace = Workspace(started.workspace)
    vault = PracticeVault(workspace.path / FILE)
    windows, sql = vault.get(WINDOWS_ACCOUNT), vault.get(SQL_ACCOUNT)
    assert not isinstance(windows, Failure)
    assert not isinstance(sql, Failure)
    try:
        yield Network(workspace, started.control, windows, sql, workspace.output / "practice" / AUTHORITY)
    finally:
        practice.stop(workspace)
