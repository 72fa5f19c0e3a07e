"""Hosts that cannot be reached, each for its own reason, are told apart, and keep nobody else waiting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.app import practice
from core.app.assess import assess
from core.model.facts import Facts
from core.model.failure import Cause
from core.model.selection import Selection
from core.practice.spec.fault import FaultSpec, Kind
from core.practice.spec.scenario import Scenario
from core.practice.spec.server import ServerSpec
from core.remote import session
from tests.fleet.practising import Practising

_CAUSES: dict[Kind, Cause] = {
    "refuse": Cause.UNREACHABLE,
    "mute": Cause.NO_ANSWER,
    "bad_tls": Cause.BAD_CERTIFICATE,
    "auth_failed": Cause.ACCESS_DENIED,
    "dns": Cause.NAME_NOT_RESOLVED,
}


@pytest.fixture(scope="module")
def unreached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practising]:
    servers = tuple(
        ServerSpec(name=kind.replace("_", "-"), transport="https", faults=(FaultSpec(when="connect", kind=kind),))
        for kind in _CAUSES
    )
    scenario = Scenario(time_scale=2000, servers=(*servers, ServerSpec(name="WELL", transport="https", auth="basic")))
    fleet = Practising(practice.start(tmp_path_factory.mktemp("reaching") / "workspace", scenario))
    try:
        yield fleet
    finally:
        fleet.close()


@pytest.fixture
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_READ_SECONDS", 2)


@pytest.mark.usefixtures("_little_patience")
def test_each_reason_has_a_name_of_its_own(unreached: Practising) -> None:
    found = {one.host.name: one.result for one in assess(unreached.workspace, Selection())}
    assert isinstance(found.pop("WELL"), Facts)
    causes = {
        name.removesuffix(".invalid"): None if isinstance(one, Facts) else one.cause for name, one in found.items()
    }
    assert causes == {kind.replace("_", "-"): cause for kind, cause in _CAUSES.items()}


@pytest.mark.usefixtures("_little_patience")
def test_a_host_whose_trouble_is_over_is_reached_again(unreached: Practising) -> None:
    hosts = ("refuse", "mute", "bad-tls", "auth-failed")
    for host in hosts:
        unreached.tell(do="clear", host=host)
    assert all(isinstance(one.result, Facts) for one in assess(unreached.workspace, Selection(hosts)))
