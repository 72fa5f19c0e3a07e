"""Restarts that wait for a window: whatever is late, dies or is asked for meanwhile, none comes outside of one."""

from dataclasses import replace

import pytest

from core.model.state import TargetState
from core.practice.spec.fault import FaultSpec
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.server import ServerSpec
from core.practice.sql_updates import SQL_UPDATES
from tests.simulation.books import story as story_of
from tests.simulation.invariants import violations
from tests.simulation.schedule import Asked, Death, Kill, Limiting, Schedule
from tests.simulation.scheduler import Story, simulate
from tests.simulation.world import BEGINNING

_LATE = FaultSpec(when="install", kind="late_success", seconds=1500)
_HOST = ServerSpec(name="SQL01", instances=(InstanceSpec(build=SQL_UPDATES["2019"].before),), faults=(_LATE,))
# Half an hour is left of the window when the run begins, enough for what is expected, and not for what comes.
PUT_OFF = Schedule(seed=1, servers=(_HOST,), limiting=Limiting(window=(-60, 90)), in_window=True)
# Nobody is late, and people on the host are told ten minutes before.
NOTICED = replace(
    PUT_OFF, servers=(_HOST.model_copy(update={"faults": ()}),), limiting=Limiting(window=(-60, 480)), notice=600
)
# The update makes it worse when little is left of the window.
LATE_AND_WORSE = replace(
    PUT_OFF,
    servers=(
        _HOST.model_copy(
            update={
                "applications": ("Payroll",),
                "tags": ("payroll",),
                "faults": (
                    FaultSpec(when="install", kind="late_success", seconds=600),
                    FaultSpec(when="verify", kind="application_down"),
                ),
            }
        ),
    ),
    in_window=False,
    takes_back=True,
)
_DAY = 24 * 3600.0


def _state(story: Story) -> TargetState:
    (target,) = story_of(story.lines).targets
    return target.state


def _count(story: Story, *kinds: str) -> tuple[int, ...]:
    return tuple(sum(one.kind == kind for one in story.world.ledger) for kind in kinds)


def test_a_restart_that_comes_too_late_waits_for_the_next_window() -> None:
    story = simulate(PUT_OFF)
    assert (violations(story), _state(story)) == ((), TargetState.SUCCESS)
    (asked,) = (one for one in story.world.ledger if one.kind == "reboot")
    assert 22 * 3600 < (asked.at - BEGINNING).total_seconds() < 24 * 3600
    assert '"event":"reboot_put_off"' in "\n".join(story.lines)


def test_a_kill_around_any_journal_event_restarts_it_once_and_in_a_window() -> None:
    deaths: tuple[Death, ...] = ("before", "after")
    for place, effect in enumerate(simulate(PUT_OFF).records):
        death = deaths[place % 2]
        story = simulate(replace(PUT_OFF, kills=(Kill(effect, death, (3.0, _DAY / 4)[place % 3 == 0]),)))
        assert (violations(story), _state(story)) == ((), TargetState.SUCCESS), f"killed {death} effect {effect}"
        assert _count(story, "reboot", "boot") == (1, 1)


def test_who_withdraws_a_host_that_waits_gets_it_back_without_a_restart() -> None:
    story = simulate(replace(PUT_OFF, asked=(Asked(_DAY / 2, "withdraw"),)))
    assert (violations(story), _state(story)) == ((), TargetState.AWAITING_REBOOT)
    assert _count(story, "reboot", "boot") == (0, 0)
    assert story.world.machines["SQL01"].claim is None


@pytest.mark.parametrize("action", ["stop", "interrupt"])
def test_a_run_that_is_stopped_does_not_wait_for_the_window(action: str) -> None:
    story = simulate(replace(PUT_OFF, asked=(Asked(_DAY / 2, action),)))  # type: ignore[arg-type]  # one of its literals
    assert (violations(story), _state(story)) == ((), TargetState.AWAITING_REBOOT)
    assert _count(story, "boot") == (0,)
    assert (story.world.now - BEGINNING).total_seconds() < _DAY


def test_a_kill_while_it_is_given_back_changes_nothing() -> None:
    withdrawn = replace(PUT_OFF, asked=(Asked(_DAY / 2, "withdraw"),))
    for effect in simulate(withdrawn).records[-12:]:
        story = simulate(replace(withdrawn, kills=(Kill(effect, "after", 3.0),)))
        assert (violations(story), _state(story)) == ((), TargetState.AWAITING_REBOOT), f"killed after {effect}"


def test_a_restart_of_which_people_are_told_already_is_called_off_on_the_host() -> None:
    (asked,) = (one for one in simulate(NOTICED).world.ledger if one.kind == "reboot")
    moment = (asked.at - BEGINNING).total_seconds() + 300
    story = simulate(replace(NOTICED, asked=(Asked(moment, "withdraw"),)))
    assert (violations(story), _state(story)) == ((), TargetState.AWAITING_REBOOT)
    assert _count(story, "reboot", "reboot_cancelled", "boot") == (1, 1, 0)
    assert story.world.machines["SQL01"].claim is None


def test_a_way_back_for_which_the_window_leaves_no_time_is_not_begun_and_that_is_said() -> None:
    story = simulate(LATE_AND_WORSE)
    (target,) = story_of(story.lines).targets
    assert (violations(story), target.state) == ((), TargetState.FAILED)
    assert target.failure is not None
    assert "could not be taken back: its maintenance window leaves" in target.failure.detail
    assert _count(story, "installer_start") == (1,)
