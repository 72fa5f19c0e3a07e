"""A run is told in the operator's words, and nothing of it is left out or made better."""

from dataclasses import replace
from datetime import time

import pytest

from core.evidence.folding import fold
from core.model.document import from_document, to_document
from core.model.events import Body, DiagnosticsTaken, Event, Noted, PatchUnblocked
from core.model.plan import PlannedWindow
from core.model.policy import MaintenanceWindow
from core.model.run_report import RunReport
from core.model.state import TargetState
from core.reports.tenant import Story
from core.reports.words import sentence
from tests.reports.stories import good_story, mixed_story, told
from tests.samples import AT, LOST, NEW, PLAN, entries, whole_run

_ZONES = {"hq": "Europe/Berlin", "bank": "America/New_York"}
_MIXED = told(mixed_story())


def _host(name: str) -> RunReport:
    return replace(_MIXED, hosts=tuple(one for one in _MIXED.hosts if one.host == name))


def test_why_a_host_was_not_patched_is_a_sentence() -> None:
    (deferred,) = (one for one in _MIXED.left_out if one.host == "ACME02")
    assert deferred.sentence == "ACME02 was not patched because its last full backup is 3 days old"
    (silent,) = (one for one in _MIXED.left_out if one.host == "GLOBEX08")
    assert silent.sentence == "GLOBEX08 was not patched because it could not be assessed: nobody answered"


@pytest.mark.parametrize("state", list(TargetState))
def test_every_state_has_a_sentence_about_its_host(state: TargetState) -> None:
    host = replace(fold(entries(whole_run())).targets[0], state=state, failure=LOST, steps=())
    assert "SQL01" in sentence(host)


def test_of_a_host_that_was_touched_nobody_says_that_it_was_not_patched() -> None:
    touched = good_story().record.targets[0]
    for state in set(TargetState) - {TargetState.SUCCESS}:
        assert "not patched" not in sentence(replace(touched, state=state, failure=LOST))


def test_what_is_bad_needs_attention_before_what_is_open() -> None:
    assert [one.host for one in _MIXED.attention] == ["GLOBEX01", "GLOBEX02", "ACME02"]


def test_a_failure_has_cause_hint_and_the_first_lines_of_the_log() -> None:
    failed, silent = _MIXED.failures
    assert (failed.cause, failed.hint) == ("setup failed", "look at the summary")
    assert failed.log == "Final result: Failed\nExit code: 1648"
    assert (silent.host, silent.log) == ("GLOBEX02", "")


def test_a_host_that_nobody_may_begin_with_is_said_to_be_blocked_until_somebody_unblocks_it() -> None:
    assert [(one.host, one.patch_blocked) for one in _MIXED.failures] == [("GLOBEX01", True), ("GLOBEX02", False)]
    story = mixed_story()
    free = replace(story.entries[-1], event=Event(PatchUnblocked("olga", "looked at it"), "GLOBEX01"))
    lines = [*story.entries, free]
    again = told(Story(fold(lines), story.plan, lines))
    assert not any(one.patch_blocked for one in again.failures)
    assert not any(one.patch_blocked for one in again.hosts)


def test_an_outage_is_installer_and_restart_together() -> None:
    first = told(good_story()).outages[0]
    assert (first.host, first.service) == ("SQL01", "MSSQLSERVER")
    job = good_story().record.targets[0].jobs[0]
    assert first.measured_seconds is not None
    assert first.measured_seconds > (job.ended_at - job.started_at).total_seconds()


def test_what_went_otherwise_than_planned_is_said() -> None:
    deviations = {one.host: one.deviations for one in _MIXED.hosts}
    assert deviations["ACME01"] == ()
    assert deviations["ACME02"] == ("2 of 2 planned steps not begun",)
    assert "the service SQLWriter is stopped" in deviations["GLOBEX02"]
    assert told(good_story()).hosts[0].deviations == ("the line was lost once",)


