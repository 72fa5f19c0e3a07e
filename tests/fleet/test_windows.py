"""Restarts that policy allows in a window only, over real protocols: the clock of the console alone is moved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.app import composition, practice
from core.app.deploy import resume
from core.app.requests import ask
from core.engine.runner import Stops
from core.model.events import RebootPutOff
from core.model.outcome import Outcome
from core.model.requests import Action
from core.model.state import TargetState
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.scenario import Scenario
from core.practice.spec.server import ServerSpec
from tests.fleet.practising import BEHIND, CURRENT, Deploying, Practising

_NAMES = ("WAITS", "KEPT", "KILLED")
# From a minute ago on, for an hour, every day.
_MINUTES = 60


class MovedClock:
    """The system's, and what tests add. It never goes back."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def leave_the_window(self) -> None:
        self._ahead += timedelta(minutes=_MINUTES)

    def enter_the_next(self) -> None:
        self._ahead = timedelta(days=self._ahead.days + 1)


@pytest.fixture(scope="module")
def moved() -> MovedClock:
    return MovedClock()


@pytest.fixture
def clock(moved: MovedClock, monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    monkeypatch.setattr(composition, "SystemClock", lambda: moved)
    moved.enter_the_next()
    return moved


@pytest.fixture(scope="module")
def windowed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practising]:
    """Hosts that restart within a window of an hour, which is open now."""
    servers = tuple(ServerSpec(name=name, instances=(InstanceSpec(build=BEHIND),)) for name in _NAMES)
    path = tmp_path_factory.mktemp("windows") / "workspace"
    fleet = Practising(practice.start(path, Scenario(time_scale=2000, servers=servers)))
    file = path / "config" / "policies" / "default.json"
    policy = json.loads(file.read_text(encoding="utf-8"))
    begun = datetime.now(UTC) - timedelta(minutes=1)
    every_day = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    window = {"name": "now", "zone": "UTC", "weekdays": every_day, "start": f"{begun:%H:%M}"}
    policy["maintenance_windows"] = [window | {"duration_minutes": _MINUTES}]
    policy["reboot"]["mode"] = "window"
    # By the console's clock the hosts' backups are days old.
    policy["preflight"]["backup"] = {"backup_evidence": "external", "reason": "the clock is moved"}
    file.write_text(json.dumps(policy), encoding="utf-8")
    try:
        yield fleet
    finally:
        fleet.close()


def _waiting(fleet: Practising, host: str, clock: MovedClock, stops: Stops | None = None) -> Deploying:
    """A run whose host is patched and whose window has closed meanwhile."""

    def told(event: dict[str, Any]) -> None:
        if event["event"] == "step_moved" and event["data"]["after"] == "success":
            clock.leave_the_window()

    run = fleet.begin(fleet.authorised(host), stops, told)
    run.until("reboot_put_off")
    return run


def test_a_restart_whose_window_has_closed_comes_in_the_next_and_is_proven(
    windowed: Practising, clock: MovedClock
) -> None:
    run = _waiting(windowed, "WAITS", clock)
    assert windowed.count("WAITS", "reboot") == (0,)
    clock.enter_the_next()
    done = run.finished()
    target = done.record.target("WAITS")
    assert (done.outcome, target.state) == (Outcome.SUCCEEDED, TargetState.SUCCESS)
    assert windowed.count("WAITS", "installer_start", "reboot", "boot") == (1, 1, 1)
    (proof,) = target.reboots
    put_off = target.steps[-1].put_off
    assert isinstance(put_off, RebootPutOff)
    assert (proof.before, put_off.window) == (put_off.marks, "now")
    assert windowed.state("WAITS")["builds"] == {"MSSQLSERVER": CURRENT}


def test_who_withdraws_a_host_that_waits_gets_it_back_patched_and_not_restarted(
    windowed: Practising, clock: MovedClock
) -> None:
    run = _waiting(windowed, "KEPT", clock)
    ask(windowed.workspace, run.run_id, Action.WITHDRAW, "KEPT", "the month's end")
    done = run.finished()
    target = done.record.target("KEPT")
    assert (done.outcome, target.state) == (Outcome.REBOOT_REQUIRED, TargetState.AWAITING_REBOOT)
    assert target.failure is not None
    assert "the month's end" in target.failure.detail
    assert windowed.count("KEPT", "reboot") == (0,)
    state = windowed.state("KEPT")
    assert (state["claim"], state["builds"]) == (None, {"MSSQLSERVER": CURRENT})


def test_a_run_that_is_left_while_it_waits_is_taken_up_and_restarts_the_host_once(
    windowed: Practising, clock: MovedClock
) -> None:
    stops = Stops()
    run = _waiting(windowed, "KILLED", clock, stops)
    stops.abandon.set()
    assert run.finished().outcome is Outcome.CANCELLED
    assert windowed.count("KILLED", "reboot") == (0,)
    clock.enter_the_next()
    done = resume(windowed.workspace, run.run_id, lambda _: None, Stops())
    assert done.record.target("KILLED").state is TargetState.SUCCESS
    assert windowed.count("KILLED", "installer_start", "reboot", "boot") == (1, 1, 1)
