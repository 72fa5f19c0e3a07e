"""Hosts that cannot be reached, each for its own reason, are told apart, and keep nobody else waiting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.app import practice
from core.app.assess import assess, way_to
from core.app.history import compliance
from core.app.workspace import hosts, settings_of
from core.model.check import CheckResult
from core.model.facts import Facts
from core.model.failure import Cause
from core.model.outcome import Outcome
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


def _lose_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a host that never answers alone: the others have their time, however slow this PC is."""
    monkeypatch.setattr(session, "_READ_SECONDS", 2)


def test_each_reason_has_a_name_of_its_own(unreached: Practising, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {one.name for one in hosts(settings_of(unreached.workspace))}
    said = assess(unreached.workspace, Selection(tuple(names - {"mute"})))
    _lose_patience(monkeypatch)
    said += assess(unreached.workspace, Selection(("mute",)))
    found = {one.host.name: one.result for one in said}
    assert isinstance(found.pop("WELL"), Facts)
    causes = {
        name.removesuffix(".invalid"): None if isinstance(one, Facts) else one.cause for name, one in found.items()
    }
    assert causes == {kind.replace("_", "-"): cause for kind, cause in _CAUSES.items()}
    kept = {one.host: one for one in compliance(unreached.workspace, Selection(), timedelta(days=1))}
    assert kept["WELL"].unanswered is None
    for name, failure in found.items():
        silent = kept[name].unanswered
        assert silent is not None
        assert silent.failure == failure
        assert str(failure) in kept[name].why
    for kind in _CAUSES:
        assert [one["detail"]["fault"] for one in unreached.told(kind.replace("_", "-"), "fault")] == [kind]


@pytest.mark.parametrize(
    ("name", "failed"),
    [
        ("refuse", "TCP"),
        ("mute", "shell"),
        ("bad-tls", "TLS"),
        ("auth-failed", "authentication"),
        ("dns.invalid", "name"),
        ("WELL", None),
    ],
)
def test_the_step_that_fails_is_named_and_none_behind_it_is_tried(
    unreached: Practising, name: str, failed: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "mute":
        _lose_patience(monkeypatch)
    host = next(one for one in hosts(settings_of(unreached.workspace)) if one.name == name)
    way = [check for check in way_to(unreached.workspace, host) if not check.name.startswith("SQL")]
    assert [check.name for check in way] == ["name", "TCP", "TLS", "authentication", "shell", "script"]
    assert next((check.name for check in way if check.result is CheckResult.FAILED), None) == failed
    if failed is None:
        assert all(check.result is CheckResult.PASSED for check in way)
    else:
        behind = way[[check.name for check in way].index(failed) + 1 :]
        assert all(check.result is CheckResult.UNKNOWN for check in behind)


def test_verbose_tells_the_steps_to_a_host_that_fails(unreached: Practising) -> None:
    said = unreached.cli("assess", "--server", "refuse", "--verbose", "--json")
    assert said.code == 3
    (host,) = json.loads(said.out)["data"]["hosts"]
    assert [step["result"] for step in host["steps"]][:2] == ["passed", "failed"]
    assert "TCP              FAILED" in said.err


def test_a_host_whose_trouble_is_over_is_reached_again(unreached: Practising) -> None:
    well = ("refuse", "mute", "bad-tls", "auth-failed")
    for host in well:
        unreached.tell(do="clear", host=host)
    assert all(isinstance(one.result, Facts) for one in assess(unreached.workspace, Selection(well)))


def test_a_run_that_hands_a_password_over_says_so_in_its_journal(fleet: Practising) -> None:
    (host,) = fleet.take_missing(1, "TRUST")
    finished = fleet.cycle(host)
    assert finished.outcome is Outcome.SUCCEEDED
    journal = Path(finished.folder, "Logs", "Events.jsonl").read_text(encoding="utf-8").splitlines()
    told = [one["data"]["message"] for one in map(json.loads, journal) if one["data"].get("code") == "credssp"]
    assert told == ["logged on by CredSSP: the account's password was handed to this host"]