def test_a_build_that_is_not_the_planned_one_is_a_deviation() -> None:
    story = good_story()
    first = story.record.targets[0]
    assert first.after is not None
    other = replace(first.after, builds=(replace(first.after.builds[0], build="15.0.4298.1"),))
    record = replace(story.record, targets=(replace(first, after=other), *story.record.targets[1:]))
    report = told(Story(record, PLAN, story.entries))
    assert f"MSSQLSERVER is on 15.0.4298.1, planned was {NEW}" in report.hosts[0].deviations


def test_the_time_line_tells_lost_lines_restarts_and_notes() -> None:
    words = [one.words for one in told(good_story()).hosts[0].moments]
    assert words[0] == "begun"
    assert any(one.startswith("line lost") for one in words)
    assert any(one.startswith("restart proven") for one in words)
    assert words[-1] == "patched and verified"
    assert "warning: slower than GLOBEX02" in [one.words for one in _MIXED.hosts[0].moments]


@pytest.mark.parametrize("length", range(1, len(whole_run())))
def test_a_run_is_told_wherever_it_stands(length: int) -> None:
    lines = entries(whole_run()[:length])
    report = told(Story(fold(lines), PLAN, lines))
    assert report.outcome_words == "The run has not ended"
    assert sum(one.number for one in report.counted) == report.planned_hosts == 2


def test_a_report_is_the_same_after_it_was_json() -> None:
    assert from_document(RunReport, to_document(_MIXED)) == _MIXED


def test_planned_is_held_against_done_and_against_what_somebody_took_out() -> None:
    told_of = {one.what: (one.planned, one.done, one.taken_out, one.left) for one in _MIXED.against}
    assert told_of == {"Hosts": (4, 1, 0, 3), "SQL Server updates": (4, 1, 0, 3), "Restarts": (4, 1, 0, 3)}
    story = mixed_story()
    taken_out = tuple(
        replace(one, state=TargetState.CANCELLED) if one.host == "ACME02" else one for one in story.record.targets
    )
    without = told(replace(story, record=replace(story.record, targets=taken_out)))
    assert [(one.done, one.taken_out, one.left) for one in without.against] == [(1, 1, 2)] * 3


def test_the_time_line_has_what_people_noted_and_what_was_collected() -> None:
    story = mixed_story()
    more: list[Body] = [
        Noted("olga", "the owner knows"),
        DiagnosticsTaken("failed", required=False, trouble=("setup_log: no answer",)),
    ]
    lines = [*story.entries, *(replace(story.entries[0], event=Event(body, "GLOBEX01")) for body in more)]
    words = [one.words for one in told(Story(fold(lines), story.plan, lines)).hosts[2].moments]
    assert words[-2:] == ["olga noted: the owner knows", "0 logs collected; not collected: setup_log: no answer"]


def test_each_host_has_the_zone_of_its_own_window() -> None:
    windows = tuple(
        PlannedWindow(MaintenanceWindow(name, zone, ("monday",), time(22), 60), AT, AT, None)
        for name, zone in _ZONES.items()
    )
    story = mixed_story()
    targets = tuple(
        replace(one, windows=("hq",) if "ACME" in one.host else ("bank",) if one.host == "GLOBEX01" else ())
        for one in story.plan.targets
    )
    found = told(replace(story, plan=replace(story.plan, targets=targets, windows=windows)))
    assert [one.zone for one in found.hosts] == ["Europe/Berlin", "Europe/Berlin", "America/New_York", None]
    assert found.site_zones == ("Europe/Berlin", "America/New_York")


def test_a_host_without_a_window_has_the_zone_that_its_own_clock_shows() -> None:
    story = good_story()
    first, *others = story.record.targets
    assert first.before is not None
    abroad = replace(first, before=replace(first.before, zone="Tokyo Standard Time"))
    found = told(replace(story, record=replace(story.record, targets=(abroad, *others))))
    assert found.site_zones == ("Asia/Tokyo",)
