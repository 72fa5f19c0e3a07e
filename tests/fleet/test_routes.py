"""Packages on their way to the fleet: the route that is wished, and the next one when it does not work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.model.outcome import Outcome
from core.model.transfer import Moment
from core.practice.handover import SHARE
from core.runfolder.folder import RunFolder
from core.runfolder.moments import MomentsSeen
from core.settings.names import AUDIT_CONFIG
from tests.fleet.practising import Practising


@pytest.fixture
def fleet_with_configuration(fleet: Practising) -> Iterator[Practising]:
    """Puts the configuration back as it was."""
    file = fleet.workspace.path / AUDIT_CONFIG
    before = file.read_bytes()
    yield fleet
    file.write_bytes(before)


def _transfer(fleet: Practising, **section: Any) -> None:
    file = fleet.workspace.path / AUDIT_CONFIG
    document = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**document, "transfer": section}), encoding="utf-8")


def _cycle(fleet: Practising) -> tuple[Outcome, dict[str, Any], list[str]]:
    """How it ended, what was delivered, and the warnings."""
    told: list[dict[str, Any]] = []
    finished = fleet.deploy(fleet.authorised(*fleet.take(1)), told=told.append)
    delivered = [entry["data"] for entry in told if entry["event"] == "package_delivered"]
    warnings = [entry["data"]["message"] for entry in told if entry["event"] == "warned"]
    assert len(delivered) == 1
    return finished.outcome, delivered[0], warnings


def test_a_host_fetches_the_package_from_a_share(fleet_with_configuration: Practising) -> None:
    _transfer(fleet_with_configuration, routes=["share"], share=SHARE)
    outcome, delivered, warnings = _cycle(fleet_with_configuration)
    assert (outcome, delivered["route"], warnings) == (Outcome.SUCCEEDED, "share", [])


def test_what_is_not_on_the_share_comes_by_the_next_route_and_the_reason_is_told(
    fleet_with_configuration: Practising,
) -> None:
    _transfer(fleet_with_configuration, routes=["share", "psrp"], share=r"\\practice\elsewhere")
    outcome, delivered, warnings = _cycle(fleet_with_configuration)
    assert (outcome, delivered["route"]) == (Outcome.SUCCEEDED, "psrp")
    assert r"\\practice\elsewhere" in warnings[0]


def test_a_host_without_an_open_smb_port_gets_the_package_through_the_session(
    fleet_with_configuration: Practising,
) -> None:
    _transfer(fleet_with_configuration, routes=["smb", "psrp"], smb_port=9)
    outcome, delivered, warnings = _cycle(fleet_with_configuration)
    assert (outcome, delivered["route"]) == (Outcome.SUCCEEDED, "psrp")
    assert "port 9" in warnings[0]


def test_who_watches_sees_how_far_a_package_is_and_afterwards_nothing(fleet: Practising) -> None:
    """As another process does: by the file beside the run's lock."""
    seen: list[Moment] = []

    def look(entry: dict[str, Any]) -> None:
        if entry["event"] == "package_delivered":
            seen.extend(MomentsSeen(_state_of(fleet, entry["runId"])).fresh())

    (host,) = fleet.take(1)
    finished = fleet.deploy(fleet.authorised(host), told=look)
    assert finished.outcome is Outcome.SUCCEEDED
    (moment,) = seen
    assert (moment.progress.host, moment.progress.doing) == (host, "transferring")
    assert moment.progress.total_bytes > 0
    assert MomentsSeen(_state_of(fleet, finished.run_id)).fresh() == ()


def _state_of(fleet: Practising, run_id: str) -> Path:
    return RunFolder(fleet.workspace.run_folder(run_id)).state
