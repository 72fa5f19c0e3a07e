"""A small run with faults, killed around every journal event: whatever moment was the last, the end is the same."""

from dataclasses import replace

import pytest

from core.model.state import TargetState
from core.practice.spec.fault import FaultSpec
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.os_update import OsUpdateSpec
from core.practice.spec.server import ServerSpec
from core.practice.sql_updates import SQL_UPDATES
from tests.simulation.books import story as story_of
from tests.simulation.invariants import violations
from tests.simulation.schedule import Death, Kill, Schedule
from tests.simulation.scheduler import Story, simulate

_BEFORE = SQL_UPDATES["2019"].before


def _server(name: str, *faults: FaultSpec, applications: tuple[str, ...] = ()) -> ServerSpec:
    instances, tags = (InstanceSpec(build=_BEFORE),), ("payroll",) if applications else ()
    return ServerSpec(name=name, instances=instances, applications=applications, tags=tags, faults=faults)


_SMALL = Schedule(
    seed=1,
    servers=(
        _server("CUT", FaultSpec(when="install", kind="drop_network", after_percent=40)),
        _server("FAILS", FaultSpec(when="install", kind="installer_exit", code=1603)),
        _server("LOST", FaultSpec(when="install", kind="job_lost", after_percent=50)),
    ),
    workers=3,
)
_EXPECTED = {"CUT": TargetState.SUCCESS, "FAILS": TargetState.FAILED, "LOST": TargetState.FAILED}


WORSE = Schedule(
    seed=1,
    servers=(
        ServerSpec(
            name="WORSE",
            instances=(InstanceSpec(build=_BEFORE),),
            applications=("Payroll",),
            tags=("payroll",),
            os_updates=(OsUpdateSpec(kb="5041000", title="Cumulative update", reboot="always", revision=9000),),
            # Once after each of the two updates.
            faults=(FaultSpec(when="verify", kind="application_down", times=2),),
        ),
    ),
    takes_back=True,
)


def _states(story: Story) -> dict[str, TargetState]:
    return {target.host: target.state for target in story_of(story.lines).targets}


def test_without_a_kill_each_host_ends_as_its_fault_says() -> None:
    story = simulate(_SMALL)
    assert (violations(story), _states(story)) == ((), _EXPECTED)


@pytest.mark.parametrize("death", ["before", "after"])
def test_a_kill_around_any_journal_event_changes_nothing_in_the_end(death: Death) -> None:
    for place, effect in enumerate(simulate(_SMALL).records):
        pause = (3.0, 4 * 3600.0)[place % 2]
        story = simulate(replace(_SMALL, kills=(Kill(effect, death, pause),)))
        assert (violations(story), _states(story)) == ((), _EXPECTED), f"killed {death} effect {effect}"


def test_a_process_that_freezes_at_any_journal_event_and_wakes_does_no_harm() -> None:
    for place, effect in enumerate(simulate(_SMALL).records):
        pause = (3.0, 1200.0)[place % 2]
        story = simulate(replace(_SMALL, kills=(Kill(effect, "before", pause, frozen=True),)))
        assert (violations(story), _states(story)) == ((), _EXPECTED), f"frozen at effect {effect}"


def test_a_kill_around_any_journal_event_takes_back_once_and_wholly() -> None:
    for place, effect in enumerate(simulate(WORSE).records):
        death: Death = ("before", "after")[place % 2]
        story = simulate(replace(WORSE, kills=(Kill(effect, death, 3.0),)))
        (target,) = story_of(story.lines).targets
        assert (violations(story), target.state) == ((), TargetState.FAILED), f"killed {death} effect {effect}"
        assert target.undone is not None
        assert target.undone.taken_back, f"killed {death} effect {effect}: {target.undone.message}"
        started = [set(one.detail.get("arguments", ())) for one in story.world.ledger if one.kind == "installer_start"]
        assert [len(one & {"/Action=RemovePatch", "/Remove-Package"}) for one in started] == [0, 0, 1, 1]
