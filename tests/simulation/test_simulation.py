"""Hundreds of seeded runs: whatever fails, dies or gets lost, the invariants hold."""

import pytest

from tests.simulation.schedule import Schedule, draw
from tests.simulation.scheduler import simulate
from tests.simulation.shrinking import first_failure, shrink

_CHUNK = 25


@pytest.mark.parametrize("first", range(0, 1000, _CHUNK))
def test_no_schedule_breaks_an_invariant(first: int) -> None:
    failure = first_failure(range(first, first + _CHUNK))
    assert failure is None, failure


def test_a_frozen_process_that_wakes_cannot_claim_a_host_that_its_successor_found_free_and_left() -> None:
    failure = first_failure(range(1109, 1110))
    assert failure is None, failure


def test_the_same_seed_tells_the_same_story_to_the_byte() -> None:
    seed = next(seed for seed in range(100) if draw(seed).kills and draw(seed).line.cut)
    assert simulate(draw(seed)).lines == simulate(draw(seed)).lines


def test_the_drawn_schedules_hold_every_kind_of_trouble() -> None:
    schedules = [draw(seed) for seed in range(300)]
    faults = {fault.kind for one in schedules for server in one.servers for fault in server.faults}
    assert faults == {
        "refuse",
        "drop_network",
        "installer_exit",
        "exit_ok_build_unchanged",
        "job_lost",
        "installer_hang",
        "installer_crash",
        "superseded",
        "wua_loop",
        "other_installer",
        "application_down",
        "logs_denied",
        "late_success",
        "removal_fails",
    }
    assert {asked.action for one in schedules for asked in one.asked} == {
        "withdraw",
        "stop",
        "interrupt",
        "pause",
        "note",
        "unblock",
        "reverify",
    }
    assert {(kill.death, kill.frozen) for one in schedules for kill in one.kills} == {
        (death, frozen) for death in ("before", "after") for frozen in (False, True)
    }


def test_the_stories_are_about_something() -> None:
    """A simulation in which nothing ever succeeds, dies or is taken up again would prove nothing."""
    stories = [simulate(draw(seed)) for seed in range(80)]
    told = "\n".join(line for story in stories for line in story.lines)
    for state in ("success", "failed", "blocked", "cancelled", "awaiting_reboot", "deferred"):
        assert f'"after":"{state}"' in told
    for code in ("failure_budget", "canary", "soak", "window", "paused", "shut"):
        assert f'"code":"{code}"' in told
    assert '"event":"reverify_asked"' in told
    assert sum(story.epoch > 1 for story in stories) > 10


def test_a_failing_schedule_shrinks_to_what_makes_it_fail() -> None:
    def two_kills(schedule: Schedule) -> tuple[str, ...]:
        return ("two kills",) if len(schedule.kills) >= 2 else ()

    seed = next(seed for seed in range(500) if len(draw(seed).kills) == 4 and len(draw(seed).servers) == 4)
    smallest = shrink(draw(seed), two_kills)
    assert (len(smallest.kills), len(smallest.servers), smallest.asked) == (2, 1, ())


def test_a_failure_names_its_seed_and_how_to_replay_it() -> None:
    failure = first_failure(range(3, 5), lambda schedule: ("wrong",))
    assert failure is not None
    assert "python3 run.py bench simulate --seed 3 --count 1" in failure
