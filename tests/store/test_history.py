"""The past of assets, as the journal told it."""

from core.model.state import StepState, TargetState
from core.store import facts as fact_store
from core.store.database import Database
from core.store.durations import seen_durations
from core.store.history import known_name, last_successes, latest_visits, visits_of
from core.store.recorder import RunRecorder
from core.store.runs import run_heads, summaries
from tests.conftest import HandClock
from tests.samples import NEW, OLD, RUN, facts, left_unknown, verified_again, whole_run


def _record(database: Database, clock: HandClock) -> None:
    RunRecorder(database, RUN, 1, clock, lambda _: None).record(whole_run())


def test_each_asset_shows_its_last_visit_with_builds(database: Database, clock: HandClock) -> None:
    _record(database, clock)
    found = latest_visits(database)
    assert [(one.host, one.state) for one in found] == [("SQL01", TargetState.SUCCESS), ("SQL02", TargetState.SUCCESS)]
    assert [(build.before, build.after) for build in found[0].builds] == [(OLD, NEW)]


def test_one_asset_shows_every_step_with_its_end(database: Database, clock: HandClock) -> None:
    _record(database, clock)
    (visit,) = visits_of(database, "SQL02")
    assert [(step.order, step.state, step.exit_code) for step in visit.steps] == [
        (1, StepState.SUCCESS, 3010),
        (2, StepState.SUCCESS, None),
    ]


def test_a_later_look_adds_nothing_to_how_long_a_visit_or_a_step_took(database: Database, clock: HandClock) -> None:
    RunRecorder(database, RUN, 1, clock, lambda _: None).record(left_unknown())
    left = clock.at
    clock.move(days=2)
    RunRecorder(database, RUN, 2, clock, lambda _: None).record(verified_again())
    (visit,) = visits_of(database, "SQL01")
    assert (visit.state, visit.worked_until, visit.ended_at) == (TargetState.SUCCESS, left, clock.at)
    assert [(step.state, step.ended_at) for step in visit.steps] == [
        (StepState.SUCCESS, None),
        (StepState.SKIPPED, clock.at),
    ]
    (run,) = summaries(database, [one.id for one in run_heads(database)]).values()
    assert (run.worked_until, run.ended_at) == (left, clock.at)
    assert {took for some in seen_durations(database).values() for took in some} == {0}


def test_an_asset_is_found_however_its_name_is_typed(database: Database, clock: HandClock) -> None:
    _record(database, clock)
    assert (known_name(database, "sql01"), known_name(database, "SQL9")) == ("SQL01", None)


def test_the_last_success_has_its_time(database: Database, clock: HandClock) -> None:
    assert last_successes(database) == {}
    _record(database, clock)
    assert last_successes(database) == {"SQL01": clock.at, "SQL02": clock.at}


def test_of_every_host_the_newest_facts_come_back(database: Database, clock: HandClock) -> None:
    older, newer = facts(), facts(build=NEW, at=clock.at.replace(hour=23))
    for one in (newer, older, facts("SQL02")):
        fact_store.keep(database, one)
    assert fact_store.newest_of_all(database) == {"SQL01": newer, "SQL02": facts("SQL02")}
