"""Services: what starts at boot, after what, and what ends with what."""

from __future__ import annotations

import pytest

from core.practice.host import power
from core.practice.host.services import Services, WindowsService
from core.practice.spec.instance import InstanceSpec
from tests.practice.host.hosts import BEFORE, Practised


def _names(services: list[WindowsService]) -> list[str]:
    return [one.name for one in services]


@pytest.fixture
def services() -> Services:
    found = Services(
        [
            WindowsService("base", "Base"),
            WindowsService("middle", "Middle", depends_on=("BASE", "of another product")),
            WindowsService("top", "Top", depends_on=("middle",)),
            WindowsService("late", "Late", "Delayed"),
            WindowsService("asked", "Asked", "Manual"),
            WindowsService("never", "Never", "Disabled"),
        ]
    )
    found.stop_all()
    return found


def test_only_what_has_all_it_depends_on_starts(services: Services) -> None:
    assert _names(services.startable()) == ["base", "late"]
    for name, then in (("base", ["middle", "late"]), ("middle", ["top", "late"]), ("top", ["late"])):
        service = services.find(name)
        assert service is not None
        service.running = True
        assert _names(services.startable()) == then


def test_what_starts_already_does_not_start_again(services: Services) -> None:
    for one in services.startable():
        one.starting = True
    assert services.startable() == []


def test_a_service_takes_down_whatever_depends_on_it(services: Services) -> None:
    for one in services:
        one.running = True
    base = services.find("base")
    assert base is not None
    assert _names(services.stop(base)) == ["top", "middle", "base"]
    assert [one.name for one in services if one.running] == ["late", "asked", "never"]


def test_the_agent_starts_after_its_engine_and_dies_with_it() -> None:
    host = Practised()
    host.restart()
    order: list[str] = []
    for _ in range(600):
        host.later(seconds=1)
        order += [one for one in ("RpcSs", "MSSQLSERVER", "SQLSERVERAGENT") if host.runs(one) and one not in order]
    assert order == ["RpcSs", "MSSQLSERVER", "SQLSERVERAGENT"]
    engine = host.machine.services.find("MSSQLSERVER")
    assert engine is not None
    host.machine.end_service(engine)
    assert not host.runs("SQLSERVERAGENT")
    assert host.boot_state().services_waiting == ("MSSQLSERVER", "SQLSERVERAGENT")


@pytest.mark.parametrize(("mode", "runs"), [("Auto", True), ("Delayed", True), ("Manual", False), ("Disabled", False)])
def test_a_start_mode_decides_what_a_restart_brings_back(mode: str, runs: bool) -> None:
    host = Practised(instances=(InstanceSpec.model_validate({"build": BEFORE, "start_mode": mode}),))
    assert host.runs("MSSQLSERVER") == (mode != "Disabled")
    host.restart()
    host.later(minutes=10)
    assert host.runs("MSSQLSERVER") == runs


def test_a_delayed_service_comes_two_minutes_later() -> None:
    host = Practised(instances=(InstanceSpec(build=BEFORE, start_mode="Delayed"),))
    power.crash(host.machine)
    while not host.machine.up:
        host.later(seconds=1)
    host.later(seconds=119)
    assert not host.runs("MSSQLSERVER")
    host.later(seconds=30)
    assert host.runs("MSSQLSERVER")
