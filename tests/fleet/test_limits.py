"""Hosts that never come to an end are given up at their limit, named, and left as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from core.app import equipping, practice
from core.app.driving import Finished
from core.app.requests import unblock
from core.engine.errand import Patience
from core.model.failure import Cause
from core.model.outcome import Outcome
from core.model.record import TargetRecord
from core.model.state import TargetState
from core.practice.spec.fault import FaultSpec
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.scenario import Scenario
from core.practice.spec.server import ServerSpec
from tests.fleet.practising import BEHIND, CURRENT, Practising

_MOVES_OF_LATE = ("target_moved", "LATE")


def _server(name: str, fault: FaultSpec) -> ServerSpec:
    return ServerSpec(name=name, instances=(InstanceSpec(build=BEHIND),), faults=(fault,))


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practising]:
    """A fleet of hosts that never end, and a console that does not wait for long."""
    scenario = Scenario(
        time_scale=2000,
        servers=(
            _server("HANGS", FaultSpec(when="install", kind="installer_hang")),
            _server("GONE", FaultSpec(when="reboot", kind="no_boot")),
            _server("DOWN", FaultSpec(when="verify", kind="service_down")),
            # Seven seconds: far beyond its limit of three here, and far from four times that.
            _server("LATE", FaultSpec(when="install", kind="late_success", seconds=14_000)),
        ),
    )
    fleet = Practising(practice.start(tmp_path_factory.mktemp("limits") / "workspace", scenario))
    path = fleet.workspace.path / "config/audit_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    # While the one that hangs is waited for there is time for the others: only its limit need be short.
    config["timeouts"] |= {"step": 0.05, "hard_limit_factor": 4, "reboot": 0.1, "sql_startup": 0.1}
    config["concurrency"] = {"max_concurrent_servers": 4}
    path.write_text(json.dumps(config), encoding="utf-8")
    with pytest.MonkeyPatch.context() as hurried:
        hurried.setattr(equipping, "Patience", partial(Patience, long_poll=1))
        try:
            yield fleet
        finally:
            fleet.close()


@pytest.fixture(scope="module")
def finished(impatient: Practising) -> Finished:
    return impatient.cycle("LATE", "HANGS", "GONE", "DOWN")


@pytest.fixture(scope="module")
def targets(finished: Finished) -> dict[str, TargetRecord]:
    assert finished.outcome is Outcome.VERIFICATION_FAILED
    return {target.host: target for target in finished.record.targets}


def test_an_installer_that_hangs_is_overdue_then_given_up_but_never_killed(
    impatient: Practising, targets: dict[str, TargetRecord]
) -> None:
    assert _ended(targets["HANGS"]) == (TargetState.BLOCKED, Cause.OVERDUE)
    assert impatient.count("HANGS", "installer_start", "installer_end", "reboot") == (1, 0, 0)
    assert list(impatient.state("HANGS")["jobs"].values()) == ["running"]
    assert impatient.state("HANGS")["claim"] is not None


def test_an_installer_that_ends_well_after_its_limit_is_verified_and_a_success(
    impatient: Practising, finished: Finished, targets: dict[str, TargetRecord]
) -> None:
    assert _ended(targets["LATE"]) == (TargetState.SUCCESS, None)
    assert impatient.count("LATE", "installer_start", "installer_end", "reboot") == (1, 1, 1)
    assert impatient.state("LATE")["builds"] == {"MSSQLSERVER": CURRENT}
    journal = Path(finished.folder, "Logs", "Events.jsonl").read_text(encoding="utf-8").splitlines()
    moves = [one["data"] for one in map(json.loads, journal) if (one["event"], one["target"]) == _MOVES_OF_LATE]
    assert [one["after"] for one in moves] == ["in_progress", "overdue", "in_progress", "success"]


def test_while_it_hangs_nobody_starts_a_second_installer(
    impatient: Practising, targets: dict[str, TargetRecord]
) -> None:
    flagged = impatient.cycle("HANGS")
    assert _ended(flagged.record.target("HANGS")) == (TargetState.BLOCKED, Cause.PATCH_BLOCKED)
    unblock(impatient.workspace, "HANGS", "somebody who did not look")
    again = impatient.cycle("HANGS")
    assert _ended(again.record.target("HANGS")) == (TargetState.DEFERRED, Cause.CLAIMED)
    assert impatient.count("HANGS", "installer_start") == (1,)


def test_a_host_that_does_not_come_back_is_blocked(impatient: Practising, targets: dict[str, TargetRecord]) -> None:
    assert _ended(targets["GONE"]) == (TargetState.BLOCKED, Cause.REBOOT)
    assert impatient.count("GONE", "installer_end", "reboot", "boot") == (1, 1, 0)


def test_a_service_that_does_not_come_back_is_a_failed_verification(
    impatient: Practising, targets: dict[str, TargetRecord]
) -> None:
    assert _ended(targets["DOWN"]) == (TargetState.FAILED, Cause.VERIFICATION)
    assert impatient.state("DOWN")["builds"] == {"MSSQLSERVER": CURRENT}


def _ended(target: TargetRecord) -> tuple[TargetState, Cause | None]:
    return target.state, None if target.failure is None else target.failure.cause
