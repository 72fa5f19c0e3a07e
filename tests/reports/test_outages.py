"""How long a service was away, and whether anybody has seen it up again."""

from dataclasses import replace
from datetime import timedelta

from core.model.check import Check, CheckName, CheckResult
from core.model.events import UndoBegun, UndoEnded
from core.model.failure import Cause, Failure
from core.model.plan import GroupRule
from core.model.record import TargetRecord
from core.model.run_report import Outage
from core.model.state import TargetState
from core.model.step import Expectation, RebootStep, Undo
from core.reports.outages import outages_of
from tests.reports.stories import good_story, mixed_plan, mixed_story
from tests.samples import AT, PLAN

_SILENT = Check("databases", "MSSQLSERVER", CheckResult.UNKNOWN, "5 online", "the engine did not say")

_LEFT = AT + timedelta(hours=1)


def _outage(target: TargetRecord) -> Outage:
    plan = PLAN if target.host.startswith("SQL") else mixed_plan()
    (found,) = outages_of(plan, target)
    return found


def test_installer_and_restart_count_together_and_a_patched_host_is_up_again() -> None:
    target = good_story().record.targets[0]
    found = _outage(target)
    (job,) = target.jobs
    assert found.back is True
    assert found.measured_seconds is not None
    assert found.measured_seconds > (job.ended_at - job.started_at).total_seconds()


def test_a_groups_service_was_not_away_where_the_look_before_saw_another_member_lead() -> None:
    target = good_story().record.targets[0]
    group = GroupRule("AG1", "ag", "secondaries first", ("SQL01", "SQL02"), "facts")
    away = Expectation(outage_seconds=300)
    first, second = PLAN.targets
    first = replace(first, steps=tuple(replace(step, expectation=away) for step in first.steps))
    plan = replace(PLAN, groups=(group,), targets=(first, second))
    led_elsewhere = Check(CheckName.ROLES, target.host, CheckResult.PASSED, "leads no group", "leads none")
    seen = replace(target, checks_before=(*target.checks_before, led_elsewhere))
    (found,), (unseen,) = outages_of(plan, seen), outages_of(plan, target)
    assert found.carried.startswith("not availability group AG1: another member led it")
    assert unseen.carried == "whether availability group AG1 was led by another member is not known"
    assert _outage(seen).carried == ""


def test_a_service_that_is_still_down_is_away_until_the_run_left_it() -> None:
    patched = good_story().record.targets[0]
    target = replace(patched, state=TargetState.FAILED, checks_after=(_SILENT,), ended_at=_LEFT)
    well, ill = _outage(good_story().record.targets[0]), _outage(target)
    assert ill.back is False
    assert ill.ended_at == _LEFT
    assert well.measured_seconds is not None
    assert ill.measured_seconds is not None
    assert ill.measured_seconds > well.measured_seconds


def test_a_host_that_never_came_back_is_away_since_its_restart() -> None:
    target = good_story().record.targets[0]
    steps = tuple(replace(step, reboot=None) for step in target.steps)
    found = _outage(replace(target, state=TargetState.BLOCKED, steps=steps, ended_at=_LEFT))
    assert (found.back, found.ended_at) == (False, _LEFT)


def test_where_nobody_looked_after_the_installer_nobody_says_that_it_is_up() -> None:
    target = good_story().record.targets[0]
    found = _outage(replace(target, state=TargetState.FAILED, checks_after=(), steps=target.steps[:1]))
    assert found.back is None
    assert found.measured_seconds is not None


def test_a_host_that_was_never_begun_was_not_away() -> None:
    target = next(one for one in mixed_story().record.targets if one.host == "ACME02")
    found = _outage(target)
    assert (found.measured_seconds, found.back) == (None, None)


def test_a_service_that_was_down_until_it_was_taken_back_was_away_all_the_while() -> None:
    patched = good_story().record.targets[0]
    last = patched.steps[-1]
    assert last.ended_at is not None
    began, ended = last.ended_at + timedelta(minutes=20), last.ended_at + timedelta(minutes=25)
    restart = RebootStep(3, 600, 60, "so that it is proven", Undo(possible=False, how="it cannot be"))
    again = replace(last, order=3, started_at=began, ended_at=ended)
    undo = UndoBegun(TargetState.FAILED, Failure(Cause.VERIFICATION, "it is down"), (restart,))
    proven = Check("build", "MSSQLSERVER", CheckResult.PASSED, "15", "15")
    target = replace(
        patched,
        state=TargetState.FAILED,
        checks_after=(_SILENT,),
        steps=(*patched.steps, again),
        undo=undo,
        undone=UndoEnded(taken_back=True, message="taken back", checks=(proven,)),
    )
    well, ill = _outage(patched), _outage(target)
    assert (ill.back, ill.ended_at) == (True, ended)
    assert well.measured_seconds is not None
    assert ill.measured_seconds == well.measured_seconds + 25 * 60


def test_an_installer_whose_end_nobody_saw_was_not_without_outage() -> None:
    target = good_story().record.targets[0]
    step = replace(target.steps[0], job=None, ended_at=None)
    found = _outage(replace(target, state=TargetState.BLOCKED, checks_after=(), steps=(step,), ended_at=_LEFT))
    assert (found.back, found.ended_at) == (None, _LEFT)
    assert found.measured_seconds is not None
    assert found.measured_seconds > 0
